"""Petitions, the sealed lane, deadline rules with the first of them, the duty roster.

Revision ID: 0003
Revises: 0002
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = ("kind", "step", "amount", "unit", "valid_from", "source", "law")
_OFFICE = "quy định riêng của cơ quan (mặc định, cần duyệt)"
_DESK = [("classify", 1), ("assign", 1), ("accept", 2), ("decide_extension", 2), ("confirm", 5)]
_LONG_AGO, _NEW = date(2012, 7, 1), date(2026, 7, 1)
_COMPLAINT_2011 = "Luật Khiếu nại 02/2011/QH13 Đ27"
#: What holds until an administrator enters something else.
_FIRST_RULES = [
    *(
        (kind, step, days, "working", _LONG_AGO, _OFFICE, False)
        for kind in ("feedback", "proposal")
        for step, days in _DESK
    ),
    *((kind, "answer", 10, "working", _LONG_AGO, _OFFICE, False) for kind in ("feedback", "proposal")),
    *(
        ("complaint", step, days, "working", _LONG_AGO, _OFFICE, False)
        for step, days in _DESK
        if step != "accept"
    ),
    ("complaint", "accept", 10, "calendar", _LONG_AGO, _COMPLAINT_2011, True),
    ("complaint", "accept", 7, "working", _NEW, "NĐ 155/2026/NĐ-CP Đ10, sửa NĐ 124/2020 Đ16.1", True),
    ("complaint", "answer", 30, "calendar", _LONG_AGO, "Luật Khiếu nại 02/2011/QH13 Đ28", True),
]


def upgrade() -> None:
    rules = op.create_table(
        "deadline_rules",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("law", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rules")),
        sa.UniqueConstraint(
            "kind", "step", "valid_from", name=op.f("uq_deadline_rules_kind_step_valid_from")
        ),
    )
    op.create_table(
        "duty_days",
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("on_date", name=op.f("pk_duty_days")),
    )
    op.create_table(
        "sealed_reports",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("received_at", types.Instant(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("read_by", sa.String(length=60), nullable=False),
        sa.Column("read_at", types.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_reports")),
    )
    op.create_table(
        "petitions",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=True),
        sa.Column("phone_print", sa.String(length=64), nullable=True),
        sa.Column("agency_id", types.BigId, nullable=True),
        sa.Column("commune_id", types.BigId, nullable=True),
        sa.Column("about_agency_id", types.BigId, nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("field_name", sa.String(length=60), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("story", sa.LargeBinary(), nullable=True),
        sa.Column("reporter", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", types.Instant(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("alarm", sa.String(length=20), nullable=False),
        sa.Column("alarm_at", types.Instant(timezone=True), nullable=True),
        sa.Column("due_at", types.Instant(timezone=True), nullable=True),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", types.BigId, nullable=True),
        sa.Column("outside_number", sa.String(length=60), nullable=True),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_agency_id"], ["agencies.id"], name=op.f("fk_petitions_about_agency_id")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_petitions_agency_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["agencies.id"], name=op.f("fk_petitions_commune_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_petitions_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["petitions.id"], name=op.f("fk_petitions_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petitions")),
        sa.UniqueConstraint("code", name=op.f("uq_petitions_code")),
        sa.UniqueConstraint("outside_number", name=op.f("uq_petitions_outside_number")),
    )
    with op.batch_alter_table("petitions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_petitions_agency_id_state"), ["agency_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_petitions_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_petitions_phone_print"), ["phone_print"], unique=False)
        batch_op.create_index(batch_op.f("ix_petitions_state_alarm_at"), ["state", "alarm_at"], unique=False)

    op.create_table(
        "petition_events",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("petition_id", types.BigId, nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("move", sa.String(length=30), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("detail", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_petition_events_petition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_events")),
    )
    with op.batch_alter_table("petition_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_petition_events_petition_id_id"), ["petition_id", "id"], unique=False
        )

    op.create_table(
        "petition_files",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("petition_id", types.BigId, nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("blob_id", types.BigId, nullable=True),
        sa.ForeignKeyConstraint(["blob_id"], ["blobs.id"], name=op.f("fk_petition_files_blob_id")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_petition_files_petition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_files")),
    )
    with op.batch_alter_table("petition_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_petition_files_petition_id"), ["petition_id"], unique=False)
    op.bulk_insert(rules, [dict(zip(_COLUMNS, one, strict=True)) for one in _FIRST_RULES])


def downgrade() -> None:
    with op.batch_alter_table("petition_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_files_petition_id"))

    op.drop_table("petition_files")
    with op.batch_alter_table("petition_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petition_events_petition_id_id"))

    op.drop_table("petition_events")
    with op.batch_alter_table("petitions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_petitions_state_alarm_at"))
        batch_op.drop_index(batch_op.f("ix_petitions_phone_print"))
        batch_op.drop_index(batch_op.f("ix_petitions_conversation_id"))
        batch_op.drop_index(batch_op.f("ix_petitions_agency_id_state"))

    op.drop_table("petitions")
    op.drop_table("sealed_reports")
    op.drop_table("duty_days")
    op.drop_table("deadline_rules")
