"""Agencies (cơ quan), the names they had before, and the working-day overrides."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from backend.db.tables.base import metadata
from backend.db.types import BigId, Json

agencies = Table(
    "agencies",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(300), nullable=False),
    Column("kind", String(20), nullable=False),  # province, department, commune, police, tax, other
    Column("parent_id", BigId, ForeignKey("agencies.id")),
    Column("address", Text, nullable=False, default=""),
    Column("phone", String(40), nullable=False, default=""),
    Column("hours", Json, nullable=False, default=dict),  # {"note": …}; empty: the office's own hours
    Column("aliases", Json, nullable=False, default=list),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("changes", Integer, nullable=False, default=0),  # counts edits, so that caches notice them
    Column("demo", String(40), nullable=False, default=""),
)

#: Dated names of merged, renamed or abolished bodies, each leading to who does the work now.
agency_predecessors = Table(
    "agency_predecessors",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("agency_id", BigId, ForeignKey("agencies.id"), nullable=False),
    Column("name", String(300), nullable=False),
    Column("until", Date, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Index(None, "agency_id"),
)

#: Days that beat the holiday library: what the yearly notice or the province decided.
calendar_overrides = Table(
    "calendar_overrides",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("on_date", Date, nullable=False),
    Column("kind", String(10), nullable=False),  # off | work
    Column("name", String(300), nullable=False, default=""),
    Column("source", String(300), nullable=False),
    UniqueConstraint("on_date"),
)
