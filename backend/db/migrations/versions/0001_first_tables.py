"""The first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from backend.db import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_id", types.BigId, nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("hours", types.Json(), nullable=False),
        sa.Column("aliases", types.Json(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["agencies.id"], name=op.f("fk_agencies_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("code", name=op.f("uq_agencies_code")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", types.Json(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", types.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
    )
    op.create_table(
        "audit",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("detail", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_subject"), ["subject"], unique=False)

    op.create_table(
        "calendar_overrides",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_overrides")),
        sa.UniqueConstraint("on_date", name=op.f("uq_calendar_overrides_on_date")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("last_at", types.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "channel", "account", "external_id", name=op.f("uq_conversations_channel_account_external_id")
        ),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversations_last_at"), ["last_at"], unique=False)

    op.create_table(
        "dossiers",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("tail", sa.String(length=30), nullable=False),
        sa.Column("parent_id", types.BigId, nullable=True),
        sa.Column("procedure_code", sa.String(length=40), nullable=False),
        sa.Column("procedure_from", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency_name", sa.String(length=300), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("raw_status", sa.String(length=300), nullable=False),
        sa.Column("holder", sa.String(length=300), nullable=True),
        sa.Column("step", sa.String(length=300), nullable=True),
        sa.Column("received_at", types.Instant(timezone=True), nullable=True),
        sa.Column("due_at", types.Instant(timezone=True), nullable=True),
        sa.Column("finished_at", types.Instant(timezone=True), nullable=True),
        sa.Column("returned_at", types.Instant(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("details", types.Json(), nullable=False),
        sa.Column("phone_print", sa.String(length=64), nullable=True),
        sa.Column("applicant", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("as_of", types.Instant(timezone=True), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["dossiers.id"], name=op.f("fk_dossiers_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
        sa.UniqueConstraint("code", name=op.f("uq_dossiers_code")),
    )
    with op.batch_alter_table("dossiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_phone_print"), ["phone_print"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossiers_tail"), ["tail"], unique=False)

    op.create_table(
        "guesses",
        sa.Column("asker", sa.String(length=100), nullable=False),
        sa.Column("window_start", types.Instant(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("asker", "window_start", name=op.f("pk_guesses")),
    )
    op.create_table(
        "import_runs",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("slot", types.Instant(timezone=True), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("started_at", types.Instant(timezone=True), nullable=False),
        sa.Column("finished_at", types.Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
        sa.UniqueConstraint("job", "slot", name=op.f("uq_job_runs_job_slot")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("until", types.Instant(timezone=True), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "procedures",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=300), nullable=False),
        sa.Column("handled_by", sa.String(length=30), nullable=False),
        sa.Column("local", sa.String(length=1), nullable=False),
        sa.Column("entry", types.Json(), nullable=False),
        sa.Column("record", types.Json(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("as_of", types.Instant(timezone=True), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedures")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_procedures_code_valid_from")),
    )
    with op.batch_alter_table("procedures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedures_revision"), ["revision"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedures_valid_to"), ["valid_to"], unique=False)

    op.create_table(
        "reply_overrides",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("meta", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_overrides")),
    )
    with op.batch_alter_table("reply_overrides", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reply_overrides_language_key"), ["language", "key"], unique=False
        )

    op.create_table(
        "sources",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("as_of", types.Instant(timezone=True), nullable=True),
        sa.Column("loaded_at", types.Instant(timezone=True), nullable=True),
        sa.Column("lacks", types.Json(), nullable=False),
        sa.Column("stale_after_h", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sources")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", types.Json(), nullable=False),
        sa.Column("agency_id", types.BigId, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_accounts_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "agency_predecessors",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_agency_predecessors_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_predecessors")),
    )
    with op.batch_alter_table("agency_predecessors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_predecessors_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "blobs",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_blobs_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blobs")),
    )
    with op.batch_alter_table("blobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blobs_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "dossier_events",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("dossier_id", types.BigId, nullable=False),
        sa.Column("event_id", sa.String(length=100), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("raw_status", sa.String(length=300), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("holder", sa.String(length=300), nullable=True),
        sa.Column("step", sa.String(length=300), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_dossier_events_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_events")),
        sa.UniqueConstraint("dossier_id", "event_id", name=op.f("uq_dossier_events_dossier_id_event_id")),
    )
    op.create_table(
        "dossier_followers",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("dossier_id", types.BigId, nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=False),
        sa.Column("since", types.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_dossier_followers_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_dossier_followers_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_followers")),
        sa.UniqueConstraint(
            "dossier_id", "conversation_id", name=op.f("uq_dossier_followers_dossier_id_conversation_id")
        ),
    )
    with op.batch_alter_table("dossier_followers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dossier_followers_conversation_id"), ["conversation_id"], unique=False
        )

    op.create_table(
        "inbox",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("received_at", types.Instant(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_holder", sa.String(length=40), nullable=True),
        sa.Column("lease_until", types.Instant(timezone=True), nullable=True),
        sa.Column("parse", sa.LargeBinary(), nullable=True),
        sa.Column("model_id", sa.String(length=80), nullable=False),
        sa.Column("answered_by", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("done_at", types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_inbox_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "account", "event_id", name=op.f("uq_inbox_channel_account_event_id")),
        sa.UniqueConstraint("conversation_id", "seq", name=op.f("uq_inbox_conversation_id_seq")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_unfinished",
            ["conversation_id", "seq"],
            unique=False,
            sqlite_where=sa.text("status IN ('received', 'prepared')"),
            postgresql_where=sa.text("status IN ('received', 'prepared')"),
        )

    op.create_table(
        "notices",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=False),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", types.Instant(timezone=True), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("rendered_at", types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_notices_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notices_dedupe_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_status_due_at"), ["status", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_subject"), ["subject"], unique=False)

    op.create_table(
        "reception_rules",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("host_kind", sa.String(length=20), nullable=False),
        sa.Column("agency_id", types.BigId, nullable=False),
        sa.Column("rule", types.Json(), nullable=False),
        sa.Column("sessions", types.Json(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("demo", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_reception_rules_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_rules")),
    )
    op.create_table(
        "work",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=True),
        sa.Column("args", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_holder", sa.String(length=40), nullable=True),
        sa.Column("lease_until", types.Instant(timezone=True), nullable=True),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("done_at", types.Instant(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_work_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
    )
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_status_id"), ["status", "id"], unique=False)

    op.create_table(
        "buttons",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=False),
        sa.Column("inbox_id", types.BigId, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("form_instance", sa.String(length=24), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("single_use", sa.Boolean(), nullable=False),
        sa.Column("expires_at", types.Instant(timezone=True), nullable=False),
        sa.Column("used_at", types.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_buttons_conversation_id")
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_buttons_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buttons")),
    )
    with op.batch_alter_table("buttons", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_buttons_conversation_id_inbox_id"), ["conversation_id", "inbox_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_buttons_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "identities",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("phone_print", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("verified_at", types.Instant(timezone=True), nullable=True),
        sa.Column("officer_id", types.BigId, nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["accounts.id"], name=op.f("fk_identities_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint(
            "channel", "account", "external_id", name=op.f("uq_identities_channel_account_external_id")
        ),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_phone_print"), ["phone_print"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=False),
        sa.Column("inbox_id", types.BigId, nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("not_before", types.Instant(timezone=True), nullable=True),
        sa.Column("lease_until", types.Instant(timezone=True), nullable=True),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("sent_at", types.Instant(timezone=True), nullable=True),
        sa.Column("external_message_id", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_outbox_conversation_id")
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_outbox_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbox_conversation_id_id"), ["conversation_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_outbox_inbox_id"), ["inbox_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_waiting",
            ["channel", "account", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'sending')"),
            postgresql_where=sa.text("status IN ('queued', 'sending')"),
        )

    op.create_table(
        "reception_days",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("rule_id", types.BigId, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("shift_reason", sa.String(length=300), nullable=False),
        sa.Column("sessions", types.Json(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["rule_id"], ["reception_rules.id"], name=op.f("fk_reception_days_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_days")),
        sa.UniqueConstraint("rule_id", "planned_on", name=op.f("uq_reception_days_rule_id_planned_on")),
    )
    with op.batch_alter_table("reception_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reception_days_on_date"), ["on_date"], unique=False)

    op.create_table(
        "reception_bookings",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("day_id", types.BigId, nullable=False),
        sa.Column("conversation_id", types.BigId, nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", types.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", types.Instant(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decision_note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_reception_bookings_conversation_id")
        ),
        sa.ForeignKeyConstraint(["day_id"], ["reception_days.id"], name=op.f("fk_reception_bookings_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_bookings")),
        sa.UniqueConstraint("code", name=op.f("uq_reception_bookings_code")),
    )
    with op.batch_alter_table("reception_bookings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reception_bookings_conversation_id"), ["conversation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reception_bookings_day_id"), ["day_id"], unique=False)

    op.create_table(
        "reception_visits",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("day_id", types.BigId, nullable=False),
        sa.Column("booking_id", types.BigId, nullable=True),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["reception_bookings.id"], name=op.f("fk_reception_visits_booking_id")
        ),
        sa.ForeignKeyConstraint(["day_id"], ["reception_days.id"], name=op.f("fk_reception_visits_day_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_visits")),
    )
    with op.batch_alter_table("reception_visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reception_visits_day_id"), ["day_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reception_visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reception_visits_day_id"))

    op.drop_table("reception_visits")
    with op.batch_alter_table("reception_bookings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reception_bookings_day_id"))
        batch_op.drop_index(batch_op.f("ix_reception_bookings_conversation_id"))

    op.drop_table("reception_bookings")
    with op.batch_alter_table("reception_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reception_days_on_date"))

    op.drop_table("reception_days")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_waiting",
            sqlite_where=sa.text("status IN ('queued', 'sending')"),
            postgresql_where=sa.text("status IN ('queued', 'sending')"),
        )
        batch_op.drop_index(batch_op.f("ix_outbox_inbox_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_conversation_id_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identities_phone_print"))

    op.drop_table("identities")
    with op.batch_alter_table("buttons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_buttons_expires_at"))
        batch_op.drop_index(batch_op.f("ix_buttons_conversation_id_inbox_id"))

    op.drop_table("buttons")
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_status_id"))

    op.drop_table("work")
    op.drop_table("reception_rules")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_subject"))
        batch_op.drop_index(batch_op.f("ix_notices_status_due_at"))

    op.drop_table("notices")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbox_unfinished",
            sqlite_where=sa.text("status IN ('received', 'prepared')"),
            postgresql_where=sa.text("status IN ('received', 'prepared')"),
        )

    op.drop_table("inbox")
    with op.batch_alter_table("dossier_followers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_followers_conversation_id"))

    op.drop_table("dossier_followers")
    op.drop_table("dossier_events")
    with op.batch_alter_table("blobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blobs_conversation_id"))

    op.drop_table("blobs")
    with op.batch_alter_table("agency_predecessors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agency_predecessors_agency_id"))

    op.drop_table("agency_predecessors")
    op.drop_table("accounts")
    op.drop_table("sources")
    with op.batch_alter_table("reply_overrides", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_overrides_language_key"))

    op.drop_table("reply_overrides")
    with op.batch_alter_table("procedures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedures_valid_to"))
        batch_op.drop_index(batch_op.f("ix_procedures_revision"))

    op.drop_table("procedures")
    op.drop_table("leases")
    op.drop_table("job_runs")
    op.drop_table("import_runs")
    op.drop_table("guesses")
    with op.batch_alter_table("dossiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_tail"))
        batch_op.drop_index(batch_op.f("ix_dossiers_phone_print"))
        batch_op.drop_index(batch_op.f("ix_dossiers_parent_id"))

    op.drop_table("dossiers")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_last_at"))

    op.drop_table("conversations")
    op.drop_table("calendar_overrides")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_at"))

    op.drop_table("audit")
    op.drop_table("api_keys")
    op.drop_table("agencies")
