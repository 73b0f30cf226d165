"""Overdue tasks among 100,000: the product's answer against hand-written SQL on the same database.

The answer is what an officer is told: how many, by agency, how late at worst, how many wait for more time, the first
five. The hand-written statements fetch the same. Both are asked in turn, so drift of the machine hits both.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from backend.db.engine import Database
from backend.db.tables.tasks import tasks
from backend.domain.agency import Agency
from backend.domain.scope import Scope
from backend.domain.task import TaskFilter
from backend.services.tasks.asking import PAGE, overdue
from benchmarks.stores import ANCHOR, postgres_server, postgres_store, sqlite_store

COUNT = 100_000
AGENCIES = 50
ROUNDS = 40
_TODAY = ANCHOR.date()
_BY_AGENCY = """
SELECT t.agency_id, a.name, count(*), min(t.due_on), sum(CASE WHEN t.extension_asked THEN 1 ELSE 0 END)
FROM tasks t JOIN agencies a ON a.id = t.agency_id
WHERE t.ended_on IS NULL AND t.due_on < :day {mine}
GROUP BY t.agency_id, a.name
"""
_FIRST = """
SELECT t.code, t.content, t.due_on, a.name FROM tasks t JOIN agencies a ON a.id = t.agency_id
WHERE t.ended_on IS NULL AND t.due_on < :day {mine}
ORDER BY t.due_on, t.id LIMIT :most
"""
Told = tuple[int, int, date | None, tuple[str, ...]]


def _fill(db: Database) -> None:
    """Ten years of tasks: one in ten is open, half of those late, one in a hundred waits for more time."""
    db.write_now(lambda uow: uow.agencies.put(Agency("H50", "Ủy ban nhân dân tỉnh", "province")))
    for number in range(AGENCIES):
        _put(db, Agency(f"H50.{number:02d}", f"Cơ quan {number}", "department", "H50"))
    for first in range(0, COUNT, 10_000):
        _insert(db, [_row(number) for number in range(first, first + 10_000)])
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE")


def _put(db: Database, agency: Agency) -> None:
    db.write_now(lambda uow: uow.agencies.put(agency))


def _insert(db: Database, rows: list[dict[str, Any]]) -> None:
    db.write_now(lambda uow: uow.connection.execute(insert(tasks), rows) and None)


def _row(number: int) -> dict[str, Any]:
    open_ = number % 10 == 0
    due = (
        _TODAY + timedelta(days=number * 7919 % 60 - 30) if open_ else _TODAY - timedelta(days=number % 3650)
    )
    return {
        "code": f"NV-2026-{number:06d}",
        "content": f"Báo cáo kết quả thực hiện nhiệm vụ số {number} theo kế hoạch của Ủy ban nhân dân tỉnh",
        "giver": "chairman",
        "agency_id": 2 + number // 10 % AGENCIES,
        "assigned_on": due - timedelta(days=45),
        "due_on": due,
        "first_due_on": due,
        "state": "open" if open_ else "done",
        "ended_on": None if open_ else due,
        "extension_asked": number % 100 == 0,
        "changed_at": ANCHOR,
    }


def _by_hand(db: Database, agency: int | None) -> Told:
    mine = "" if agency is None else "AND t.agency_id = :agency"
    values: dict[str, Any] = {"day": _TODAY, "most": PAGE} | ({} if agency is None else {"agency": agency})

    def run(uow: Any) -> Told:
        kept = (
            values if uow.connection.dialect.name == "postgresql" else {**values, "day": _TODAY.isoformat()}
        )
        groups = uow.connection.execute(text(_BY_AGENCY.format(mine=mine)), kept).all()
        first = uow.connection.execute(text(_FIRST.format(mine=mine)), kept).all()
        days = [date.fromisoformat(str(row[3])) for row in groups]
        total, waiting = sum(row[2] for row in groups), sum(row[4] for row in groups)
        return total, waiting, min(days, default=None), tuple(row[0] for row in first)

    return db.read_now(run)


def _asked(db: Database, agency: int | None) -> Told:
    scope = Scope(everything=True) if agency is None else Scope(agencies=frozenset({agency}), named=("x",))
    found = db.read_now(lambda uow: overdue(uow, scope, TaskFilter()))
    worst = max((one.worst_days for one in found.agencies), default=0)
    first = _TODAY - timedelta(days=worst) if worst else None
    return found.total, found.of_extension, first, tuple(one.code for one in found.tasks)


def _took(ask: Callable[[], Told]) -> tuple[float, Told]:
    began = time.perf_counter()
    found = ask()
    return time.perf_counter() - began, found


def measure(db: Database) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, agency in (("province", None), ("agency", 7)):
        times: dict[str, list[float]] = {"product": [], "hand": []}
        for turn in range(ROUNDS + 5):
            hand, expected = _took(partial(_by_hand, db, agency))
            ours, found = _took(partial(_asked, db, agency))
            if found != expected or not found[0]:
                raise AssertionError(f"{name}: {found} is not {expected}")
            if turn >= 5:  # the first ones warm the caches
                times["hand"].append(hand)
                times["product"].append(ours)
        medians = {key: 1000 * statistics.median(took) for key, took in times.items()}
        figures |= {f"{name}_{key}_median_ms": value for key, value in medians.items()}
        figures[f"{name}_ratio"] = medians["product"] / medians["hand"]
    return figures


def run(_file: Path | None = None) -> dict[str, Any]:
    """The figures of both engines."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        db, _ = stack.enter_context(sqlite_store(Path(folder), "tasks"))
        _fill(db)
        figures["sqlite"] = measure(db)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        uri = stack.enter_context(postgres_server(Path(folder)))
        db, _ = stack.enter_context(postgres_store(uri))
        _fill(db)
        figures["postgresql"] = measure(db)
    return figures
