"""Figures: totals entered by hand, submitted figures, reporting periods, fees; whose each dossier is.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: Whose the dossiers are that are there already: the agency of that name, else the one whose code theirs begins with.
#: What neither finds is found by ``admin figures agencies``, which knows old names and other spellings.
_BY_NAME = """
UPDATE dossiers SET agency_id = (SELECT min(a.id) FROM agencies a WHERE a.name = dossiers.agency_name)
WHERE agency_id IS NULL
  AND (SELECT count(*) FROM agencies a WHERE a.name = dossiers.agency_name AND a.valid_to IS NULL) = 1
"""
_BY_CODE = """
UPDATE dossiers SET agency_id = (
  SELECT a.id FROM agencies a WHERE a.valid_to IS NULL
  AND a.code = substr(dossiers.code, 1, length(dossiers.code) - length(dossiers.tail) - 1))
WHERE agency_id IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "entered_figures",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("agency_id", types.BigId, nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("of", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_entered_figures_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entered_figures")),
    )
    op.create_index(op.f("ix_entered_figures_key_first"), "entered_figures", ["key", "first"])
    op.create_table(
        "figure_snapshots",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("agency_id", types.BigId, nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("figures", types.Json(), nullable=False),
        sa.Column("frozen_at", types.Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_figure_snapshots_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_snapshots")),
    )
    op.create_index(
        op.f("ix_figure_snapshots_topic_first_last"), "figure_snapshots", ["topic", "first", "last"]
    )
    op.create_table(
        "reporting_regimes",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("cutoff_day", sa.SmallInteger(), nullable=False),
        sa.Column("cutoff_month", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_regimes")),
        sa.UniqueConstraint(
            "kind", "topic", "valid_from", name=op.f("uq_reporting_regimes_kind_topic_valid_from")
        ),
    )
    op.create_table(
        "fee_payments",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("dossier_code", sa.String(length=60), nullable=False),
        sa.Column("agency_id", types.BigId, nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_fee_payments_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_payments")),
    )
    op.create_index(op.f("ix_fee_payments_on_date"), "fee_payments", ["on_date"])
    op.create_index(op.f("ix_fee_payments_dossier_code"), "fee_payments", ["dossier_code"])
    # Plain columns: a foreign key on a table of millions would have SQLite write all of it anew.
    op.add_column("dossiers", sa.Column("agency_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "dossiers", sa.Column("result_channel", sa.String(length=20), server_default="", nullable=False)
    )
    op.execute(_BY_NAME)
    op.execute(_BY_CODE)
    _indexes()
    op.add_column(
        "reception_visits",
        sa.Column("delegation", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def _indexes() -> None:
    op.create_index(
        "ix_dossiers_figures",
        "dossiers",
        ["agency_id", "received_at", "finished_at", "due_at", "stage", "channel", "result_channel"],
    )
    supplement = sa.text("stage = 5")
    op.create_index(
        "ix_dossier_events_supplement",
        "dossier_events",
        ["dossier_id"],
        sqlite_where=supplement,
        postgresql_where=supplement,
    )
    op.create_index(op.f("ix_petitions_received_at"), "petitions", ["received_at"])
    op.create_index(op.f("ix_sealed_reports_received_at"), "sealed_reports", ["received_at"])
    op.create_index(op.f("ix_reception_visits_at"), "reception_visits", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reception_visits_at"), table_name="reception_visits")
    op.drop_index(op.f("ix_sealed_reports_received_at"), table_name="sealed_reports")
    op.drop_index(op.f("ix_petitions_received_at"), table_name="petitions")
    op.drop_index("ix_dossier_events_supplement", table_name="dossier_events")
    op.drop_index("ix_dossiers_figures", table_name="dossiers")
    op.drop_column("reception_visits", "delegation")
    op.drop_column("dossiers", "result_channel")
    op.drop_column("dossiers", "agency_id")
    op.drop_table("fee_payments")
    op.drop_table("reporting_regimes")
    op.drop_table("figure_snapshots")
    op.drop_table("entered_figures")
