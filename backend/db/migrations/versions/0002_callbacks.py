"""Call-backs: people who asked to be rung.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_callbacks_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("code", name=op.f("uq_callbacks_code")),
    )
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callbacks_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_callbacks_status_id"), ["status", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("callbacks")
