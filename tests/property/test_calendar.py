"""Sums of working days hold together, whatever the dates and overrides."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.calendar import CalendarOverride, OverrideKind, WorkingCalendar
from backend.importers.holiday_library import shipped_calendar

SHIPPED = shipped_calendar()
DAYS = st.dates(date(2022, 1, 1), date(2029, 12, 31))
OVERRIDES = st.lists(
    st.builds(
        CalendarOverride,
        DAYS,
        st.sampled_from([OverrideKind.OFF, OverrideKind.WORK]),
        st.just("x"),
        st.just("y"),
    ),
    max_size=8,
)
CALENDARS = OVERRIDES.map(SHIPPED.with_overrides)


@settings(max_examples=60, deadline=None)
@given(CALENDARS, DAYS, st.integers(1, 45))
def test_between_undoes_add_and_the_result_is_worked(
    calendar: WorkingCalendar, start: date, count: int
) -> None:
    end = calendar.add_working_days(start, count)
    assert calendar.is_working(end)
    assert calendar.working_days_between(start, end) == count
    assert calendar.working_days_between(end, start) == -count


@settings(max_examples=60, deadline=None)
@given(CALENDARS, DAYS, st.integers(1, 20), st.integers(1, 20))
def test_sums_can_be_split(calendar: WorkingCalendar, start: date, one: int, other: int) -> None:
    halfway = calendar.add_working_days(start, one)
    assert calendar.add_working_days(halfway, other) == calendar.add_working_days(start, one + other)


@settings(max_examples=60, deadline=None)
@given(CALENDARS, DAYS)
def test_nothing_is_worked_between_neighbouring_working_days(calendar: WorkingCalendar, day: date) -> None:
    after, before = calendar.next_working_day(day), calendar.previous_working_day(day)
    between = ((before + timedelta(n)) for n in range(1, (after - before).days))
    assert not any(calendar.is_working(one) for one in between if one != day)
    assert (calendar.off_reason(day) is None) == calendar.is_working(day)
