"""Jobs that share a transaction of the one writer stand and fall alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from backend.db.engine import Database
from backend.db.tables.people import audit
from backend.db.unit_of_work import SqlUnitOfWork


class Broken(Exception):
    pass


def writes(
    subject: str, *, fails: bool = False, waits: threading.Event | None = None
) -> Callable[[SqlUnitOfWork], str]:
    def job(uow: SqlUnitOfWork) -> str:
        uow.audit.record("test", "write", subject, "ok")
        if waits is not None:
            assert waits.wait(10)
        if fails:
            raise Broken(subject)
        return subject

    return job


def kept(db: Database) -> list[str]:
    return sorted(db.read_now(lambda uow: list(uow.connection.execute(select(audit.c.subject)).scalars())))


@pytest.mark.parametrize("failing", [{"a"}, {"b"}, {"c"}, {"a", "b"}, {"a", "b", "c"}, set()])
def test_a_job_that_fails_takes_nothing_with_it(db: Database, failing: set[str]) -> None:
    gate = threading.Event()
    running = {
        name: db.submit(writes(name, fails=name in failing, waits=gate if name == "a" else None))
        for name in "abc"
    }  # b and c wait behind a, and are run with it
    gate.set()
    for name, future in running.items():
        if name in failing:
            with pytest.raises(Broken):
                future.result(20)
        else:
            assert future.result(20) == name
    assert kept(db) == sorted(set("abc") - failing)


def test_the_writer_goes_on_after_a_failure(db: Database) -> None:
    with pytest.raises(Broken):
        db.write_now(writes("a", fails=True))
    assert db.write_now(writes("b")) == "b"
    assert kept(db) == ["b"]


async def test_whoever_gives_up_waiting_does_not_end_the_writer(db: Database) -> None:
    """A request that ran into its time limit, a loop that is told to stop: the job runs, the next ones too."""
    gate = threading.Event()
    first = asyncio.create_task(db.write(writes("a", waits=gate)))
    waiting = asyncio.create_task(db.write(writes("b")))
    await asyncio.sleep(0)
    for task in (first, waiting):
        task.cancel()
    gate.set()
    await asyncio.gather(first, waiting, return_exceptions=True)
    assert await asyncio.wait_for(db.write(writes("c")), 20) == "c"
    assert "c" in kept(db)
