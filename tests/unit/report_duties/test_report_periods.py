"""Periods, closing days and due days of periodic reports; every duty is in exactly one state on any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.agency import Agency
from backend.domain.report_duty import (
    HANDED_IN,
    OPEN_STATES,
    DutyState,
    PeriodicReport,
    ReportKind,
    state_of,
)
from backend.importers.holiday_library import shipped_calendar

CALENDAR = shipped_calendar()
NEVER = date(2020, 1, 1)


def a_report(kind: ReportKind, **more: object) -> PeriodicReport:
    return PeriodicReport("BC", "Báo cáo", kind, 1, more.pop("valid_from", NEVER), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "number", "cut_from", "cut_to", "last"),
    [  # Nghị định 09/2019/NĐ-CP, Điều 12
        (ReportKind.MONTH, 10, "2026-09-15", "2026-10-14", "2026-10-31"),
        (ReportKind.MONTH, 1, "2025-12-15", "2026-01-14", "2026-01-31"),
        (ReportKind.QUARTER, 3, "2026-06-15", "2026-09-14", "2026-09-30"),
        (ReportKind.QUARTER, 1, "2025-12-15", "2026-03-14", "2026-03-31"),
        (ReportKind.HALF, 1, "2025-12-15", "2026-06-14", "2026-06-30"),
        (ReportKind.HALF, 2, "2026-06-15", "2026-12-14", "2026-12-31"),
        (ReportKind.NINE_MONTHS, 1, "2025-12-15", "2026-09-14", "2026-09-30"),
        (ReportKind.YEAR, 1, "2025-12-15", "2026-12-14", "2026-12-31"),
    ],
)
def test_figures_run_from_the_fifteenth_to_the_fourteenth(
    kind: ReportKind, number: int, cut_from: str, cut_to: str, last: str
) -> None:
    found = a_report(kind).period(2026, number, CALENDAR)
    assert [one.isoformat() for one in (found.cut_from, found.cut_to, found.last)] == [cut_from, cut_to, last]


@pytest.mark.parametrize(
    ("rule", "due_on"),
    [
        ({"due_day": 16}, "2026-08-16"),  # a Sunday; it stays
        ({"due_day": 16, "due_moves": True}, "2026-08-17"),
        ({"due_day": 31}, "2026-08-31"),
        ({"due_day": 5, "due_months": 1}, "2026-09-05"),
        ({"due_day": 2, "due_months": 1, "due_moves": True}, "2026-09-03"),  # National Day
        ({"due_day": 31, "due_months": 6}, "2027-02-28"),
    ],
)
def test_the_due_day_moves_only_where_the_rule_says_so(rule: dict[str, int], due_on: str) -> None:
    assert a_report(ReportKind.MONTH, **rule).period(2026, 8, CALENDAR).due_on == date.fromisoformat(due_on)


def test_only_the_wanted_periods_while_the_regime_is_in_force() -> None:
    first_and_third = a_report(ReportKind.QUARTER, only=frozenset({1, 3}))
    whole = (date(2026, 1, 1), date(2026, 12, 31), CALENDAR)
    assert [one.last.month for one in first_and_third.periods_due(*whole)] == [3, 9]
    from_may = a_report(ReportKind.MONTH, valid_from=date(2026, 5, 15), valid_to=date(2026, 8, 14))
    assert [one.last.month for one in from_may.periods_due(*whole)] == [6, 7, 8]
    assert from_may.period_named(date(2026, 5, 31), CALENDAR) is None, "May's figures closed before"
    assert from_may.period_named(date(2026, 6, 30), CALENDAR) is not None
    assert from_may.period_named(date(2026, 6, 29), CALENDAR) is None


def test_who_owes() -> None:
    one = a_report(ReportKind.MONTH, departments=True, listed=(7,))
    period = one.period(2026, 10, CALENDAR)

    def agency(number: int, kind: str, **more: object) -> Agency:
        return Agency(f"H{number}", "x", kind, id=number, **more)  # type: ignore[arg-type]

    assert one.owed_by(agency(2, "department"), period)
    assert one.owed_by(agency(7, "police"), period)
    assert not one.owed_by(agency(8, "commune"), period)
    assert not one.owed_by(agency(1, "department"), period), "it receives the report"
    assert not one.owed_by(agency(3, "department", valid_to=date(2026, 1, 1)), period)
    assert not one.owed_by(agency(4, "department", valid_from=date(2026, 11, 1)), period)


@st.composite
def rules(draw: st.DrawFn) -> PeriodicReport:
    kind = draw(st.sampled_from(ReportKind))
    months = draw(st.integers(0, 6))
    closes = draw(st.integers(1, 31))
    begins = draw(st.dates(date(2024, 1, 1), date(2027, 1, 1)))
    ends = draw(st.one_of(st.none(), st.dates(begins, date(2028, 1, 1))))
    return a_report(
        kind,
        only=frozenset(draw(st.sets(st.integers(1, kind.in_a_year)))),
        cutoff_day=closes,
        due_day=draw(st.integers(1 if months else closes, 31)),
        due_months=months,
        due_moves=draw(st.booleans()),
        valid_from=begins,
        valid_to=ends,
    )


@given(rules(), st.integers(2024, 2028))
def test_periods_follow_each_other_without_gap_or_overlap(one: PeriodicReport, year: int) -> None:
    numbers = range(1, one.kind.in_a_year + 1)
    made = [one.period(at, number, CALENDAR) for at in (year, year + 1) for number in numbers]
    for before, after in zip(made, made[1:], strict=False):
        if one.kind is not ReportKind.NINE_MONTHS:
            assert after.cut_from == before.cut_to + timedelta(days=1)
            assert after.first == before.last + timedelta(days=1)
        assert before.due_on < after.due_on or one.kind is ReportKind.MONTH
    for period in made:
        assert period.cut_from <= period.cut_to <= period.last
        assert period.due_on >= period.cut_to
        assert not one.due_moves or CALENDAR.is_working(period.due_on)


@given(rules(), st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 500))
def test_a_span_holds_exactly_the_periods_due_in_it(one: PeriodicReport, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    found = one.periods_due(first, last, CALENDAR)
    assert all(first <= period.due_on <= last for period in found)
    split = first + timedelta(days=days // 2)
    halves = [
        *one.periods_due(first, split, CALENDAR),
        *one.periods_due(split + timedelta(days=1), last, CALENDAR),
    ]
    assert sorted(one.last for one in found) == sorted(one.last for one in halves)
    assert all(one.period_named(period.last, CALENDAR) == period for period in found)
    wide = one.periods_due(first - timedelta(days=900), last + timedelta(days=900), CALENDAR)
    assert {one.last for one in wide if first <= one.due_on <= last} == {one.last for one in found}


@given(
    rules(),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.lists(st.one_of(st.none(), st.integers(-40, 40)), min_size=1, max_size=12),
)
def test_owed_due_and_handed_in_part_the_duties(
    one: PeriodicReport, day: date, came: list[int | None]
) -> None:
    duties = one.periods_due(day - timedelta(days=400), day + timedelta(days=100), CALENDAR)
    told = [
        (period, None if after is None else period.due_on + timedelta(days=after))
        for period, after in zip(duties, came * (1 + len(duties) // len(came)), strict=False)
    ]
    states = [state_of(period.due_on, on, day) for period, on in told]
    owed = [period for (period, on), state in zip(told, states, strict=True) if state is DutyState.OWED]
    due = [period for (period, on), state in zip(told, states, strict=True) if state is DutyState.DUE]
    handed = [period for (period, on), state in zip(told, states, strict=True) if state in HANDED_IN]
    assert frozenset(DutyState) == OPEN_STATES | HANDED_IN
    assert not OPEN_STATES & HANDED_IN
    assert len(owed) + len(due) + len(handed) == len(told)
    assert handed == [period for period, on in told if on is not None]
    assert owed == [period for period, on in told if on is None and period.due_on < day]
    tomorrow = [state_of(period.due_on, on, day + timedelta(days=1)) for period, on in told]
    for now, then in zip(states, tomorrow, strict=True):
        assert now is then or (now, then) == (DutyState.DUE, DutyState.OWED), "a day makes due into owed only"
