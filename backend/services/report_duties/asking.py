"""Answers about periodic reports: who owes, what is due, who has handed in. Everything within the asker's scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from backend.domain.ports import UnitOfWork
from backend.domain.report_duty import (
    AgencyDuties,
    Duty,
    DutyCounts,
    DutyFilter,
    DutyState,
    PeriodDuties,
    PeriodicReport,
    ReportPeriod,
    Wanted,
)
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.services.report_duties.periods import next_due

#: Rows of one answer; the rest is asked for.
PAGE = 8


@dataclass(frozen=True, slots=True)
class Found:
    """Duties of one question. ``counts`` are of all states, ``total`` of those asked for, ``duties`` a page of them.

    ``agencies`` and ``periods``: the same counts of each, where there is anything of the states asked for.
    """

    duties: Sequence[Duty]
    counts: DutyCounts
    total: int
    offset: int
    day: date
    agencies: Sequence[AgencyDuties] = ()
    periods: Sequence[PeriodDuties] = ()

    @property
    def left(self) -> int:
        return max(0, self.total - self.offset - len(self.duties))


@dataclass(frozen=True, slots=True)
class Rule:
    """A report with its next period; ``owed_by``: names of listed agencies."""

    report: PeriodicReport
    period: ReportPeriod | None
    owed_by: tuple[str, ...]


def find(
    uow: UnitOfWork,
    scope: Scope,
    wanted: Wanted,
    which: DutyFilter,
    states: frozenset[DutyState],
    offset: int = 0,
    *,
    by_period: bool = False,
) -> Found:
    """Duties of the wanted periods in these states, and how all of them stand; ``by_period``, each report apart."""
    day = uow.today
    agencies = uow.report_duties.by_agency(scope, wanted, which, day)
    counts = _sum(one.counts for one in agencies)
    total = counts.of(*states)
    rows: Sequence[Duty] = ()
    if total > offset:
        rows = uow.report_duties.duties(scope, wanted, replace(which, states=states), day, PAGE, offset)
    if offset:
        return Found(rows, counts, total, offset, day)
    periods = uow.report_duties.by_period(scope, wanted, which, day) if by_period else ()
    return Found(
        rows,
        counts,
        total,
        offset,
        day,
        [one for one in agencies if one.counts.of(*states)],
        [one for one in periods if one.counts.of(*states)],
    )


def rules(
    uow: UnitOfWork, scope: Scope, reports: Sequence[PeriodicReport], which: DutyFilter
) -> Sequence[Rule]:
    """The rules of the reports in force that somebody in scope has to hand in."""
    following = {report.id: period for report, period in next_due(uow, reports)}
    in_force = [one for one in reports if one.valid_to is None or one.valid_to >= uow.today]
    wanted = []
    for one in in_force:
        near = one.periods_due(uow.today, date(uow.today.year + 2, 1, 1), uow.calendar)
        wanted += [(one, near[0])] if near else []
    told = uow.report_duties.by_period(scope, wanted, which, uow.today)
    known = tree(uow).by_id
    return [
        Rule(
            one.report,
            following.get(one.report.id, one.period),
            tuple(known[number].name for number in one.report.listed if number in known),
        )
        for one in told
    ]


def _sum(counts: Iterable[DutyCounts]) -> DutyCounts:
    total: dict[DutyState, int] = {}
    waiting, first = 0, None
    for one in counts:
        for state, count in one.counts.items():
            total[state] = total.get(state, 0) + count
        waiting += one.waiting
        first = min((day for day in (first, one.first_due) if day is not None), default=None)
    return DutyCounts(total, waiting, first)
