"""Zalo calls: signed events, the two seconds, and the tries after a failed connection."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

#: Seconds until the next tries when nobody was there; then the app is unsubscribed.
TRIES_S = (30.0, 300.0, 900.0, 1800.0, 3600.0)
LATEST_S = 2.0
WAIT_S = 10.0


@dataclass
class Caller:
    """``scale``: how much faster the tries come than they would. ``violations``: what the app did wrong."""

    app_id: str
    key: str
    violations: list[str]
    url: str = ""
    scale: float = 1.0
    unsubscribed: bool = False
    statuses: list[int] = field(default_factory=list)
    _tasks: set[asyncio.Task[bool]] = field(default_factory=set)

    def signed(self, body: bytes, timestamp: str) -> str:
        return (
            "mac="
            + hashlib.sha256(self.app_id.encode() + body + timestamp.encode() + self.key.encode()).hexdigest()
        )

    def send_later(self, event: dict[str, Any]) -> None:
        task = asyncio.create_task(self.send(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def send(self, event: dict[str, Any]) -> bool:
        """True when it was taken, now or at a later try."""
        body = json.dumps(event, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "X-ZEvent-Signature": self.signed(body, event["timestamp"]),
        }
        for number, wait_s in enumerate((0.0, *TRIES_S)):
            await asyncio.sleep(wait_s / self.scale)
            if number:
                headers["num_retry"] = str(number)
            status = await self.post(body, headers)
            if status:
                if status != 200:
                    self.violations.append(f"{event['event_name']} answered with {status}")
                return status == 200
        self.unsubscribed = True
        self.violations.append(f"{event['event_name']} was never taken: unsubscribed")
        return False

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        """The status; 0 when nobody is there."""
        began = time.monotonic()
        try:
            timeout = aiohttp.ClientTimeout(total=WAIT_S)
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.url, data=body, headers=headers) as answer,
            ):
                await answer.read()
                self.statuses.append(answer.status)
        except TimeoutError:
            self.violations.append(f"no answer within {WAIT_S:.0f} s")
            return -1
        except aiohttp.ClientError:
            return 0
        took = time.monotonic() - began
        if took > LATEST_S:
            self.violations.append(f"acknowledged after {took:.1f} s")
        return answer.status

    async def close(self) -> None:
        tasks: Sequence[asyncio.Task[bool]] = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
