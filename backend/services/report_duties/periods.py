"""Which periods of which reports a question means. Everything that is asked for is bounded in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from backend.domain.ports import UnitOfWork
from backend.domain.report_duty import PeriodicReport, ReportKind, ReportPeriod, Wanted
from backend.services.figures.periods import kind_of

#: Debts older than this are asked for by naming their period.
LOOK_BACK = timedelta(days=365)
#: How far ahead one is told what has to be handed in next.
AHEAD = timedelta(days=100)
#: Long enough to hold the last two periods of a year's report, and for one that is due half a year after its period.
_PAST, _FUTURE = timedelta(days=900), timedelta(days=200)


def owed_until(uow: UnitOfWork, reports: Sequence[PeriodicReport]) -> Wanted:
    """What was due in the last year, today's not included."""
    return due_between(uow, reports, uow.today - LOOK_BACK, uow.today - timedelta(days=1))


def due_between(uow: UnitOfWork, reports: Sequence[PeriodicReport], first: date, last: date) -> Wanted:
    """Both days included."""
    return [(one, period) for one in reports for period in one.periods_due(first, last, uow.calendar)]


def next_due(uow: UnitOfWork, reports: Sequence[PeriodicReport]) -> Wanted:
    """The next one of each report, today's included."""
    found = due_between(uow, reports, uow.today, uow.today + AHEAD)
    first: dict[int, ReportPeriod] = {}
    for report, period in found:
        first.setdefault(report.id, period)
    return [(one, first[one.id]) for one in reports if one.id in first]


def latest(uow: UnitOfWork, reports: Sequence[PeriodicReport], back: int = 0) -> Wanted:
    """The period of each report whose figures were closed last; ``back`` goes so many before it."""
    found = []
    for one in reports:
        near = one.periods_due(uow.today - _PAST, uow.today + _FUTURE, uow.calendar)
        closed = [period for period in near if period.cut_to < uow.today]
        if len(closed) > back:
            found.append((one, closed[-1 - back]))
    return found


def named(
    uow: UnitOfWork,
    reports: Sequence[PeriodicReport],
    first: date,
    last: date,
    *,
    exactly: bool = False,
    loosely: bool = False,
) -> Wanted:
    """The periods that these days name: of that very length, else (but not ``exactly``) those within them.

    ``loosely``: all within them, whatever their length ("năm nay nợ mấy kỳ"). Days that are no reporting period are
    those on which reports were due.
    """
    if kind_of(first, last) not in frozenset(ReportKind):
        return due_between(uow, reports, first, last)
    around = due_between(uow, reports, first, last + _FUTURE)
    within = [(one, period) for one, period in around if first <= period.first and period.last <= last]
    exact = [] if loosely else [pair for pair in within if (pair[1].first, pair[1].last) == (first, last)]
    return exact if exactly else exact or within
