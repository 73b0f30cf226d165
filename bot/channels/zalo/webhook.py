"""``POST /webhooks/zalo``: only Zalo knows the account's secret key, and nothing is acknowledged before it is stored.

Zalo waits two seconds for the 200. Storing is one commit; understanding and answering come afterwards.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

from bot.channels.bodies import whole_body
from bot.channels.zalo.signature import HEADER, is_genuine

log = structlog.get_logger(__name__)

PATH = "/webhooks/zalo"
LARGEST_BODY = 256 * 1024  # bytes
#: A refused signature is said once in so many seconds: strangers must not fill the log.
SAID_EVERY_S = 60.0

Take = Callable[[Any, bytes], Awaitable[None]]


class ZaloWebhook:
    """``key``: the account's secret key (not the app's secret). Empty: every request is refused."""

    def __init__(self, take: Take, app_id: str, key: str) -> None:
        self._take = take
        self._app_id = app_id
        self._key = key
        self._said_at = -SAID_EVERY_S

    async def handle(self, request: web.Request) -> web.Response:
        """200 stored (or nothing to do), 403 not from Zalo, 400 not JSON, 413 too long, 503 send it again."""
        header = request.headers.get(HEADER, "")
        if not self._key or not header:
            return web.Response(status=403)
        body = await whole_body(request, LARGEST_BODY)
        if body is None:
            return web.Response(status=413)
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        timestamp = event.get("timestamp") if isinstance(event, dict) else None
        if not is_genuine(header, self._app_id, body, timestamp, self._key):
            self._say_refused(header)
            return web.Response(status=403)
        try:
            await self._take(event, body)
        except Exception as error:
            log.error("zalo_event_not_stored", error=type(error).__name__)
            return web.Response(status=503)
        return web.Response(status=200)

    def _say_refused(self, header: str) -> None:
        """Enough to see on the first real event whether the formula is right; nothing of what was sent."""
        if time.monotonic() - self._said_at >= SAID_EVERY_S:
            self._said_at = time.monotonic()
            log.warning("zalo_signature_refused", header_length=len(header), matches=False)
