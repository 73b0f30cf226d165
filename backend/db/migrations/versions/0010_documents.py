"""Official documents with the index of their words; leaders' calendars; the duty roster.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=80), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("issuer_key", sa.String(length=300), nullable=False),
        sa.Column("issuer_id", types.BigId, nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("agency_id", types.BigId, nullable=True),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("field_key", sa.String(length=100), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("needs_action", sa.Boolean(), nullable=False),
        sa.Column("digitally_signed", sa.Boolean(), nullable=False),
        sa.Column("gazette_issue", sa.String(length=40), nullable=False),
        sa.Column("validity", sa.String(length=10), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("secrecy", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("as_of", types.Instant(timezone=True), nullable=True),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_documents_agency_id")),
        sa.ForeignKeyConstraint(["issuer_id"], ["agencies.id"], name=op.f("fk_documents_issuer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint(
            "direction",
            "number_key",
            "issued_on",
            "issuer_key",
            name=op.f("uq_documents_direction_number_key_issued_on_issuer_key"),
        ),
    )
    op.create_index(op.f("ix_documents_agency_id_issued_on"), "documents", ["agency_id", "issued_on"])
    op.create_index(op.f("ix_documents_direction_issued_on"), "documents", ["direction", "issued_on"])
    op.create_index(op.f("ix_documents_issued_on"), "documents", ["issued_on"])
    op.create_index(op.f("ix_documents_issuer_id_issued_on"), "documents", ["issuer_id", "issued_on"])
    op.create_index(op.f("ix_documents_number_key"), "documents", ["number_key"])
    op.create_index(op.f("ix_documents_serial"), "documents", ["serial"])
    op.create_table(
        "document_readers",
        sa.Column("document_id", types.BigId, nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_document_readers_agency_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_readers_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "agency_id", name=op.f("pk_document_readers")),
    )
    op.create_index(op.f("ix_document_readers_agency_id"), "document_readers", ["agency_id"])
    op.create_table(
        "document_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("document_id", types.BigId, nullable=False),
        sa.Column("marked", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_words_document_id")
        ),
        sa.PrimaryKeyConstraint("word", "document_id", "marked", name=op.f("pk_document_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_document_words_document_id"), "document_words", ["document_id"])
    op.create_table(
        "leaders",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_leaders_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaders")),
        sa.UniqueConstraint("agency_id", "name_key", name=op.f("uq_leaders_agency_id_name_key")),
    )
    op.create_table(
        "leader_events",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("leader_id", types.BigId, nullable=False),
        sa.Column("event_key", sa.String(length=64), nullable=False),
        sa.Column("starts_at", types.Instant(timezone=True), nullable=False),
        sa.Column("ends_at", types.Instant(timezone=True), nullable=True),
        sa.Column("visibility", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("as_of", types.Instant(timezone=True), nullable=True),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["leaders.id"], name=op.f("fk_leader_events_leader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_events")),
        sa.UniqueConstraint("event_key", name=op.f("uq_leader_events_event_key")),
    )
    op.create_index(op.f("ix_leader_events_leader_id_starts_at"), "leader_events", ["leader_id", "starts_at"])
    op.create_index(op.f("ix_leader_events_starts_at"), "leader_events", ["starts_at"])
    op.create_table(
        "leader_event_agencies",
        sa.Column("event_id", types.BigId, nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_leader_event_agencies_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["leader_events.id"], name=op.f("fk_leader_event_agencies_event_id")
        ),
        sa.PrimaryKeyConstraint("event_id", "agency_id", name=op.f("pk_leader_event_agencies")),
    )
    op.create_index(op.f("ix_leader_event_agencies_agency_id"), "leader_event_agencies", ["agency_id"])
    op.create_table(
        "duty_shifts",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=10), nullable=False),
        sa.Column("position", sa.String(length=100), nullable=False),
        sa.Column("position_key", sa.String(length=100), nullable=False),
        sa.Column("place_in_row", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("province_wide", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("as_of", types.Instant(timezone=True), nullable=True),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_duty_shifts_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
        sa.UniqueConstraint(
            "agency_id", "on_date", "session", "position_key", "place_in_row", name="uq_duty_shifts_place"
        ),
    )
    op.create_index(op.f("ix_duty_shifts_on_date"), "duty_shifts", ["on_date"])


def downgrade() -> None:
    op.drop_index(op.f("ix_duty_shifts_on_date"), table_name="duty_shifts")
    op.drop_table("duty_shifts")
    op.drop_index(op.f("ix_leader_event_agencies_agency_id"), table_name="leader_event_agencies")
    op.drop_table("leader_event_agencies")
    op.drop_index(op.f("ix_leader_events_starts_at"), table_name="leader_events")
    op.drop_index(op.f("ix_leader_events_leader_id_starts_at"), table_name="leader_events")
    op.drop_table("leader_events")
    op.drop_table("leaders")
    op.drop_index(op.f("ix_document_words_document_id"), table_name="document_words")
    op.drop_table("document_words")
    op.drop_index(op.f("ix_document_readers_agency_id"), table_name="document_readers")
    op.drop_table("document_readers")
    op.drop_index(op.f("ix_documents_serial"), table_name="documents")
    op.drop_index(op.f("ix_documents_number_key"), table_name="documents")
    op.drop_index(op.f("ix_documents_issuer_id_issued_on"), table_name="documents")
    op.drop_index(op.f("ix_documents_issued_on"), table_name="documents")
    op.drop_index(op.f("ix_documents_direction_issued_on"), table_name="documents")
    op.drop_index(op.f("ix_documents_agency_id_issued_on"), table_name="documents")
    op.drop_table("documents")
