"""All tables. ``metadata`` is what the migrations are checked against."""

from backend.db.tables import agencies, conversations, dossiers, people, procedures, reception, running
from backend.db.tables.base import metadata

__all__ = [
    "agencies",
    "conversations",
    "dossiers",
    "metadata",
    "people",
    "procedures",
    "reception",
    "running",
]
