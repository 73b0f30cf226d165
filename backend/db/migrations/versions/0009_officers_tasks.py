"""Officers' reach, delegation and codes; tasks with their reports and extensions.

Revision ID: 0009
Revises: 0008
"""

import json
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_on IS NULL")
_accounts = sa.table("accounts", sa.column("id"), sa.column("roles"), sa.column("agency_id"))


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("from_id", types.BigId, nullable=False),
        sa.Column("to_id", types.BigId, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("revoked_at", types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["accounts.id"], name=op.f("fk_delegations_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["accounts.id"], name=op.f("fk_delegations_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index(op.f("ix_delegations_to_id"), "delegations", ["to_id"])
    op.create_table(
        "officer_codes",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code_print", sa.String(length=64), nullable=False),
        sa.Column("account_id", types.BigId, nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("made_at", types.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", types.Instant(timezone=True), nullable=False),
        sa.Column("used_at", types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_officer_codes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_codes")),
        sa.UniqueConstraint("code_print", name=op.f("uq_officer_codes_code_print")),
    )
    op.create_index(op.f("ix_officer_codes_expires_at"), "officer_codes", ["expires_at"])
    op.create_table(
        "officer_settings",
        sa.Column("account_id", types.BigId, nullable=False),
        sa.Column("settings", types.Json(), nullable=False),
        sa.Column("updated_at", types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_officer_settings_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_officer_settings")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("giver", sa.String(length=20), nullable=False),
        sa.Column("giver_name", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.Column("officer", sa.String(length=200), nullable=False),
        sa.Column("officer_id", types.BigId, nullable=True),
        sa.Column("source_number", sa.String(length=60), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("carried_to", sa.SmallInteger(), nullable=True),
        sa.Column("extension_asked", sa.Boolean(), nullable=False),
        sa.Column("extensions", sa.SmallInteger(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("as_of", types.Instant(timezone=True), nullable=True),
        sa.Column("changed_at", types.Instant(timezone=True), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_tasks_agency_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["accounts.id"], name=op.f("fk_tasks_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("code", name=op.f("uq_tasks_code")),
    )
    op.create_index("ix_tasks_agency_assigned", "tasks", ["agency_id", "assigned_on"])
    op.create_index(op.f("ix_tasks_assigned_on"), "tasks", ["assigned_on"])
    op.create_index(op.f("ix_tasks_changed_at"), "tasks", ["changed_at"])
    op.create_index(
        "ix_tasks_open_agency", "tasks", ["agency_id", "due_on"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_tasks_open_due", "tasks", ["due_on"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index(op.f("ix_tasks_source_number"), "tasks", ["source_number"])
    op.create_table(
        "task_extensions",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("task_id", types.BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("wished_due", sa.Date(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("previous_due", sa.Date(), nullable=True),
        sa.Column("granted_due", sa.Date(), nullable=True),
        sa.Column("decided_at", types.Instant(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_extensions_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_extensions")),
        sa.UniqueConstraint("task_id", "number", name=op.f("uq_task_extensions_task_id_number")),
    )
    op.create_index(op.f("ix_task_extensions_state"), "task_extensions", ["state"])
    op.create_table(
        "task_partners",
        sa.Column("task_id", types.BigId, nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_task_partners_agency_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_partners_task_id")),
        sa.PrimaryKeyConstraint("task_id", "agency_id", name=op.f("pk_task_partners")),
    )
    op.create_index(op.f("ix_task_partners_agency_id"), "task_partners", ["agency_id"])
    op.create_table(
        "task_reports",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("task_id", types.BigId, nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("finishes", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_at", types.Instant(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_reports_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_reports")),
    )
    op.create_index(op.f("ix_task_reports_state"), "task_reports", ["state"])
    op.create_index(op.f("ix_task_reports_task_id"), "task_reports", ["task_id"])
    op.add_column("accounts", sa.Column("title", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("fields", types.Json(), nullable=False, server_default="[]"))
    op.add_column("accounts", sa.Column("block", types.Json(), nullable=False, server_default="[]"))
    # "leader" meant the head of the account's agency, or of the office where it has none
    _rename(lambda role, agency: role if role != "leader" else "agency_head" if agency else "office_leader")


def downgrade() -> None:
    _rename(lambda role, _agency: "leader" if role in ("agency_head", "office_leader") else role)
    op.drop_column("accounts", "block")
    op.drop_column("accounts", "fields")
    op.drop_column("accounts", "title")
    op.drop_index(op.f("ix_task_reports_task_id"), table_name="task_reports")
    op.drop_index(op.f("ix_task_reports_state"), table_name="task_reports")
    op.drop_table("task_reports")
    op.drop_index(op.f("ix_task_partners_agency_id"), table_name="task_partners")
    op.drop_table("task_partners")
    op.drop_index(op.f("ix_task_extensions_state"), table_name="task_extensions")
    op.drop_table("task_extensions")
    op.drop_index(op.f("ix_tasks_source_number"), table_name="tasks")
    op.drop_index("ix_tasks_open_due", table_name="tasks")
    op.drop_index("ix_tasks_open_agency", table_name="tasks")
    op.drop_index(op.f("ix_tasks_changed_at"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_assigned_on"), table_name="tasks")
    op.drop_index("ix_tasks_agency_assigned", table_name="tasks")
    op.drop_table("tasks")
    op.drop_table("officer_settings")
    op.drop_index(op.f("ix_officer_codes_expires_at"), table_name="officer_codes")
    op.drop_table("officer_codes")
    op.drop_index(op.f("ix_delegations_to_id"), table_name="delegations")
    op.drop_table("delegations")


def _rename(new: Callable[[str, int | None], str]) -> None:
    db = op.get_bind()
    for row in db.execute(sa.select(_accounts)).all():
        roles = sorted({new(role, row.agency_id) for role in json.loads(row.roles)})
        db.execute(_accounts.update().where(_accounts.c.id == row.id).values(roles=json.dumps(roles)))
