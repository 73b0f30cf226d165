"""Audit rows and guess counters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.hot import Hot
from backend.db.tables.people import audit as a
from backend.db.tables.people import guesses as g

_RECORD = Hot(insert(a))


def _count(kind: Any) -> Any:
    one = kind.insert(g).values(asker=bindparam("asker"), window_start=bindparam("window"), count=1)
    return one.on_conflict_do_update(
        index_elements=[g.c.asker, g.c.window_start], set_={"count": g.c.count + 1}
    ).returning(g.c.count)


_COUNT = Hot(postgresql=_count(postgresql), sqlite=_count(sqlite))
_USED = Hot(select(g.c.count).where(g.c.asker == bindparam("asker"), g.c.window_start == bindparam("window")))


class SqlAudit:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._db = connection
        self._now = now

    def record(
        self, actor: str, action: str, subject: str, outcome: str, detail: Mapping[str, Any] | None = None
    ) -> None:
        _RECORD.run(
            self._db,
            {
                "at": self._now,
                "actor": actor,
                "action": action,
                "subject": subject,
                "outcome": outcome,
                "detail": dict(detail or {}),
            },
        )


class SqlGuesses:
    """Wrong guesses in fixed windows of one hour."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._db = connection
        self._window = now.replace(minute=0, second=0, microsecond=0)

    def used(self, asker: str) -> int:
        return int(_USED.scalar(self._db, {"asker": asker, "window": self._window}) or 0)

    def count_wrong(self, asker: str) -> int:
        wrong = {"asker": asker, "window": self._window}
        return int(_COUNT.scalar(self._db, wrong))

    def window_end(self) -> datetime:
        return self._window + timedelta(hours=1)
