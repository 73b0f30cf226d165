"""Petitions on paper: their outside numbers, their outcomes; fields, suggestions and what was learnt; duplicates."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant, Json

#: One row for a petition that has a paper side; chat's have none until an outcome needs one.
petition_papers = Table(
    "petition_papers",
    metadata,
    Column("petition_id", BigId, ForeignKey("petitions.id"), primary_key=True, autoincrement=False),
    Column("people", Integer, nullable=False),
    Column("representative", LargeBinary),  # sealed JSON: name, phone
    Column("signed", Boolean, nullable=False),
    Column("skips_level", Boolean, nullable=False),
    Column("document", String(60), nullable=False),  # number of our latest notice
    Column("body", String(200), nullable=False),  # where it was passed on, or the sender was sent
    Column("body_agency_id", BigId, ForeignKey("agencies.id")),
    Column("answer_number", String(60), nullable=False),
    Column("accepted_at", Instant),
    Column("complex_case", Boolean, nullable=False),
    Column("remote", Boolean, nullable=False),
)

#: The numbers that a petition has elsewhere: the same place and number is the same petition.
petition_origins = Table(
    "petition_origins",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("petition_id", BigId, ForeignKey("petitions.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("place", String(200), nullable=False),
    Column("number", String(60), nullable=False),
    Column("place_key", String(200), nullable=False),  # folded, for comparing
    Column("number_key", String(60)),  # NULL where there is no number: such rows are never the same
    Column("dated", Date),
    Column("report_by", Instant),
    Column("reported", String(60), nullable=False),
    UniqueConstraint("place_key", "number_key"),
    Index(None, "petition_id"),
    Index(None, "report_by"),
)

#: How a sealed report was disposed of; who decided is in the audit.
sealed_outcomes = Table(
    "sealed_outcomes",
    metadata,
    Column("report_id", BigId, ForeignKey("sealed_reports.id"), primary_key=True, autoincrement=False),
    Column("outcome", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("document", String(60), nullable=False),
    Column("reason", LargeBinary, nullable=False),  # sealed
)

petition_fields = Table(
    "petition_fields",
    metadata,
    Column("code", String(30), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("level", String(20), nullable=False),  # commune, department, police …
    Column("agency_words", Json, nullable=False),
    Column("raised_by", Json, nullable=False),
)

duplicate_rules = Table(
    "duplicate_rules",
    metadata,
    Column("field", String(30), primary_key=True),
    Column("radius_m", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("alike", Float, nullable=False),
)

petition_suggestions = Table(
    "petition_suggestions",
    metadata,
    Column("petition_id", BigId, ForeignKey("petitions.id"), primary_key=True, autoincrement=False),
    Column("field", String(30), nullable=False),  # "" when the model did not know
    Column("confidence", Float, nullable=False),
    Column("second", String(30), nullable=False),
    Column("agency_id", BigId, ForeignKey("agencies.id")),
    Column("model", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("decided_field", String(30), nullable=False),
    Index(None, "decided_field"),
)

#: What persons decided, as counts by keyed hash of an n-gram: no text. The hash 0 holds the sum, -1 the petitions.
field_evidence = Table(
    "field_evidence",
    metadata,
    Column("gram", BigInteger, primary_key=True, autoincrement=False),
    Column("field", String(30), primary_key=True),
    Column("times", Integer, nullable=False),
)
