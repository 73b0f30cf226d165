"""A strict server that stands in for Zalo in tests. It says what we understood of second-hand documents, no more.

Nothing here was compared with Zalo itself. Where the documents are silent it is strict: it refuses what we have no
reason to think allowed. ``python -m tests.zalo_stand_in PORT`` runs it as a process of its own.
"""
