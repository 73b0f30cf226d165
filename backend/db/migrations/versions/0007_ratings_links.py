"""Ratings, and one person on several channels.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("identities", sa.Column("linked_at", types.Instant(timezone=True), nullable=True))
    op.create_table(
        "link_codes",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code_print", sa.String(length=64), nullable=False),
        sa.Column("phone_print", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=False),
        sa.Column("made_at", types.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", types.Instant(timezone=True), nullable=False),
        sa.Column("used_at", types.Instant(timezone=True), nullable=True),
        sa.Column("used_by", types.BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_link_codes_conversation_id")
        ),
        sa.ForeignKeyConstraint(["used_by"], ["conversations.id"], name=op.f("fk_link_codes_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("code_print", name=op.f("uq_link_codes_code_print")),
    )
    op.create_index(op.f("ix_link_codes_conversation_id"), "link_codes", ["conversation_id"])
    op.create_index(op.f("ix_link_codes_expires_at"), "link_codes", ["expires_at"])
    op.create_index(op.f("ix_link_codes_phone_print"), "link_codes", ["phone_print"])
    op.create_table(
        "person_settings",
        sa.Column("phone_print", sa.String(length=64), nullable=False),
        sa.Column("preferred_channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("updated_at", types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("phone_print", name=op.f("pk_person_settings")),
    )
    op.create_table(
        "ratings",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("agency", sa.String(length=300), nullable=False),
        sa.Column("procedure_code", sa.String(length=40), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("reasons", types.Json(), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_ratings_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint(
            "kind", "code", "round", "person", name=op.f("uq_ratings_kind_code_round_person")
        ),
    )
    op.create_index(op.f("ix_ratings_conversation_id"), "ratings", ["conversation_id"])
    op.create_index(op.f("ix_ratings_on_date"), "ratings", ["on_date"])
    op.create_index(op.f("ix_ratings_person"), "ratings", ["person"])


def downgrade() -> None:
    for name in ("person", "on_date", "conversation_id"):
        op.drop_index(op.f(f"ix_ratings_{name}"), "ratings")
    op.drop_table("ratings")
    op.drop_table("person_settings")
    for name in ("phone_print", "expires_at", "conversation_id"):
        op.drop_index(op.f(f"ix_link_codes_{name}"), "link_codes")
    op.drop_table("link_codes")
    op.drop_column("identities", "linked_at")
