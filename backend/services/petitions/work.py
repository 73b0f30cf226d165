"""What officers have to do on petitions: overdue, due soon, unassigned, their own; by agency and field.

Whoever a petition is about never sees it (``owners.concerned``), and denunciations are not here at all: they stand in
the sealed lane, of which only accounts named for it are told how many wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.domain.clock import VIETNAM, local_date
from backend.domain.petition import Petition, PetitionKind
from backend.domain.petition_work import (
    DESK_ROLES,
    OWED,
    PetitionCounts,
    PetitionFilter,
    PetitionGroup,
    PetitionReach,
    PetitionTally,
    PetitionTimes,
    SealedCounts,
)
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.domain.scope import Scope
from backend.domain.viewer import Viewer
from backend.services.agencies.tree import tree
from backend.services.petitions.deadlines import due, step_due
from backend.services.petitions.sealed import READER

#: Rows of one answer; the rest is asked for.
PAGE = 5
#: "Sắp đến hạn" without a span: so many working days.
SOON_DAYS = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One agency or field; ``name`` "" for no agency, or no field yet."""

    name: str
    counts: PetitionCounts


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of the reach; ``taken_at``: this database's own book, as it stands now."""

    counts: PetitionCounts
    agencies: Sequence[Line]
    fields: Sequence[Line]
    times: PetitionTimes
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A petition of a list: no words and no person. ``late_days`` are working days, None while it is in time."""

    petition: Petition
    agency: str
    field: str
    due_at: datetime | None
    late_days: int | None
    own: bool  # the asker holds it


@dataclass(frozen=True, slots=True)
class Found:
    rows: Sequence[WorkRow]
    total: int
    offset: int
    standing: Standing

    @property
    def left(self) -> int:
        return max(0, self.total - self.offset - len(self.rows))


@dataclass(frozen=True, slots=True)
class Sealed:
    """Counts of the sealed lane; ``late``: the time for the first check of the oldest is over."""

    counts: SealedCounts
    late: bool


def reach_of(uow: UnitOfWork, viewer: Viewer, scope: Scope) -> PetitionReach:
    """``scope`` with what the desk and the account itself have; fails closed as the scope does."""
    own = uow.accounts.by_name(viewer.account) if viewer.account and not viewer.group else None
    if own is None or not own.active:
        return PetitionReach()
    homes = [own, *uow.officers.absent_for(own.name, uow.today)]
    concerned = frozenset[int]().union(*(_not_about(uow, one) for one in homes))
    return PetitionReach(scope, bool(own.roles & DESK_ROLES), own.name, concerned)


def times_of(uow: UnitOfWork, days: int = SOON_DAYS, span: tuple[date, date] | None = None) -> PetitionTimes:
    """``days`` working days ahead, unless a ``span`` of days was said."""
    first, last = span or (uow.today, uow.calendar.add_working_days(uow.today, days))
    start = max(uow.now, datetime.combine(first, time(), VIETNAM))
    return PetitionTimes(uow.now, start, max(start, datetime.combine(last + _DAY, time(), VIETNAM)))


def standing(uow: UnitOfWork, reach: PetitionReach, which: PetitionFilter, times: PetitionTimes) -> Standing:
    tallies = uow.petition_work.tallies(reach, which, times)
    names = {one.code: one.name for one in uow.petition_fields.all()}
    return Standing(
        sum((one.counts for one in tallies), PetitionCounts()),
        _lines(tallies, lambda one: _agency_name(uow, one.agency_id)),
        _lines(tallies, lambda one: names.get(one.field, one.field)),
        times,
        uow.now,
    )


def listed(
    uow: UnitOfWork,
    reach: PetitionReach,
    which: PetitionFilter,
    group: PetitionGroup,
    times: PetitionTimes,
    offset: int = 0,
) -> Found:
    """The counts and one page of a group."""
    told = standing(uow, reach, which, times)
    total = told.counts.of(group)
    rows = uow.petition_work.rows(reach, which, group, times, PAGE, offset) if total > offset else ()
    names = {one.code: one.name for one in uow.petition_fields.all()}
    shown = []
    for row in rows:
        one = row.petition
        due_at = one.due_at or step_due(uow, one, row.entered_at)
        late = uow.calendar.working_days_between(local_date(due_at), uow.today) if due_at else 0
        field = names.get(one.field_name, one.field_name)
        is_late = due_at is not None and due_at < uow.now and one.state in OWED
        own = one.owner == reach.account
        shown.append(WorkRow(one, row.agency, field, due_at, late if is_late else None, own))
    return Found(shown, total, offset, told)


def mine(account: Account) -> PetitionFilter:
    """What the account holds; for the desk its queue too."""
    return PetitionFilter(owner=account.name, queue=bool(account.roles & DESK_ROLES))


def sealed(uow: UnitOfWork, viewer: Viewer) -> Sealed | None:
    """How many denunciations wait; None for anybody who is not named for the sealed lane. Leaves a trace."""
    own = uow.accounts.by_name(viewer.account) if viewer.account and not viewer.group else None
    if own is None or not own.active or READER not in own.roles:
        return None
    uow.audit.record(viewer.actor, "sealed_count", "sealed", "ok")
    counts = uow.petition_work.sealed()
    if counts.oldest is None:
        return Sealed(counts, late=False)
    first_check = due(uow, PetitionKind.DENUNCIATION, "accept", counts.oldest, counts.oldest)
    return Sealed(counts, late=first_check < uow.now)


def _not_about(uow: UnitOfWork, account: Account) -> frozenset[int]:
    """About whom nothing is shown to this officer: the own agency, and the one that it stands under."""
    known = tree(uow)
    home = known.by_id.get(account.agency_id or 0)
    if home is None:
        return frozenset()
    above = known.by_code.get(home.parent_code or "")
    return frozenset({home.id} | ({above.id} if above is not None else set()))


def _lines(tallies: Iterable[PetitionTally], name: Callable[[PetitionTally], str]) -> list[Line]:
    found: dict[str, PetitionCounts] = {}
    for one in tallies:
        found[name(one)] = found.get(name(one), PetitionCounts()) + one.counts
    return _sorted(found)


def _sorted(found: Mapping[str, PetitionCounts]) -> list[Line]:
    lines = [Line(name, counts) for name, counts in found.items()]
    return sorted(lines, key=lambda one: (-one.counts.overdue, -one.counts.soon, -one.counts.open, one.name))


def _agency_name(uow: UnitOfWork, agency_id: int | None) -> str:
    if agency_id is None:
        return ""
    known = tree(uow).by_id.get(agency_id)
    return (known or uow.agencies.get(agency_id)).name
