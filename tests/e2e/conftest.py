"""What the tests on real processes share: one Rasa, and a small demonstration province to copy."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backend.demo.load import load_demo
from backend.settings import read_settings
from bot.app import ROOT, open_store
from tests.e2e.processes import Rasa, plain_environment
from tests.language import copy_province

#: Enough dossiers for the showcase and some more; these tests are not about numbers.
DOSSIERS = 60


@pytest.fixture(scope="session")
def language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rasa]:
    rasa = Rasa(tmp_path_factory.mktemp("rasa"))
    rasa.start()
    yield rasa
    rasa.stop()


@pytest.fixture
def rasa(language: Rasa) -> Rasa:
    """The shared Rasa, answering; a test may kill it."""
    return language.ensure()


def load_province(home: Path, **changes: str) -> None:
    db = open_store(read_settings(ROOT, plain_environment(MOTCUA_HOME=str(home), **changes)))
    try:
        db.write_now(lambda uow: load_demo(uow, anchor=uow.now, dossiers=DOSSIERS))
    finally:
        db.close()


@pytest.fixture(scope="session")
def small_province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small_province")
    load_province(home)
    return home


@pytest.fixture
def home(small_province: Path, tmp_path: Path) -> Path:
    """A home of this test's own, with the province in its SQLite database."""
    place = tmp_path / "home"
    copy_province(small_province, place)
    return place


@pytest.fixture
def postgres_home(postgres: Any, tmp_path: Path) -> Callable[[], tuple[Path, str]]:
    """Makes a home and a PostgreSQL database with the province; the key file lies in the home."""

    def make() -> tuple[Path, str]:
        name = f"e2e_{uuid.uuid4().hex[:12]}"
        with postgres.root_engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_motcua"))
        url = str(postgres.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)
        place = tmp_path / f"home_{os.urandom(3).hex()}"
        load_province(place, MOTCUA_DATABASE_URL=url)
        return place, url

    return make
