"""The stand-in of the Bot API, and a desk that stores as the real one does: once per event."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.integration.telegram.stand_in import StandIn, stand_in_server
from tests.recording_desk import RecordingDesk


@pytest_asyncio.fixture
async def server() -> AsyncIterator[StandIn]:
    async with stand_in_server() as running:
        yield running


@pytest_asyncio.fixture
async def desk() -> RecordingDesk:
    return RecordingDesk()
