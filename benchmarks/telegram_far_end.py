"""``python -m benchmarks.telegram_far_end PORT``: sendMessage as Telegram limits it, and nothing else.

30 messages in any second, one a second per chat; whoever is faster gets 429 with ``retry_after``, and every 2,000th
message gets one, too: Telegram asks for a pause when it likes. Messages that come during a pause are refused as well.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter, deque

from aiohttp import web

PER_S = 30
PAUSE_S = 3


class FarEnd:
    def __init__(self) -> None:
        self.got: Counter[str] = Counter()
        self.refused = 0
        self._lately: deque[float] = deque()
        self._last: dict[str, float] = {}
        self._paused_until = 0.0
        self._asked_at = 0

    async def send(self, request: web.Request) -> web.Response:
        form = await request.post()
        chat = str(form["chat_id"])
        now = time.monotonic()
        while self._lately and now - self._lately[0] >= 1.0:
            self._lately.popleft()
        total = len(self.got)
        if total and total % 2000 == 0 and total != self._asked_at:
            self._asked_at, self._paused_until = total, now + PAUSE_S
        fast = len(self._lately) >= PER_S or now - self._last.get(chat, -9.0) < 1.0
        if now < self._paused_until or fast:
            self.refused += 1
            wait = max(1, round(self._paused_until - now))
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
            return web.json_response({**body, "parameters": {"retry_after": wait}}, status=429)
        self._lately.append(now)
        self._last[chat] = now
        self.got[chat] += 1
        person = {"id": int(chat), "type": "private"}
        message = {"message_id": len(self.got), "date": 1_790_000_000, "chat": person, "text": "x"}
        return web.json_response({"ok": True, "result": message})

    async def tally(self, _: web.Request) -> web.Response:
        twice = sum(count > 1 for count in self.got.values())
        return web.json_response({"arrived": len(self.got), "twice": twice, "rate_refusals": self.refused})


async def main(port: int) -> None:
    end = FarEnd()
    app = web.Application()
    app.add_routes([web.post("/bot{token}/sendMessage", end.send), web.post("/control/tally", end.tally)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
