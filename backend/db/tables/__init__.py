"""All tables. ``metadata`` is what the migrations are checked against."""

from backend.db.tables import (
    agencies,
    callbacks,
    conversations,
    dossiers,
    links,
    notices,
    people,
    petition_papers,
    petitions,
    procedures,
    ratings,
    reception,
    running,
    tokens,
)
from backend.db.tables.base import metadata

__all__ = [
    "agencies",
    "callbacks",
    "conversations",
    "dossiers",
    "links",
    "metadata",
    "notices",
    "people",
    "petition_papers",
    "petitions",
    "procedures",
    "ratings",
    "reception",
    "running",
    "tokens",
]
