"""Leaders and their calendars on SQLAlchemy Core. Who may see an event is a condition of every query for an asker."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from backend.db.crypto import Cipher
from backend.db.tables.agencies import agencies as a
from backend.db.tables.leaders import leader_event_agencies as g
from backend.db.tables.leaders import leader_events as e
from backend.db.tables.leaders import leaders as p
from backend.domain.leader import (
    EventFilter,
    EventPage,
    EventState,
    Leader,
    LeaderEvent,
    Sight,
    Visibility,
)
from backend.text.fold import fold

_BODY = "leader.event"
_PROVINCE = "province"  # the kind of agency
_OF_LEADER = (
    p.c.name,
    p.c.title,
    p.c.account,
    p.c.agency_id,
    p.c.demo.label("leader_demo"),
    a.c.name.label("agency_name"),
    a.c.kind,
)
_WITH_AGENCY = p.join(a, a.c.id == p.c.agency_id)
_EVENTS = select(e, *_OF_LEADER).select_from(e.join(_WITH_AGENCY, p.c.id == e.c.leader_id))
_OFF = e.c.state != str(EventState.PLANNED)
_PUBLIC = e.c.visibility == str(Visibility.PUBLIC)
#: No entry lasts longer; a longer one is found where it begins.
MOST_LASTS = timedelta(days=31)
#: Clashes are looked for among so many events at the most.
MOST_AT_ONCE = 2000


def visible(sight: Sight) -> ColumnElement[bool]:
    """The rule of ``leader.may_see`` as a condition."""
    ways: list[ColumnElement[bool]] = [_PUBLIC]
    if sight.names:
        ways.append(p.c.account.in_(sorted(sight.names)))
    if sight.keeps:
        ways.append(and_(e.c.visibility == str(Visibility.PRIVATE), a.c.kind == _PROVINCE))
    if sight.scope.everything:
        ways.append(e.c.visibility.in_([str(Visibility.PROVINCE), str(Visibility.AGENCIES)]))
        return or_(*ways)
    if not sight.scope.empty:
        ways.append(e.c.visibility == str(Visibility.PROVINCE))
    if sight.scope.agencies:
        ids = sorted(sight.scope.agencies)
        named = exists().where(g.c.event_id == e.c.id, g.c.agency_id.in_(ids))
        ways.append(
            and_(e.c.visibility == str(Visibility.AGENCIES), or_(p.c.agency_id.in_(ids), named)),
        )
    return or_(*ways)


def _meant(wanted: EventFilter) -> ColumnElement[bool]:
    begins = e.c.starts_at >= wanted.since
    goes_on = and_(e.c.starts_at >= wanted.since - MOST_LASTS, e.c.ends_at > wanted.since)
    found = [or_(begins, goes_on), e.c.starts_at < wanted.until]
    if wanted.leaders:
        found.append(e.c.leader_id.in_(sorted(wanted.leaders)))
    if wanted.agency is not None:
        takes_part = exists().where(g.c.event_id == e.c.id, g.c.agency_id == wanted.agency)
        found.append(or_(p.c.agency_id == wanted.agency, takes_part))
    return and_(*found)


class SqlLeaders:
    def __init__(self, connection: Connection, cipher: Cipher, now: datetime) -> None:
        self._db = connection
        self._cipher = cipher
        self._now = now

    def all(self) -> Sequence[Leader]:
        found = select(p.c.id.label("leader_id"), *_OF_LEADER).select_from(_WITH_AGENCY)
        return [_leader(row) for row in self._db.execute(found.order_by(p.c.id))]

    def put(self, leader: Leader) -> int:
        key = fold(leader.name)[:200]
        at = (p.c.agency_id == leader.agency_id) & (p.c.name_key == key)
        known = self._db.execute(select(p).where(at)).first()
        row = {"name": leader.name, "title": leader.title, "account": leader.account, "demo": leader.demo}
        if known is None:
            made = insert(p).returning(p.c.id)
            return int(
                self._db.execute(made, {**row, "agency_id": leader.agency_id, "name_key": key}).scalar_one()
            )
        row = {**row, "title": leader.title or known.title, "account": leader.account or known.account}
        if any(getattr(known, name) != value for name, value in row.items()):
            self._db.execute(update(p).where(p.c.id == known.id), row)
        return int(known.id)

    def find(self, sight: Sight, wanted: EventFilter, *, limit: int = 5, after: int = 0) -> EventPage:
        where = and_(_meant(wanted), visible(sight))
        sums = select(func.count(), func.count().filter(_PUBLIC), func.count().filter(_OFF)).select_from(
            e.join(_WITH_AGENCY, p.c.id == e.c.leader_id)
        )
        total, public, off = self._db.execute(sums.where(where)).one()
        rows = self._db.execute(
            _EVENTS.where(where).order_by(e.c.starts_at, e.c.id).limit(limit).offset(after)
        )
        return EventPage(self._read(rows.all()), int(total), int(public), int(off))

    def clashes(
        self, sight: Sight, since: datetime, until: datetime, leaders: Collection[int] = ()
    ) -> Sequence[tuple[LeaderEvent, LeaderEvent]]:
        meant = _meant(EventFilter(since, until, frozenset(leaders)))
        found = _EVENTS.where(meant, ~_OFF, visible(sight)).order_by(e.c.leader_id, e.c.starts_at, e.c.id)
        rows = self._read(self._db.execute(found.limit(MOST_AT_ONCE)).all())
        return [
            (one, other)
            for at, one in enumerate(rows)
            for other in _while_it_lasts(one, rows[at + 1 :])
            if one.clashes_with(other)
        ]

    # --- writing, for importers ----------------------------------------------------------------------------

    def known(self, keys: Sequence[str]) -> Mapping[str, LeaderEvent]:
        rows = self._db.execute(_EVENTS.where(e.c.event_key.in_([self._print(key) for key in keys]))).all()
        by_print = {row.event_key: one for row, one in zip(rows, self._read(rows), strict=True)}
        return {key: by_print[self._print(key)] for key in keys if self._print(key) in by_print}

    def add(self, event: LeaderEvent) -> int:
        number = self._db.execute(insert(e).returning(e.c.id), self._row(event)).scalar_one()
        self._name(int(number), event.agencies)
        return int(number)

    def change(self, event: LeaderEvent) -> None:
        self._db.execute(update(e).where(e.c.id == event.id), self._row(event))
        self._db.execute(delete(g).where(g.c.event_id == event.id))
        self._name(event.id, event.agencies)

    def seen(self, ids: Collection[int], as_of: datetime) -> None:
        older = or_(e.c.as_of.is_(None), e.c.as_of < as_of)
        self._db.execute(update(e).where(e.c.id.in_(sorted(ids)), older), {"as_of": as_of})

    def overlapping(self, event: LeaderEvent) -> Sequence[LeaderEvent]:
        ends = event.ends_at or event.starts_at
        near = or_(e.c.starts_at >= event.starts_at, e.c.ends_at > event.starts_at)
        before_its_end = or_(e.c.starts_at < ends, e.c.starts_at == event.starts_at)
        found = _EVENTS.where(e.c.leader_id == event.leader.id, near, before_its_end)
        rows = self._read(self._db.execute(found.order_by(e.c.starts_at, e.c.id)).all())
        return [one for one in rows if event.clashes_with(one)]

    def between(self, leaders: Collection[int], since: datetime, until: datetime) -> Sequence[LeaderEvent]:
        some = e.c.leader_id.in_(sorted(leaders)) if leaders else false()
        found = _EVENTS.where(some, e.c.starts_at >= since, e.c.starts_at < until)
        return self._read(self._db.execute(found.order_by(e.c.starts_at, e.c.id)).all())

    def _name(self, event_id: int, agencies: Sequence[int]) -> None:
        rows = [{"event_id": event_id, "agency_id": one} for one in dict.fromkeys(agencies)]
        if rows:
            self._db.execute(insert(g), rows)

    def _print(self, key: str) -> str:
        return self._cipher.fingerprint(key, _BODY)

    def _row(self, one: LeaderEvent) -> dict[str, Any]:
        body = {"subject": one.subject, "place": one.place, "others": one.others, "key": one.key}
        return {
            "leader_id": one.leader.id,
            "event_key": self._print(one.key),
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "visibility": str(one.visibility),
            "state": str(one.state),
            "body": self._cipher.seal_json(body, _BODY),
            "changes": one.changes,
            "origin": one.origin,
            "as_of": one.as_of,
            "changed_at": self._now,
            "demo": one.demo,
        }

    def _read(self, rows: Sequence[Row[Any]]) -> list[LeaderEvent]:
        named: dict[int, list[int]] = {}
        if rows:
            ids = [row.id for row in rows]
            for one in self._db.execute(select(g).where(g.c.event_id.in_(ids)).order_by(g.c.agency_id)):
                named.setdefault(one.event_id, []).append(one.agency_id)
        return [self._event(row, tuple(named.get(row.id, ()))) for row in rows]

    def _event(self, row: Row[Any], agencies: tuple[int, ...]) -> LeaderEvent:
        body = self._cipher.open_json(row.body, _BODY)
        return LeaderEvent(
            leader=_leader(row),
            key=body["key"],
            starts_at=row.starts_at,
            subject=body["subject"],
            ends_at=row.ends_at,
            place=body["place"],
            others=body["others"],
            visibility=Visibility(row.visibility),
            state=EventState(row.state),
            agencies=agencies,
            changes=row.changes,
            origin=row.origin,
            as_of=row.as_of,
            id=row.id,
            demo=row.demo,
        )


def _while_it_lasts(one: LeaderEvent, later: Sequence[LeaderEvent]) -> Sequence[LeaderEvent]:
    """Those of the same leader that begin before this one ends; ``later`` is in order of leader and beginning."""
    ends = one.ends_at or one.starts_at
    for at, other in enumerate(later):
        same = other.leader.id == one.leader.id
        if not same or (other.starts_at >= ends and other.starts_at != one.starts_at):
            return later[:at]
    return later


def _leader(row: Any) -> Leader:
    return Leader(
        agency_id=row.agency_id,
        name=row.name,
        title=row.title,
        account=row.account,
        id=row.leader_id,
        agency_name=row.agency_name,
        top=row.kind == _PROVINCE,
        demo=row.leader_demo,
    )
