"""Call-backs: who asked to be rung."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant

callbacks = Table(
    "callbacks",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(30), nullable=False, unique=True),
    Column("conversation_id", BigId, ForeignKey("conversations.id")),
    Column("status", String(12), nullable=False),  # waiting, done, withdrawn
    Column("topic", String(20), nullable=False),
    Column("request", LargeBinary),  # sealed JSON: phone, when, about; NULL once erased
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(100), nullable=False, default=""),
    Column("note", LargeBinary),
    Index(None, "status", "id"),
    Index(None, "conversation_id"),
)
