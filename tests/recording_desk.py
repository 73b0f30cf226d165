"""A desk for channels under test: it notes what it is told, and can fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from backend.domain.messaging import Address, Incoming, Receipt
from bot.channels.ports import ConversationDesk


class RecordingDesk:
    """Stores as the real one does: once per event. ``broken``: how many of the next events cannot be stored."""

    def __init__(self) -> None:
        self.accepted: list[Incoming] = []
        self.told: list[tuple[str, Address | Receipt]] = []
        self.tries = 0
        self.broken = 0

    @property
    def desk(self) -> ConversationDesk:
        return cast(ConversationDesk, self)

    async def accept(self, incoming: Incoming) -> int:
        self.tries += 1
        if self.broken:
            self.broken -= 1
            raise ConnectionError("the database is away")
        if incoming.event_id not in {one.event_id for one in self.accepted}:
            self.accepted.append(incoming)
        return len(self.accepted)

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.accepted]

    def __getattr__(self, name: str) -> Any:
        async def note(what: Address | Receipt) -> None:
            self.told.append((name, what))

        return note


async def until(condition: Callable[[], Any], patience_s: float = 10.0) -> None:
    async with asyncio.timeout(patience_s):
        while not condition():  # noqa: ASYNC110  (it watches a server, which sets no event)
            await asyncio.sleep(0.01)
