"""Petitions: filed, moved, watched until they are settled."""
