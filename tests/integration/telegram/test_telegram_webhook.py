"""The webhook's door, and how the channel introduces itself."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from bot.channels.telegram.api import BadToken
from bot.channels.telegram.channel import BadSecret, TelegramChannel
from bot.channels.telegram.webhook import LARGEST_BODY, PATH, SECRET_HEADER, TelegramWebhook
from tests.integration.telegram.stand_in import TOKEN, StandIn
from tests.recording_desk import RecordingDesk, until

SECRET = "dung-bi-mat_123"
SAID = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "from": {"id": 7, "is_bot": False},
        "chat": {"id": 7, "type": "private"},
        "date": 1,
        "text": "chào",
    },
}


async def always(_: str) -> bool:
    return True


def make_channel(server: StandIn, desk: RecordingDesk, **settings: str) -> TelegramChannel:
    given = {"token": TOKEN, "secret": SECRET, "api_url": server.url, **settings}
    return TelegramChannel(desk.desk, always, **given)  # type: ignore[arg-type]


class Door:
    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url, self._session = url, session

    async def knock(self, body: Any = SAID, headers: dict[str, str] | None = None) -> int:
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        given = {SECRET_HEADER: SECRET} if headers is None else headers
        async with self._session.post(self._url + PATH, data=data, headers=given) as response:
            return response.status


@contextlib.asynccontextmanager
async def opened(*routes: web.RouteDef) -> AsyncIterator[Door]:
    app = web.Application(client_max_size=2**26)
    app.add_routes(routes)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Door(f"http://127.0.0.1:{runner.addresses[0][1]}", session)
    await runner.cleanup()


@pytest_asyncio.fixture
async def channel(server: StandIn, desk: RecordingDesk) -> AsyncIterator[TelegramChannel]:
    made = make_channel(server, desk)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def door(channel: TelegramChannel) -> AsyncIterator[Door]:
    async with opened(*channel.routes()) as made:
        yield made


async def test_what_telegram_sends_is_stored_and_then_acknowledged(door: Door, desk: RecordingDesk) -> None:
    assert await door.knock() == 200
    assert desk.texts == ["chào"]
    assert await door.knock() == 200
    assert desk.texts == ["chào"]


@pytest.mark.parametrize(
    "headers",
    [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "sai"}, {SECRET_HEADER: SECRET + "x"}, {SECRET_HEADER: "đ"}],
)
async def test_a_missing_or_forged_secret_is_refused(
    door: Door, desk: RecordingDesk, headers: dict[str, str]
) -> None:
    assert await door.knock(headers=headers) == 403
    assert desk.tries == 0


async def test_without_a_secret_every_request_is_refused() -> None:
    taken: list[Any] = []

    async def take(update: Any) -> None:
        taken.append(update)

    async with opened(web.post(PATH, TelegramWebhook(take, "").handle)) as door:
        assert await door.knock(headers={SECRET_HEADER: ""}) == 403
        assert await door.knock(headers={}) == 403
    assert taken == []


@pytest.mark.parametrize("body", [b"", b"x", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_not_json_is_a_bad_request(door: Door, body: bytes) -> None:
    assert await door.knock(body) == 400


async def test_a_body_longer_than_any_update_is_refused(door: Door) -> None:
    assert await door.knock(b'"' + b"a" * LARGEST_BODY + b'"') == 413


@pytest.mark.parametrize("body", [[], "x", {"update_id": 1, "message": {"text": "x"}}, {"update_id": 5}])
async def test_what_cannot_be_read_is_acknowledged_or_it_would_come_for_ever(
    door: Door, desk: RecordingDesk, body: Any
) -> None:
    assert await door.knock(body) == 200
    assert desk.tries == 0


async def test_what_could_not_be_stored_is_not_acknowledged(door: Door, desk: RecordingDesk) -> None:
    desk.broken = 1
    assert await door.knock() == 503
    assert await door.knock() == 200
    assert desk.texts == ["chào"]


@contextlib.asynccontextmanager
async def under_way(channel: TelegramChannel) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await channel.close()


async def test_with_a_public_address_telegram_is_told_to_call_it(
    server: StandIn, desk: RecordingDesk
) -> None:
    async with under_way(make_channel(server, desk, public_url="https://motcua.example.vn/")):
        await until(lambda: server.called("setWebhook") and server.called("setMyCommands"))
    (told,) = server.called("setWebhook")
    assert (told["url"], told["secret_token"]) == ("https://motcua.example.vn" + PATH, SECRET)
    assert told["allowed_updates"] == ["message", "edited_message", "callback_query"]
    menu = server.called("setMyCommands")[0]["commands"]
    assert [one["command"] for one in menu] == ["start", "help", "huy"]
    assert not server.called("getUpdates")


async def test_registration_is_tried_until_it_works(server: StandIn, desk: RecordingDesk) -> None:
    server.refuse("setWebhook", 502, "Bad Gateway")
    async with under_way(make_channel(server, desk, public_url="https://motcua.example.vn")):
        await until(lambda: server.webhook)
    assert len(server.called("setWebhook")) == 2


async def test_without_a_public_address_it_polls_and_learns_its_name(
    server: StandIn, desk: RecordingDesk
) -> None:
    async with under_way(make_channel(server, desk, secret="")):
        await until(lambda: server.called("setMyCommands"))
        group = {"id": -100, "type": "supergroup"}
        text = "@MotCuaBot giờ làm việc?"
        mention = {"type": "mention", "offset": 0, "length": 10}
        server.add(
            {
                "update_id": 3,
                "message": {**SAID["message"], "chat": group, "text": text, "entities": [mention]},
            }
        )  # type: ignore[dict-item]
        await until(lambda: desk.accepted)
    assert (desk.texts, desk.accepted[0].group) == (["giờ làm việc?"], True)


async def test_settings_that_cannot_work_are_refused_without_being_repeated(
    server: StandIn, desk: RecordingDesk
) -> None:
    with pytest.raises(BadToken) as token:
        make_channel(server, desk, token="khong-phai-token")
    assert "khong" not in str(token.value)
    for secret in ("", "bí mật", "x" * 257):
        with pytest.raises(BadSecret):
            make_channel(server, desk, secret=secret, public_url="https://motcua.example.vn")
