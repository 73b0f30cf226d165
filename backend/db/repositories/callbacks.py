"""Call-backs on SQLAlchemy Core. What people said is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from backend.db.crypto import Cipher
from backend.db.repositories.numbered import insert_numbered
from backend.db.tables.callbacks import callbacks as c
from backend.domain.callback import Callback, CallbackRequest, CallbackStatus

_REQUEST = "callbacks.request"
_NOTE = "callbacks.note"
_IS_WAITING = c.c.status == CallbackStatus.WAITING.value
_BY_CODE = select(c).where(c.c.code == bindparam("code"))
_OF_CONVERSATION = select(c).where(c.c.conversation_id == bindparam("conversation"), _IS_WAITING).limit(1)
_WAITING = select(c).where(_IS_WAITING).order_by(c.c.id).limit(bindparam("most"))
_COUNT = select(func.count()).select_from(c).where(_IS_WAITING)


class SqlCallbacks:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, conversation_id: int | None, topic: str, request: CallbackRequest, now: datetime) -> str:
        row = {
            "conversation_id": conversation_id,
            "status": CallbackStatus.WAITING.value,
            "topic": topic,
            "request": self._cipher.seal_json(request.as_json(), _REQUEST),
            "created_at": now,
            "closed_by": "",
        }
        return insert_numbered(self._db, c, "GL", now, row)[0]

    def by_code(self, code: str) -> Callback | None:
        row = self._db.execute(_BY_CODE, {"code": code}).first()
        return None if row is None else self._read(row)

    def waiting_of(self, conversation_id: int) -> Callback | None:
        row = self._db.execute(_OF_CONVERSATION, {"conversation": conversation_id}).first()
        return None if row is None else self._read(row)

    def waiting(self, limit: int) -> Sequence[Callback]:
        return [self._read(row) for row in self._db.execute(_WAITING, {"most": limit})]

    def count_waiting(self) -> int:
        return int(self._db.execute(_COUNT).scalar_one())

    def close(self, code: str, status: CallbackStatus, now: datetime, by: str, note: str) -> bool:
        sealed = self._cipher.seal(note.encode(), _NOTE) if note else None
        closed = {"status": status.value, "closed_at": now, "closed_by": by, "note": sealed}
        done = self._db.execute(update(c).where(c.c.code == code, _IS_WAITING).values(**closed))
        return done.rowcount == 1

    def erase_requests(self, conversation_id: int) -> int:
        mine = update(c).where(c.c.conversation_id == conversation_id, c.c.request.is_not(None))
        return self._db.execute(mine.values(request=None, note=None)).rowcount

    def _read(self, row: Row[Any]) -> Callback:
        return Callback(
            code=row.code,
            conversation_id=row.conversation_id,
            status=CallbackStatus(row.status),
            topic=row.topic,
            created_at=row.created_at,
            request=CallbackRequest(**self._cipher.open_json(row.request, _REQUEST)) if row.request else None,
            closed_at=row.closed_at,
            closed_by=row.closed_by,
            note=self._cipher.open(row.note, _NOTE).decode() if row.note else "",
            id=row.id,
        )
