"""Import of a dossier table beside a bare driver's bulk insert into the same tables and indexes.

Both write the same dossier rows and the same event rows, on the same engine, in one run. Ours also reads the
sheet, judges every cell, seals names and phones, looks for what is there already, and commits in slices.
"""

from __future__ import annotations

import csv
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from backend.db.engine import Database
from backend.importers.dossiers_table import COLUMNS, import_table
from benchmarks.stores import code_of, postgres_server, postgres_store, sqlite_store

ROWS = 30_000
RUNS = 5
_TABLES = ("dossiers", "dossier_events")


def _write_sheet(path: Path, count: int) -> None:
    """A CSV as a province's system exports it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow([headings[0] for headings, _example in COLUMNS.values()])
        for number in range(count):
            cells = dict.fromkeys(COLUMNS, "") | {
                "code": code_of(number),
                "title": "Đăng ký biến động quyền sử dụng đất",
                "procedure_code": "1.012781",
                "agency": "Văn phòng đăng ký đất đai",
                "status": "Đang xử lý",
                "received": f"{number % 28 + 1:02d}/10/2026 09:15",
                "due": "30/11/2026",
                "channel": "Trực tiếp",
                "applicant": "Nguyễn Văn An",
                "phone": f"09{number:08d}",
                "holder": "Phòng Đăng ký",
                "step": "Thẩm định",
                "as_of": "20/11/2026 14:05",
            }
            sheet.writerow([cells[name] for name in COLUMNS])


def _ours(db: Database, sheet: Path) -> float:
    began = time.perf_counter()
    report = import_table(sheet, db.write_now, source="benchmark")
    took = time.perf_counter() - began
    if report.created != ROWS:
        raise RuntimeError(f"{report.created} of {ROWS} rows came in: {report.errors[:3]}")
    return took


def _bare_sqlite(rows: dict[str, list[tuple[Any, ...]]], path: str) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
    began = time.perf_counter()
    connection.execute("BEGIN")
    for table in _TABLES:
        marks = ",".join("?" * len(rows[table][0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
    connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return took


def _bare_postgres(rows: dict[str, list[tuple[Any, ...]]], uri: str) -> float:
    import psycopg

    with psycopg.connect(uri) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for table in _TABLES:
            marks = ",".join(["%s"] * len(rows[table][0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
        connection.commit()
        return time.perf_counter() - began


def _written(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that our import wrote, as the driver gives them."""
    with db.engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")]
            for table in _TABLES
        }


def _figures(pairs: list[tuple[float, float]]) -> dict[str, float]:
    """Medians over the runs: the machine's own ups and downs are larger than what a change brings."""
    return {
        "ours_rows_s": ROWS / median(ours for ours, _bare in pairs),
        "bare_rows_s": ROWS / median(bare for _ours, bare in pairs),
        "ratio": median(bare / ours for ours, bare in pairs),
    }


def _on_sqlite(place: Path, sheet: Path) -> tuple[float, float]:
    with sqlite_store(place, "ours") as (db, _), sqlite_store(place, "bare") as (_bare, path):
        return _ours(db, sheet), _bare_sqlite(_written(db), path)


def _on_postgres(place: Path, sheet: Path) -> tuple[float, float]:
    with (
        postgres_server(place / "a") as ours_uri,
        postgres_server(place / "b") as bare_uri,
        postgres_store(ours_uri) as (db, _),
        postgres_store(bare_uri) as (_bare, uri),
    ):
        return _ours(db, sheet), _bare_postgres(_written(db), uri)


def run(_file: Path | None = None) -> dict[str, Any]:
    """Rows per second of both, and ours as a share of the bare driver's; one after the other, RUNS times."""
    figures: dict[str, Any] = {}
    for engine, once in (("sqlite", _on_sqlite), ("postgresql", _on_postgres)):
        pairs = []
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as folder:
                sheet = Path(folder) / "dossiers.csv"
                _write_sheet(sheet, ROWS)
                pairs.append(once(Path(folder), sheet))
        figures[engine] = _figures(pairs)
    return figures
