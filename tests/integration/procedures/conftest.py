"""A database with the shipped procedures, and the reference catalogue where it lies beside the checkout."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from actions.base import Outcome, Reply, StartForm, Turn
from actions.registry import gather
from backend.db.engine import Database
from backend.demo.catalogue import load_procedures
from backend.domain.messaging import Address, ChannelName
from backend.domain.understanding import Entity, Understanding
from backend.domain.viewer import Viewer
from backend.importers.synonyms import install_search
from bot.replies.renderer import Replies

ROOT = Path(__file__).parents[3]
CATALOGUE = "data/tthc_dvcqg_2026-07.jsonl.gz"
VIEWER = Viewer(1, Address(ChannelName.TERMINAL, "", "x"))


@pytest.fixture(autouse=True)
def _phrases() -> None:
    install_search(ROOT / "nlu_data")


@pytest.fixture
def loaded(db: Database) -> Database:
    db.write_now(load_procedures)
    return db


@pytest.fixture(scope="session")
def catalogue() -> Path:
    """The national catalogue: MOTCUA_SHARED, or the folder ``shared`` beside the checkout. CI has it."""
    folder = Path(os.environ.get("MOTCUA_SHARED", ROOT.parent / "shared"))
    path = folder / CATALOGUE
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path} is missing: set MOTCUA_SHARED")
        pytest.skip("the reference catalogue is not beside this checkout")
    return path


class Asking:
    """Asks as the dialogue floor does, without its language model: the intent is told."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._actions, self.forms = gather()
        self.replies = Replies(ROOT / "bot/replies")
        self.context: dict[str, Any] = {}

    def ask(
        self, intent: str, text: str = "", given: Mapping[str, Any] | None = None, **entities: str
    ) -> tuple[Reply, ...] | StartForm:
        found = tuple(Entity(name, value, 0, len(value)) for name, value in entities.items())

        def job(uow: Any) -> Outcome:
            read = Understanding(intent, 1.0, found, source="model")
            return self._actions[intent](Turn(uow, VIEWER, text, read, dict(self.context), given or {}))

        outcome = self._db.write_now(job)
        if isinstance(outcome, StartForm):
            return outcome
        said = (outcome,) if isinstance(outcome, Reply) else outcome
        for reply in said:
            self.context |= reply.remember
        return said

    def key(
        self, intent: str, text: str = "", given: Mapping[str, Any] | None = None, **entities: str
    ) -> str:
        said = self.ask(intent, text, given, **entities)
        return f"form {said.form}" if isinstance(said, StartForm) else said[0].key

    def text(self, reply: Reply) -> str:
        return self.replies.render(reply.key, reply.values, office="Văn phòng")


@pytest.fixture
def asking(loaded: Database) -> Callable[[], Asking]:
    return lambda: Asking(loaded)
