"""Periodic reports: who owes which report when, and what was handed in.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "periodic_reports",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("short", sa.String(length=60), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("only", sa.String(length=40), nullable=False),
        sa.Column("departments", sa.Boolean(), nullable=False),
        sa.Column("communes", sa.Boolean(), nullable=False),
        sa.Column("receiver_id", types.BigId, nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("cutoff_day", sa.SmallInteger(), nullable=False),
        sa.Column("due_day", sa.SmallInteger(), nullable=False),
        sa.Column("due_months", sa.SmallInteger(), nullable=False),
        sa.Column("due_moves", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["agencies.id"], name=op.f("fk_periodic_reports_receiver_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periodic_reports")),
        sa.UniqueConstraint("code", name=op.f("uq_periodic_reports_code")),
    )
    op.create_index(op.f("ix_periodic_reports_receiver_id"), "periodic_reports", ["receiver_id"])
    op.create_table(
        "periodic_report_agencies",
        sa.Column("report_id", types.BigId, nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["periodic_reports.id"], name=op.f("fk_periodic_report_agencies_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_periodic_report_agencies_agency_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "agency_id", name=op.f("pk_periodic_report_agencies")),
    )
    op.create_table(
        "report_submissions",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("report_id", types.BigId, nullable=False),
        sa.Column("period_last", sa.Date(), nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.Column("handed_in_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", types.Instant(timezone=True), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["periodic_reports.id"], name=op.f("fk_report_submissions_report_id")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_report_submissions_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_submissions")),
    )
    duty = ["report_id", "period_last", "agency_id"]
    op.create_index("ix_report_submissions_duty", "report_submissions", duty)
    standing, waiting = sa.text("state <> 'returned'"), sa.text("state = 'waiting'")
    op.create_index(
        "ix_report_submissions_standing",
        "report_submissions",
        duty,
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index(
        "ix_report_submissions_waiting",
        "report_submissions",
        ["id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_table("report_submissions")
    op.drop_table("periodic_report_agencies")
    op.drop_table("periodic_reports")
