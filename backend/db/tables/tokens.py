"""Tokens of channels that rotate them. The tokens themselves are sealed."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from backend.db.tables.base import metadata
from backend.db.types import Instant

channel_tokens = Table(
    "channel_tokens",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(100), primary_key=True),
    Column("access", LargeBinary),  # sealed; null until the first consent
    Column("refresh", LargeBinary),  # sealed; works once
    Column("issued_at", Instant),
    Column("expires_at", Instant),  # of the access token
    Column("generation", Integer, nullable=False),  # grows with each new pair: two refreshers cannot both win
    Column(
        "refused", String(60), nullable=False, default=""
    ),  # why a person must consent again; "" while all is well
    Column("verifier", LargeBinary),  # sealed: of a consent that was begun
    Column("updated_at", Instant, nullable=False),
)
