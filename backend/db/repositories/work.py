"""Slow work: leased per row, so that any number of processes share it and a dead one's share is taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from backend.db.crypto import Cipher
from backend.db.tables.running import work as w
from backend.domain.work import WorkOrder, WorkStatus

_ARGS = "work.args"
_OPEN = w.c.status.in_([str(WorkStatus.WAITING), str(WorkStatus.RUNNING)])


class SqlWorks:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(
        self, kind: str, conversation_id: int, account: str, args: Mapping[str, Any], now: datetime
    ) -> int:
        row = {
            "kind": kind,
            "conversation_id": conversation_id,
            "args": self._cipher.seal_json([account, dict(args)], _ARGS),
            "status": str(WorkStatus.WAITING),
            "attempts": 0,
            "created_at": now,
        }
        return int(self._db.execute(insert(w).returning(w.c.id), row).scalar_one())

    def open_of(self, conversation_id: int) -> Sequence[WorkOrder]:
        mine = select(w).where(w.c.conversation_id == conversation_id, _OPEN).order_by(w.c.id)
        return [self._one(row) for row in self._db.execute(mine)]

    def since(self, conversation_id: int, after: int) -> Sequence[int]:
        mine = select(w.c.id).where(w.c.conversation_id == conversation_id, w.c.id > after).order_by(w.c.id)
        return list(self._db.execute(mine).scalars())

    def asked_since(self, conversation_id: int, since: datetime) -> Sequence[WorkOrder]:
        mine = select(w).where(w.c.conversation_id == conversation_id, w.c.created_at >= since)
        return [self._one(row) for row in self._db.execute(mine.order_by(w.c.id))]

    def asked_at(self, order_id: int) -> datetime:
        at: datetime = self._db.execute(select(w.c.created_at).where(w.c.id == order_id)).scalar_one()
        return at

    def claim(self, holder: str, now: datetime, lease_until: datetime) -> WorkOrder | None:
        free = or_(w.c.lease_until.is_(None), w.c.lease_until <= now)
        first = select(w.c.id).where(_OPEN, free).order_by(w.c.id).limit(1).with_for_update(skip_locked=True)
        number = self._db.execute(first).scalar()
        if number is None:
            return None
        taken = (
            update(w)
            .where(w.c.id == number)
            .values(
                status=str(WorkStatus.RUNNING),
                attempts=w.c.attempts + 1,
                lease_holder=holder,
                lease_until=lease_until,
            )
            .returning(w)
        )
        return self._one(self._db.execute(taken).one())

    def again(self, order: WorkOrder, holder: str, not_before: datetime, reason: str) -> bool:
        values = {
            "status": str(WorkStatus.WAITING),
            "lease_holder": None,
            "lease_until": not_before,
            "reason": reason[:200],
        }
        return self._change(order, holder, values)

    def end(self, order: WorkOrder, holder: str, status: WorkStatus, now: datetime, reason: str = "") -> bool:
        values = {
            "status": str(status),
            "lease_holder": None,
            "lease_until": None,
            "done_at": now,
            "reason": reason[:200],
        }
        return self._change(order, holder, values)

    def _change(self, order: WorkOrder, holder: str, values: Mapping[str, Any]) -> bool:
        """Only the try that is under way may say how it ended: the number of tries fences late ones."""
        mine = update(w).where(
            w.c.id == order.id,
            w.c.status == str(WorkStatus.RUNNING),
            w.c.lease_holder == holder,
            w.c.attempts == order.tries,
        )
        return self._db.execute(mine.values(**values)).rowcount == 1

    def _one(self, row: Row[Any]) -> WorkOrder:
        account, args = self._cipher.open_json(row.args, _ARGS)
        return WorkOrder(row.id, row.kind, row.conversation_id, account, args, row.attempts)
