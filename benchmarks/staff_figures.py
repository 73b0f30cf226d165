"""Year statistics over 1,000,000 dossiers: the product's answer against hand-written SQL on the same database.

The hand-written statement counts the same figures, as somebody would who knows the tables and their index. Both are
asked in turn, so drift of the machine hits both. The agency's officer asks the same of one agency in fifty.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from backend.db.engine import Database
from backend.domain.agency import Agency
from backend.domain.scope import Scope
from backend.services.figures.ask import Question, answer
from benchmarks.stores import ANCHOR, fill, postgres_server, postgres_store, sqlite_store

COUNT = 1_000_000
AGENCIES = 50
ROUNDS = 9
YEAR = Question("dossiers", date(2026, 1, 1), date(2026, 12, 31), kind="year")
#: What somebody would write who knows the tables: the same figures in one pass.
_HAND = """
SELECT
  sum(CASE WHEN received_at >= :a AND received_at < :b THEN 1 ELSE 0 END) AS received,
  sum(CASE WHEN received_at >= :a AND received_at < :b AND channel = 'direct' THEN 1 ELSE 0 END) AS direct,
  sum(CASE WHEN received_at >= :a AND received_at < :b AND channel = 'online' THEN 1 ELSE 0 END) AS online,
  sum(CASE WHEN received_at >= :a AND received_at < :b AND channel = 'postal' THEN 1 ELSE 0 END) AS postal,
  sum(CASE WHEN received_at < :a AND (finished_at >= :a OR (finished_at IS NULL AND stage NOT IN (3,7,8,9,10)))
      THEN 1 ELSE 0 END) AS carried,
  sum(CASE WHEN finished_at >= :a AND finished_at < :b AND stage IN (9,10) THEN 1 ELSE 0 END) AS returned,
  sum(CASE WHEN finished_at >= :a AND finished_at < :b AND stage IN (9,10) AND {day_finished} < {day_due}
      THEN 1 ELSE 0 END) AS early,
  sum(CASE WHEN finished_at >= :a AND finished_at < :b AND stage IN (9,10) AND finished_at > due_at
      THEN 1 ELSE 0 END) AS late,
  sum(CASE WHEN finished_at >= :a AND finished_at < :b AND stage IN (9,10) AND result_channel = 'postal'
      THEN 1 ELSE 0 END) AS by_post,
  sum(CASE WHEN due_at >= :a AND due_at < :b AND stage NOT IN (7,8) THEN 1 ELSE 0 END) AS due,
  sum(CASE WHEN due_at >= :a AND due_at < :b AND stage NOT IN (7,8) AND finished_at <= due_at
      THEN 1 ELSE 0 END) AS due_in_time,
  sum(CASE WHEN finished_at >= :b OR (finished_at IS NULL AND stage NOT IN (3,7,8,9,10))
      THEN 1 ELSE 0 END) AS unfinished,
  sum(CASE WHEN (finished_at >= :b OR (finished_at IS NULL AND stage NOT IN (3,7,8,9,10))) AND stage <> 5
      AND due_at < :now THEN 1 ELSE 0 END) AS overdue,
  sum(CASE WHEN finished_at >= :a AND finished_at < :b AND stage IN (7,8) THEN 1 ELSE 0 END) AS stopped
