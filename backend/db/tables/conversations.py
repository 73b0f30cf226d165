"""Conversations, what came in, what goes out, buttons. Everything that people wrote is sealed."""

from sqlalchemy import (
    Boolean,
    Column,
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

conversations = Table(
    "conversations",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(100), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("epoch", Integer, nullable=False, default=0),  # raised by a takeover; older bot rows are void
    Column("owner", String(100), nullable=False, default="bot"),  # bot | account:NAME
    Column("state", LargeBinary),  # sealed JSON: form, context
    Column("last_seq", Integer, nullable=False, default=0),
    Column("language", String(5), nullable=False, default="vi"),
    Column("created_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    UniqueConstraint("channel", "account", "external_id"),
    Index(None, "last_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("conversation_id", BigId, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("account", String(100), nullable=False),
    Column("event_id", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed JSON of the message
    Column("status", String(12), nullable=False),  # received, prepared, done, put_aside
    Column("received_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_holder", String(40)),
    Column("lease_until", Instant),
    Column("parse", LargeBinary),  # sealed JSON of what it was understood as
    Column("model_id", String(80), nullable=False, default=""),
    Column("answered_by", String(100)),  # bot | account:NAME | nobody (with reason)
    Column("reason", String(200), nullable=False, default=""),
    Column("done_at", Instant),
    UniqueConstraint("channel", "account", "event_id"),
    UniqueConstraint("conversation_id", "seq"),
)

# Only the few rows still to be worked on: finding them must not slow down with the history.
Index(
    "ix_inbox_unfinished",
    inbox.c.conversation_id,
    inbox.c.seq,
    sqlite_where=inbox.c.status.in_(["received", "prepared"]),
    postgresql_where=inbox.c.status.in_(["received", "prepared"]),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("conversation_id", BigId, ForeignKey("conversations.id"), nullable=False),
    Column("inbox_id", BigId, ForeignKey("inbox.id")),  # null: a notice or an operator's own words
    Column("channel", String(20), nullable=False),
    Column("account", String(100), nullable=False),
    Column("kind", String(10), nullable=False),  # reply | notice | person
    Column(
        "rank", SmallInteger, nullable=False, default=0, server_default="0"
    ),  # 0 words, 1 notices: sent later
    Column("author", String(100), nullable=False, default="bot"),
    Column("body", LargeBinary, nullable=False),  # sealed JSON of the Outgoing
    Column("epoch", Integer, nullable=False),
    Column("status", String(12), nullable=False),  # queued, sending, sent, failed, dead, cancelled
    Column("attempts", Integer, nullable=False, default=0),
    Column("uncertain", Integer, nullable=False, default=0),  # resends after a lost answer
    Column("not_before", Instant),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("external_message_id", String(200)),
    Column("delivered_at", Instant),  # where the channel tells
    Column("read_at", Instant),  # where the channel tells
    Column("reason", String(200), nullable=False, default=""),
    Index(None, "conversation_id", "id"),
    Index(None, "inbox_id"),
)

Index(
    "ix_outbox_outside",
    outbox.c.external_message_id,
    sqlite_where=outbox.c.external_message_id.is_not(None),
    postgresql_where=outbox.c.external_message_id.is_not(None),
)

# Notices that will not go this way: they climb to the next channel.
Index(
    "ix_outbox_lost",
    outbox.c.id,
    sqlite_where=(outbox.c.rank == 1) & outbox.c.status.in_(["failed", "dead", "cancelled"]),
    postgresql_where=(outbox.c.rank == 1) & outbox.c.status.in_(["failed", "dead", "cancelled"]),
)

# In the order of sending: with 100,000 notices queued, finding the next row is still one step in the index.
Index(
    "ix_outbox_waiting",
    outbox.c.channel,
    outbox.c.account,
    outbox.c.rank,
    outbox.c.id,
    sqlite_where=outbox.c.status.in_(["queued", "sending"]),
    postgresql_where=outbox.c.status.in_(["queued", "sending"]),
)

buttons = Table(
    "buttons",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("conversation_id", BigId, ForeignKey("conversations.id"), nullable=False),
    Column("inbox_id", BigId, ForeignKey("inbox.id")),  # the turn that offered it
    Column("position", Integer, nullable=False),  # 1-based, for a typed "1"
    Column("epoch", Integer, nullable=False),
    Column("form_instance", String(24), nullable=False, default=""),
    Column("payload", LargeBinary, nullable=False),  # sealed JSON: intent and values
    Column("single_use", Boolean, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index(None, "conversation_id", "inbox_id"),
    Index(None, "expires_at"),
)

blobs = Table(
    "blobs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("conversation_id", BigId, ForeignKey("conversations.id")),
    Column("media_type", String(100), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed
    Column("created_at", Instant, nullable=False),
    Index(None, "conversation_id"),
)

#: Reply texts that officers changed; versioned, the newest row of a key counts.
reply_overrides = Table(
    "reply_overrides",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("language", String(5), nullable=False),
    Column("key", String(100), nullable=False),
    Column("template", String, nullable=False),
    Column("by", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    Column("meta", Json, nullable=False, default=dict),
    Index(None, "language", "key"),
)
