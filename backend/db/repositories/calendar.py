"""The operator's working-day overrides."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from backend.db.tables.agencies import calendar_overrides as c
from backend.domain.calendar import CalendarOverride, OverrideKind

_ALL = select(c.c.on_date, c.c.kind, c.c.name, c.c.source).order_by(c.c.on_date)


def read_overrides(connection: Connection) -> Sequence[CalendarOverride]:
    """Every override in the database, oldest day first, for ``WorkingCalendar.with_overrides``."""
    return [
        CalendarOverride(row.on_date, OverrideKind(row.kind), row.name, row.source)
        for row in connection.execute(_ALL)
    ]
