"""Periodic reports: which are owed, by whom, by when; handing in, and confirming what was handed in."""
