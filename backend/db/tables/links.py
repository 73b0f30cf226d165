"""One person on several channels: codes that link them, and what is kept for the person."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant

link_codes = Table(
    "link_codes",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code_print", String(64), nullable=False),  # keyed hash: the code itself is kept nowhere
    Column("phone_print", String(64), nullable=False),
    Column("conversation_id", BigId, ForeignKey("conversations.id"), nullable=False),  # where it was made
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("used_by", BigId, ForeignKey("conversations.id")),
    UniqueConstraint("code_print"),
    Index(None, "phone_print"),
    Index(None, "conversation_id"),
    Index(None, "expires_at"),
)

person_settings = Table(
    "person_settings",
    metadata,
    Column("phone_print", String(64), primary_key=True),
    Column("preferred_channel", String(20), nullable=False),
    Column("language", String(5), nullable=False),
    Column("updated_at", Instant, nullable=False),
)
