"""Leases, job runs, notices and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.tables.dossiers import import_runs, sources
from backend.db.tables.running import job_runs, leases, notices
from backend.domain.running import Notice, Source

_DUE = (
    select(notices)
    .where(notices.c.status == "waiting", notices.c.due_at <= bindparam("now"))
    .order_by(notices.c.due_at)
    .limit(bindparam("most"))
)


def _insert(db: Connection, table: Any) -> Any:
    return (postgresql if db.dialect.name == "postgresql" else sqlite).insert(table)


class SqlLeases:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def take(self, name: str, holder: str, now: datetime, until: datetime) -> int | None:
        """One conditional upsert: of two who try at once, one gets the row."""
        wanted = _insert(self._db, leases).values(name=name, holder=holder, until=until, token=1)
        taken = wanted.on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={
                "holder": holder,
                "until": until,
                "token": leases.c.token + 1,
            },
            where=or_(leases.c.holder == holder, leases.c.until < now),
        ).returning(leases.c.token)
        token = self._db.execute(taken).scalar()
        return None if token is None else int(token)

    def release(self, name: str, holder: str) -> None:
        self._db.execute(leases.delete().where(leases.c.name == name, leases.c.holder == holder))

    def start_run(self, job: str, slot: datetime, holder: str, now: datetime) -> bool:
        row = {"job": job, "slot": slot, "holder": holder, "started_at": now}
        once = _insert(self._db, job_runs).values(row).on_conflict_do_nothing().returning(job_runs.c.id)
        return self._db.execute(once).scalar() is not None

    def end_run(self, job: str, slot: datetime, now: datetime, outcome: str, count: int) -> None:
        self._db.execute(
            update(job_runs)
            .where(job_runs.c.job == job, job_runs.c.slot == slot)
            .values(finished_at=now, outcome=outcome, count=count)
        )


class SqlNotices:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, notice: Notice) -> bool:
        row = {
            "kind": notice.kind,
            "subject": notice.subject,
            "conversation_id": notice.conversation_id,
            "values": self._cipher.seal_json(dict(notice.values), "notices.values"),
            "due_at": notice.due_at,
            "dedupe_key": notice.dedupe_key,
            "status": "waiting",
        }
        once = _insert(self._db, notices).values(row).on_conflict_do_nothing().returning(notices.c.id)
        return self._db.execute(once).scalar() is not None

    def due(self, now: datetime, limit: int) -> Sequence[tuple[int, Notice]]:
        return [
            (
                row.id,
                Notice(
                    row.kind,
                    row.subject,
                    row.conversation_id,
                    row.due_at,
                    row.dedupe_key,
                    self._cipher.open_json(row._mapping["values"], "notices.values"),
                ),
            )
            for row in self._db.execute(_DUE, {"now": now, "most": limit})
        ]

    def rendered(self, notice_id: int, now: datetime) -> None:
        self._db.execute(
            update(notices)
            .where(notices.c.id == notice_id, notices.c.status == "waiting")
            .values(status="rendered", rendered_at=now)
        )

    def cancel(self, subject: str) -> int:
        done = self._db.execute(
            update(notices)
            .where(notices.c.subject == subject, notices.c.status == "waiting")
            .values(status="cancelled")
        )
        return done.rowcount


class SqlSources:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, name: str) -> Source | None:
        row = self._db.execute(select(sources).where(sources.c.name == name)).first()
        return None if row is None else _source(row)

    def put(self, source: Source) -> None:
        row = {
            "name": source.name,
            "kind": source.kind,
            "as_of": source.as_of,
            "loaded_at": source.loaded_at,
            "lacks": list(source.lacks),
            "stale_after_h": source.stale_after_h,
        }
        self._db.execute(
            _insert(self._db, sources)
            .values(row)
            .on_conflict_do_update(index_elements=[sources.c.name], set_=row)
        )

    def all(self) -> Sequence[Source]:
        return [_source(row) for row in self._db.execute(select(sources).order_by(sources.c.name))]

    def add_run(
        self, kind: str, file_name: str, sha256: str, now: datetime, counts: Mapping[str, int]
    ) -> None:
        self._db.execute(
            insert(import_runs),
            {"kind": kind, "file_name": file_name, "sha256": sha256, "at": now, **counts},
        )


def _source(row: Any) -> Source:
    return Source(row.name, row.kind, row.as_of, row.loaded_at, tuple(row.lacks), row.stale_after_h)
