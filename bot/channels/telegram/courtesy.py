"""Small signs that something happens: the pressed button stops turning, "typing" is shown. Losing one harms nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from backend.domain.messaging import Incoming, Kind

log = structlog.get_logger(__name__)

#: More signs than this are not kept waiting: under such load the answers come first.
MOST_AT_ONCE = 30


class Courtesy:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._tasks: set[asyncio.Task[None]] = set()

    def received(self, incoming: Incoming) -> None:
        """Show that this message has arrived; returns at once."""
        if incoming.kind is Kind.BUTTON:
            callback = str(incoming.metadata["callback"])
            self._try(lambda: self._bot.answer_callback_query(callback))
        if incoming.kind is not Kind.EDITED:
            chat = int(incoming.address.external_id)
            self._try(lambda: self._bot.send_chat_action(chat, ChatAction.TYPING))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _try(self, call: Callable[[], Awaitable[Any]]) -> None:
        if len(self._tasks) >= MOST_AT_ONCE:
            return
        task = asyncio.create_task(_ignoring(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _ignoring(call: Callable[[], Awaitable[Any]]) -> None:
    try:
        await call()
    except (TelegramError, RuntimeError) as error:  # the latter: the connection was just closed
        log.debug("telegram_sign_not_shown", error=type(error).__name__)
