"""Whatever reports, agencies and submissions there are: the answers are those of the rules, within the scope."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.crypto import Cipher
from backend.db.engine import Database, open_database
from backend.db.migrate import migrate
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.domain.report_duty import (
    HANDED_IN,
    OPEN_STATES,
    DutyFilter,
    DutyState,
    PeriodicReport,
    ReportKind,
    ReportPeriod,
    Submission,
    SubmissionState,
    state_of,
)
from backend.domain.scope import Scope
from backend.importers.holiday_library import shipped_calendar
from backend.services.report_duties import asking, periods
from tests.conftest import KEY, FixedClock

TODAY = date(2026, 11, 21)
CALENDAR = shipped_calendar()
KINDS = ("province", "department", "department", "commune", "commune", "other")
FIELDS = ("", "Đất đai", "Y tế")
NOW = FixedClock().now()

Key = tuple[str, date, int]


@st.composite
def reports(draw: st.DrawFn) -> list[PeriodicReport]:
    made = []
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(ReportKind))
        made.append(
            PeriodicReport(
                f"R{number}",
                f"Report {number}",
                kind,
                draw(st.integers(1, len(KINDS))),
                date(2026, draw(st.integers(1, 11)), 1),
                departments=draw(st.booleans()),
                communes=draw(st.booleans()),
                listed=tuple(draw(st.sets(st.integers(1, len(KINDS)), max_size=2))),
                field=draw(st.sampled_from(FIELDS)),
                due_day=draw(st.integers(14, 31)),
                due_months=draw(st.integers(0, 2)),
                due_moves=draw(st.booleans()),
            )
        )
    return made


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    return Scope(
        draw(st.booleans()) and draw(st.booleans()),
        frozenset(draw(st.sets(st.integers(1, len(KINDS)), max_size=3))),
        frozenset(draw(st.sets(st.sampled_from(FIELDS[1:]), max_size=1))),
    )


#: Of the n-th duty: what became of it, and how many days from its due day.
fates = st.lists(
    st.one_of(st.none(), st.tuples(st.sampled_from(SubmissionState), st.integers(-20, 20))),
    min_size=1,
    max_size=9,
)


def allowed(scope: Scope, report: PeriodicReport, agency: int) -> bool:
    mine = agency in scope.agencies or report.receiver_id in scope.agencies
    return scope.everything or mine or report.field in scope.fields


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(reports(), st.lists(scopes(), min_size=1, max_size=4), fates)
def test_nothing_out_of_scope_and_nothing_but_the_rules(
    made: list[PeriodicReport], seers: list[Scope], became: list[tuple[SubmissionState, int] | None]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'x.sqlite3'}"
        migrate(url)
        db = open_database(url, Tools(Cipher({1: KEY}, 1), FixedClock(), CALENDAR))
        try:
            agencies = [Agency(f"H{n}", f"Agency {n}", kind, id=n) for n, kind in enumerate(KINDS, 1)]
            for one in agencies:
                assert db.write_now(lambda uow, one=one: uow.agencies.put(one)) == one.id
            for report in made:
                db.write_now(lambda uow, report=report: uow.report_duties.put(report, NOW))
            known = db.read_now(lambda uow: uow.report_duties.all())
            truth = _submitted(db, known, agencies, became)
            for scope in seers:
                _check(db, scope, truth, {one.code: one for one in known})
        finally:
            db.close()


def _submitted(
    db: Database,
    known: list[PeriodicReport],
    agencies: list[Agency],
    became: list[tuple[SubmissionState, int] | None],
) -> dict[Key, tuple[ReportPeriod, DutyState, bool]]:
    """Every duty with its state, by an independent rule, after the submissions were entered."""
    truth: dict[Key, tuple[ReportPeriod, DutyState, bool]] = {}
    for report in known:
        due = report.periods_due(TODAY - timedelta(days=200), TODAY + timedelta(days=60), CALENDAR)
        duties = [(period, one) for period in due for one in agencies if report.owed_by(one, period)]
        for (period, agency), fate in zip(duties, became * (1 + len(duties)), strict=False):
            came = None
            if fate is not None:
                on = period.due_on + timedelta(days=fate[1])
                told = Submission(report.id, period.last, agency.id, on, "1/BC", fate[0], at=NOW)
                db.write_now(lambda uow, told=told: uow.report_duties.add_submission(told))
                came = on if fate[0] is SubmissionState.ACCEPTED else None
            waits = fate is not None and fate[0] is SubmissionState.WAITING
            state = state_of(period.due_on, came, TODAY)
            truth[report.code, period.last, agency.id] = (period, state, waits)
    return truth


def _check(
    db: Database,
    scope: Scope,
    truth: dict[Key, tuple[ReportPeriod, DutyState, bool]],
    by_code: dict[str, PeriodicReport],
) -> None:
    mine = {key: one for key, one in truth.items() if allowed(scope, by_code[key[0]], key[2])}

    def look(uow: Any) -> None:
        wanted = periods.due_between(
            uow, uow.report_duties.all(), TODAY - timedelta(days=200), TODAY + timedelta(days=60)
        )
        shown: dict[Key, DutyState] = {}
        for states in (frozenset({DutyState.OWED}), frozenset({DutyState.DUE}), HANDED_IN):
            rows = uow.report_duties.duties(scope, wanted, DutyFilter(states=states), TODAY, 10_000)
            found = {(one.report.code, one.period.last, one.agency_id): one.state for one in rows}
            assert not found.keys() & shown.keys()
            shown |= found
            told = asking.find(uow, scope, wanted, DutyFilter(), states, by_period=True)
            assert told.total == len(found) == sum(one.counts.of(*states) for one in told.agencies)
            assert told.total == sum(one.counts.of(*states) for one in told.periods)
            assert {one.agency_id for one in told.agencies} == {key[2] for key in found}
        assert shown == {key: state for key, (_period, state, _waits) in mine.items()}
        open_ = DutyFilter(states=OPEN_STATES, unanswered=True)
        quiet = uow.report_duties.duties(scope, wanted, open_, TODAY, 10_000)
        assert {(one.report.code, one.period.last, one.agency_id) for one in quiet} == {
            key for key, (_period, state, waits) in mine.items() if state in OPEN_STATES and not waits
        }
        waiting = {key for key, (_period, _state, waits) in mine.items() if waits}
        assert uow.report_duties.count_waiting(scope, frozenset()) == len(waiting)
        assert len(uow.report_duties.waiting(scope, frozenset(), 10_000)) == len(waiting)

    db.read_now(look)


def test_the_independent_rule_can_disagree() -> None:
    """The comparison above compares something: a report of another field is seen by nobody of this one."""
    report = PeriodicReport("R", "Report", ReportKind.MONTH, 1, TODAY, field="Y tế")
    assert not allowed(Scope(fields=frozenset({"Đất đai"})), report, 2)
    assert not allowed(Scope(fields=frozenset({"Đất đai"})), replace(report, field=""), 2)
    assert allowed(Scope(agencies=frozenset({1})), report, 2)
