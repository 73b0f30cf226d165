"""Procedures (thủ tục hành chính): one row per effective version."""

from sqlalchemy import BigInteger, Column, Date, Index, String, Table, Text, UniqueConstraint

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant, Json

procedures = Table(
    "procedures",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("title", Text, nullable=False),
    Column("field", String(300), nullable=False, default=""),
    Column("handled_by", String(30), nullable=False),
    Column("local", String(1), nullable=False, default="y"),  # y: province or commune level handles it
    Column("entry", Json, nullable=False),  # what the search needs beside title and field
    Column("record", Json, nullable=False),  # channels, papers, steps …: see domain.procedure
    Column("source", String(300), nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    Column(
        "revision", BigInteger, nullable=False
    ),  # counts up over all rows: the newest tells that something changed
    UniqueConstraint("code", "valid_from"),
    Index(None, "valid_to"),
    Index(None, "revision"),
)
