"""Every public route stands in this table with what guards it, and the guard holds."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from backend.services.notices.ladder import Reach
from backend.settings import read_settings
from bot.app import make_desk
from bot.channels.telegram.webhook import PATH as TELEGRAM
from bot.channels.zalo.webhook import PATH as ZALO
from bot.cli.run import public_routes
from bot.dialogue.hub import Hub
from bot.pushed import add_pushed_channels
from bot.serving import public_site

PUBLIC = "public"  # the same for everybody: the page, its assets, health
VISITOR = "visitor"  # the visitor's own random token, which the page got from /chat/session
KEY = "key"  # an API key, whenever the app listens beyond loopback
OFFICER = "officer"  # a browser that signed in with two factors
PAGE = "page"  # anybody may read it; what it sends counts only when a page of ours sent it
SECRET = "secret"  # the channel's shared secret

GUARDS = {
    ("GET", "/"): PUBLIC,
    ("GET", r"/chat/{name}"): PUBLIC,
    ("POST", "/chat/session"): PUBLIC,
    ("POST", "/chat/messages"): VISITOR,
    ("POST", "/chat/attachments"): VISITOR,
    ("POST", "/chat/forget"): VISITOR,
    ("GET", "/chat/history"): VISITOR,
    ("GET", "/chat/events"): VISITOR,
    ("GET", r"/chat/files/{number}/{index}"): VISITOR,
    ("GET", "/officer/"): OFFICER,
    ("GET", r"/officer/chat/{name}"): PUBLIC,
    ("POST", "/officer/chat/session"): OFFICER,
    ("POST", "/officer/chat/messages"): OFFICER,
    ("POST", "/officer/chat/attachments"): OFFICER,
    ("POST", "/officer/chat/forget"): OFFICER,
    ("GET", "/officer/chat/history"): OFFICER,
    ("GET", "/officer/chat/events"): OFFICER,
    ("GET", r"/officer/chat/files/{number}/{index}"): OFFICER,
    ("GET", "/sign-in"): PUBLIC,
    ("GET", "/sign-in/first"): PUBLIC,
    ("GET", "/sign-in/second"): PUBLIC,
    ("POST", "/sign-in"): PAGE,
    ("POST", "/sign-in/first"): PAGE,
    ("POST", "/sign-in/second"): PAGE,
    ("POST", "/sign-out"): PAGE,
    ("GET", r"/desk/{name}"): PUBLIC,
    ("POST", "/webhooks/rest/webhook"): KEY,
    ("POST", TELEGRAM): SECRET,
    ("POST", ZALO): SECRET,
    ("POST", "/api/v1/dossiers/events"): KEY,
    ("GET", "/api/v1/openapi.json"): PUBLIC,
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
}


class NobodyHome:
    """Stands where conversations and the database would be: a request that gets this far was let in.

    Unknown visitors are known to nobody, so their history is None.
    """

    reached: bool = False

    async def history(self, *_: object, **__: object) -> None:
        return None

    async def watch(self, *_: object) -> None:
        return None

    async def read(self, *_: object) -> None:
        return None  # no such key

    def __getattr__(self, name: str) -> Any:
        async def reach(*_: object, **__: object) -> None:
            self.reached = True
            raise AssertionError(f"let in: {name}")

        return reach


@pytest.fixture
async def site(tmp_path: Path) -> Any:
    """The public site of an app that listens beyond loopback, with every channel configured."""
    env = {
        "MOTCUA_HOME": str(tmp_path),
        "MOTCUA_HOST": "0.0.0.0",
        "MOTCUA_TELEGRAM_TOKEN": "123456:" + "a" * 35,
        "MOTCUA_TELEGRAM_SECRET": "only-telegram-knows",
        "MOTCUA_PUBLIC_URL": "https://motcua.example.vn",
        "MOTCUA_ZALO_APP_ID": "441",
        "MOTCUA_ZALO_APP_SECRET": "the-apps",
        "MOTCUA_ZALO_OA_ID": "579",
        "MOTCUA_ZALO_OA_SECRET": "only-zalo-knows",
    }
    settings = read_settings(tmp_path, env)
    home = NobodyHome()
    app: Any = SimpleNamespace(
        settings=settings,
        desk=make_desk(settings),
        chat=home,
        db=home,
        hub=Hub(),
        holder="x",
        fetch={},
        reach=Reach(),
        loops={},
    )
    async with AsyncExitStack() as stack:
        routes = [*public_routes(app), *await add_pushed_channels(app, stack)]
        yield public_site(app, routes), home


def listed(site: web.Application) -> set[tuple[str, str]]:
    return {
        (route.method, route.resource.canonical if route.resource else "")
        for route in site.router.routes()
        if route.method != "HEAD"
    }


async def test_every_route_is_in_the_table(site: Any) -> None:
    assert listed(site[0]) == set(GUARDS)


@pytest.mark.parametrize("forged", [False, True], ids=["without", "forged"])
async def test_strangers_are_turned_away(site: Any, forged: bool) -> None:
    async with TestClient(TestServer(site[0])) as client:
        statuses = {
            (method, path): await knock(client, method, path, guard, forged)
            for (method, path), guard in GUARDS.items()
            if guard != PUBLIC
        }
    refused = {
        VISITOR: {410} if forged else {400, 410},
        OFFICER: {401} if forged else {400, 401, 403},
        PAGE: {403},
    }
    let_in = {
        place: status
        for place, status in statuses.items()
        if status not in refused.get(GUARDS[place], {401, 403}) and place != ("GET", "/officer/")
    }
    assert let_in == {}
    assert not site[1].reached


async def test_who_is_not_signed_in_is_shown_where_to(site: Any) -> None:
    async with TestClient(TestServer(site[0])) as client:
        answer = await client.get("/officer/", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/sign-in?next=/officer/")
    assert not site[1].reached


async def knock(client: Any, method: str, path: str, guard: str, forged: bool) -> int:
    """The status of a request that is right in everything but who sends it."""
    as_visitor = guard in {VISITOR, OFFICER}
    headers = (
        {
            "Authorization": "Bearer guessed",
            "X-Telegram-Bot-Api-Secret-Token": "guessed",
            "X-ZEvent-Signature": "mac=" + "0" * 64,
            "Cookie": "__Host-motcua=guessed",
            "Origin": "https://elsewhere.example" if guard == PAGE else "https://motcua.example.vn",
        }
        if forged
        else {}
    )
    token = {"session": "guessed"} if forged else {}
    number = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
    body = {**token, "id": number, "text": "x", "sender": "a", "message": "x", "events": [], "timestamp": "1"}
    answer = await client.request(
        method,
        path,
        headers=headers,
        params={**token, "id": number} if as_visitor else {},
        json=body if method == "POST" else None,
        allow_redirects=False,
    )
    return int(answer.status)


async def test_the_page_is_for_everybody(site: Any) -> None:
    async with TestClient(TestServer(site[0])) as client:
        assert (await client.get("/")).status == 200
        assert (await client.get("/healthz")).status == 200
