"""An agency's open dossiers among 1,000,000, 130,000 of them its own: the product's answers against hand-written SQL.

Two questions: the overview (counts, by agency, by procedure, the step with the most overdue) and the list of what is
overdue (the same counts, the first five). The hand-written statements fetch the same from the same database, and both
are asked in turn, so drift of the machine hits both. They do not know that a citizen's time for papers is taken out:
in this data such time never moves a dossier, but the product looks at every one that it might. The third question, how
long dossiers have been in their step, has no hand-written peer and is told as it is.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from backend.db.engine import Database
from backend.domain.agency import Agency
from backend.domain.dossier_work import DossierFilter, DossierGroup
from backend.domain.running import Source
from backend.domain.scope import Scope
from backend.services.dossiers import work
from benchmarks.stores import ANCHOR, fill, postgres_server, postgres_store, sqlite_store

COUNT = 1_000_000
AGENCIES = 50
#: The agency that has 13 in 100 of all dossiers.
LARGE = 9
ROUNDS = 15
_OPEN = "d.finished_at IS NULL AND d.stage NOT IN (3, 7, 8, 9, 10)"
_LATE = "d.stage NOT IN (1, 5) AND d.due_at < :now"
_COUNTS = f"""count(*), sum(CASE WHEN {_LATE} THEN 1 ELSE 0 END),
  sum(CASE WHEN d.stage NOT IN (1, 5) AND d.due_at >= :now AND d.due_at < :until THEN 1 ELSE 0 END),
  sum(CASE WHEN d.stage = 5 THEN 1 ELSE 0 END)"""
_BY_AGENCY = f"SELECT d.agency_id, {_COUNTS} FROM dossiers d WHERE {_OPEN} {{mine}} GROUP BY d.agency_id"
_BY_PROCEDURE = (
    f"SELECT d.procedure_code, {_COUNTS} FROM dossiers d WHERE {_OPEN} {{mine}} GROUP BY d.procedure_code"
)
_BY_STEP = f"""SELECT coalesce(d.step, d.holder) AS place, count(*) FROM dossiers d
WHERE {_OPEN} AND {_LATE} {{mine}} GROUP BY place ORDER BY 2 DESC, 1 LIMIT 1"""
_FIRST = f"""SELECT d.code, d.title, d.agency_name, d.step, d.due_at FROM dossiers d
WHERE {_OPEN} AND {_LATE} {{mine}} ORDER BY d.due_at, d.id LIMIT {work.PAGE}"""
Told = tuple[Any, ...]


def _vary(connection: Connection) -> None:
    """One in twelve is open, of those two in nine late and one in twenty waiting; one open in fifty had papers asked
    for on its first day. 200 procedures, five steps."""
    sqlite = connection.dialect.name == "sqlite"
    moved = (
        "strftime('%Y-%m-%d %H:%M:%f', {0}, ({1}) || ' {2}') || '000'"
        if sqlite
        else "{0} + ({1}) * interval '1 {2}'"
    )

    def rest(of: str, by: int) -> str:
        return f"({of} - {of} / {by} * {by})"

    is_open = f"{rest('id', 12)} = 0"
    back = f"CASE WHEN {is_open} THEN -{rest('(id / 12)', 18)} ELSE -{rest('id', 200)} - 20 END"
    received = moved.format("received_at", back, "days")
    connection.exec_driver_sql(f"UPDATE dossiers SET received_at = {received}")
    due, done = moved.format("received_at", "14", "days"), moved.format("received_at", "9", "days")
    steps = " ".join(f"WHEN {number} THEN 'Bước {number}'" for number in range(4))
    connection.exec_driver_sql(
        f"UPDATE dossiers SET due_at = {due}, finished_at = CASE WHEN {is_open} THEN NULL ELSE {done} END,"
        f" stage = CASE WHEN NOT ({is_open}) THEN 10 WHEN {rest('(id / 12)', 20)} = 0 THEN 5 ELSE 4 END,"
        f" agency_id = CASE WHEN {rest('(id / 7)', 100)} < 13 THEN {LARGE} ELSE {rest('id', AGENCIES)} + 2 END,"
        f" procedure_code = '1.' || {rest('(id / 12)', 200)},"
        f" step = CASE {rest('(id / 12)', 5)} {steps} ELSE 'Thẩm định' END"
    )
    for stage, minutes in ((5, "10"), (4, "20")):
        at = moved.format("received_at", minutes, "minutes")
        connection.exec_driver_sql(
            "INSERT INTO dossier_events (id, dossier_id, event_id, stage, raw_status, at, note)"
            f" SELECT id + {stage * 10 * COUNT}, id, 's{stage}', {stage}, '', {at}, ''"
            f" FROM dossiers WHERE {is_open} AND {rest('(id / 12)', 50)} = 1"
        )


def _prepare(db: Database) -> None:
    def agencies(uow: Any) -> None:
        uow.agencies.put(Agency("H50", "Ủy ban nhân dân tỉnh", "province"))
        for number in range(AGENCIES):
            uow.agencies.put(Agency(f"H50.{number:02d}", f"Cơ quan {number}", "department", "H50"))
        uow.sources.put(Source("benchmark", "table", ANCHOR))

    db.write_now(agencies)
    fill(db, COUNT)
    db.write_now(lambda uow: _vary(uow.connection))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE")


def _kept(moment: datetime, dialect: str) -> str:
    """An instant as the engine has it."""
    plain = moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return f"{plain}+00" if dialect == "postgresql" else plain


def _by_hand(db: Database, agency: int | None, listed: bool) -> Told:
    mine = "" if agency is None else "AND d.agency_id = :agency"

    def run(uow: Any) -> Told:
        dialect = uow.connection.dialect.name
        times = work.times_of(uow)
        values: dict[str, Any] = {"now": _kept(uow.now, dialect), "until": _kept(times.end, dialect)}
        values |= {} if agency is None else {"agency": agency}

        def ask(sql: str) -> list[Any]:
            given = {name: value for name, value in values.items() if f":{name}" in sql.format(mine=mine)}
            return list(uow.connection.execute(text(sql.format(mine=mine)), given))

        by_agency, by_procedure = ask(_BY_AGENCY), ask(_BY_PROCEDURE)
        more = ask(_FIRST) if listed else ask(_BY_STEP)
        total = tuple(sum(int(row[place]) for row in by_agency) for place in range(1, 5))
        first = sorted(by_procedure, key=lambda row: (-row[2], -row[3], -row[1], row[0]))[:5]
        return total, len(by_agency), tuple(row[0] for row in first), tuple(row[0] for row in more)

    return db.read_now(run)


def _scope(agency: int | None) -> Scope:
    return Scope(everything=True) if agency is None else Scope(agencies=frozenset({agency}), named=("x",))


def _asked(db: Database, agency: int | None, listed: bool) -> Told:
    def run(uow: Any) -> Told:
        scope, which, times = _scope(agency), DossierFilter(), work.times_of(uow)
        if listed:
            found = work.listed(uow, scope, which, DossierGroup.OVERDUE, times)
            told, more = found.standing, tuple(one.dossier.code for one in found.rows)
        else:
            told = work.standing(uow, scope, which, times)
            more = (told.worst.name,) if told.worst else ()
        one = told.counts
        total = (one.open, one.overdue, one.soon, one.waiting)
        return total, len(told.agencies), tuple(line.name for line in told.procedures[:5]), more

    return db.read_now(run)


def _stuck(db: Database, agency: int | None) -> Told:
    found = db.read_now(lambda uow: work.stuck(uow, _scope(agency), DossierFilter(), work.times_of(uow)))
    return tuple((one.name, one.open, one.overdue, one.days) for one in found.lines)


def _took(ask: Callable[[], Told]) -> tuple[float, Told]:
    began = time.perf_counter()
    found = ask()
    return time.perf_counter() - began, found


def measure(db: Database) -> dict[str, float]:
    """Medians in milliseconds; ratios of the product to the hand-written statements."""
    figures: dict[str, float] = {}
    for who, agency in (("province", None), ("agency", LARGE)):
        for what, listed in (("overview", False), ("overdue", True)):
            times: dict[str, list[float]] = {"product": [], "hand": []}
            for turn in range(ROUNDS + 2):
                hand, expected = _took(partial(_by_hand, db, agency, listed))
                ours, found = _took(partial(_asked, db, agency, listed))
                if found != expected or not found[0][1]:
                    raise AssertionError(f"{who} {what}: {found} is not {expected}")
                if turn >= 2:  # the first ones warm the caches
                    times["hand"].append(hand)
                    times["product"].append(ours)
            medians = {key: 1000 * statistics.median(took) for key, took in times.items()}
            figures |= {f"{who}_{what}_{key}_median_ms": value for key, value in medians.items()}
            figures[f"{who}_{what}_ratio"] = medians["product"] / medians["hand"]
        alone = [_took(partial(_stuck, db, agency))[0] for _ in range(ROUNDS + 2)][2:]
        figures[f"{who}_steps_median_ms"] = 1000 * statistics.median(alone)
    return figures


def run(_file: Path | None = None) -> dict[str, Any]:
    """The figures of both engines."""
    figures: dict[str, Any] = {"dossiers": COUNT}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        db, _ = stack.enter_context(sqlite_store(Path(folder), "work"))
        _prepare(db)
        figures["sqlite"] = measure(db)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        uri = stack.enter_context(postgres_server(Path(folder)))
        db, _ = stack.enter_context(postgres_store(uri))
        _prepare(db)
        figures["postgresql"] = measure(db)
    return figures
