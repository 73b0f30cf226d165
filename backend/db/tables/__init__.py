"""All tables. ``metadata`` is what the migrations are checked against."""

from backend.db.tables import (
    agencies,
    callbacks,
    conversations,
    dossiers,
    people,
    petitions,
    procedures,
    reception,
    running,
)
from backend.db.tables.base import metadata

__all__ = [
    "agencies",
    "callbacks",
    "conversations",
    "dossiers",
    "metadata",
    "people",
    "petitions",
    "procedures",
    "reception",
    "running",
]
