"""Dossiers (hồ sơ) with their events, the followers, and how far each source has spoken."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant, Json

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(60), nullable=False, unique=True),
    Column("tail", String(30), nullable=False),  # "261008-0975": what people remember of a code
    Column("parent_id", BigId, ForeignKey("dossiers.id")),
    Column("procedure_code", String(40), nullable=False, default=""),
    Column("procedure_from", Date),  # which version it was received under
    Column("title", Text, nullable=False, default=""),
    Column("agency_name", String(300), nullable=False, default=""),
    Column("stage", Integer, nullable=False),
    Column("raw_status", String(300), nullable=False, default=""),
    Column("holder", String(300)),  # who has it now; null where the source does not tell
    Column("step", String(300)),
    Column("received_at", Instant),
    Column("due_at", Instant),
    Column("finished_at", Instant),
    Column("returned_at", Instant),
    Column("channel", String(20), nullable=False, default=""),  # direct, online, postal; "" unknown
    Column("details", Json, nullable=False, default=dict),  # papers wanted, fees, place to collect, reason
    Column("phone_print", String(64)),  # keyed hash of the phone, for "my dossiers"
    Column("applicant", LargeBinary),  # sealed name and phone
    Column("source", String(100), nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    Column("agency_id", BigInteger),  # whose it is; null where that is not known. No foreign key: see 0011
    Column("result_channel", String(20), nullable=False, server_default=""),  # how the result was handed over
    Index(None, "tail"),
    Index(None, "phone_print"),
    Index(None, "parent_id"),
)

dossier_events = Table(
    "dossier_events",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("dossier_id", BigId, ForeignKey("dossiers.id"), nullable=False),
    Column("event_id", String(100), nullable=False),  # the source's own, or a hash of the content
    Column("stage", Integer, nullable=False),
    Column("raw_status", String(300), nullable=False, default=""),
    Column("at", Instant, nullable=False),
    Column("holder", String(300)),
    Column("step", String(300)),
    Column("note", Text, nullable=False, default=""),
    UniqueConstraint("dossier_id", "event_id"),
)

#: Persons who asked to be told of changes; only after the second factor.
dossier_followers = Table(
    "dossier_followers",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("dossier_id", BigId, ForeignKey("dossiers.id"), nullable=False),
    Column("conversation_id", BigId, ForeignKey("conversations.id"), nullable=False),
    Column("since", Instant, nullable=False),
    UniqueConstraint("dossier_id", "conversation_id"),
    Index(None, "conversation_id"),
)

# Running dossiers by their promise: what is due soon is found without reading those that are over.
Index(
    "ix_dossiers_running",
    dossiers.c.due_at,
    sqlite_where=dossiers.c.finished_at.is_(None),
    postgresql_where=dossiers.c.finished_at.is_(None),
)

# What is still to be done, by agency and promise: officers' questions about overdue and due dossiers read these
# entries and nothing else. The condition is written out in ``dossier_work.OPEN`` in the same words.
_STILL_OPEN = and_(dossiers.c.finished_at.is_(None), dossiers.c.stage.not_in((3, 7, 8, 9, 10)))
Index(
    "ix_dossiers_open",
    dossiers.c.agency_id,
    dossiers.c.due_at,
    dossiers.c.stage,
    dossiers.c.procedure_code,
    dossiers.c.source,
    sqlite_where=_STILL_OPEN,
    postgresql_where=_STILL_OPEN,
)

# All that the figures look at: a year of a million dossiers is counted without reading one of their rows.
Index(
    "ix_dossiers_figures",
    dossiers.c.agency_id,
    dossiers.c.received_at,
    dossiers.c.finished_at,
    dossiers.c.due_at,
    dossiers.c.stage,
    dossiers.c.channel,
    dossiers.c.result_channel,
)
# Requests for papers, which the national rule takes out of the time.
Index(
    "ix_dossier_events_supplement",
    dossier_events.c.dossier_id,
    sqlite_where=dossier_events.c.stage == 5,
    postgresql_where=dossier_events.c.stage == 5,
)

#: Văn bản xin lỗi và đề nghị gia hạn (TT 03/2025/TT-VPCP, form 04): drafted before the due hour, sent once signed.
apologies = Table(
    "apologies",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("dossier_id", BigId, ForeignKey("dossiers.id"), nullable=False),
    Column("due_at", Instant, nullable=False),  # the promise that is about to be broken
    Column("status", String(12), nullable=False),  # drafted, signed, void
    Column("drafted_at", Instant, nullable=False),
    Column("number", String(60), nullable=False, default=""),  # of the signed form
    Column("new_due_at", Instant),
    Column("reason", String(500), nullable=False, default=""),
    Column("signed_by", String(100), nullable=False, default=""),
    Column("signed_at", Instant),
    Column("told_at", Instant),  # when its followers were told that the promise was broken
    UniqueConstraint("dossier_id", "due_at"),
    Index(None, "status", "due_at"),
)

#: One row per feed: when it last spoke, whether its first load is over (the first sends no notices).
sources = Table(
    "sources",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("as_of", Instant),
    Column("loaded_at", Instant),
    Column("lacks", Json, nullable=False, default=list),
    Column("stale_after_h", Integer, nullable=False, default=24),
)

import_runs = Table(
    "import_runs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("file_name", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("created", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
)
