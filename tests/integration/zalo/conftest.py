"""The stand-in, the tokens in a real database, and a desk that notes what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from backend.db.engine import Database
from backend.domain.errors import NotFound
from backend.domain.tokens import TokenPair, Tokens
from bot.channels.zalo.api import ZaloApi
from bot.channels.zalo.oauth import ZaloOauth
from bot.channels.zalo.sender import ZaloSender
from bot.channels.zalo.shapes import Words
from bot.channels.zalo.tokens import TokenKeeper
from bot.channels.zalo.zns import ZnsSender
from tests.conftest import FixedClock
from tests.recording_desk import RecordingDesk
from tests.zalo_stand_in.server import APP_ID, APP_SECRET, OA_ID, ZaloStandIn, stand_in

WORDS = Words("(Nhắn số để chọn.)", "Chỉ để gọi lại.")
LAN = "lan-4242"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ZaloStandIn]:
    async with stand_in() as running:
        running.spoke(LAN)
        yield running


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
def desk() -> RecordingDesk:
    return RecordingDesk()


def consent(db: Database, server: ZaloStandIn, lasts_s: int = 90_000) -> None:
    """What ``admin zalo`` leaves behind: the present pair."""
    pair = TokenPair(server.consent.access, server.consent.refresh, lasts_s)
    db.write_now(lambda uow: uow.tokens.put("zalo", OA_ID, pair, uow.now))


def kept(db: Database) -> Tokens:
    found = db.read_now(lambda uow: uow.tokens.get("zalo", OA_ID))
    assert found is not None
    return found


def keeper_of(
    db: Database, session: aiohttp.ClientSession, server: ZaloStandIn, clock: FixedClock, holder: str = "one"
) -> TokenKeeper:
    oauth = ZaloOauth(session, APP_ID, APP_SECRET, server.address)
    return TokenKeeper(db, oauth, OA_ID, holder, clock)


class Blobs(dict[int, bytes]):
    async def read(self, number: int) -> bytes:
        if number not in self:
            raise NotFound()
        return self[number]


@pytest.fixture
def blobs() -> Blobs:
    return Blobs()


@pytest_asyncio.fixture
async def api(
    db: Database, server: ZaloStandIn, session: aiohttp.ClientSession, clock: FixedClock
) -> ZaloApi:
    consent(db, server)
    return ZaloApi(session, keeper_of(db, session, server, clock), server.address, server.address)


@pytest.fixture
def sender(api: ZaloApi, blobs: Blobs, clock: FixedClock) -> ZaloSender:
    return ZaloSender(api, WORDS, blobs.read, clock, longest_wait_s=0.2)


@pytest.fixture
def zns(api: ZaloApi) -> ZnsSender:
    async def phone_of(print_: str) -> str | None:
        return {"print-of-lan": "0912345678"}.get(print_)

    return ZnsSender(api, phone_of)
