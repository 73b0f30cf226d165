"""The stand-in of the Bot API, and a desk that stores as the real one does: once per event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest_asyncio

from backend.domain.messaging import Incoming
from bot.channels.ports import ConversationDesk
from tests.integration.telegram.stand_in import StandIn, stand_in_server


class RecordingDesk:
    """``broken``: how many of the next messages cannot be stored."""

    def __init__(self) -> None:
        self.accepted: list[Incoming] = []
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


async def until(condition: Any, patience_s: float = 5.0) -> None:
    async with asyncio.timeout(patience_s):
        while not condition():  # noqa: ASYNC110  (it watches a server, which sets no event)
            await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[StandIn]:
    async with stand_in_server() as running:
        yield running


@pytest_asyncio.fixture
async def desk() -> RecordingDesk:
    return RecordingDesk()
