"""The app as a process, Telegram's mock before it, and a person who chats."""

from __future__ import annotations

import itertools
import os
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.settings import read_settings
from tests.e2e.telegram.mock_server import KEY, free_port, listens, process, telegram_mock, wait_for

TOKEN = "123456789:AAE2e_tests-0123456789abcdefghijklm"
SECRET = "secret-of-the-tests_1"
ROOT = Path(__file__).resolve().parents[3]
_numbers = itertools.count(700_001)
_updates = itertools.count(50_000_001)


@dataclass(frozen=True)
class Running:
    """The app under test: its address, the mock's, the way in for Telegram, and where it keeps things."""

    url: str
    mock: str
    door: str
    home: Path
    log: Path

    @property
    def webhook(self) -> str:
        return f"{self.url}/webhooks/telegram"

    def rows(self, table: str) -> int:
        """How many rows there are, seen from outside the process."""
        with closing(sqlite3.connect(f"file:{self.home / 'app.sqlite3'}?mode=ro", uri=True)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@dataclass
class Chat:
    """One person's private chat. ``said`` are the bot's calls so far, oldest first."""

    app: Running
    http: httpx.Client
    id: int = field(default_factory=lambda: next(_numbers))
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    seen: int = 0

    def send(self, **body: Any) -> dict[str, Any]:
        """An update from the mock itself; returns what it delivered."""
        delivered = self._control(
            "POST", "send_update", json={"chat_id": self.id, **body}, params={"bot_token": TOKEN}
        )
        assert delivered["delivery"]["status_code"] == 200, delivered
        return dict(delivered["update"])

    def say(self, text: str) -> list[dict[str, Any]]:
        self.send(text=text)
        return self.replies()

    def press(self, message: dict[str, Any], title: str) -> list[dict[str, Any]]:
        """Press the button with this title below a message of the bot."""
        ids = {one["text"]: one["callback_data"] for row in keyboard(message) for one in row}
        self.send(callback_data=ids[title], callback_message_id=message["message_id"])
        return self.replies()

    def upload(self, name: str, content: bytes) -> str:
        """A photo on the mock's servers; returns its file id."""
        files = {"file": (name, content, "image/png")}
        return str(self._control("POST", "upload_media", files=files)["file_id"])

    def update(self, **fields: Any) -> dict[str, Any]:
        """An update in Telegram's shape, for what the mock cannot send."""
        number = next(_updates)
        person = {"id": self.id, "is_bot": False, "first_name": "Lan"}
        message = {"message_id": number, "from": person, "chat": {"id": self.id, "type": "private"}}
        return {"update_id": number, "message": {**message, "date": int(time.time()), **fields}}

    def post(self, update: dict[str, Any]) -> int:
        """Through the forwarder, which knows the secret."""
        return self.http.post(self.app.door, json=update).status_code

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [one for one in self._all() if one["method"] == method]

    def replies(self, patience_s: float = 15.0) -> list[dict[str, Any]]:
        """The bot's new messages, once there is one and half a second has brought no other."""
        until, found, quiet_since = time.monotonic() + patience_s, self.seen, time.monotonic()
        while time.monotonic() < until:
            sent = self.calls("sendMessage")
            if len(sent) > found:
                found, quiet_since = len(sent), time.monotonic()
            elif found > self.seen and time.monotonic() - quiet_since > 0.5:
                break
            time.sleep(0.1)
        new, self.seen = self.calls("sendMessage")[self.seen :], found
        assert new, f"no answer; the app says:\n{self.app.log.read_text(errors='replace')[-2000:]}"
        return new

    def stays_silent(self, for_s: float = 1.5) -> bool:
        time.sleep(for_s)
        return len(self.calls("sendMessage")) == self.seen

    def _all(self) -> list[dict[str, Any]]:
        return list(self._control("GET", "responses")["responses"])

    def _control(
        self, method: str, path: str, params: dict[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {KEY}", "X-Test-Session": self.session}
        answer = self.http.request(
            method,
            f"{self.app.mock}/api/v1/test/{path}",
            params={"session_id": self.session, **(params or {})},
            headers=headers,
            **more,
        )
        assert answer.is_success, answer.text
        return dict(answer.json())


def keyboard(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    return list((message.get("reply_markup") or {}).get("inline_keyboard", []))


def texts(messages: list[dict[str, Any]]) -> str:
    return "\n".join(str(one["text"]) for one in messages)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    logs = tmp_path_factory.mktemp("telegram")
    home = logs / "home"
    (home / "env").mkdir(parents=True)
    (home / "env" / "speech").symlink_to(read_settings(ROOT).home / "env" / "speech")
    port, door, nobody = free_port(), free_port(), free_port()
    url, log = f"http://127.0.0.1:{port}", logs / "app.log"
    with telegram_mock(logs) as mock:
        settings = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")},
            "MOTCUA_HOME": str(home),
            "MOTCUA_DATABASE_URL": f"sqlite:///{home / 'app.sqlite3'}",
            "MOTCUA_PORT": str(port),
            "MOTCUA_RASA_URL": os.environ.get("MOTCUA_RASA_URL", f"http://127.0.0.1:{nobody}"),
            "MOTCUA_NOW": "2026-11-21T09:30",
            "MOTCUA_SPEECH": "viet-asr",
            "MOTCUA_TELEGRAM_TOKEN": TOKEN,
            "MOTCUA_TELEGRAM_SECRET": SECRET,
            "MOTCUA_TELEGRAM_API": mock,
            "MOTCUA_PUBLIC_URL": f"http://127.0.0.1:{door}",
        }
        forwarder = Path(__file__).with_name("forwarder.py")
        forward = [sys.executable, forwarder, str(door), f"{url}/webhooks/telegram", SECRET]
        with (
            process(forward, settings, logs / "forwarder.log"),
            process([sys.executable, "-m", "bot", "serve"], settings, log),
        ):
            wait_for(lambda: listens(door), "the forwarder", logs / "forwarder.log")
            wait_for(lambda: _registered(mock), "the app", log, patience_s=120)
            yield Running(url, mock, f"http://127.0.0.1:{door}/webhooks/telegram", home, log)


def _registered(mock: str) -> bool:
    answer = httpx.post(f"{mock}/bot{TOKEN}/getWebhookInfo").json()
    return bool(answer["result"]["url"])


@pytest.fixture
def chat(running: Running) -> Iterator[Chat]:
    with httpx.Client(timeout=20.0) as http:
        yield Chat(running, http)
