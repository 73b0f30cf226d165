"""What officers' accounts have beyond a name: dated delegation, one-time codes, their own wishes for reminders."""

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant, Json

#: Who stands in for whom, and by which document. Both days are included.
delegations = Table(
    "delegations",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("from_id", BigId, ForeignKey("accounts.id"), nullable=False),
    Column("to_id", BigId, ForeignKey("accounts.id"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("source", String(300), nullable=False),
    Column("by", String(60), nullable=False),
    Column("revoked_at", Instant),
    Index(None, "to_id"),
)

#: Codes by which an administrator binds a messenger to an account; of the code itself a keyed hash is kept.
officer_codes = Table(
    "officer_codes",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code_print", String(64), nullable=False, unique=True),
    Column("account_id", BigId, ForeignKey("accounts.id"), nullable=False),
    Column("by", String(60), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index(None, "expires_at"),
)

#: Hours, days ahead and snoozes that an officer chose for reminders.
officer_settings = Table(
    "officer_settings",
    metadata,
    Column("account_id", BigId, ForeignKey("accounts.id"), primary_key=True),
    Column("settings", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
