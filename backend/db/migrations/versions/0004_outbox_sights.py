"""The outbox: what channels tell of sent messages, and an index in the order of sending.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WAITING = sa.text("status IN ('queued', 'sending')")
_GIVEN = sa.text("external_message_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_outbox_waiting", "outbox")
    op.add_column("outbox", sa.Column("rank", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("delivered_at", types.Instant(), nullable=True))
    op.add_column("outbox", sa.Column("read_at", types.Instant(), nullable=True))
    op.execute("UPDATE outbox SET rank = 1 WHERE kind = 'notice'")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["channel", "account", "rank", "id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(
        "ix_outbox_outside",
        "outbox",
        ["external_message_id"],
        sqlite_where=_GIVEN,
        postgresql_where=_GIVEN,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_outside", "outbox")
    op.drop_index("ix_outbox_waiting", "outbox")
    for name in ("read_at", "delivered_at", "rank"):
        op.drop_column("outbox", name)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["channel", "account", "id"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
