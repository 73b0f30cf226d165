"""The connection to the Bot API: one ``Bot``, one pool for calls and one for the long poll."""

from __future__ import annotations

import logging
import os
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import RetryAfter
from telegram.request import HTTPXRequest

# python-telegram-bot then gives times as timedelta, as its next major version will for everybody.
os.environ.setdefault("PTB_TIMEDELTA", "true")

OFFICIAL = "https://api.telegram.org"
#: The only kinds of update that we ask for.
ALLOWED = ("message", "edited_message", "callback_query")

_TOKEN = re.compile(r"(\d{1,19}):[A-Za-z0-9_-]+")
#: Their lines carry request addresses, which contain the token, or what people wrote.
_TALKATIVE = ("httpx", "httpcore", "telegram")


class BadToken(ValueError):
    """The bot's token is not ``<number>:<letters>``. The message never repeats it."""

    def __init__(self) -> None:
        super().__init__("a Telegram token looks like 123456789:AA…, as BotFather gave it")


def account_of(token: str) -> str:
    """The bot's own id, the part before the colon. Raises BadToken."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise BadToken
    return found[1]


class TelegramApi:
    """``bot`` for everything but the long poll. ``url`` is the server's, the official one when empty."""

    def __init__(self, token: str, url: str = "") -> None:
        self.account = account_of(token)
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        base = (url or OFFICIAL).rstrip("/")
        self._calls = HTTPXRequest(connection_pool_size=32, read_timeout=15.0, pool_timeout=10.0)
        self._poll = HTTPXRequest(connection_pool_size=1, pool_timeout=10.0)
        self.bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._calls,
            get_updates_request=self._poll,
        )

    async def updates(self, offset: int | None, wait_s: int) -> list[Any]:
        """Updates from ``offset`` on, as Telegram wrote them; waits up to ``wait_s`` for the first one.

        ``Bot.get_updates`` is not used: one update that it cannot read makes it refuse the whole batch and log
        its words. The request, its errors and its retries are python-telegram-bot's all the same.

        Raises:
            telegram.error.TelegramError: as every call of the Bot does.
        """
        query = {"timeout": wait_s, "limit": 100, "allowed_updates": _json_list(ALLOWED)}
        if offset is not None:
            query["offset"] = offset
        url = f"{self.bot.base_url}/getUpdates?{urlencode(query)}"
        found: Any = await self._poll.post(url, read_timeout=wait_s + 10.0)
        return found if isinstance(found, list) else []

    async def close(self) -> None:
        await self._calls.shutdown()
        await self._poll.shutdown()


def wait_of(error: RetryAfter) -> float:
    """How long Telegram asked to wait, in seconds."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _json_list(names: tuple[str, ...]) -> str:
    return "[" + ",".join(f'"{name}"' for name in names) + "]"
