"""The app polls, is killed in the middle, starts again: every message is taken once, in order, and answered."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backend.demo.showcase import ALL
from tests.e2e.telegram.mock_server import free_port, process
from tests.integration.telegram.stand_in import TOKEN, StandIn, stand_in_server

pytestmark = pytest.mark.e2e
CODES = [one.code for one in ALL.values()]
CHATS = (801, 802, 803)


def update(number: int, chat: int, text: str) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Lan"}
    message = {"message_id": number, "from": person, "chat": {"id": chat, "type": "private"}}
    return {"update_id": 9000 + number, "message": {**message, "date": 1795000000, "text": text}}


def settings(server: StandIn, home: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return {
        **plain,
        "MOTCUA_HOME": str(home),
        "MOTCUA_DATABASE_URL": f"sqlite:///{home / 'app.sqlite3'}",
        "MOTCUA_PORT": str(free_port()),
        "MOTCUA_RASA_URL": f"http://127.0.0.1:{free_port()}",
        "MOTCUA_NOW": "2026-11-21T09:30",
        "MOTCUA_TELEGRAM_TOKEN": TOKEN,
        "MOTCUA_TELEGRAM_API": server.url,
    }


def answered(server: StandIn, chat: int) -> list[str]:
    """The codes that this chat was told about, in order."""
    sent = [str(one["text"]) for one in server.called("sendMessage") if one["chat_id"] == chat]
    return [code for text in sent for code in CODES if text.startswith(f"Hồ sơ {code}")]


def counted(home: Path, query: str) -> int:
    with closing(sqlite3.connect(f"file:{home / 'app.sqlite3'}?mode=ro", uri=True)) as connection:
        return int(connection.execute(query).fetchone()[0])


async def until(condition: Any, log: Path, patience_s: float = 180.0) -> None:
    try:
        async with asyncio.timeout(patience_s):
            while not condition():  # noqa: ASYNC110  (it watches a process, which sets no event)
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not reached; the app says:\n{tail(log)}") from None


def tail(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


async def test_a_killed_poller_loses_and_doubles_nothing(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    messages = [(chat, code) for code in CODES for chat in CHATS]
    updates = [update(number, chat, code) for number, (chat, code) in enumerate(messages, 1)]
    async with stand_in_server() as server:
        environment = settings(server, tmp_path)
        command = [sys.executable, "-m", "bot", "serve"]
        with process(command, environment, log) as first:
            await until(lambda: server.called("getUpdates"), log)
            server.add(*updates[:12])
            await until(lambda: server.called("sendMessage"), log)
            server.add(*updates[12:])
            await until(lambda: len(server.called("sendMessage")) >= 5, log)
            first.kill()
            first.wait()
        with process(command, environment, log):
            done = "SELECT count(*) FROM inbox WHERE status = 'done'"
            waiting = "SELECT count(*) FROM outbox WHERE status IN ('queued', 'sending')"
            await until(lambda: not server.updates and counted(tmp_path, done) == len(updates), log)
            await until(lambda: counted(tmp_path, waiting) == 0, log)
    assert counted(tmp_path, "SELECT count(*) FROM inbox") == len(updates)
    uncertain = counted(tmp_path, "SELECT coalesce(sum(uncertain), 0) FROM outbox")
    doubled = 0
    for chat in CHATS:
        told = answered(server, chat)
        assert list(dict.fromkeys(told)) == CODES  # all of them, each first told in its turn
        doubled += len(told) - len(CODES)
    print(f"messages {len(updates)}, lost 0, sent again {doubled}, counted as uncertain {uncertain}")
    assert doubled <= uncertain
