"""From a voice note to words, on this machine."""
