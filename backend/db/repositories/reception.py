"""Reception on SQLAlchemy Core: rules and days here, bookings in the parent class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Integer, Row, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.hot import DIALECTS, Hot, among
from backend.db.repositories.reception_bookings import SqlBookings
from backend.db.tables.reception import reception_days as d
from backend.db.tables.reception import reception_rules as r
from backend.domain.calendar import Session
from backend.domain.errors import NotFound
from backend.domain.reception import DayStatus, HostKind, PlannedDay, ReceptionDay, ReceptionRule

_HELD_ON = func.coalesce(d.c.moved_to, d.c.on_date)
_RULES = (
    select(r)
    .where(r.c.valid_from <= bindparam("on"), or_(r.c.valid_to.is_(None), r.c.valid_to >= bindparam("on")))
    .order_by(r.c.id)
)
_RULE = select(r).where(r.c.id == bindparam("id"))
_SAME_RULE = select(r.c.id, r.c.changes).where(
    r.c.agency_id == bindparam("agency_id"),
    r.c.host == bindparam("host"),
    r.c.valid_from == bindparam("valid_from"),
)
_DAY = Hot(select(d).where(d.c.id == bindparam("id")))
_PLANNED = (
    select(d)
    .where(d.c.rule_id == bindparam("rule_id"), d.c.planned_on.between(bindparam("start"), bindparam("end")))
    .order_by(d.c.planned_on)
)
_HELD = Hot(
    **{
        dialect: select(d)
        .where(
            among(dialect, d.c.rule_id, "rules", Integer),
            d.c.status != DayStatus.CANCELLED.value,
            _HELD_ON.between(bindparam("start"), bindparam("end")),
        )
        .order_by(_HELD_ON, d.c.id)
        for dialect in DIALECTS
    }
)
# The only place where a seat is taken: whoever finds booked < capacity at commit time gets it.
_TAKE_SEAT = (
    update(d)
    .where(d.c.id == bindparam("day"), d.c.status != DayStatus.CANCELLED.value, d.c.booked < d.c.capacity)
    .values(booked=d.c.booked + 1)
)
_FREE_SEAT = update(d).where(d.c.id == bindparam("day"), d.c.booked > 0).values(booked=d.c.booked - 1)


_VERSION = Hot(select(func.count(), func.max(r.c.id), func.sum(r.c.changes)).select_from(r))
#: By the seal, which a process has once per database: rules of two databases never mix.
_rules: WeakKeyDictionary[Cipher, tuple[tuple[Any, ...], tuple[ReceptionRule, ...]]] = WeakKeyDictionary()


class SqlReception(SqlBookings):
    _edited = False  # rules were written in this transaction, which may yet be undone
    _seen: tuple[date, tuple[ReceptionRule, ...]] | None = None  # in this transaction

    def put_rule(self, rule: ReceptionRule) -> int:
        self._edited = True
        row = _rule_row(rule)
        same = self._same(row)
        if same is None:
            return int(self._db.execute(insert(r).returning(r.c.id), row).scalar_one())
        self._db.execute(update(r).where(r.c.id == same.id), {**row, "changes": same.changes + 1})
        return int(same.id)

    def same_rule(self, rule: ReceptionRule) -> int | None:
        same = self._same(_rule_row(rule))
        return None if same is None else int(same.id)

    def _same(self, row: Mapping[str, Any]) -> Any:
        return self._db.execute(_SAME_RULE, row).first()

    def rules(self, on: date) -> Sequence[ReceptionRule]:
        # Read at every question about reception, changed a few times a year: kept until the table changes.
        if self._edited:
            return self._read_rules(on)
        if self._seen is not None and self._seen[0] == on:
            return self._seen[1]
        version = (*(_VERSION.first(self._db, {}) or ()), on)
        kept = _rules.get(self._cipher)
        if kept is None or kept[0] != version:
            kept = _rules[self._cipher] = (version, self._read_rules(on))
        self._seen = (on, kept[1])
        return kept[1]

    def _read_rules(self, on: date) -> tuple[ReceptionRule, ...]:
        return tuple(_rule(row) for row in self._db.execute(_RULES, {"on": on}))

    def rule(self, rule_id: int) -> ReceptionRule:
        row = self._db.execute(_RULE, {"id": rule_id}).first()
        if row is None:
            raise NotFound()
        return _rule(row)

    def add_days(self, rule: ReceptionRule, days: Sequence[PlannedDay]) -> None:
        kind = postgresql if self._db.dialect.name == "postgresql" else sqlite
        rows = [
            {
                "rule_id": rule.id,
                "on_date": one.on_date,
                "planned_on": one.planned_on,
                "shift_reason": one.shift_reason,
                "sessions": _plain(rule.sessions),
                "place": rule.place,
                "capacity": rule.capacity,
                "booked": 0,
                "status": DayStatus.PLANNED.value,
            }
            for one in days
        ]
        if rows:
            self._db.execute(kind.insert(d).on_conflict_do_nothing(), rows)

    def planned(self, rule_id: int, start: date, end: date) -> Sequence[ReceptionDay]:
        rows = self._db.execute(_PLANNED, {"rule_id": rule_id, "start": start, "end": end})
        return [_day(row) for row in rows]

    def days(self, rule_ids: Sequence[int], start: date, end: date) -> Sequence[ReceptionDay]:
        rows = _HELD.all(self._db, {"rules": list(rule_ids), "start": start, "end": end})
        return [_day(row) for row in rows]

    def day(self, day_id: int) -> ReceptionDay:
        row = _DAY.first(self._db, {"id": day_id})
        if row is None:
            raise NotFound()
        return _day(row)

    def shift_day(self, day_id: int, planned: PlannedDay) -> None:
        self._db.execute(
            update(d)
            .where(and_(d.c.id == day_id, d.c.status == DayStatus.PLANNED.value))
            .values(on_date=planned.on_date, shift_reason=planned.shift_reason)
        )

    def drop_day(self, day_id: int) -> None:
        self._db.execute(
            update(d).where(d.c.id == day_id, d.c.booked == 0).values(status=DayStatus.CANCELLED.value)
        )

    def move_day(self, day_id: int, to: date, reason: str) -> None:
        self._db.execute(
            update(d)
            .where(d.c.id == day_id)
            .values(moved_to=to, shift_reason=reason, status=DayStatus.POSTPONED.value)
        )

    def take_seat(self, day_id: int) -> bool:
        return self._db.execute(_TAKE_SEAT, {"day": day_id}).rowcount == 1

    def free_seat(self, day_id: int) -> None:
        self._db.execute(_FREE_SEAT, {"day": day_id})


def _plain(sessions: Sequence[Session]) -> list[list[str]]:
    return [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in sessions]


def _sessions(plain: Sequence[Sequence[str]]) -> tuple[Session, ...]:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in plain)


def _rule_row(rule: ReceptionRule) -> dict[str, Any]:
    return {
        "host": rule.host,
        "host_kind": rule.host_kind.value,
        "agency_id": rule.agency_id,
        "rule": dict(rule.rule),
        "sessions": _plain(rule.sessions),
        "place": rule.place,
        "capacity": rule.capacity,
        "phone": rule.phone,
        "note": rule.note,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "source": rule.source,
        "demo": rule.demo,
    }


def _rule(row: Row[Any]) -> ReceptionRule:
    return ReceptionRule(
        id=row.id,
        host=row.host,
        host_kind=HostKind(row.host_kind),
        agency_id=row.agency_id,
        rule=row.rule,
        sessions=_sessions(row.sessions),
        place=row.place,
        capacity=row.capacity,
        phone=row.phone,
        note=row.note,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        demo=row.demo,
    )


def _day(row: Row[Any]) -> ReceptionDay:
    return ReceptionDay(
        id=row.id,
        rule_id=row.rule_id,
        on_date=row.on_date,
        planned_on=row.planned_on,
        sessions=_sessions(row.sessions),
        place=row.place,
        capacity=row.capacity,
        shift_reason=row.shift_reason,
        booked=row.booked,
        status=DayStatus(row.status),
        moved_to=row.moved_to,
    )
