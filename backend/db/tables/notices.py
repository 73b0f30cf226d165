"""Notices: what people are to be told, by which routes, and who wants none."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant, Json

#: What a person is to be told and when; rendered into the outbox once due.
notices = Table(
    "notices",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("conversation_id", BigId, ForeignKey("conversations.id"), nullable=False),
    Column("values", LargeBinary, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("dedupe_key", String(200), nullable=False),
    Column("status", String(12), nullable=False),  # NoticeStatus
    Column("rung", SmallInteger, nullable=False, server_default="0"),  # of the route's ladder
    Column("outbox_id", BigId),  # no foreign key: the message is forgotten before the fact that it was sent
    Column("trail", Json, nullable=False, default=list, server_default="[]"),  # rungs tried before
    Column("rendered_at", Instant),
    UniqueConstraint("dedupe_key"),
    Index(None, "status", "due_at"),
    Index(None, "subject"),
    Index(None, "outbox_id"),
)

#: What an administrator changed of a kind's route; kinds without a row keep their default.
notice_routes = Table(
    "notice_routes",
    metadata,
    Column("kind", String(60), primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("ladder", Json, nullable=False),
    Column("gathers", Boolean, nullable=False),
    Column("applicants", Boolean, nullable=False),
    Column("zns_template", String(40), nullable=False),
    Column("zns_values", Json, nullable=False),
    Column("by", String(100), nullable=False),
    Column("at", Instant, nullable=False),
)

#: Conversations that want no notices.
notice_stops = Table(
    "notice_stops",
    metadata,
    Column("conversation_id", BigId, ForeignKey("conversations.id"), primary_key=True),
    Column("at", Instant, nullable=False),
)
