"""Officers' accounts and programs' keys."""
