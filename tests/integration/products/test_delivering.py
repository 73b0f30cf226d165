"""How a file reaches the person: pushed to a messenger, shown by the web page to its own visitor, in REST's answer."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from actions.base import Reply, Turn
from backend.domain.messaging import Address, ChannelName, OutgoingFile
from backend.products.words import PNG, XLSX
from bot.channels.doors import EverybodysDoor, address_of
from bot.channels.rest import RestChannel
from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.sender import TelegramSender
from bot.channels.web import WebChannel
from bot.cli.files import put_down
from bot.dialogue.chat_desk import ChatDesk
from bot.dialogue.deliver import Deliverer
from bot.serving import terminal_message
from tests.conftest import FixedClock
from tests.integration.products.room import Room, telegram
from tests.integration.telegram.stand_in import TOKEN, stand_in_server

PICTURE, BOOK = b"\x89PNG picture", b"PK workbook"


def with_files(turn: Turn) -> Reply:
    """An answer with a picture and a workbook."""
    where = turn.viewer.conversation_id
    files = (
        OutgoingFile(turn.uow.blobs.add(where, PNG, PICTURE, turn.now), "tuần này.png", PNG),
        OutgoingFile(turn.uow.blobs.add(where, XLSX, BOOK, turn.now), "so-lieu.xlsx", XLSX),
    )
    return Reply("product/already", files=files)


@pytest.fixture
def room(db: Any, clock: FixedClock) -> Room:
    room = Room(db, clock).furnish()
    object.__setattr__(room.desk, "actions", {**room.desk.actions, "files": with_files})
    return room


@pytest.fixture
def desk(room: Room) -> ChatDesk:
    return ChatDesk(room.db, room.pipeline, room.hub)


@pytest_asyncio.fixture
async def client(desk: ChatDesk) -> AsyncIterator[TestClient[Any, Any]]:
    async def nobody(_key: str) -> bool:
        return False

    site = web.Application()
    site.add_routes(WebChannel(desk, [], EverybodysDoor("Văn phòng thử")).routes())
    site.add_routes(RestChannel(desk, needs_key=False, key_allowed=nobody, late="").routes())
    async with TestClient(TestServer(site)) as client:
        yield client


async def session_with_files(client: TestClient[Any, Any], room: Room) -> tuple[str, list[dict[str, Any]]]:
    token = (await (await client.post("/chat/session")).json())["session"]
    await room.say("files", address_of(token))
    history = await (await client.get("/chat/history", params={"session": token})).json()
    return token, history["messages"][-1]["files"]


async def test_the_web_page_shows_the_picture_and_offers_the_file(
    client: TestClient[Any, Any], room: Room
) -> None:
    token, files = await session_with_files(client, room)
    assert [(one["name"], one["kind"]) for one in files] == [
        ("tuần này.png", "image"),
        ("so-lieu.xlsx", "file"),
    ]
    picture = await client.get(f"/{files[0]['path']}", params={"session": token})
    assert (await picture.read(), picture.content_type) == (PICTURE, PNG)
    assert picture.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''tu%E1%BA%A7n")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    book = await client.get(f"/{files[1]['path']}", params={"session": token})
    assert await book.read() == BOOK
    assert book.headers["Content-Disposition"].startswith("attachment;")
    assert book.headers["Cache-Control"] == "private, no-store"


async def test_another_visitor_does_not_get_it(client: TestClient[Any, Any], room: Room) -> None:
    _, files = await session_with_files(client, room)
    other = (await (await client.post("/chat/session")).json())["session"]
    assert (await client.get(f"/{files[0]['path']}", params={"session": other})).status == 404
    assert (await client.get(f"/{files[0]['path']}", params={"session": "guessed"})).status == 410
    assert (await client.get(f"/{files[0]['path']}")).status == 410


@pytest.mark.parametrize("path", ["0/0", "1/9", "1/-1", "x/0", "1/x", "9999999999999999999/0", "1/٣"])
async def test_a_file_that_is_not_there_is_not_found(
    client: TestClient[Any, Any], room: Room, path: str
) -> None:
    token, _ = await session_with_files(client, room)
    assert (await client.get(f"/chat/files/{path}", params={"session": token})).status == 404


async def test_a_file_that_is_no_longer_kept_is_not_found(client: TestClient[Any, Any], room: Room) -> None:
    token, files = await session_with_files(client, room)
    room.db.write_now(lambda uow: uow.connection.exec_driver_sql("DELETE FROM blobs"))
    assert (await client.get(f"/{files[0]['path']}", params={"session": token})).status == 404


async def test_rest_answers_with_image_and_attachment(client: TestClient[Any, Any]) -> None:
    answer = await client.post("/webhooks/rest/webhook", json={"sender": "a", "message": "files"})
    first, second = await answer.json()
    assert first["text"]
    assert base64.b64decode(first["image"].partition("base64,")[2]) == PICTURE
    assert first["image"].startswith("data:image/png;")
    assert (second["recipient_id"], second["attachment"]["type"]) == ("a", "file")
    payload = second["attachment"]["payload"]
    assert (payload["name"], payload["media_type"]) == ("so-lieu.xlsx", XLSX)
    assert base64.b64decode(payload["src"].partition("base64,")[2]) == BOOK


async def test_a_messenger_gets_words_then_files(room: Room) -> None:
    at = Address(ChannelName.TELEGRAM, "7", "5001")
    await room.say("files", at)

    async def read(blob: int) -> bytes:
        return await room.db.read(lambda uow: uow.blobs.read(blob))

    async with stand_in_server() as server:
        api = TelegramApi(TOKEN, server.url)
        sender = TelegramSender(api.bot, read)
        deliverer = Deliverer(room.db, room.hub, sender, ChannelName.TELEGRAM, "7", "one")
        assert await deliverer.round() == 1
        await api.close()
    assert [method for method, _ in server.calls] == ["sendMessage", "sendPhoto", "sendDocument"]
    assert "so-lieu.xlsx" in str(server.called("sendDocument"))
    assert room.last(at).status == "sent"


async def test_a_command_waits_for_what_it_ordered(room: Room, desk: ChatDesk) -> None:
    """``ask`` ends with its answer: the product is part of it."""
    import asyncio

    await room.press(
        "week_brief", {"last": "2026-11-07"}, telegram("vp")
    )  # another conversation's: not waited for
    working = asyncio.create_task(room.work.run())
    replies, in_time = await desk.converse_whole(terminal_message("at-vp", "week_brief", "vp"), 30.0)
    working.cancel()
    assert in_time
    assert [one.key for one in replies] == ["product/on_the_way", "product/ready"]
    contents = await desk.contents(replies)
    assert [content[:4] for content in contents.values()] == [b"\x89PNG"]


def test_a_command_puts_files_where_only_their_owner_reads_them() -> None:
    from pathlib import Path

    source = "data:x/y;base64," + base64.b64encode(BOOK).decode()
    hostile = {"type": "file", "payload": {"name": "../../etc/x.xlsx", "media_type": XLSX, "src": source}}
    shown = put_down(
        [
            {"text": "a"},
            {"text": "", "image": "data:image/png;base64,AAAA"},
            {"text": "", "attachment": hostile},
        ]
    )
    assert shown[0] == {"text": "a"}
    picture, book = Path(shown[1]["image"]), Path(shown[2]["attachment"])
    assert (picture.name, picture.read_bytes()) == ("1.png", b"\0\0\0")
    assert (book.name, book.read_bytes()) == ("2-x.xlsx", BOOK)
    assert picture.parent == book.parent
    assert picture.parent.stat().st_mode & 0o777 == 0o700
