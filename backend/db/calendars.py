"""The working-day calendar with the office's own overrides, read again when they may have changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine

from backend.db.repositories.calendar import read_overrides
from backend.domain.calendar import CalendarOverride, HolidaySource, WorkingCalendar

#: An override entered in one process is known in the others after this long.
FRESH_S = 60.0


class FreshCalendar(WorkingCalendar):
    """A calendar that looks at the overrides table about once a minute."""

    def __init__(self, holidays: HolidaySource, shipped: Sequence[CalendarOverride] = ()) -> None:
        super().__init__(holidays, shipped)
        self._source = holidays
        self._shipped = tuple(shipped)
        self._engine: Engine | None = None
        self._read_at = 0.0

    def read_from(self, engine: Engine) -> None:
        self._engine = engine
        self._refresh()

    def is_working(self, day: date) -> bool:
        if self._engine is not None and time.monotonic() - self._read_at > FRESH_S:
            self._refresh()
        return super().is_working(day)

    def _refresh(self) -> None:
        self._read_at = time.monotonic()
        if self._engine is None:
            return
        with self._engine.connect() as connection:
            entered = read_overrides(connection)
        super().__init__(self._source, (*self._shipped, *entered))