FROM dossiers
WHERE received_at < :b AND stage <> 3 AND (finished_at IS NULL OR finished_at >= :a OR due_at >= :a) {mine}
"""
_DAYS = {
    "sqlite": {"day_finished": "date(finished_at, '+7 hours')", "day_due": "date(due_at, '+7 hours')"},
    "postgresql": {
        "day_finished": "(finished_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date",
        "day_due": "(due_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date",
    },
}
#: Asia/Ho_Chi_Minh as UTC, in the form that each engine keeps.
_INSTANTS = {"a": "2025-12-31 17:00:00.000000", "b": "2026-12-31 17:00:00.000000"}


def _vary(connection: Connection) -> None:
    """The cloned dossiers in every state: two in three are done, one in thirty late, one in twelve unfinished."""
    days = {
        "sqlite": "strftime('%Y-%m-%d %H:%M:%f', {0}, '{1} days') || '000'",
        "postgresql": "{0} + interval '{1} days'",
    }[connection.dialect.name]
    due, done = days.format("received_at", "+14"), days.format("received_at", "+9")
    late = days.format("received_at", "+20")
    connection.exec_driver_sql(
        f"UPDATE dossiers SET agency_id = id - id / {AGENCIES} * {AGENCIES} + 2,"
        f" due_at = {due}, finished_at = CASE WHEN id - id / 12 * 12 = 0 THEN NULL"
        f" WHEN id - id / 30 * 30 = 1 THEN {late} ELSE {done} END,"
        " stage = CASE WHEN id - id / 12 * 12 = 0 THEN 4 ELSE 10 END,"
        " channel = CASE WHEN id - id / 3 * 3 = 0 THEN 'online' ELSE 'direct' END"
    )


def _put(agency: Agency, uow: Any) -> int:
    return int(uow.agencies.put(agency))


def _prepare(db: Database) -> None:
    db.write_now(lambda uow: uow.agencies.put(Agency("H50", "Ủy ban nhân dân tỉnh", "province")))
    for number in range(AGENCIES):
        one = Agency(f"H50.{number:02d}", f"Cơ quan {number}", "department", "H50")
        db.write_now(partial(_put, one))
    fill(db, COUNT)
    db.write_now(lambda uow: _vary(uow.connection))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE")


def _by_hand(db: Database, agency: int | None) -> tuple[int, ...]:
    def run(uow: Any) -> tuple[int, ...]:
        name = uow.connection.dialect.name
        mine = "" if agency is None else "AND agency_id = :agency"
        values: dict[str, Any] = {**_INSTANTS, "now": _utc()}
        if name == "postgresql":
            values = {key: f"{value}+00" for key, value in values.items()}
        if agency is not None:
            values["agency"] = agency
        return tuple(uow.connection.execute(text(_HAND.format(mine=mine, **_DAYS[name])), values).one())

    return db.read_now(run)


def _utc() -> str:
    return ANCHOR.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _asked(db: Database, agency: int | None) -> tuple[int, ...]:
    scope = Scope(everything=True) if agency is None else Scope(agencies=frozenset({agency}), named=("x",))
    found = db.read_now(lambda uow: answer(uow, scope, YEAR))
    told = {one.key.partition("/")[2]: one.value for one in found.figures}
    names = (
        "received", "received_direct", "received_online", "received_postal", "carried", "returned", "early", "late",
        "returned_postal", "due", "due_in_time", "unfinished", "overdue", "stopped",
    )  # fmt: skip
    return tuple(int(told[name] or 0) for name in names)


def _took(ask: Callable[[], tuple[int, ...]]) -> tuple[float, tuple[int, ...]]:
    began = time.perf_counter()
    found = ask()
    return time.perf_counter() - began, found


def measure(db: Database) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, agency in (("province", None), ("agency", 7)):
        times: dict[str, list[float]] = {"product": [], "hand": []}
        for turn in range(ROUNDS + 2):
            hand, expected = _took(partial(_by_hand, db, agency))
            ours, found = _took(partial(_asked, db, agency))
            if found != tuple(int(one or 0) for one in expected):
                raise AssertionError(f"{name}: {found} is not {expected}")
            if turn >= 2:  # the first ones warm the caches
                times["hand"].append(hand)
                times["product"].append(ours)
        medians = {key: 1000 * statistics.median(took) for key, took in times.items()}
        figures |= {f"{name}_{key}_median_ms": value for key, value in medians.items()}
        figures[f"{name}_ratio"] = medians["product"] / medians["hand"]
    return figures


def run(_file: Path | None = None) -> dict[str, Any]:
    """The figures of both engines."""
    figures: dict[str, Any] = {"dossiers": COUNT}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        db, _ = stack.enter_context(sqlite_store(Path(folder)))
        _prepare(db)
        figures["sqlite"] = measure(db)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        uri = stack.enter_context(postgres_server(Path(folder)))
        db, _ = stack.enter_context(postgres_store(uri))
        _prepare(db)
        figures["postgresql"] = measure(db)
    return figures
