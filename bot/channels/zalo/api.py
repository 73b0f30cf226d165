"""Calls of Zalo's interface with a living token, at no more than the rate that it allows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import structlog

from bot.channels.zalo.answers import Answer, ask
from bot.channels.zalo.errors import OA, ZNS, Meaning, meaning_of
from bot.channels.zalo.tokens import TokenKeeper

log = structlog.get_logger(__name__)

OFFICIAL = "https://openapi.zalo.me"
OFFICIAL_ZNS = "https://business.openapi.zalo.me"
#: Requests that one app may make in a minute.
PER_MINUTE = 4000
ANSWER_S, UPLOAD_S = 10.0, 12.0


class Refused(Exception):
    """Zalo said no; ``meaning`` says what to do."""

    def __init__(self, code: int, meaning: Meaning) -> None:
        super().__init__(meaning.reason)
        self.code = code
        self.meaning = meaning


class Pace:
    """Spreads requests evenly: one at a time may leave, so many a second."""

    def __init__(self, per_second: float) -> None:
        self._gap_s = 1.0 / per_second
        self._next_at = 0.0

    async def turn(self) -> None:
        now = time.monotonic()
        at = max(now, self._next_at)
        self._next_at = at + self._gap_s
        if at > now:
            await asyncio.sleep(at - now)


class ZaloApi:
    """``base`` and ``zns_base`` empty: the official addresses."""

    def __init__(
        self, session: aiohttp.ClientSession, tokens: TokenKeeper, base: str = "", zns_base: str = ""
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._base = base or OFFICIAL
        self._zns_base = zns_base or OFFICIAL_ZNS
        self._pace = Pace(PER_MINUTE / 60)

    async def message(self, body: Mapping[str, Any]) -> Answer:
        """A message to somebody who wrote within the last seven days ("tư vấn").

        Raises:
            Refused: Zalo said no.
            Silent: no answer.
            NoConsent: there is no token.
        """
        return await self._call(f"{self._base}/v3.0/oa/message/cs", OA, ANSWER_S, lambda: {"json": body})

    async def upload(self, kind: str, name: str, content: bytes, media_type: str) -> Answer:
        """A file for a message; ``kind`` is image or file. Raises as ``message``."""

        def form() -> Mapping[str, Any]:
            data = aiohttp.FormData()
            data.add_field("file", content, filename=name, content_type=media_type)
            return {"data": data}

        return await self._call(f"{self._base}/v2.0/oa/upload/{kind}", OA, UPLOAD_S, form)

    async def template(self, body: Mapping[str, Any]) -> Answer:
        """A message of approved wording to a phone. Raises as ``message``, with codes of the other table."""
        return await self._call(f"{self._zns_base}/message/template", ZNS, ANSWER_S, lambda: {"json": body})

    async def _call(
        self, url: str, table: Mapping[int, Meaning], timeout_s: float, body: Callable[[], Mapping[str, Any]]
    ) -> Answer:
        token = await self._tokens.current()
        answer = await self._ask(url, token.access, timeout_s, body())
        if answer.error and meaning_of(answer.error, table).renews:
            token = await self._tokens.renew(token.generation)
            answer = await self._ask(url, token.access, timeout_s, body())
        if not answer.error:
            return answer
        meaning = meaning_of(answer.error, table)
        if meaning.alerts:
            log.error("zalo_refused", code=answer.error, reason=meaning.reason)
        raise Refused(answer.error, meaning)

    async def _ask(self, url: str, token: str, timeout_s: float, body: Mapping[str, Any]) -> Answer:
        await self._pace.turn()
        return await ask(self._session, url, {"access_token": token}, timeout_s, **body)


#: The content of a file of ours, by its blob id. Raises NotFound.
ReadBlob = Callable[[int], Awaitable[bytes]]
