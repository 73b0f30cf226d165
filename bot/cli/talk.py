"""``ask`` and ``chat``: one message, or a conversation, through the real path.

Beside a running ``up`` the message goes through its local socket. Alone, the command opens the database itself
and starts a Rasa that lingers for some minutes, so that the next question is quick.
"""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from contextlib import AsyncExitStack
from typing import Any

import aiohttp

from backend.settings import Settings
from bot.app import application
from bot.channels.rest import replies_json
from bot.cli.files import keep_font_cache, put_down
from bot.cli.linger import lingering_rasa
from bot.logging import set_up_logging
from bot.serving import ASK_S, terminal_message


class Talk:
    """Says sentences as one sender and gives back the replies in Rasa's shape."""

    def __init__(self, settings: Settings, sender: str, staff: str) -> None:
        self._settings = settings
        self._sender = sender
        self._staff = staff
        self._stack = AsyncExitStack()
        self._door: aiohttp.ClientSession | None = None
        self._app: Any = None

    async def __aenter__(self) -> Talk:
        if await self._knock():
            return self
        set_up_logging("ERROR")
        keep_font_cache(self._settings)
        await lingering_rasa(self._settings)
        self._app = await self._stack.enter_async_context(application(self._settings))
        working = asyncio.create_task(self._app.work.run())
        self._stack.callback(working.cancel)
        await self._app.rasa.wait_until_ready(60.0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()

    async def say(self, words: str) -> list[dict[str, Any]]:
        if self._door is not None:
            body = {"sender": self._sender, "text": words, "staff": self._staff}
            async with self._door.post("http://local/ask", json=body) as answer:
                told: dict[str, Any] = await answer.json()
                if answer.status != 200:
                    return [{"recipient_id": self._sender, "text": str(told.get("error", ""))}]
                return put_down(told["replies"])
        message = terminal_message(self._sender, words, self._staff)
        replies, _ = await self._app.chat.converse_whole(message, ASK_S)
        return put_down(replies_json(self._sender, replies, await self._app.chat.contents(replies)))

    async def _knock(self) -> bool:
        path = self._settings.socket
        if not path.exists():
            return False
        door = aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path)))
        try:
            async with door.get("http://local/", timeout=aiohttp.ClientTimeout(total=2)):
                pass
        except (aiohttp.ClientError, TimeoutError, OSError):
            await door.close()
            return False
        self._door = await self._stack.enter_async_context(door)
        return True


def show(replies: list[dict[str, Any]]) -> None:
    for reply in replies:
        if reply["text"]:
            print(reply["text"])
        for path in (reply[kind] for kind in ("image", "attachment") if kind in reply):
            print(f"  → {path}")
        for number, button in enumerate(reply.get("buttons", ()), 1):
            print(f"  [{number}] {button['title']}")
        print()


async def ask(settings: Settings, words: str, sender: str, staff: str, as_json: bool) -> int:
    async with Talk(settings, sender or f"ask-{uuid.uuid4().hex[:8]}", staff) as talk:
        replies = await talk.say(words)
    if as_json:
        print(json.dumps(replies, ensure_ascii=False))
    else:
        show(replies)
    return 0 if replies else 1


async def chat(settings: Settings, sender: str, staff: str) -> int:
    async with Talk(settings, sender or f"chat-{uuid.uuid4().hex[:8]}", staff) as talk:
        print("Gõ câu hỏi rồi Enter; Ctrl-D để kết thúc.\n", file=sys.stderr)
        while True:
            try:
                words = await asyncio.to_thread(input, "> ")
            except (EOFError, KeyboardInterrupt):
                return 0
            if words.strip():
                show(await talk.say(words))
