"""Rasa is gone, or hangs: codes, buttons and menu words are still answered rightly, and the bot says what is wrong."""

from __future__ import annotations

import json
import signal
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.demo.showcase import PROCESSING
from bot.channels.rest import PATIENCE_S
from tests.e2e.processes import App, Rasa, get_json

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


class Citizen:
    """Somebody on the REST channel; an answer that comes too late is a failure."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._name = uuid.uuid4().hex
        self.replies: list[dict[str, Any]] = []

    def says(self, words: str) -> list[str]:
        """The keys of the replies."""
        body = json.dumps({"sender": self._name, "message": words}).encode()
        request = urllib.request.Request(
            f"{self._app.url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S + 5) as answer:
            self.replies = json.loads(answer.read())
        keys = [one["metadata"]["key"] for one in self.replies]
        assert "rest/late" not in keys
        return keys

    def presses(self, title: str) -> list[str]:
        buttons = [button for one in self.replies for button in one.get("buttons", ())]
        (payload,) = [one["payload"] for one in buttons if one["title"] == title]
        return self.says(payload)

    @property
    def text(self) -> str:
        return "\n".join(one["text"] for one in self.replies)


@pytest.fixture
def app(home: Path, rasa: Rasa) -> Iterator[App]:
    app = App(home, rasa.url)
    app.start()
    app.ready()
    yield app
    app.stop()


def degraded(app: App) -> None:
    """By itself, before anybody has written: and still with 200, because most things work."""
    app.ready("degraded")
    status, body = get_json(f"{app.url}/readyz")
    assert (status, body["rasa"]) == (200, False)


@pytest.mark.parametrize("blow", [signal.SIGSTOP, signal.SIGKILL], ids=["hangs", "dead"])
def test_most_things_work_without_rasa(app: App, rasa: Rasa, blow: signal.Signals) -> None:
    before = Citizen(app)
    assert before.says("làm giấy khai sinh cần giấy tờ gì")[0] != "fallback/less"
    rasa.signal(blow)

    # At once, while nobody has noticed yet: each waits for Rasa in vain, none for too long.
    first = Citizen(app)
    assert first.says("hồ sơ") == ["fallback/less", "dossier/ask_code"]
    assert first.says(PROCESSING.code.lower().replace("-", " ")) == ["dossier/explained"]
    assert PROCESSING.code in first.text

    degraded(app)
    citizen = Citizen(app)
    assert citizen.says(PROCESSING.code) == [
        "dossier/explained"
    ]  # nothing less about a code: nothing is said
    assert citizen.says("xin chào") == ["fallback/less", "social/greeting"]
    assert citizen.presses("Lịch tiếp công dân") == ["reception/schedule"]
    assert citizen.says("lịch tiếp dân") == ["reception/schedule"]  # said once, not at every answer
    assert citizen.says("hồ sơ " + PROCESSING.code) == ["dossier/explained"]
    assert citizen.says("trợ giúp") == ["social/help"]
    assert citizen.says("ơ kìa chuyện này sao vậy ta") == ["fallback/not_understood"]
    assert before.says("cảm ơn") == ["fallback/less", "social/thanks"]

    rasa.ensure()
    app.ready()
    assert citizen.says("xin chào") == ["social/greeting"]
    assert citizen.says("làm giấy khai sinh cần giấy tờ gì")[0].startswith("procedure/")
