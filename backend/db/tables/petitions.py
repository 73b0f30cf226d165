"""Petitions, their history and files; the sealed lane of denunciations; deadline rules; the duty roster."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant, Json

petitions = Table(
    "petitions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(30), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("source", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("conversation_id", BigId, ForeignKey("conversations.id")),
    Column("phone_print", String(64)),  # keyed hash of the reporter's number, to find one's own again
    Column("agency_id", BigId, ForeignKey("agencies.id")),  # who handles it
    Column("commune_id", BigId, ForeignKey("agencies.id")),  # where it happened
    Column("about_agency_id", BigId, ForeignKey("agencies.id")),  # whom it is about
    Column("latitude", Float),
    Column("longitude", Float),
    Column("field_name", String(60), nullable=False, default=""),
    Column("hidden", Boolean, nullable=False, default=False),
    Column("story", LargeBinary),  # sealed JSON; NULL once erased
    Column("reporter", LargeBinary),  # sealed JSON; NULL when anonymous or erased
    Column("answer", LargeBinary),  # sealed
    Column("received_at", Instant, nullable=False),
    Column("owner", String(60), nullable=False),  # an account, or "duty"
    Column("alarm", String(20), nullable=False, default=""),  # "" once final
    Column("alarm_at", Instant),
    Column("due_at", Instant),
    Column("raised", Integer, nullable=False, default=0),
    Column("reopened", Integer, nullable=False, default=0),
    Column("merged_into_id", BigId, ForeignKey("petitions.id")),
    Column(
        "outside_number", String(60)
    ),  # until 0006; now in petition_origins, and dropped by a later release
    Column("demo", String(40), nullable=False, default=""),
    UniqueConstraint("outside_number"),
    Index(None, "received_at"),
    Index(None, "state", "alarm_at"),
    Index(None, "conversation_id"),
    Index(None, "phone_print"),
    Index(None, "agency_id", "state"),
    Index(None, "commune_id", "received_at"),
    Index(None, "field_name", "received_at"),
    Index(None, "latitude", "longitude"),
    Index(None, "merged_into_id"),
)

petition_events = Table(
    "petition_events",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("petition_id", BigId, ForeignKey("petitions.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("move", String(30), nullable=False),
    Column("from_state", String(20), nullable=False),
    Column("to_state", String(20), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("reason", LargeBinary),  # sealed
    Column("detail", Json, nullable=False, default=dict),  # codes and instants only
    Index(None, "petition_id", "id"),
)

petition_files = Table(
    "petition_files",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("petition_id", BigId, ForeignKey("petitions.id"), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("reference", LargeBinary, nullable=False),  # sealed: what the channel needs to fetch it
    Column("blob_id", BigId, ForeignKey("blobs.id")),
    Column("tries", SmallInteger, nullable=False, server_default="0"),  # to fetch it from its channel
    Index(None, "petition_id"),
)

Index(
    "ix_petition_files_unfetched",
    petition_files.c.id,
    sqlite_where=petition_files.c.blob_id.is_(None),
    postgresql_where=petition_files.c.blob_id.is_(None),
)

#: What was said before it was known to be a denunciation: no code, no conversation, no search, no statistics by name.
sealed_reports = Table(
    "sealed_reports",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("received_at", Instant, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed JSON: the words, and how to answer if wanted
    Column("read_by", String(60), nullable=False, default=""),
    Column("read_at", Instant),
    Index(None, "received_at"),
)

#: How long a step may take, by kind, from a day on. The newest rule in force on the day of receipt counts.
deadline_rules = Table(
    "deadline_rules",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("step", String(20), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("unit", String(10), nullable=False),  # working, calendar
    Column("valid_from", Date, nullable=False),
    Column("source", String(300), nullable=False),
    Column("law", Boolean, nullable=False),
    UniqueConstraint("kind", "step", "valid_from"),
)

duty_days = Table(
    "duty_days",
    metadata,
    Column("on_date", Date, primary_key=True),
    Column("account", String(60), nullable=False),
)
