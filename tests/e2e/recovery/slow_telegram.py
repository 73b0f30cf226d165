"""A Bot API that takes its time, so that a kill can land between a message's sending and its being marked as sent."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.integration.telegram.stand_in import StandIn

#: Every so many messages are answered late, by so many seconds: well below the sender's own patience.
EVERY, LATE_S = 4, 1.5


class SlowTelegram(StandIn):
    """``sent``: the messages of each chat in the order in which they came, resends included.

    ``under_way``: how many came and wait for their late answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.under_way = 0
        self._count = 0

    async def _sendMessage(self, given: dict[str, Any]) -> Any:
        self.sent[given["chat_id"]].append(given)
        self._count += 1
        if self._count % EVERY == 0:
            self.under_way += 1
            try:
                await asyncio.sleep(LATE_S)
            finally:
                self.under_way -= 1
        return await super()._sendMessage(given)

    def copies(self) -> Counter[tuple[int, str]]:
        """How often each text reached each chat."""
        return Counter((chat, str(one["text"])) for chat, said in self.sent.items() for one in said)


@asynccontextmanager
async def slow_telegram() -> AsyncIterator[SlowTelegram]:
    server = SlowTelegram()
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
