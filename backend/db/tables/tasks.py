"""Tasks given, what was reported on them, and the requests for more time."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant

tasks = Table(
    "tasks",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("content", Text, nullable=False),
    Column("giver", String(20), nullable=False),
    Column("giver_name", String(200), nullable=False, default=""),
    Column("field", String(100), nullable=False, default=""),
    Column("agency_id", BigId, ForeignKey("agencies.id"), nullable=False),  # the lead
    Column("officer", String(200), nullable=False, default=""),
    Column("officer_id", BigId, ForeignKey("accounts.id")),
    Column("source_number", String(60), nullable=False, default=""),
    Column("source_date", Date),
    Column("source_title", Text, nullable=False, default=""),
    Column("assigned_on", Date, nullable=False),
    Column("due_on", Date),
    Column("first_due_on", Date),
    Column("state", String(12), nullable=False),
    Column("ended_on", Date),  # null while somebody has to do it
    Column("result", String(200), nullable=False, default=""),
    Column("carried_to", SmallInteger),
    Column("extension_asked", Boolean, nullable=False, default=False),
    Column("extensions", SmallInteger, nullable=False, default=0),
    Column("origin", String(100), nullable=False, default=""),
    Column("as_of", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    Index(None, "assigned_on"),
    Index(None, "source_number"),
    Index(None, "changed_at"),
)

#: What is still to be done, by day: overdue and due soon are one step into these, however long the history.
Index(
    "ix_tasks_open_due",
    tasks.c.due_on,
    sqlite_where=tasks.c.ended_on.is_(None),
    postgresql_where=tasks.c.ended_on.is_(None),
)
Index(
    "ix_tasks_open_agency",
    tasks.c.agency_id,
    tasks.c.due_on,
    sqlite_where=tasks.c.ended_on.is_(None),
    postgresql_where=tasks.c.ended_on.is_(None),
)
Index("ix_tasks_agency_assigned", tasks.c.agency_id, tasks.c.assigned_on)

task_partners = Table(
    "task_partners",
    metadata,
    Column("task_id", BigId, ForeignKey("tasks.id"), primary_key=True),
    Column("agency_id", BigId, ForeignKey("agencies.id"), primary_key=True),
    Index(None, "agency_id"),
)

task_reports = Table(
    "task_reports",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("task_id", BigId, ForeignKey("tasks.id"), nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", LargeBinary, nullable=False),  # sealed
    Column("finishes", Boolean, nullable=False, default=False),
    Column("state", String(12), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(60), nullable=False, default=""),
    Column("document_number", String(60), nullable=False, default=""),
    Column("document_date", Date),
    Column("signer", String(200), nullable=False, default=""),
    Column("note", LargeBinary),  # sealed
    Index(None, "task_id"),
    Index(None, "state"),
)

task_extensions = Table(
    "task_extensions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("task_id", BigId, ForeignKey("tasks.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("by", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("wished_due", Date, nullable=False),
    Column("reason", LargeBinary, nullable=False),  # sealed
    Column("state", String(12), nullable=False),
    Column("previous_due", Date),
    Column("granted_due", Date),
    Column("decided_at", Instant),
    Column("decided_by", String(60), nullable=False, default=""),
    Column("document_number", String(60), nullable=False, default=""),
    Column("document_date", Date),
    Column("signer", String(200), nullable=False, default=""),
    UniqueConstraint("task_id", "number"),
    Index(None, "state"),
)
