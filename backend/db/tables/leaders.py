"""Leaders, their calendars, and who is on duty."""

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
    UniqueConstraint,
)

from backend.db.tables.base import metadata
from backend.db.types import BigId, Instant

leaders = Table(
    "leaders",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("agency_id", BigId, ForeignKey("agencies.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False),  # folded
    Column("title", String(200), nullable=False, default=""),
    Column("account", String(60), nullable=False, default=""),  # the leader's own account, if there is one
    Column("demo", String(40), nullable=False, default=""),
    UniqueConstraint("agency_id", "name_key"),
)

leader_events = Table(
    "leader_events",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("leader_id", BigId, ForeignKey("leaders.id"), nullable=False),
    Column(
        "event_key", String(64), nullable=False
    ),  # keyed hash: the source's code, else leader, day and subject
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),  # null: the calendar does not say
    Column("visibility", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed: subject, place, who else takes part
    Column("changes", Integer, nullable=False, default=0),
    Column("origin", String(100), nullable=False, default=""),
    Column("as_of", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("demo", String(40), nullable=False, default=""),
    UniqueConstraint("event_key"),
    Index(None, "starts_at"),
    Index(None, "leader_id", "starts_at"),
)

#: Agencies that take part in an event, or that it is shown to.
leader_event_agencies = Table(
    "leader_event_agencies",
    metadata,
    Column("event_id", BigId, ForeignKey("leader_events.id"), primary_key=True),
    Column("agency_id", BigId, ForeignKey("agencies.id"), primary_key=True),
    Index(None, "agency_id"),
)

duty_shifts = Table(
    "duty_shifts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("agency_id", BigId, ForeignKey("agencies.id"), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("session", String(10), nullable=False),
    Column("position", String(100), nullable=False, default=""),  # "Trực lãnh đạo"
    Column("position_key", String(100), nullable=False, default=""),  # folded
    Column("place_in_row", SmallInteger, nullable=False, default=0),  # of several in one position
    Column("name", String(200), nullable=False),
    Column("title", String(200), nullable=False, default=""),
    Column("phone", LargeBinary),  # sealed
    Column("place", String(300), nullable=False, default=""),
    Column("note", String(300), nullable=False, default=""),
    Column("province_wide", Boolean, nullable=False, default=False),  # every officer may see it
    Column("origin", String(100), nullable=False, default=""),
    Column("as_of", Instant),
    Column("demo", String(40), nullable=False, default=""),
    UniqueConstraint(
        "agency_id", "on_date", "session", "position_key", "place_in_row", name="uq_duty_shifts_place"
    ),
    Index(None, "on_date"),
)
