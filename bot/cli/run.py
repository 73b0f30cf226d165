"""``up`` and ``serve``: the office's counter, open."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

import structlog
from aiohttp import web

from backend.settings import Settings
from backend.web import api_dossiers, openapi, sign_in
from bot.app import ROOT, Application, application, running
from bot.channels.doors import EverybodysDoor
from bot.channels.rest import RestChannel
from bot.channels.web import WebChannel
from bot.cli.files import keep_font_cache
from bot.cli.language import rasa_command, rasa_environment, train
from bot.cli.supervisor import Child, check_port, supervise
from bot.jobs import add_jobs
from bot.keys import key_allowed
from bot.logging import set_up_logging
from bot.officers import OfficersDoor
from bot.pushed import add_pushed_channels
from bot.serving import local_door, local_site, public_site, serving

log = structlog.get_logger(__name__)

#: The event loop and the database threads share one interpreter: with the usual 5 ms, a request that only needs
#: a moment would wait behind a whole turn.
SWITCH_S = 0.0005
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def up(settings: Settings, began: float) -> int:
    """Train if needed, then supervise Rasa and the app until told to stop."""
    check_port(settings.host, settings.port, "MOTCUA_PORT (or --port)")
    children = []
    if not settings.rasa_url:
        check_port("127.0.0.1", settings.rasa_port, "MOTCUA_RASA_PORT")
        model = train(settings)
        children.append(
            Child(
                "Rasa",
                rasa_command(settings, model, settings.rasa_port),
                rasa_environment(settings),
                settings.home / "log" / "rasa.log",
            )
        )
    environment = {**os.environ, "MOTCUA_PORT": str(settings.port), "MOTCUA_BEGAN": str(began)}
    children.append(Child("the app", [sys.executable, "-m", "bot", "serve"], environment, None))
    return asyncio.run(supervise(children, cwd=ROOT))


def public_routes(app: Application) -> list[web.RouteDef]:
    """Every public route but health; what pushed channels add comes with them."""
    settings = app.settings
    greeting = _greeting(app, "social/greeting")
    page = WebChannel(app.chat, greeting, EverybodysDoor(settings.office_name))
    officers = WebChannel(app.chat, _greeting(app, "staff/greeting"), OfficersDoor(settings.office_name))
    rest = RestChannel(
        app.chat,
        needs_key=settings.host not in _LOOPBACK or bool(settings.rest_key),
        key_allowed=lambda key: key_allowed(app, key, "rest:chat"),
        late=app.desk.replies.render("rest/late"),
    )
    pages = [*page.routes(), *officers.routes(), *sign_in.routes()]
    return [*pages, *rest.routes(), *api_dossiers.routes(), *openapi.routes()]


def _greeting(app: Application, key: str) -> list[Mapping[str, Any]]:
    text = app.desk.replies.render(key, office=app.settings.office_name)
    return [{"n": 0, "from": "bot", "text": text}]


async def serve(settings: Settings) -> int:
    """The app alone: Rasa is somebody else's."""
    set_up_logging(settings.log_level)
    sys.setswitchinterval(SWITCH_S)
    keep_font_cache(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(application(settings))
        await add_jobs(app)
        routes = [*public_routes(app), *await add_pushed_channels(app, stack)]
        await stack.enter_async_context(serving(public_site(app, routes), settings.host, settings.port))
        await stack.enter_async_context(local_door(local_site(app), settings.socket))
        await stack.enter_async_context(running(app))
        _settle_memory()
        announcing = asyncio.create_task(_announce(app))
        await stop.wait()
        announcing.cancel()
    return 0


def _settle_memory() -> None:
    """What is there by now stays: the collector need not look through it again, nor look at every few hundred
    objects. Measured: a twentieth of a turn."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


async def _announce(app: Application) -> None:
    await app.ready.wait()
    began = float(os.environ.get("MOTCUA_BEGAN", "0"))
    took = f" after {time.time() - began:.1f} s" if began else ""
    host = "127.0.0.1" if app.settings.host in {"0.0.0.0", "::"} else app.settings.host  # noqa: S104
    state = "ready" if app.rasa.healthy else "ready, but Rasa is out of reach: it understands less for now"
    print(f"Một Cửa is {state}{took}: http://{host}:{app.settings.port}/", file=sys.stderr, flush=True)
