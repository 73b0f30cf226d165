"""The duty roster on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, false, insert, or_, select, true, update

from backend.db.crypto import Cipher
from backend.db.tables.agencies import agencies as a
from backend.db.tables.leaders import duty_shifts as s
from backend.domain.leader import DutySession, DutyShift
from backend.domain.scope import Scope
from backend.text.fold import fold

_PHONE = "duty.phone"
_SHIFTS = select(s, a.c.name.label("agency_name")).select_from(s.join(a, a.c.id == s.c.agency_id))


def visible(scope: Scope) -> ColumnElement[bool]:
    """Shifts open to the province for whoever has a reach; the others within it."""
    if scope.everything:
        return true()
    if scope.empty:
        return false()
    return or_(s.c.province_wide.is_(True), s.c.agency_id.in_(sorted(scope.agencies)))


class SqlDutyShifts:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def find(
        self, scope: Scope, days: tuple[date, date], agency: int | None = None, *, desks: bool = False
    ) -> Sequence[DutyShift]:
        of = s.c.agency_id == agency if agency is not None else true()
        seen = s.c.province_wide.is_(True) if desks else visible(scope)
        found = _SHIFTS.where(s.c.on_date.between(*days), of, seen)
        order = (s.c.on_date, s.c.agency_id, s.c.position_key, s.c.place_in_row, s.c.id)
        return [self._shift(row) for row in self._db.execute(found.order_by(*order))]

    def on(self, agency_id: int, days: Collection[date]) -> Sequence[DutyShift]:
        found = _SHIFTS.where(s.c.agency_id == agency_id, s.c.on_date.in_(sorted(days)))
        return [self._shift(row) for row in self._db.execute(found.order_by(s.c.id))]

    def add(self, shift: DutyShift) -> int:
        return int(self._db.execute(insert(s).returning(s.c.id), self._row(shift)).scalar_one())

    def change(self, shift: DutyShift) -> None:
        self._db.execute(update(s).where(s.c.id == shift.id), self._row(shift))

    def seen(self, ids: Collection[int], as_of: datetime) -> None:
        older = or_(s.c.as_of.is_(None), s.c.as_of < as_of)
        self._db.execute(update(s).where(s.c.id.in_(sorted(ids)), older), {"as_of": as_of})

    def drop(self, ids: Collection[int]) -> int:
        return self._db.execute(delete(s).where(s.c.id.in_(sorted(ids)))).rowcount

    def _row(self, one: DutyShift) -> dict[str, Any]:
        return {
            "agency_id": one.agency_id,
            "on_date": one.on,
            "session": str(one.session),
            "position": one.position,
            "position_key": fold(one.position)[:100],
            "place_in_row": one.place_in_row,
            "name": one.name,
            "title": one.title,
            "phone": self._cipher.seal(one.phone.encode(), _PHONE) if one.phone else None,
            "place": one.place,
            "note": one.note,
            "province_wide": one.province_wide,
            "origin": one.origin,
            "as_of": one.as_of,
            "demo": one.demo,
        }

    def _shift(self, row: Row[Any]) -> DutyShift:
        return DutyShift(
            agency_id=row.agency_id,
            on=row.on_date,
            session=DutySession(row.session),
            name=row.name,
            position=row.position,
            title=row.title,
            phone=self._cipher.open(row.phone, _PHONE).decode() if row.phone else "",
            place=row.place,
            note=row.note,
            province_wide=row.province_wide,
            place_in_row=row.place_in_row,
            origin=row.origin,
            as_of=row.as_of,
            id=row.id,
            agency_name=row.agency_name,
            demo=row.demo,
        )
