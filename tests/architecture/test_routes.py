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
            (method, path): await knock(client, method, path, guard == VISITOR, forged)
            for (method, path), guard in GUARDS.items()
            if guard != PUBLIC
        }
    unknown_visitor = {410} if forged else {400, 410}
    let_in = {
        place: status
        for place, status in statuses.items()
        if status not in (unknown_visitor if GUARDS[place] == VISITOR else {401, 403})
    }
    assert let_in == {}
    assert not site[1].reached


async def knock(client: Any, method: str, path: str, as_visitor: bool, forged: bool) -> int:
    """The status of a request that is right in everything but who sends it."""
    headers = (
        {
            "Authorization": "Bearer guessed",
            "X-Telegram-Bot-Api-Secret-Token": "guessed",
            "X-ZEvent-Signature": "mac=" + "0" * 64,
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
    )
    return int(answer.status)


async def test_the_page_is_for_everybody(site: Any) -> None:
    async with TestClient(TestServer(site[0])) as client:
        assert (await client.get("/")).status == 200
        assert (await client.get("/healthz")).status == 200
