"""Ratings of results and answers."""

from sqlalchemy import (
    Column,
    Date,
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

ratings = Table(
    "ratings",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(12), nullable=False),  # dossier, petition
    Column("code", String(60), nullable=False),
    Column("round", SmallInteger, nullable=False),  # of a reopened petition's answers, from 0
    Column("person", String(64), nullable=False),  # keyed hash; "erased:…" once forgotten
    Column("conversation_id", BigId, ForeignKey("conversations.id")),
    Column("channel", String(20), nullable=False),
    Column("agency", String(300), nullable=False),
    Column("procedure_code", String(40), nullable=False),
    Column("value", SmallInteger, nullable=False),
    Column("reasons", Json, nullable=False),  # sorted keys
    Column("comment", LargeBinary),  # sealed; NULL when there is none, or once erased
    Column("on_date", Date, nullable=False),  # of created_at, in Asia/Ho_Chi_Minh: periods are counted by it
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("kind", "code", "round", "person"),
    Index(None, "on_date"),
    Index(None, "conversation_id"),
    Index(None, "person"),
)
