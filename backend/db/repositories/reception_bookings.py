"""Requests to be received and visits, on SQLAlchemy Core. What people wrote is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from backend.db.crypto import Cipher
from backend.db.repositories.numbered import insert_numbered
from backend.db.tables.reception import reception_bookings as b
from backend.db.tables.reception import reception_days as d
from backend.db.tables.reception import reception_visits as v
from backend.domain.reception import STANDING, Booking, BookingRequest, BookingStatus, Visit

_REQUEST = "reception_bookings.request"
_NOTE = "reception_bookings.decision_note"
_OUTCOME = "reception_visits.outcome"
_STANDING = b.c.status.in_([status.value for status in STANDING])

_BY_CODE = select(b).where(b.c.code == bindparam("code"))
_OF_CONVERSATION = (
    select(b).where(b.c.conversation_id == bindparam("conversation"), _STANDING).order_by(b.c.id)
)
_ON_DAY = select(b).where(b.c.day_id == bindparam("day"), _STANDING).order_by(b.c.id)
_WAITING = (
    select(b).where(b.c.status == BookingStatus.REQUESTED.value).order_by(b.c.id).limit(bindparam("most"))
)


class SqlBookings:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add_booking(
        self, day_id: int, conversation_id: int | None, people: int, request: BookingRequest, now: datetime
    ) -> str:
        row = {
            "day_id": day_id,
            "conversation_id": conversation_id,
            "status": BookingStatus.REQUESTED.value,
            "people": people,
            "request": self._cipher.seal_json(request.as_json(), _REQUEST),
            "created_at": now,
        }
        return insert_numbered(self._db, b, "TD", now, row)[0]

    def booking(self, code: str) -> Booking | None:
        row = self._db.execute(_BY_CODE, {"code": code}).first()
        return None if row is None else self._read(row)

    def standing_of(self, conversation_id: int) -> Sequence[Booking]:
        return [
            self._read(row) for row in self._db.execute(_OF_CONVERSATION, {"conversation": conversation_id})
        ]

    def standing_on(self, day_id: int) -> Sequence[Booking]:
        return [self._read(row) for row in self._db.execute(_ON_DAY, {"day": day_id})]

    def waiting(self, limit: int) -> Sequence[Booking]:
        return [self._read(row) for row in self._db.execute(_WAITING, {"most": limit})]

    def settle(
        self, code: str, frm: Sequence[BookingStatus], to: BookingStatus, now: datetime, by: str, note: str
    ) -> bool:
        done = self._db.execute(
            update(b)
            .where(b.c.code == code, b.c.status.in_([status.value for status in frm]))
            .values(
                status=to.value,
                decided_at=now,
                decided_by=by,
                decision_note=self._cipher.seal(note.encode(), _NOTE) if note else None,
            )
        )
        return done.rowcount == 1

    def add_visit(
        self,
        day_id: int,
        booking_id: int | None,
        at: datetime,
        people: int,
        outcome: str,
        *,
        delegation: bool = False,
    ) -> None:
        self._db.execute(
            insert(v),
            {
                "day_id": day_id,
                "booking_id": booking_id,
                "at": at,
                "people": people,
                "delegation": delegation,
                "outcome": self._cipher.seal(outcome.encode(), _OUTCOME) if outcome else None,
            },
        )

    def visits(self, day_id: int) -> Sequence[Visit]:
        rows = self._db.execute(select(v).where(v.c.day_id == day_id).order_by(v.c.id))
        return [Visit(row.id, row.at, row.people, row.delegation) for row in rows]

    def drop_visits(self, ids: Sequence[int]) -> None:
        self._db.execute(delete(v).where(v.c.id.in_(list(ids))))

    def erase_requests(self, *, conversation_id: int | None = None, held_before: date | None = None) -> int:
        rows = update(b).where(b.c.request != b"")
        if conversation_id is not None:
            rows = rows.where(b.c.conversation_id == conversation_id)
        if held_before is not None:
            past = select(d.c.id).where(func.coalesce(d.c.moved_to, d.c.on_date) < held_before)
            rows = rows.where(b.c.day_id.in_(past))
            self._db.execute(update(v).where(v.c.day_id.in_(past)).values(outcome=None))
        return self._db.execute(rows.values(request=b"", decision_note=None, conversation_id=None)).rowcount

    def _read(self, row: Row[Any]) -> Booking:
        return Booking(
            id=row.id,
            code=row.code,
            day_id=row.day_id,
            conversation_id=row.conversation_id,
            status=BookingStatus(row.status),
            people=row.people,
            created_at=row.created_at,
            request=BookingRequest(**self._cipher.open_json(row.request, _REQUEST)) if row.request else None,
            decided_at=row.decided_at,
            decided_by=row.decided_by or "",
            note=self._cipher.open(row.decision_note, _NOTE).decode() if row.decision_note else "",
        )
