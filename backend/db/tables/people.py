"""Officers' accounts, channel identities, audit, guess counters."""

from sqlalchemy import (
    Boolean,
    Column,
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

accounts = Table(
    "accounts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("full_name", String(200), nullable=False, default=""),
    Column("password_hash", String(200), nullable=False, default=""),  # argon2id; empty: cannot log in
    Column("roles", Json, nullable=False, default=list),
    Column("agency_id", BigId, ForeignKey("agencies.id")),
    Column("title", String(200), nullable=False, default=""),  # chức danh
    Column("fields", Json, nullable=False, default=list),  # names of fields followed
    Column("block", Json, nullable=False, default=list),  # codes of agencies followed
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", Instant, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
)

#: A person on a channel, bound to a verified phone or to an officer.
identities = Table(
    "identities",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(100), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("phone_print", String(64)),  # keyed hash; null until the channel vouched for a number
    Column("phone", LargeBinary),  # sealed
    Column("verified_at", Instant),
    Column(
        "linked_at", Instant
    ),  # the number came by a link code; null where the channel itself vouched for it
    Column("officer_id", BigId, ForeignKey("accounts.id")),
    UniqueConstraint("channel", "account", "external_id"),
    Index(None, "phone_print"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(100), nullable=False),  # conversation:12, account:canbo, key:…, job:…
    Column("action", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("detail", Json, nullable=False, default=dict),  # codes and counts only, never what people wrote
    Index(None, "subject"),
    Index(None, "at"),
)

#: Wrong codes and wrong second factors, per asker and hour.
guesses = Table(
    "guesses",
    metadata,
    Column("asker", String(100), primary_key=True),
    Column("window_start", Instant, primary_key=True),
    Column("count", Integer, nullable=False),
)

#: Keys of programs that push data or call the REST channel; only a hash is kept.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
