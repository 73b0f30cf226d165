"""Reception days by their rules, shifted by holidays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import pytest

from backend.domain.reception import HostKind, PlannedDay, ReceptionRule, planned_days
from backend.importers.holiday_library import shipped_calendar

CALENDAR = shipped_calendar()


def rule(how: Mapping[str, Any], valid_to: date | None = None) -> ReceptionRule:
    return ReceptionRule(
        host="Chủ tịch",
        host_kind=HostKind.CHAIRMAN,
        agency_id=1,
        rule=how,
        sessions=((time(7, 30), time(11, 30)),),
        place="Trụ sở",
        capacity=3,
        valid_from=date(2026, 1, 1),
        source="thông báo",
        valid_to=valid_to,
    )


def test_a_monthly_day_off_moves_to_the_next_working_day_and_says_why() -> None:
    days = list(planned_days(rule({"monthly_day": 15}), CALENDAR, date(2026, 11, 1), date(2026, 12, 31)))
    assert days == [
        PlannedDay(date(2026, 11, 15), date(2026, 11, 16), "Chủ nhật"),
        PlannedDay(date(2026, 12, 15), date(2026, 12, 15)),
    ]


def test_the_culture_day_moves_a_tuesday_to_wednesday() -> None:
    days = list(planned_days(rule({"weekly": 2}), CALENDAR, date(2026, 11, 24), date(2026, 11, 24)))
    assert days == [PlannedDay(date(2026, 11, 24), date(2026, 11, 25), "Ngày Văn hóa Việt Nam")]


def test_a_day_off_is_dropped_where_the_rule_says_so() -> None:
    how = {"weekly": 2, "when_off": "drop"}
    days = list(planned_days(rule(how), CALENDAR, date(2026, 11, 24), date(2026, 12, 1)))
    assert [day.on_date for day in days] == [date(2026, 12, 1)]


@pytest.mark.parametrize(
    ("month", "planned", "held"),
    [
        (2, date(2026, 2, 28), date(2026, 3, 2)),  # a Saturday
        (4, date(2026, 4, 30), date(2026, 5, 4)),  # a holiday, then 01/05 and a weekend
        (3, date(2026, 3, 31), date(2026, 3, 31)),
    ],
)
def test_the_thirty_first_is_the_last_day_of_short_months(month: int, planned: date, held: date) -> None:
    start, end = date(2026, month, 1), date(2026, month + 1, 1)
    (day,) = planned_days(rule({"monthly_day": 31}), CALENDAR, start, end)
    assert (day.planned_on, day.on_date) == (planned, held)


def test_the_desk_is_there_every_working_day_and_never_shifted() -> None:
    days = list(
        planned_days(rule({"every": "working_day"}), CALENDAR, date(2026, 11, 20), date(2026, 11, 26))
    )
    assert [day.on_date.day for day in days] == [20, 23, 25, 26]


def test_a_rule_that_is_over_plans_nothing() -> None:
    ended = rule({"weekly": 4}, valid_to=date(2026, 11, 30))
    days = list(planned_days(ended, CALENDAR, date(2026, 11, 25), date(2026, 12, 31)))
    assert [day.planned_on for day in days] == [date(2026, 11, 26)]
