"""Text messages: plain words, and every answer of the gateway has its consequence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import Outgoing
from bot.channels.sms import LONGEST, SmsSender, plain


class Gateway:
    def __init__(self) -> None:
        self.got: list[Any] = []
        self.keys: list[str] = []
        self.answer: Any = ({"id": "s-1"}, 200, {})

    async def handle(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        body, status, headers = self.answer
        if isinstance(body, str):
            return web.Response(text=body, status=status, headers=headers)
        return web.json_response(body, status=status, headers=headers)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def sender(gateway: Gateway) -> AsyncIterator[SmsSender]:
    app = web.Application()
    app.add_routes([web.post("/send", gateway.handle)])
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield SmsSender(session, str(server.make_url("/send")), "k1", "UBNDTINH")


async def test_it_is_sent_without_accents(sender: SmsSender, gateway: Gateway) -> None:
    assert await sender.send("x", Outgoing("Hồ sơ đã có kết quả,\nmời đến nhận", phone="0912345678")) == "s-1"
    assert gateway.got == [
        {"to": "0912345678", "text": "Ho so da co ket qua, moi den nhan", "brand": "UBNDTINH"}
    ]
    assert gateway.keys == ["Bearer k1"]


@pytest.mark.parametrize(
    ("answer", "following", "after_s"),
    [
        (({}, 429, {"Retry-After": "7"}), Next.PAUSE, 7.0),
        (({}, 429, {}), Next.PAUSE, 60.0),
        (({}, 503, {}), Next.RETRY, 0.0),
        (({}, 400, {}), Next.GIVE_UP, 0.0),
        (({}, 401, {}), Next.GIVE_UP, 0.0),
    ],
)
async def test_refusals(
    sender: SmsSender, gateway: Gateway, answer: Any, following: Next, after_s: float
) -> None:
    gateway.answer = answer
    with pytest.raises(SendFailed) as failure:
        await sender.send("x", Outgoing("a", phone="0912345678"))
    assert (failure.value.next, failure.value.after_s) == (following, after_s)


async def test_taken_without_a_readable_answer_is_taken(sender: SmsSender, gateway: Gateway) -> None:
    gateway.answer = ("OK", 200, {})
    assert await sender.send("x", Outgoing("a", phone="0912345678")) == ""


async def test_without_a_number_nothing_is_sent(sender: SmsSender, gateway: Gateway) -> None:
    with pytest.raises(SendFailed):
        await sender.send("x", Outgoing("a"))
    assert gateway.got == []


async def test_a_gateway_out_of_reach_is_tried_later() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(SendFailed) as failure:
            await SmsSender(session, "http://127.0.0.1:9/send", "", "").send("x", Outgoing("a", phone="09"))
    assert failure.value.next is Next.RETRY


def test_long_texts_are_cut() -> None:
    assert len(plain("Đường " * 200)) <= LONGEST
    assert plain("Đặng Ước “ở” đây…") == 'Dang Uoc "o" day...'
