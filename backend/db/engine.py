"""Running jobs in transactions, on SQLite and on PostgreSQL.

A job is a plain function of a unit of work. It commits as a whole or not at all, and may be run again
after a lost race, so it must not change anything but the database.

* PostgreSQL: each job is a transaction on a thread of its own.
* SQLite: one writer thread. Jobs that wait are run in one ``BEGIN IMMEDIATE`` transaction, all but the first inside
  a savepoint of their own, for at most 10 ms; results are handed back only after the commit. One fsync then serves
  many turns.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from backend.db.hot import run_plainly
from backend.db.unit_of_work import SqlUnitOfWork, Tools

T = TypeVar("T")
Job = Callable[[SqlUnitOfWork], T]

#: How long the SQLite writer gathers jobs before it commits.
BATCH_S = 0.010
#: How long a writer waits for another process that holds the SQLite write lock.
BUSY_MS = 20_000


class Database(ABC):
    """Runs jobs. ``write`` and ``read`` are awaited; the ``…_now`` forms are for threads and commands."""

    engine: Engine
    tools: Tools

    @abstractmethod
    def submit(self, job: Job[T]) -> Future[T]:
        """Queue a writing job."""

    @abstractmethod
    def submit_read(self, job: Job[T]) -> Future[T]:
        """Queue a job that only reads; it sees everything committed before it starts."""

    async def write(self, job: Job[T]) -> T:
        return await asyncio.wrap_future(self.submit(job))

    async def read(self, job: Job[T]) -> T:
        return await asyncio.wrap_future(self.submit_read(job))

    def write_now(self, job: Job[T]) -> T:
        return self.submit(job).result()

    def read_now(self, job: Job[T]) -> T:
        return self.submit_read(job).result()

    @abstractmethod
    def close(self) -> None:
        """Finish what was queued, then let go of all connections."""


class PostgresDatabase(Database):
    def __init__(self, url: str, tools: Tools, workers: int = 8) -> None:
        self.tools = tools
        self.engine = create_engine(
            url, pool_size=workers, max_overflow=2, pool_pre_ping=True, pool_recycle=1800
        )
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="pg")

    def submit(self, job: Job[T]) -> Future[T]:
        return self._threads.submit(self._run, job)

    def submit_read(self, job: Job[T]) -> Future[T]:
        return self._threads.submit(self._run, job)

    def _run(self, job: Job[T], tries: int = 4) -> T:
        for attempt in range(tries):
            try:
                with self.engine.begin() as connection:
                    return job(SqlUnitOfWork(connection, self.tools))
            except DBAPIError as error:
                if attempt == tries - 1 or not _lost_race(error):
                    raise
                time.sleep(0.02 * 2**attempt)
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self.engine.dispose()


def _lost_race(error: DBAPIError) -> bool:
    """Serialization failure, deadlock, or two inserting the same key: the same job may win next time."""
    return getattr(error.orig, "sqlstate", "") in {"40001", "40P01", "23505"}


def _sqlite_engine(url: str, *, read_only: bool) -> Engine:
    engine = create_engine(
        url, isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",  # what was acknowledged must survive a power cut
            "foreign_keys=ON",
            "secure_delete=ON",
            "cache_size=-65536",
            "mmap_size=268435456",
            "temp_store=MEMORY",  # what a savepoint may have to undo
            f"query_only={int(read_only)}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class _Pending:
    """A queued job and who waits for it."""

    __slots__ = ("job", "future", "result", "error")

    def __init__(self, job: Job[Any]) -> None:
        self.job = job
        self.future: Future[Any] = Future()
        # Who waits may give up, the job may not: a future cancelled behind the writer's back would end its thread.
        self.future.set_running_or_notify_cancel()
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class SqliteDatabase(Database):
    def __init__(self, url: str, tools: Tools, readers: int = 2) -> None:
        self.tools = tools
        path = url.removeprefix("sqlite:///")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _sqlite_engine(url, read_only=False)
        self._read_engine = _sqlite_engine(url, read_only=True)
        self._local = threading.local()
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="sqlite-read")
        self._read_connections: list[Connection] = []
        self._queue: queue.SimpleQueue[_Pending | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_loop, name="sqlite-writer", daemon=True)
        self._writer.start()

    def submit(self, job: Job[T]) -> Future[T]:
        pending = _Pending(job)
        self._queue.put(pending)
        return pending.future

    def submit_read(self, job: Job[T]) -> Future[T]:
        return self._readers.submit(self._read, job)

    def _read(self, job: Job[T]) -> T:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._read_engine.connect()
            self._read_connections.append(connection)
        run_plainly(connection, "BEGIN")  # one snapshot for the whole job
        try:
            return job(SqlUnitOfWork(connection, self.tools))
        finally:
            run_plainly(connection, "ROLLBACK")

    def _write_loop(self) -> None:
        connection = self.engine.connect()
        open_ = True
        while open_:
            first = self._queue.get()
            if first is None:
                break
            batch: list[_Pending] = []
            try:
                open_ = self._run_batch(connection, first, batch)
            except BaseException as error:  # the commit itself failed: nothing of the batch happened
                _roll_back(connection)
                for pending in batch:
                    pending.error = error
            for pending in batch:
                pending.settle()
        connection.close()

    def _run_batch(self, connection: Connection, first: _Pending, batch: list[_Pending]) -> bool:
        """Run ``first`` and what waits behind it in one transaction; false when told to stop.

        Only the later ones need a savepoint of their own: while one is open, SQLite copies every page that it
        changes, and when the first job fails there is nothing but itself to undo.
        """
        batch.append(first)
        run_plainly(connection, "BEGIN IMMEDIATE")
        until = time.monotonic() + BATCH_S
        try:
            first.result = first.job(SqlUnitOfWork(connection, self.tools))
        except Exception as error:
            first.error = error
            run_plainly(connection, "ROLLBACK")
            return True
        open_ = True
        while open_ and time.monotonic() < until:
            try:
                following = self._queue.get_nowait()
            except queue.Empty:
                break
            if following is None:
                open_ = False
            else:
                batch.append(following)
                self._run_one(connection, following)
        run_plainly(connection, "COMMIT")
        return open_

    def _run_one(self, connection: Connection, pending: _Pending) -> None:
        run_plainly(connection, "SAVEPOINT job")
        try:
            pending.result = pending.job(SqlUnitOfWork(connection, self.tools))
        except Exception as error:
            pending.error = error
            run_plainly(connection, "ROLLBACK TO job")
        run_plainly(connection, "RELEASE job")

    def close(self) -> None:
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown(wait=True)
        for connection in self._read_connections:
            connection.close()
        self.engine.dispose()
        self._read_engine.dispose()


def _roll_back(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except OperationalError:
        return  # SQLite had already rolled back by itself


def open_database(url: str, tools: Tools, workers: int = 8) -> Database:
    """The database at this URL (``sqlite:///FILE`` or ``postgresql+psycopg://…``)."""
    if url.startswith("sqlite"):
        return SqliteDatabase(url, tools)
    return PostgresDatabase(url, tools, workers)
