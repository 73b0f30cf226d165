"""Vietnamese holidays from the ``holidays`` library, and the shipped facts that it lacks."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from backend.domain.calendar import CalendarOverride, OverrideKind, WorkingCalendar

_SHIPPED = Path(__file__).with_name("calendar_overrides.csv")
_MAKEUP = "Ngày làm bù"


class _Days(NamedTuple):
    off: Mapping[date, str]
    worked: Mapping[date, str]


@lru_cache(maxsize=64)
def _days(year: int) -> _Days:
    # Imported when first needed: it costs a command that asks no date a tenth of a second.
    import holidays

    # The neighbours are loaded too: a swap can be worked in the year before or after it is taken.
    known = holidays.country_holidays("VN", years=range(year - 1, year + 2), language="vi")
    off = {day: name for day, name in known.items() if day.year == year}
    worked = {day: _MAKEUP for day in known.weekend_workdays if day.year == year}
    return _Days(off, worked)


class LibraryHolidays:
    """Adapter of the port ``HolidaySource``. The library forecasts years whose notice is not out yet."""

    def off_days(self, year: int) -> Mapping[date, str]:
        return _days(year).off

    def makeup_workdays(self, year: int) -> Mapping[date, str]:
        return _days(year).worked


def shipped_overrides() -> Sequence[CalendarOverride]:
    """Facts shipped with the product; the operator's own rows in the database beat them."""
    with _SHIPPED.open(encoding="utf-8", newline="") as file:
        return [
            CalendarOverride(
                date.fromisoformat(row["date"]), OverrideKind(row["kind"]), row["name"], row["source"]
            )
            for row in csv.DictReader(file)
        ]


def shipped_calendar() -> WorkingCalendar:
    """The library with the shipped overrides on top."""
    return WorkingCalendar(LibraryHolidays(), shipped_overrides())
