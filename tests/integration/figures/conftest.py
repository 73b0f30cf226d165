"""The published years, loaded once for all tests that only look, and how an officer asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from actions.base import Reply, Turn
from actions.figures import ACTIONS
from backend.db.crypto import Cipher
from backend.db.engine import Database, open_database
from backend.db.migrate import migrate
from backend.db.unit_of_work import Tools
from backend.demo.profiles.load import load_profile
from backend.domain.calendar import WorkingCalendar
from backend.domain.messaging import Address, ChannelName
from backend.domain.understanding import Entity, Understanding
from backend.domain.viewer import Viewer
from backend.importers.figure_words import install_figures
from bot.replies.renderer import Replies
from tests.conftest import KEY, FixedClock

REPLIES = Replies(Path(__file__).resolve().parents[3] / "bot" / "replies")
Profiles = Callable[[str], Database]


@pytest.fixture(autouse=True, scope="session")
def names() -> None:
    install_figures()


@pytest.fixture(scope="session")
def profiles(
    tmp_path_factory: pytest.TempPathFactory, calendar: WorkingCalendar, names: None
) -> Iterator[Profiles]:
    """Each profile's database, made when it is first asked for."""
    folder = tmp_path_factory.mktemp("profiles")
    made: dict[str, Database] = {}

    def get(name: str) -> Database:
        if name not in made:
            url = f"sqlite:///{folder / name}.sqlite3"
            migrate(url)
            made[name] = open_database(url, Tools(Cipher({1: KEY}, 1), FixedClock(), calendar))
            made[name].write_now(lambda uow: load_profile(uow, name))
        return made[name]

    yield get
    for one in made.values():
        one.close()


def turn_of(
    uow: Any, text: str, account: str, *, context: Mapping[str, Any] | None = None, **more: Any
) -> Turn:
    entities = tuple(Entity(name, value, 0, 0) for name, value in more.pop("entities", ()))
    channel = more.pop("channel", ChannelName.TERMINAL)
    return Turn(
        uow=uow,
        viewer=Viewer(1, Address(channel, "default", "officer"), account=account),
        text=text,
        understood=Understanding("stats_report", 1.0, entities, source="model"),
        context=context or {},
        rows_on=frozenset({ChannelName.TERMINAL}),
        **more,
    )


def ask(uow: Any, text: str, account: str = "lanhdao", **more: Any) -> Reply:
    said = ACTIONS["stats_report"](turn_of(uow, text, account, **more))
    assert isinstance(said, Reply)
    return said


def told(reply: Reply) -> str:
    """The message as it is read, with its foot."""
    text = REPLIES.render(reply.key, reply.values)
    return text if reply.foot is None else f"{text}\n{REPLIES.render(reply.foot.key, reply.foot.values)}"
