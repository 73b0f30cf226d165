"""Citizen reception (tiếp công dân): rules, days, bookings, visits."""

from sqlalchemy import (
    Boolean,
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
    false,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant, Json

#: Who receives by which rule; days are made from it.
reception_rules = Table(
    "reception_rules",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("host", String(200), nullable=False),  # "Chủ tịch UBND tỉnh"
    Column("host_kind", String(20), nullable=False),  # chairman, department_head, commune_chairman, desk
    Column("agency_id", BigId, ForeignKey("agencies.id"), nullable=False),
    Column("rule", Json, nullable=False),  # {"monthly_day": 15} | {"weekly": 3} | {"every": "working_day"}
    Column("sessions", Json, nullable=False),  # [["07:30","11:30"],["13:30","17:00"]]
    Column("place", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("phone", String(40), nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("source", String(300), nullable=False),
    Column("changes", Integer, nullable=False, default=0),  # counts edits, so that caches notice them
    Column("demo", String(40), nullable=False, default=""),
)

reception_days = Table(
    "reception_days",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("rule_id", BigId, ForeignKey("reception_rules.id"), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("planned_on", Date, nullable=False),  # the day by the rule, before it was shifted
    Column("shift_reason", String(300), nullable=False, default=""),
    Column("sessions", Json, nullable=False),
    Column("place", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("booked", Integer, nullable=False, default=0),
    Column("status", String(20), nullable=False, default="planned"),  # planned, postponed, cancelled
    Column("moved_to", Date),
    UniqueConstraint("rule_id", "planned_on"),
    Index(None, "on_date"),
)

reception_bookings = Table(
    "reception_bookings",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("code", String(30), nullable=False, unique=True),
    Column("day_id", BigId, ForeignKey("reception_days.id"), nullable=False),
    Column("conversation_id", BigId, ForeignKey("conversations.id")),
    Column("status", String(20), nullable=False),  # requested, confirmed, refused, cancelled
    Column("people", Integer, nullable=False, default=1),
    Column(
        "request", LargeBinary, nullable=False
    ),  # sealed JSON: name, phone, content, decision, representative
    Column("created_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(100)),
    Column("decision_note", LargeBinary),
    Index(None, "day_id"),
    Index(None, "conversation_id"),
)

reception_visits = Table(
    "reception_visits",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("day_id", BigId, ForeignKey("reception_days.id"), nullable=False),
    Column("booking_id", BigId, ForeignKey("reception_bookings.id")),
    Column("at", Instant, nullable=False),
    Column("people", Integer, nullable=False),  # not counted at an earlier visit
    Column("outcome", LargeBinary),
    Column("delegation", Boolean, nullable=False, server_default=false()),  # đoàn đông người
    Index(None, "day_id"),
    Index(None, "at"),
)
