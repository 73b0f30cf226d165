"""The app and the stand-in of Zalo as processes, and people who chat."""

from __future__ import annotations

import base64
import itertools
import json
import sqlite3
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backend.domain.tokens import TokenPair
from backend.settings import read_settings
from benchmarks.servers import free_port
from bot.app import ROOT, open_store
from tests.e2e.processes import App, Child, get_json, plain_environment, until
from tests.language import copy_province
from tests.zalo_stand_in.server import APP_ID, APP_SECRET, OA_ID, OA_KEY

_people = itertools.count(4_000_001)


class Zalo(Child):
    """The stand-in, steered over /control."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "tests.zalo_stand_in", str(self.port)]
        super().__init__(command, plain_environment(PYTHONPATH=str(ROOT)), folder / "zalo.log")

    def ready(self) -> Zalo:
        until(lambda: get_json(f"{self.url}/control/state")[0] == 200, f"the stand-in: {self.said()[-2000:]}")
        return self

    def state(self) -> dict[str, Any]:
        return get_json(f"{self.url}/control/state")[1]

    def control(self, what: str, **body: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}/control/{what}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return dict(json.loads(answer.read()))


@dataclass
class Running:
    """The app under test, the stand-in, and the app's database seen from outside."""

    app: App
    zalo: Zalo

    @property
    def webhook(self) -> str:
        return f"{self.app.url}/webhooks/zalo"

    def start(self) -> None:
        self.app.start()
        self.answers()

    def answers(self) -> None:
        until(lambda: get_json(f"{self.app.url}/healthz")[0] == 200, f"the app: {self.app.said()[-3000:]}")

    def one(self, sql: str, *given: Any) -> Any:
        place = self.app.settings.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, given).fetchone()[0]

    def conversation(self, person: Person) -> int:
        return int(self.one("SELECT id FROM conversations WHERE external_id = ?", person.id))


@dataclass
class Person:
    """Somebody who writes to the Official Account. ``seen``: how many messages were looked at."""

    running: Running
    id: str = field(default_factory=lambda: str(next(_people)))
    seen: int = 0

    def does(self, call: str, *, wait: bool = True, **more: Any) -> dict[str, Any]:
        """An event of this person, signed and sent by the stand-in."""
        done = self.running.zalo.control("event", call=call, user=self.id, wait=wait, **{"with": more})
        assert not wait or done["taken"], self.running.zalo.state()["violations"]
        return done

    def messages(self) -> list[dict[str, Any]]:
        return [one for one in self.running.zalo.state()["sent"] if one["to"] == self.id]

    def replies(self, enough: Callable[[str], bool] = bool, patience_s: float = 60.0) -> list[dict[str, Any]]:
        """The new messages, once their words are ``enough``."""

        def come() -> list[dict[str, Any]]:
            new = self.messages()[self.seen :]
            return new if enough(words(new)) else []

        try:
            new: list[dict[str, Any]] = until(come, "an answer", patience_s)
        except TimeoutError:
            raise AssertionError(f"no answer; the app says:\n{self.running.app.said()[-3000:]}") from None
        self.seen += len(new)
        return new

    def says(self, text: str, enough: Callable[[str], bool] = bool) -> list[dict[str, Any]]:
        self.does("said", text=text)
        return self.replies(enough)

    def presses(self, message: dict[str, Any], title: str) -> list[dict[str, Any]]:
        return self.says(message["payloads"][title])

    def sends_picture(self, name: str, content: bytes) -> list[dict[str, Any]]:
        kept = self.running.zalo.control(
            "picture", name=name, media_type="image/png", content=base64.b64encode(content).decode()
        )
        self.does("attached", kind="image", payload={"thumbnail": kept["url"], "url": kept["url"]})
        return self.replies()

    def hears_nothing(self, for_s: float = 2.0) -> bool:
        time.sleep(for_s)
        return len(self.messages()) == self.seen


def words(messages: list[dict[str, Any]]) -> str:
    return "\n".join(str(one["text"]) for one in messages)


def zalo_settings(zalo: Zalo, **more: str) -> dict[str, str]:
    return {
        "MOTCUA_ZALO_APP_ID": APP_ID,
        "MOTCUA_ZALO_APP_SECRET": APP_SECRET,
        "MOTCUA_ZALO_OA_ID": OA_ID,
        "MOTCUA_ZALO_OA_SECRET": OA_KEY,
        "MOTCUA_ZALO_API": zalo.url,
        "MOTCUA_ZALO_OAUTH": zalo.url,
        "MOTCUA_ZALO_ZNS": zalo.url,
        "MOTCUA_ZALO_WAIT": "2",
        **more,
    }


def consent(home: Path, zalo: Zalo) -> None:
    """As ``admin zalo tokens`` does."""
    tokens = zalo.state()["tokens"]
    pair = TokenPair(tokens["access"], tokens["refresh"], 90_000)
    db = open_store(read_settings(ROOT, plain_environment(MOTCUA_HOME=str(home))))
    try:
        db.write_now(lambda uow: uow.tokens.put("zalo", OA_ID, pair, uow.now))
    finally:
        db.close()


@pytest.fixture(scope="module")
def running(small_province: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("zalo")
    home = folder / "home"
    copy_province(small_province, home)
    zalo = Zalo(folder)
    zalo.start()
    nobody = f"http://127.0.0.1:{free_port()}"  # codes, buttons, menus and pictures need no Rasa
    try:
        consent(home, zalo.ready())
        app = App(home, nobody, **zalo_settings(zalo))
        running = Running(app, zalo)
        zalo.control("switch", url=running.webhook)
        try:
            running.start()
            yield running
        finally:
            app.stop()
    finally:
        zalo.stop()


@pytest.fixture
def person(running: Running) -> Person:
    return Person(running)
