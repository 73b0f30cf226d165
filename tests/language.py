"""The real language side for tests: Rasa's own server with the trained model, started once per process."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.settings import Settings, read_settings
from bot.app import ROOT, Application, application
from bot.channels.rest import replies_json
from bot.serving import terminal_message

#: Everything in the tests happens on this Saturday before a Tuesday holiday.
NOW = "2026-11-21T09:30"


@contextmanager
def rasa() -> Iterator[str]:
    """The URL of a Rasa that answers; ended afterwards."""
    from benchmarks.servers import rasa_server

    with tempfile.TemporaryDirectory() as folder, rasa_server(Path(folder)) as port:
        yield f"http://127.0.0.1:{port}"


def settings_for(home: Path, rasa_url: str, **more: str) -> Settings:
    environment = {
        "MOTCUA_HOME": str(home),
        "MOTCUA_RASA_URL": rasa_url,
        "MOTCUA_NOW": NOW,
        "MOTCUA_RASA_TIMEOUT": "10",
        "MOTCUA_OFFICE_NAME": "Văn phòng UBND tỉnh An Hòa (minh họa)",
        **more,
    }
    return read_settings(ROOT, environment)


def copy_province(template: Path, home: Path) -> None:
    """A home with the demonstration province already loaded."""
    shutil.copytree(template, home, dirs_exist_ok=True)


@dataclass(slots=True)
class Said:
    """One reply: its key, its words, its buttons (title, payload)."""

    key: str
    text: str
    buttons: tuple[tuple[str, str], ...]


class Person:
    """Somebody typing into a conversation of their own."""

    def __init__(self, app: Application, name: str, staff: str = "") -> None:
        self._app = app
        self._name = name
        self._staff = staff
        self._last: tuple[tuple[str, str], ...] = ()

    async def says(self, words: str) -> list[Said]:
        message = terminal_message(self._name, words, self._staff)
        replies, in_time = await self._app.chat.converse(message, 20)
        assert in_time, f"no answer in time to {words!r}"
        said = [
            Said(
                one["metadata"]["key"],
                one["text"],
                tuple((b["title"], b["payload"]) for b in one.get("buttons", ())),
            )
            for one in replies_json(self._name, list(replies))
        ]
        self._last = tuple(button for one in said for button in one.buttons)
        return said

    async def presses(self, title: str) -> list[Said]:
        """Press a button of the last replies by (a part of) its title."""
        for shown, payload in self._last:
            if title.casefold() in shown.casefold():
                return await self.says(payload)
        raise AssertionError(f"no button {title!r} among {[shown for shown, _ in self._last]}")


__all__ = ["NOW", "Person", "Said", "application", "copy_province", "rasa", "settings_for"]
