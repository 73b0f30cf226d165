"""Periodic reports: the rules, who has to hand them in, and what was handed in."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    text,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant

periodic_reports = Table(
    "periodic_reports",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(300), nullable=False),
    Column("short", String(60), nullable=False, default=""),
    Column("document_number", String(60), nullable=False, default=""),
    Column("document_on", Date),
    Column("kind", String(12), nullable=False),  # month, quarter, half, nine_months, year
    Column("only", String(40), nullable=False, default=""),  # "1,3"; empty: every period of the year
    Column("departments", Boolean, nullable=False, default=False),
    Column("communes", Boolean, nullable=False, default=False),
    Column("receiver_id", BigId, ForeignKey("agencies.id"), nullable=False),
    Column("field", String(100), nullable=False, default=""),
    Column("cutoff_day", SmallInteger, nullable=False),
    Column("due_day", SmallInteger, nullable=False),
    Column("due_months", SmallInteger, nullable=False, default=0),
    Column("due_moves", Boolean, nullable=False, default=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("origin", String(100), nullable=False, default=""),
    Column("changed_at", Instant, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    Index(None, "receiver_id"),
)

#: Agencies that hand in besides all departments or all communes.
periodic_report_agencies = Table(
    "periodic_report_agencies",
    metadata,
    Column("report_id", BigId, ForeignKey("periodic_reports.id"), primary_key=True),
    Column("agency_id", BigId, ForeignKey("agencies.id"), primary_key=True),
)

report_submissions = Table(
    "report_submissions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("report_id", BigId, ForeignKey("periodic_reports.id"), nullable=False),
    Column("period_last", Date, nullable=False),  # last calendar day of the period, by which it is known
    Column("agency_id", BigId, ForeignKey("agencies.id"), nullable=False),
    Column("handed_in_on", Date, nullable=False),
    Column("number", String(60), nullable=False, default=""),
    Column("state", String(12), nullable=False),  # waiting, accepted, returned
    Column("by", String(60), nullable=False, default=""),
    Column("at", Instant, nullable=False),
    Column("decided_by", String(60), nullable=False, default=""),
    Column("decided_at", Instant),
    Column("note", LargeBinary),  # sealed: why it was returned
    Column("origin", String(100), nullable=False, default=""),
    Column("demo", String(40), nullable=False, default=""),
    Index("ix_report_submissions_duty", "report_id", "period_last", "agency_id"),
)

#: At most one that is accepted or waits: what is owed is one step into this for each duty.
Index(
    "ix_report_submissions_standing",
    report_submissions.c.report_id,
    report_submissions.c.period_last,
    report_submissions.c.agency_id,
    unique=True,
    sqlite_where=text("state <> 'returned'"),
    postgresql_where=text("state <> 'returned'"),
)
Index(
    "ix_report_submissions_waiting",
    report_submissions.c.id,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)
