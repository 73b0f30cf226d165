"""Those who talk while processes die: a REST caller and a person on Telegram.

Both do what real sources do: what was not acknowledged is sent again, the very same, until it is.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.channels.rest import hashed
from tests.e2e.recovery.slow_telegram import SlowTelegram

SECRET = "secret-of-the-tests_2"
PATIENCE_S = 150.0
AGAIN_S = 0.25
_TIMEOUT = aiohttp.ClientTimeout(total=40)


@dataclass
class Town:
    """Where to send to, and what happened in all: messages acknowledged, repeated, and the answers seen.

    ``urls``: one app, or several that share the database; every attempt goes to the next one.
    """

    http: aiohttp.ClientSession
    urls: Sequence[str]
    telegram: SlowTelegram
    acknowledged: int = 0
    repeated: int = 0
    sent: dict[str, list[str]] = field(
        default_factory=dict
    )  # external id -> event ids in the order of sending
    seen: dict[str, list[tuple[str, str]]] = field(
        default_factory=dict
    )  # event id -> (key, text) of each reply

    def __post_init__(self) -> None:
        self._next = itertools.cycle(self.urls)

    async def deliver(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        """Post until it is acknowledged; returns what came back."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = await self._attempt(next(self._next) + path, body, headers)
                if found is not None:
                    self.acknowledged += 1
                    return found
                self.repeated += 1
                await asyncio.sleep(AGAIN_S)

    async def _attempt(self, url: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        """None when nobody knows whether it arrived, or its answer is still to come."""
        try:
            async with self.http.post(url, json=body, headers=headers, timeout=_TIMEOUT) as answer:
                assert answer.status == 200 or answer.status >= 500, (answer.status, await answer.text())
                if answer.status != 200:
                    return None
                found = await answer.json() if answer.content_type == "application/json" else []
        except (aiohttp.ClientError, TimeoutError):
            return None
        late = any(one.get("metadata", {}).get("key") == "rest/late" for one in found)
        return None if late else found


class RestCaller:
    """One conversation through the REST webhook, a message at a time."""

    def __init__(self, town: Town, name: str) -> None:
        self.name = name
        self._town = town
        self._events = town.sent.setdefault(name, [])
        self.replies: list[dict[str, Any]] = []

    @property
    def key(self) -> str:
        """The last reply's key: what is being asked now."""
        return str(self.replies[-1]["metadata"]["key"])

    @property
    def text(self) -> str:
        return "\n".join(str(one["text"]) for one in self.replies)

    async def say(self, words: str) -> None:
        message_id = f"{self.name}:{len(self._events)}"
        event = hashed(self.name, message_id)
        self._events.append(event)
        body = {"sender": self.name, "message": words, "metadata": {"message_id": message_id}}
        self.replies = await self._town.deliver("/webhooks/rest/webhook", body, {})
        assert self.replies, f"no reply to {words!r}"
        self._town.seen[event] = [(one["metadata"]["key"], one["text"]) for one in self.replies]

    async def press(self, number: int = 0) -> None:
        """Press a quick reply of the last message that has any."""
        payloads = [
            b["payload"] for one in self.replies for b in one.get("buttons", ()) if b["payload"][0] == "#"
        ]
        await self.say(payloads[number])


class TelegramPerson:
    """One private chat. Acknowledged is an update once the webhook has said 200; the answer comes by itself."""

    def __init__(self, town: Town, chat: int) -> None:
        self.chat = chat
        self._town = town
        self._events = town.sent.setdefault(str(chat), [])
        self._heard = 0

    @property
    def _said(self) -> list[dict[str, Any]]:
        return self._town.telegram.sent[self.chat]

    async def write(self, text: str) -> None:
        number = len(self._events) + 1
        self._events.append(f"m{self.chat}:{number}")
        message = self._message(number) | {"text": text}
        await self._update({"message": message})

    async def press(self) -> None:
        """Press the first button below the newest message that has one."""
        number = len(self._events) + 1
        self._events.append(f"ccallback{self.chat}x{number}")
        (button, *_) = await self._buttons()
        callback = {
            "id": f"callback{self.chat}x{number}",
            "from": self._from,
            "data": button["callback_data"],
        }
        await self._update({"callback_query": {**callback, "message": self._message(1)}})

    async def _buttons(self) -> list[dict[str, Any]]:
        """All that were offered, the oldest first; waits for the first one."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                markups = [one["reply_markup"] for one in self._said if "reply_markup" in one]
                rows = [row for markup in markups for row in markup.get("inline_keyboard", ())]
                if found := [button for row in rows for button in row if "callback_data" in button]:
                    return found
                await asyncio.sleep(0.05)

    async def hear(self) -> None:
        """Wait for the next word of the bot."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self._said) <= self._heard:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)  # an answer may be more than one message
        self._heard = len(self._said)

    @property
    def _from(self) -> dict[str, Any]:
        return {"id": self.chat, "is_bot": False, "first_name": "Lan"}

    def _message(self, number: int) -> dict[str, Any]:
        chat = {"id": self.chat, "type": "private"}
        return {"message_id": number, "from": self._from, "chat": chat, "date": 1795000000}

    async def _update(self, content: dict[str, Any]) -> None:
        update_id = self.chat * 1000 + len(self._events)
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        await self._town.deliver("/webhooks/telegram", {"update_id": update_id, **content}, headers)
