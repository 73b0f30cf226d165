"""Officers at browsers: sessions and second factors. Nothing here opens anything by being read."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", BigId, ForeignKey("accounts.id"), nullable=False),
    Column("stage", String(10), nullable=False),
    Column("agent", String(120), nullable=False, default=""),
    Column("offered_secret", LargeBinary),  # sealed; a second factor being set up
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "account_id"),
    Index(None, "expires_at"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("account_id", BigId, ForeignKey("accounts.id"), primary_key=True),
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("last_step", BigInteger, nullable=False),  # of 30 s since 1970; earlier digits no longer count
    Column("set_at", Instant, nullable=False),
)
