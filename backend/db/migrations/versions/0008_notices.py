"""Notices: rungs, routes, stops; apologies for late dossiers; files of petitions that are still to be fetched.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LOST = sa.text("rank = 1 AND status IN ('failed', 'dead', 'cancelled')")
_UNFETCHED = sa.text("blob_id IS NULL")
_RUNNING = sa.text("finished_at IS NULL")


def upgrade() -> None:
    op.add_column("notices", sa.Column("rung", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("notices", sa.Column("outbox_id", types.BigId, nullable=True))
    op.add_column("notices", sa.Column("trail", types.Json(), nullable=False, server_default="[]"))
    op.create_index(op.f("ix_notices_outbox_id"), "notices", ["outbox_id"])
    op.create_index("ix_outbox_lost", "outbox", ["id"], sqlite_where=_LOST, postgresql_where=_LOST)
    op.execute("UPDATE notices SET kind = 'notices/dossier_other' WHERE kind = 'notices/dossier_changed'")
    op.create_table(
        "notice_routes",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("ladder", types.Json(), nullable=False),
        sa.Column("gathers", sa.Boolean(), nullable=False),
        sa.Column("applicants", sa.Boolean(), nullable=False),
        sa.Column("zns_template", sa.String(length=40), nullable=False),
        sa.Column("zns_values", types.Json(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_notice_routes")),
    )
    op.add_column("petition_files", sa.Column("tries", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index(
        "ix_petition_files_unfetched",
        "petition_files",
        ["id"],
        sqlite_where=_UNFETCHED,
        postgresql_where=_UNFETCHED,
    )
    op.create_table(
        "notice_stops",
        sa.Column("conversation_id", types.BigId, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_notice_stops_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_notice_stops")),
    )
    op.create_index(
        "ix_dossiers_running", "dossiers", ["due_at"], sqlite_where=_RUNNING, postgresql_where=_RUNNING
    )
    op.create_table(
        "apologies",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("dossier_id", types.BigId, nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("drafted_at", types.Instant(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("new_due_at", types.Instant(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("signed_by", sa.String(length=100), nullable=False),
        sa.Column("signed_at", types.Instant(), nullable=True),
        sa.Column("told_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_apologies_dossier_id_dossiers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apologies")),
        sa.UniqueConstraint("dossier_id", "due_at", name=op.f("uq_apologies_dossier_id_due_at")),
    )
    op.create_index(op.f("ix_apologies_status_due_at"), "apologies", ["status", "due_at"])


def downgrade() -> None:
    op.drop_table("apologies")
    op.drop_index("ix_dossiers_running", "dossiers")
    op.drop_table("notice_stops")
    op.drop_index("ix_petition_files_unfetched", "petition_files")
    op.drop_column("petition_files", "tries")
    op.drop_table("notice_routes")
    op.drop_index("ix_outbox_lost", "outbox")
    op.drop_index(op.f("ix_notices_outbox_id"), "notices")
    for name in ("trail", "outbox_id", "rung"):
        op.drop_column("notices", name)
