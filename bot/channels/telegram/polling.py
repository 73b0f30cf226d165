"""Fetching updates where no public address is set: commit first, then ask for the next ones.

Asking with a higher offset is what makes Telegram forget the earlier updates. A process that dies in between is
given them again, and the inbox knows them already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.api import TelegramApi, wait_of

log = structlog.get_logger(__name__)

#: True while this process may poll; it is asked before every request, that is at least every ``POLL_S`` seconds.
HoldsLease = Callable[[str], Awaitable[bool]]
Take = Callable[[Any], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]

#: How long Telegram keeps a request open when nothing is new.
POLL_S = 10
#: How often a process that may not poll asks again whether it may.
LEASE_WAIT_S = 3.0
#: Another program reads with the same token, or the token is wrong: a person has to do something.
LONG_WAIT_S = 30.0
LONGEST_WAIT_S = 60.0


class TelegramPoller:
    def __init__(
        self, api: TelegramApi, take: Take, holds_lease: HoldsLease, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._api = api
        self._take = take
        self._holds_lease = holds_lease
        self._sleep = sleep
        self._lease = f"telegram-poll:{api.account}"
        self._offset: int | None = None
        self._polling = False
        self._failures = 0
        self._said = ""  # the trouble that was last said, so that it is said once

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            try:
                wait_s = await self._round()
            except TelegramError as error:
                wait_s = self._trouble(error)
            except Exception as error:  # the database is away: the offset stays, the update comes again
                wait_s = self._again_in("telegram_update_not_stored", error)
            if wait_s:
                await self._sleep(wait_s)

    async def _round(self) -> float:
        """One request and what it brought; returns how long to wait before the next one, in seconds."""
        if not await self._holds_lease(self._lease):
            self._polling, self._offset = False, None
            return LEASE_WAIT_S
        if not self._polling:
            await self._api.bot.delete_webhook(drop_pending_updates=False)  # the two ways exclude each other
            self._polling = True
        updates = await self._api.updates(self._offset, POLL_S)
        if not updates:
            self._well()
            # Everything before is confirmed now. Telegram may begin a new count after a quiet week.
            self._offset = None
            return 0.0
        for update in updates:
            await self._take(update)
            self._advance(update)
        self._well()
        return 0.0 if self._offset is not None else 1.0

    def _advance(self, update: Any) -> None:
        number = update.get("update_id") if isinstance(update, dict) else None
        if isinstance(number, int):
            self._offset = number + 1

    def _well(self) -> None:
        if self._said:
            log.info("telegram_polling_again")
        self._failures, self._said = 0, ""

    def _trouble(self, error: TelegramError) -> float:
        if isinstance(error, RetryAfter):
            return wait_of(error)
        if isinstance(error, Conflict):
            return self._say(
                "telegram_conflict", "another program polls with this token, or has set a webhook for it"
            )
        if isinstance(error, InvalidToken):
            return self._say("telegram_token_refused", "check MOTCUA_TELEGRAM_TOKEN")
        return self._again_in("telegram_out_of_reach", error)

    def _say(self, event: str, advice: str) -> float:
        if self._said != event:
            log.error(event, advice=advice)
        self._said = event
        return LONG_WAIT_S

    def _again_in(self, event: str, error: Exception) -> float:
        if self._said != event:
            log.warning(event, error=type(error).__name__)
        self._said = event
        self._failures += 1
        return min(LONGEST_WAIT_S, 2.0 ** min(self._failures - 1, 6))
