"""A running counter with the demonstration province and the real language model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from backend.demo.load import load_demo
from bot.app import Application, application, open_store
from tests.language import copy_province, rasa, settings_for


@pytest.fixture(scope="session")
def rasa_url() -> Iterator[str]:
    with rasa() as url:
        yield url


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose database holds the demonstration province."""
    home = tmp_path_factory.mktemp("province")
    settings = settings_for(home, "http://127.0.0.1:9")
    db = open_store(settings)
    db.write_now(lambda uow: load_demo(uow, anchor=uow.now, dossiers=400))
    db.close()
    return home


@pytest_asyncio.fixture
async def counter(province: Path, rasa_url: str, tmp_path: Path) -> AsyncIterator[Application]:
    copy_province(province, tmp_path)
    async with application(settings_for(tmp_path, rasa_url)) as app:
        yield app
