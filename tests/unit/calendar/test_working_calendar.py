"""The working-day calendar against the published dates of recent years."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import pytest

from backend.domain.calendar import CalendarOverride, OfficeHours, OverrideKind, WorkingCalendar
from backend.domain.clock import VIETNAM
from backend.importers.holiday_library import shipped_calendar

CALENDAR = shipped_calendar()
SHARED = Path(os.environ.get("MOTCUA_SHARED", Path(__file__).parents[4] / "shared"))
REFERENCE = SHARED / "data" / "calendar_vn_2021_2031.csv"


@pytest.mark.parametrize(
    ("start", "working_days", "end"),
    [
        (date(2026, 11, 20), 7, date(2026, 12, 2)),  # across 24/11
        (date(2025, 12, 31), 2, date(2026, 1, 6)),  # across the year's end and the swapped Friday 02/01
        (date(2026, 1, 9), 1, date(2026, 1, 10)),  # a worked Saturday
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # across Tết
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # a worked Saturday that the library knows
        (date(2026, 8, 28), 1, date(2026, 9, 3)),  # 31/08 swapped, then National Day
    ],
)
def test_sums_of_working_days(start: date, working_days: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, working_days) == end
    assert CALENDAR.working_days_between(start, end) == working_days
    assert CALENDAR.working_days_between(end, start) == -working_days


@pytest.mark.skipif(
    not REFERENCE.exists(), reason=f"NOT CHECKED against the reference calendar: no {REFERENCE}"
)
def test_every_day_of_the_reference_calendar() -> None:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = {date.fromisoformat(row["date"]): row["type"] for row in rows}
    assert len(rows) > 100
    first = date(2021, 1, 1).toordinal()
    for ordinal in range(first, date(2031, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        kind = listed.get(day, "off" if day.weekday() > 4 else "worked")
        assert CALENDAR.is_working(day) == (kind != "off"), day


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 24), "Ngày Văn hóa Việt Nam"),
        (date(2026, 11, 22), "Chủ nhật"),
        (date(2026, 11, 21), "Thứ Bảy"),
        (date(2026, 1, 10), None),
        (date(2026, 11, 25), None),
    ],
)
def test_says_why_a_day_is_off(day: date, reason: str | None) -> None:
    assert CALENDAR.off_reason(day) == reason


class Holidays:
    def off_days(self, year: int) -> Mapping[date, str]:
        return {date(year, 9, 2): "Quốc khánh"}

    def makeup_workdays(self, year: int) -> Mapping[date, str]:
        return {date(2026, 8, 22): "làm bù"} if year == 2026 else {}


def override(day: date, kind: OverrideKind, name: str = "") -> CalendarOverride:
    return CalendarOverride(day, kind, name, "công văn của tỉnh")


def test_an_override_beats_the_source_both_ways() -> None:
    calendar = WorkingCalendar(Holidays()).with_overrides(
        [
            override(date(2026, 11, 23), OverrideKind.OFF, "Nghỉ hoán đổi"),
            override(date(2026, 9, 2), OverrideKind.WORK),
            override(date(2026, 8, 22), OverrideKind.OFF, "Thôi làm bù"),
            override(date(2026, 11, 28), OverrideKind.WORK),
        ]
    )
    assert calendar.off_reason(date(2026, 11, 23)) == "Nghỉ hoán đổi"
    assert calendar.off_reason(date(2026, 8, 22)) == "Thôi làm bù"
    assert calendar.is_working(date(2026, 9, 2))
    assert calendar.is_working(date(2026, 11, 28))


def test_the_later_override_of_a_day_wins_and_the_earlier_calendar_stays_as_it_was() -> None:
    day = date(2026, 11, 23)
    first = WorkingCalendar(Holidays()).with_overrides([override(day, OverrideKind.OFF, "Nghỉ")])
    second = first.with_overrides([override(day, OverrideKind.WORK)])
    assert (first.is_working(day), second.is_working(day)) == (False, True)


def test_a_sum_into_a_year_without_a_notice_is_uncertain() -> None:
    assert CALENDAR.uncertain([date(2025, 12, 31), date(2026, 12, 31)]) == ()
    assert CALENDAR.uncertain([date(2026, 12, 31), date(2028, 1, 4)]) == (2027, 2028)
    later = CALENDAR.with_overrides([override(date(2027, 1, 3), OverrideKind.CONFIRMED)])
    assert later.confirmed(2027)
    assert not later.confirmed(2028)


@pytest.mark.parametrize(
    ("moment", "counts_as"),
    [
        (datetime(2026, 11, 20, 15, 0, tzinfo=VIETNAM), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 15, 1, tzinfo=VIETNAM), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=VIETNAM), date(2026, 11, 25)),  # 24/11 is a holiday
        (datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM), date(2026, 11, 23)),
        (datetime.fromisoformat("2026-11-19T23:30:00+00:00"), date(2026, 11, 20)),  # 06:30 in Vietnam
    ],
)
def test_the_day_of_receipt(moment: datetime, counts_as: date) -> None:
    assert CALENDAR.received_on(moment, time(15, 0)) == counts_as


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM), None),
        (datetime(2026, 11, 23, 7, 0, tzinfo=VIETNAM), datetime(2026, 11, 23, 7, 30, tzinfo=VIETNAM)),
        (datetime(2026, 11, 23, 11, 30, tzinfo=VIETNAM), datetime(2026, 11, 23, 13, 30, tzinfo=VIETNAM)),
        (datetime(2026, 11, 23, 17, 0, tzinfo=VIETNAM), datetime(2026, 11, 25, 7, 30, tzinfo=VIETNAM)),
        (datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM), datetime(2026, 11, 23, 7, 30, tzinfo=VIETNAM)),
    ],
)
def test_office_hours(moment: datetime, opening: datetime | None) -> None:
    hours = OfficeHours(CALENDAR)
    assert hours.is_open(moment) == (opening is None)
    assert hours.next_opening(moment) == (opening or moment)
