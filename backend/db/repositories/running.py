"""Leases, job runs and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.tables.dossiers import import_runs, sources
from backend.db.tables.running import job_runs, leases
from backend.domain.running import Source


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

    def start_run(self, job: str, slot: datetime, holder: str, now: datetime, dead: datetime) -> bool:
        """One conditional upsert: the first gets the slot; later whoever finds that its runner died."""
        row = {"job": job, "slot": slot, "holder": holder, "started_at": now}
        wanted = _insert(self._db, job_runs).values(row)
        taken = wanted.on_conflict_do_update(
            index_elements=[job_runs.c.job, job_runs.c.slot],
            set_={"holder": holder, "started_at": now},
            where=job_runs.c.finished_at.is_(None) & (job_runs.c.started_at < dead),
        ).returning(job_runs.c.id)
        return self._db.execute(taken).scalar() is not None

    def end_run(self, job: str, slot: datetime, now: datetime, outcome: str, count: int) -> None:
        self._db.execute(
            update(job_runs)
            .where(job_runs.c.job == job, job_runs.c.slot == slot)
            .values(finished_at=now, outcome=outcome, count=count)
        )


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
