"""Officers' wordings: every version is kept, the newest of a key counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select

from backend.db.tables.conversations import reply_overrides as r
from backend.domain.wording import Wording


class SqlWordings:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, language: str, key: str, template: str, by: str, now: datetime) -> None:
        row = {"language": language, "key": key, "template": template, "by": by, "at": now, "meta": {}}
        self._db.execute(insert(r), row)

    def newest(self) -> int:
        return int(self._db.execute(select(func.coalesce(func.max(r.c.id), 0))).scalar_one())

    def present(self) -> Sequence[Wording]:
        last = select(func.max(r.c.id)).group_by(r.c.language, r.c.key)
        found = self._db.execute(select(r).where(r.c.id.in_(last)).order_by(r.c.language, r.c.key))
        return [_wording(row) for row in found]

    def history(self, language: str, key: str) -> Sequence[Wording]:
        wanted = select(r).where(r.c.language == language, r.c.key == key).order_by(r.c.id.desc())
        return [_wording(row) for row in self._db.execute(wanted)]


def _wording(row: Row[tuple[object, ...]]) -> Wording:
    return Wording(row.id, row.language, row.key, row.template, row.by, row.at)
