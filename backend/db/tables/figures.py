"""Totals entered by hand, figures as submitted, reporting periods, and fees as far as figures need them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant, Json

#: A later version stands beside the earlier one; the newest counts.
entered_figures = Table(
    "entered_figures",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", String(60), nullable=False),
    Column("agency_id", BigId, ForeignKey("agencies.id")),  # null: the whole province
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("value", String(40), nullable=False),  # a decimal number, exactly as entered
    Column("of", String(40)),
    Column("source", String(300), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    Index(None, "key", "first"),
)

figure_snapshots = Table(
    "figure_snapshots",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("topic", String(30), nullable=False),
    Column("agency_id", BigId, ForeignKey("agencies.id")),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("figures", Json, nullable=False),
    Column("frozen_at", Instant, nullable=False),
    Column("by", String(60), nullable=False),
    Column("source", String(300), nullable=False),
    Index(None, "topic", "first", "last"),
)

reporting_regimes = Table(
    "reporting_regimes",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(12), nullable=False),  # month, quarter, half, nine_months, year
    Column("topic", String(30), nullable=False, default=""),  # "": every topic
    Column("cutoff_day", SmallInteger, nullable=False),
    Column("cutoff_month", SmallInteger, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("source", String(300), nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    UniqueConstraint("kind", "topic", "valid_from"),
)

#: One row for a fee of a dossier: what was due, and whether it was paid online.
fee_payments = Table(
    "fee_payments",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("dossier_code", String(60), nullable=False, default=""),
    Column("agency_id", BigId, ForeignKey("agencies.id")),
    Column("on_date", Date, nullable=False),  # when it fell due
    Column("amount_vnd", BigInteger, nullable=False),
    Column("paid_on", Date),
    Column("online", Boolean, nullable=False, default=False),
    Column("source", String(100), nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    Index(None, "on_date"),
    Index(None, "dossier_code"),
)
