"""The operator's working-day overrides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from backend.db.tables.agencies import calendar_overrides as c
from backend.domain.calendar import CalendarOverride, OverrideKind

_ALL = select(c.c.on_date, c.c.kind, c.c.name, c.c.source).order_by(c.c.on_date)


def read_overrides(connection: Connection) -> Sequence[CalendarOverride]:
    """Every override in the database, oldest day first, for ``WorkingCalendar.with_overrides``."""
    return [
        CalendarOverride(row.on_date, OverrideKind(row.kind), row.name, row.source)
        for row in connection.execute(_ALL)
    ]


def put_override(connection: Connection, override: CalendarOverride) -> bool:
    """Enter a day; True when it takes the place of an earlier entry for the same day."""
    replaced = drop_override(connection, override.on)
    row = {"on_date": override.on, "kind": override.kind, "name": override.name, "source": override.source}
    connection.execute(insert(c), row)
    return replaced


def drop_override(connection: Connection, on: date) -> bool:
    """False when no entry of the operator exists for that day."""
    return connection.execute(delete(c).where(c.c.on_date == on)).rowcount == 1
