"""``POST /webhooks/telegram``: only Telegram knows the secret, and nothing is acknowledged before it is stored."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

from bot.channels.bodies import whole_body

log = structlog.get_logger(__name__)

PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (a header's name)
LARGEST_BODY = 1024 * 1024  # bytes

Take = Callable[[Any], Awaitable[None]]


class TelegramWebhook:
    """``secret`` empty: every request is refused."""

    def __init__(self, take: Take, secret: str) -> None:
        self._take = take
        self._secret = secret.encode()

    async def handle(self, request: web.Request) -> web.Response:
        """200 stored (or not ours to answer), 403 not from Telegram, 400 not JSON, 413 too long, 503 send it again."""
        if not self._allowed(request):
            return web.Response(status=403)
        body = await whole_body(request, LARGEST_BODY)
        if body is None:
            return web.Response(status=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        try:
            await self._take(update)
        except Exception as error:
            log.error("telegram_update_not_stored", error=type(error).__name__)
            return web.Response(status=503)
        return web.Response(status=200)

    def _allowed(self, request: web.Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return bool(self._secret) and hmac.compare_digest(given, self._secret)
