"""Open petitions as work, on SQLAlchemy Core: counted and listed within the reach, nothing sealed read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, false, func, or_, select, true

from backend.db.repositories.figure_shapes import count
from backend.db.tables.agencies import agencies as a
from backend.db.tables.petition_papers import petition_fields as fields
from backend.db.tables.petition_papers import sealed_outcomes
from backend.db.tables.petitions import petition_events as e
from backend.db.tables.petitions import petitions as p
from backend.db.tables.petitions import sealed_reports as sealed
from backend.domain.petition import OPEN, Alarm, Petition, PetitionKind, PetitionSource, PetitionState
from backend.domain.petition_work import (
    DESK_QUEUE,
    OWED,
    UNASSIGNED,
    PetitionCounts,
    PetitionFilter,
    PetitionGroup,
    PetitionReach,
    PetitionRow,
    PetitionTally,
    PetitionTimes,
    SealedCounts,
)


def _in(states: Iterable[PetitionState]) -> ColumnElement[bool]:
    return p.c.state.in_(sorted(str(one) for one in states))


_COLUMNS = (
    p.c.id, p.c.code, p.c.kind, p.c.source, p.c.state, p.c.received_at, p.c.owner, p.c.alarm, p.c.alarm_at, p.c.due_at,
    p.c.agency_id, p.c.commune_id, p.c.about_agency_id, p.c.field_name, p.c.hidden, p.c.raised, p.c.reopened,
)  # fmt: skip
_ENTERED = (
    select(func.max(e.c.at))
    .where(e.c.petition_id == p.c.id, e.c.to_state == p.c.state, e.c.from_state != e.c.to_state)
    .correlate(p)
    .scalar_subquery()
)


class SqlPetitionWork:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def tallies(
        self, reach: PetitionReach, which: PetitionFilter, times: PetitionTimes
    ) -> Sequence[PetitionTally]:
        figures = [count(_fits(group, times)).label(f"n_{group}") for group in PetitionGroup]
        keys = (p.c.agency_id, p.c.field_name)
        wanted = select(*keys, *figures).where(*_of(reach, which)).group_by(*keys)
        return [PetitionTally(row.agency_id, row.field_name, _told(row)) for row in self._db.execute(wanted)]

    def rows(
        self,
        reach: PetitionReach,
        which: PetitionFilter,
        group: PetitionGroup,
        times: PetitionTimes,
        limit: int,
        offset: int,
    ) -> Sequence[PetitionRow]:
        due = func.coalesce(p.c.due_at, p.c.alarm_at)
        late = case((_fits(PetitionGroup.OVERDUE, times), 0), else_=1)
        wanted = (
            select(*_COLUMNS, _ENTERED.label("entered_at"), a.c.name.label("agency"))
            .outerjoin(a, a.c.id == p.c.agency_id)
            .where(*_of(reach, which), _fits(group, times))
            .order_by(late, due.is_(None), due, p.c.id)
        )
        return [_row(row) for row in self._db.execute(wanted.limit(limit).offset(offset))]

    def sealed(self) -> SealedCounts:
        disposed = exists().where(sealed_outcomes.c.report_id == sealed.c.id)
        unread = count(sealed.c.read_at.is_(None))
        wanted = select(func.count(), unread, func.min(sealed.c.received_at)).where(~disposed)
        row = self._db.execute(wanted).one()
        return SealedCounts(int(row[0]), int(row[1]), row[2])


def _of(reach: PetitionReach, which: PetitionFilter) -> tuple[ColumnElement[bool], ...]:
    return (_in(OPEN), _within(reach), *_meant(which))


def _within(reach: PetitionReach) -> ColumnElement[bool]:
    """Rows of the reach; never those about the officer's own agency or what stands above it."""
    if reach.empty:
        return false()
    seen: ColumnElement[bool] = true()
    if not reach.scope.everything:
        ways: list[ColumnElement[bool]] = []
        if reach.scope.agencies:
            ways.append(p.c.agency_id.in_(sorted(reach.scope.agencies)))
        if reach.scope.fields:
            named = fields.c.name.in_(sorted(reach.scope.fields))
            ways.append(p.c.field_name.in_(select(fields.c.code).where(named)))
        if reach.desk:
            ways.append(_in(DESK_QUEUE))
        if reach.account:
            ways.append(p.c.owner == reach.account)
        seen = or_(*ways)
    if reach.concerned:
        about = p.c.about_agency_id
        seen = and_(seen, or_(about.is_(None), about.not_in(sorted(reach.concerned))))
    return seen


def _meant(which: PetitionFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.agencies:
        found.append(p.c.agency_id.in_(sorted(which.agencies)))
    if which.code:
        found.append(p.c.code == which.code)
    if which.field:
        found.append(p.c.field_name == which.field)
    if which.owner or which.queue:
        own = [p.c.owner == which.owner] if which.owner else []
        found.append(or_(*own, *([_in(DESK_QUEUE)] if which.queue else [])))
    return found


def _fits(group: PetitionGroup, times: PetitionTimes) -> ColumnElement[bool]:
    """While no answer is due yet, the step's own day counts; an alarm that went up the ladder was past its day."""
    owed = _in(OWED)
    rung = or_(p.c.raised > 0, p.c.alarm_at < times.now)
    undated = p.c.due_at.is_(None)
    late = and_(owed, or_(p.c.due_at < times.now, and_(undated, rung)))
    due = func.coalesce(p.c.due_at, p.c.alarm_at)
    return {
        PetitionGroup.OPEN: true(),
        PetitionGroup.OVERDUE: late,
        PetitionGroup.SOON: and_(
            owed, due >= times.start, due < times.end, or_(p.c.due_at.is_not(None), p.c.raised == 0)
        ),
        PetitionGroup.UNASSIGNED: _in(UNASSIGNED),
        PetitionGroup.UNTAKEN: _in((PetitionState.ASSIGNED,)),
        PetitionGroup.SLOW: and_(owed, p.c.due_at >= times.now, rung),
        PetitionGroup.ELSEWHERE: ~owed,
    }[group]


def _told(row: Any) -> PetitionCounts:
    return PetitionCounts(*(int(row._mapping[f"n_{group}"]) for group in PetitionGroup))


def _row(row: Any) -> PetitionRow:
    petition = Petition(
        id=row.id,
        code=row.code,
        kind=PetitionKind(row.kind),
        source=PetitionSource(row.source),
        state=PetitionState(row.state),
        received_at=row.received_at,
        owner=row.owner,
        alarm=Alarm(row.alarm) if row.alarm else None,
        alarm_at=row.alarm_at,
        due_at=row.due_at,
        agency_id=row.agency_id,
        commune_id=row.commune_id,
        about_agency_id=row.about_agency_id,
        field_name=row.field_name,
        hidden=row.hidden,
        raised=row.raised,
        reopened=row.reopened,
    )
    return PetitionRow(petition, row.entered_at or row.received_at, row.agency or "")
