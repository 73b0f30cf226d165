"""The webhook's door, and what the stand-in says of how it was answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import structlog
from aiohttp import web

from bot.channels.zalo.intake import ZaloIntake
from bot.channels.zalo.webhook import LARGEST_BODY, PATH, ZaloWebhook
from tests.integration.zalo.conftest import LAN
from tests.recording_desk import RecordingDesk
from tests.zalo_stand_in.server import APP_ID, OA_ID, OA_KEY, ZaloStandIn

HEADER = "X-ZEvent-Signature"
Knock = Callable[..., Awaitable[int]]


@contextlib.asynccontextmanager
async def opened(webhook: ZaloWebhook) -> AsyncIterator[str]:
    app = web.Application(client_max_size=2**26)
    app.add_routes([web.post(PATH, webhook.handle)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    await runner.cleanup()


@pytest_asyncio.fixture
async def zalo(server: ZaloStandIn, desk: RecordingDesk) -> AsyncIterator[ZaloStandIn]:
    """Zalo, which calls an open webhook."""
    async with opened(ZaloWebhook(ZaloIntake(desk.desk, OA_ID).take, APP_ID, OA_KEY)) as url:
        server.caller.url = url
        server.caller.scale = 3000.0
        yield server


@pytest.fixture
def knock(zalo: ZaloStandIn) -> Knock:
    async def post(body: bytes, header: str | None) -> int:
        headers = {} if header is None else {HEADER: header}
        async with (
            aiohttp.ClientSession() as session,
            session.post(zalo.caller.url, data=body, headers=headers) as answer,
        ):
            return answer.status

    return post


def signed(zalo: ZaloStandIn, event: Any) -> tuple[bytes, str]:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    stamp = event["timestamp"] if isinstance(event, dict) else ""
    return body, zalo.caller.signed(body, stamp)


async def test_what_zalo_sends_is_stored_and_acknowledged_once(
    zalo: ZaloStandIn, desk: RecordingDesk
) -> None:
    event = zalo.events.said(LAN, text="xin chào")
    assert await zalo.caller.send(event)
    assert await zalo.caller.send(event)
    assert [one.text for one in desk.accepted] == ["xin chào"]
    assert zalo.violations == []


async def test_everything_that_happens_reaches_its_place(zalo: ZaloStandIn, desk: RecordingDesk) -> None:
    events = zalo.events
    for event in (
        events.followed(LAN),
        events.received(LAN, "m1"),
        events.seen(LAN, "m1"),
        events.answered(LAN, "x", admin="7"),
        events.followed(LAN, "unfollow"),
        events.withdrew(LAN),
        events.said(LAN, "user_reacted_message", react_icon="x"),
        {"event_name": "từ năm sau", "timestamp": "1"},
    ):
        assert await zalo.caller.send(event)
    assert [one.metadata["command"] for one in desk.accepted] == ["start"]
    assert [name for name, _ in desk.told] == ["sighted", "sighted", "person_answered", "left", "withdrawn"]
    assert zalo.violations == []


@pytest.mark.parametrize("header", [None, "", "mac=", "mac=" + "0" * 64, "x" * 5000, "đ"])
async def test_a_wrong_signature_is_refused(
    zalo: ZaloStandIn, desk: RecordingDesk, knock: Knock, header: str | None
) -> None:
    body, _ = signed(zalo, zalo.events.said(LAN, text="giả"))
    with structlog.testing.capture_logs() as logs:
        assert [await knock(body, header) for _ in range(3)] == [403] * 3
    assert desk.tries == 0
    assert len(logs) <= 1  # strangers do not fill the log
    assert "giả" not in str(logs)


async def test_a_body_that_was_changed_is_refused(
    zalo: ZaloStandIn, desk: RecordingDesk, knock: Knock
) -> None:
    body, header = signed(zalo, zalo.events.said(LAN, text="một"))
    assert await knock(body.replace(b"msg", b"gsm"), header) == 403
    assert await knock(json.dumps(json.loads(body), indent=1).encode(), header) == 403
    assert await knock(body, header) == 200
    assert desk.tries == 1


@pytest.mark.parametrize("body", [b"", b"x", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_not_json_is_a_bad_request(knock: Knock, body: bytes) -> None:
    assert await knock(body, "mac=" + "0" * 64) == 400


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"{}", b'{"timestamp":[]}', b"null"])
async def test_json_without_a_timestamp_cannot_be_signed(
    zalo: ZaloStandIn, knock: Knock, body: bytes
) -> None:
    assert await knock(*signed(zalo, body)) == 403


async def test_a_body_longer_than_any_event_is_refused(knock: Knock) -> None:
    assert await knock(b'"' + b"a" * LARGEST_BODY + b'"', "mac=" + "0" * 64) == 413


async def test_an_event_that_cannot_be_read_is_acknowledged(zalo: ZaloStandIn, desk: RecordingDesk) -> None:
    event = zalo.events.place(LAN, "bí mật", "1")
    with structlog.testing.capture_logs() as logs:
        assert await zalo.caller.send(event)
    assert desk.tries == 0
    assert [one["event"] for one in logs] == ["zalo_event_unreadable"]
    assert "bí mật" not in str(logs)


async def test_what_could_not_be_stored_is_not_acknowledged(zalo: ZaloStandIn, desk: RecordingDesk) -> None:
    desk.broken = 1
    event = zalo.events.said(LAN, text="x")
    assert not await zalo.caller.send(event)
    assert zalo.violations == ["user_send_text answered with 503"]
    assert await zalo.caller.send(event)
    assert len(desk.accepted) == 1


async def test_without_the_key_everything_is_refused(server: ZaloStandIn, desk: RecordingDesk) -> None:
    async with opened(ZaloWebhook(ZaloIntake(desk.desk, OA_ID).take, APP_ID, "")) as url:
        server.caller.url, server.caller.key = url, ""
        assert not await server.caller.send(server.events.said(LAN, text="x"))
    assert desk.tries == 0


async def test_nobody_there_is_tried_again_and_nothing_lost(server: ZaloStandIn, desk: RecordingDesk) -> None:
    """The stand-in's own tries after 30 s, 5 min …, at a three-thousandth of the time."""
    webhook = ZaloWebhook(ZaloIntake(desk.desk, OA_ID).take, APP_ID, OA_KEY)
    async with opened(webhook) as url:
        pass  # and closed again: nobody is there
    server.caller.url, server.caller.scale = url, 300.0
    server.caller.send_later(server.events.said(LAN, text="lúc mất mạng"))
    await asyncio.sleep(0.05)
    app = web.Application()
    app.add_routes([web.post(PATH, webhook.handle)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(url.split(":")[2].split("/")[0])).start()
    async with asyncio.timeout(10):
        while not desk.accepted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await runner.cleanup()
    assert [one.text for one in desk.accepted] == ["lúc mất mạng"]
    assert server.violations == []
