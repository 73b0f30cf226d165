"""What officers have to do on dossiers: overdue, due soon, waiting, by agency and procedure, stuck where, their own.

Everything within the asker's scope. A dossier is judged by its own clock (``dossier_clock``): where supplements took
time, the days that they took are not the office's, so those few are judged one by one and the counts corrected.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from backend.domain.clock import VIETNAM
from backend.domain.dossier import Dossier, DossierEvent
from backend.domain.dossier_clock import ClockView, clock_of
from backend.domain.dossier_work import (
    Bottleneck,
    Corrections,
    DossierCounts,
    DossierFilter,
    DossierGroup,
    Holding,
    Shift,
    Tally,
    Times,
    held_by,
)
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.text.fold import words

_Key = TypeVar("_Key")
#: Rows of one answer; the rest is asked for.
PAGE = 5
#: "Sắp đến hạn" without a span: so many working days.
SOON_DAYS = 3
#: Fewer dossiers than this in a step say nothing about how long it takes.
LEAST_STAY = 3
_EVENTS_AT_ONCE = 500
_DAY = timedelta(days=1)
#: Whose work is whatever their agency has: what they hold changes by the hour.
_OF_THE_DESK = frozenset({"one_stop", "commune_officer"})


@dataclass(frozen=True, slots=True)
class Line:
    """One agency or procedure. ``name`` "" where it is not known."""

    name: str
    counts: DossierCounts


@dataclass(frozen=True, slots=True)
class SourceTold:
    """A feed behind the counts: when it last spoke, whether it has been silent too long, what it never tells."""

    name: str
    as_of: datetime | None
    stale: bool
    lacks: tuple[str, ...]
    open: int


@dataclass(frozen=True, slots=True)
class Standing:
    """``agencies`` and ``procedures``: those with open dossiers, the most overdue first."""

    counts: DossierCounts
    agencies: Sequence[Line]
    procedures: Sequence[Line]
    sources: Sequence[SourceTold]
    times: Times
    worst: Bottleneck | None = None  # the step with the most overdue ones, where a source tells steps


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One dossier of a list, without its applicant. ``clock.working_days`` is late or left, as its state says."""

    dossier: Dossier
    clock: ClockView
    procedure: str


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one group; ``standing`` counts all of it."""

    rows: Sequence[WorkRow]
    total: int
    offset: int
    standing: Standing

    @property
    def left(self) -> int:
        return max(0, self.total - self.offset - len(self.rows))


@dataclass(frozen=True, slots=True)
class Stuck:
    """Running dossiers by step or holder, the most overdue first. ``untold``: how many have neither.

    ``longest`` is the step with the longest median stay, None where events tell no stay.
    """

    lines: Sequence[Bottleneck]
    longest: Bottleneck | None
    untold: int
    sources: Sequence[SourceTold]
    times: Times


class Own(enum.StrEnum):
    """What "của tôi" was taken to mean."""

    HOLDER = "holder"  # the source names the officer as holder
    UNTOLD = "untold"  # the source never tells who holds: the agency's
    UNMATCHED = "unmatched"  # it tells holders, but not this officer: the agency's
    AGENCY = "agency"  # the agency's by the officer's role


@dataclass(frozen=True, slots=True)
class Mine:
    which: DossierFilter
    own: Own
    untold: int  # open dossiers of the agency without a holder


def times_of(
    uow: UnitOfWork, days: int = SOON_DAYS, span: tuple[date, date] | None = None, over_days: int = 0
) -> Times:
    """``days`` working days ahead, unless a ``span`` of days was said; ``over_days``: late by more than so many."""
    first, last = span or (uow.today, uow.calendar.add_working_days(uow.today, days))
    start, end = max(uow.now, _midnight(first)), _midnight(last + _DAY)
    late = min(uow.now, _midnight(_late_since(uow, over_days) + _DAY)) if over_days else uow.now
    return Times(uow.now, late, start, max(start, end))


def standing(uow: UnitOfWork, scope: Scope, which: DossierFilter, times: Times) -> Standing:
    shifts = _shifts(uow, scope, which, times)
    told = _standing(uow, scope, which, times, shifts)
    return replace(told, worst=_worst(uow, scope, which, times, shifts)) if told.counts.overdue else told


def listed(
    uow: UnitOfWork, scope: Scope, which: DossierFilter, group: DossierGroup, times: Times, offset: int = 0
) -> Found:
    """The counts and one page of a group."""
    shifts = _shifts(uow, scope, which, times)
    told = _standing(uow, scope, which, times, shifts)
    total = told.counts.of(group)
    rows: Sequence[Dossier] = ()
    if total > offset:
        corrected = _corrections(shifts, group)
        rows = uow.dossier_work.rows(scope, which, group, times, corrected, PAGE, offset)
    return Found(_shown(uow, rows), total, offset, told)


def stuck(
    uow: UnitOfWork, scope: Scope, which: DossierFilter, times: Times, by: Holding = Holding.STEP
) -> Stuck:
    """Where dossiers pile up, as far as the sources tell it."""
    late = _late_by(_shifts(uow, scope, which, times), by)
    told = uow.dossier_work.held(scope, which, times, by)
    stays = uow.dossier_work.stays(scope, which, by)
    lines = []
    for one in told:
        if one.name is None:
            continue
        stay = stays.get(one.name)
        since = stay.since.astimezone(VIETNAM).date() if stay is not None else None
        days = uow.calendar.working_days_between(since, uow.today) if since is not None else None
        lines.append(Bottleneck(one.name, one.open, one.overdue + late.get(one.name, 0), days))
    lines.sort(key=lambda one: (-one.overdue, -(one.days or 0), -one.open, one.name))
    known = [one for one in lines if one.days is not None]
    enough = [one for one in known if one.open >= LEAST_STAY] or known
    longest = max(enough, key=lambda one: (one.days or 0, one.overdue), default=None)
    untold = sum(one.open for one in told if one.name is None)
    sources = _sources(uow, uow.dossier_work.by_agency(scope, which, times))
    return Stuck(lines, longest, untold, sources, times)


def mine(uow: UnitOfWork, scope: Scope, account: Account, which: DossierFilter) -> Mine:
    """The officer's own work list, as far as the source tells who holds what; else the agency's, and why."""
    home = tree(uow).by_id.get(account.agency_id or 0)
    if home is not None and (scope.everything or home.id in scope.agencies):
        which = replace(which, agencies=which.agencies or tree(uow).with_those_under(home.code))
    if account.roles & _OF_THE_DESK:
        return Mine(which, Own.AGENCY, 0)
    holders = uow.dossier_work.holders(scope, which)
    untold = holders.get(None, 0)
    named = [one for one in holders if one is not None]
    own = names_with(named, account.full_name) if len(words(account.full_name)) > 1 else []
    if own:
        return Mine(replace(which, holders=frozenset(own)), Own.HOLDER, untold)
    return Mine(which, Own.UNMATCHED if named else Own.UNTOLD, untold)


def names_with(told: Iterable[str], said: str) -> list[str]:
    """Those of the ``told`` that have the words of ``said`` one after the other."""
    wanted = words(said)
    if not wanted:
        return []
    return [one for one in told if _holds(words(one), wanted)]


def _holds(told: Sequence[str], wanted: Sequence[str]) -> bool:
    length = len(wanted)
    return any(list(told[at : at + length]) == list(wanted) for at in range(len(told) - length + 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _late_since(uow: UnitOfWork, working_days: int) -> date:
    """The last day that is more than so many working days ago."""
    day = uow.today
    while uow.calendar.working_days_between(day, uow.today) <= working_days:
        day -= _DAY
    return day


def _shifts(uow: UnitOfWork, scope: Scope, which: DossierFilter, times: Times) -> list[Shift]:
    """Those whose supplements moved them to another group than the promised instant says."""
    asked = uow.dossier_work.supplemented(scope, which, times)
    events = _events(uow, asked)
    found = []
    for one in asked:
        judged = times.judged(clock_of(one, events[one.id], uow.now, uow.calendar))
        promised = times.promised(one.due_at)
        if judged is not promised:
            found.append(Shift(one, promised, judged))
    return found


def _events(uow: UnitOfWork, dossiers: Sequence[Dossier]) -> Mapping[int, Sequence[DossierEvent]]:
    found: dict[int, Sequence[DossierEvent]] = {}
    for first in range(0, len(dossiers), _EVENTS_AT_ONCE):
        found |= uow.dossiers.events([one.id for one in dossiers[first : first + _EVENTS_AT_ONCE]])
    return found


def _corrections(shifts: Sequence[Shift], group: DossierGroup) -> Corrections:
    out = frozenset(one.dossier.id for one in shifts if one.promised is group)
    return Corrections(out, frozenset(one.dossier.id for one in shifts if one.judged is group))


def _late_by(shifts: Sequence[Shift], by: Holding) -> Mapping[str | None, int]:
    """What the overdue of each step gain or lose."""
    found: dict[str | None, int] = {}
    for one in shifts:
        change = (one.judged is DossierGroup.OVERDUE) - (one.promised is DossierGroup.OVERDUE)
        name = held_by(one.dossier, by)
        found[name] = found.get(name, 0) + change
    return found


def _worst(
    uow: UnitOfWork, scope: Scope, which: DossierFilter, times: Times, shifts: Sequence[Shift]
) -> Bottleneck | None:
    late = dict(_late_by(shifts, Holding.STEP))
    for one in uow.dossier_work.held(scope, which, times, Holding.STEP, late_only=True):
        late[one.name] = late.get(one.name, 0) + one.overdue
    named = {name: count for name, count in late.items() if name is not None and count > 0}
    if not named:
        return None
    name = min(named, key=lambda one: (-named[one], one))
    return Bottleneck(name, named[name], named[name])


def _standing(
    uow: UnitOfWork, scope: Scope, which: DossierFilter, times: Times, shifts: Sequence[Shift]
) -> Standing:
    told = uow.dossier_work.by_agency(scope, which, times)
    moved = [_as_tally(one) for one in shifts]
    total = sum((one.counts for one in (*told, *moved)), DossierCounts())
    agencies = _summed((*told, *moved), lambda one: one.agency_id)
    by_procedure = uow.dossier_work.by_procedure(scope, which, times)
    procedures = _summed((*by_procedure, *moved), lambda one: (one.procedure, one.title))
    titles = uow.procedures.titles([code for code, _title in procedures if code], uow.today)
    return Standing(
        total,
        _lines((_agency_name(uow, key), counts) for key, counts in agencies.items()),
        _lines((titles.get(code) or title or code, counts) for (code, title), counts in procedures.items()),
        _sources(uow, told),
        times,
    )


def _as_tally(shift: Shift) -> Tally:
    def change(group: DossierGroup) -> int:
        return (shift.judged is group) - (shift.promised is group)

    one = shift.dossier
    counts = DossierCounts(overdue=change(DossierGroup.OVERDUE), soon=change(DossierGroup.SOON))
    title = "" if one.procedure_code else one.title
    return Tally(counts, one.agency_id, one.source, one.procedure_code, title)


def _summed(tallies: Iterable[Tally], key: Callable[[Tally], _Key]) -> dict[_Key, DossierCounts]:
    found: dict[_Key, DossierCounts] = {}
    for one in tallies:
        found[key(one)] = found.get(key(one), DossierCounts()) + one.counts
    return found


def _lines(named: Iterable[tuple[str, DossierCounts]]) -> list[Line]:
    """A procedure that some sources give by code and others by name is one line."""
    found: dict[str, DossierCounts] = {}
    for name, counts in named:
        found[name] = found.get(name, DossierCounts()) + counts
    lines = [Line(name, counts) for name, counts in found.items() if counts.open]
    return sorted(lines, key=lambda one: (-one.counts.overdue, -one.counts.soon, -one.counts.open, one.name))


def _agency_name(uow: UnitOfWork, agency_id: int | None) -> str:
    if agency_id is None:
        return ""
    known = tree(uow).by_id.get(agency_id)
    return (known or uow.agencies.get(agency_id)).name


def _sources(uow: UnitOfWork, tallies: Iterable[Tally]) -> list[SourceTold]:
    counts = _summed(tallies, lambda one: one.source)
    told = []
    for name, each in sorted(counts.items(), key=lambda one: (-one[1].open, one[0])):
        feed = uow.sources.get(name)
        if feed is None:
            told.append(SourceTold(name, None, False, (), each.open))
        else:
            told.append(SourceTold(name, feed.as_of, feed.stale(uow.now), tuple(feed.lacks), each.open))
    return told


def _shown(uow: UnitOfWork, rows: Sequence[Dossier]) -> list[WorkRow]:
    events = _events(uow, rows)
    titles = uow.procedures.titles([one.procedure_code for one in rows if one.procedure_code], uow.today)
    return [
        WorkRow(
            one,
            clock_of(one, events[one.id], uow.now, uow.calendar),
            one.title or titles.get(one.procedure_code, "") or one.procedure_code,
        )
        for one in rows
    ]
