"""The HTTP side of a serving process: public routes, health, metrics, and the local door for ``ask``."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from sqlalchemy import text

from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from backend.web.api_keys import DATABASE
from backend.web.browser import SITE, site_of
from bot.app import Application
from bot.channels.rest import BadRequest, json_body, refusal, replies_json, text_field

log = structlog.get_logger(__name__)

BODY_LIMIT = 6 * 1024 * 1024
#: How long a command waits for its answer, the products it ordered included.
ASK_S = 30.0
STARTED = web.AppKey("started", float)


class Metrics:
    """What /metrics tells. Counts and seconds, never words."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "motcua_http_seconds", "Seconds per request", ["route", "status"], registry=self.registry
        )
        self._parse = Gauge(
            "motcua_parse_seconds_total", "Seconds spent waiting for Rasa", registry=self.registry
        )
        self._parses = Gauge("motcua_parses_total", "Sentences parsed by Rasa", registry=self.registry)
        self._rasa = Gauge("motcua_rasa_up", "1 while Rasa answers", registry=self.registry)
        self._under_way = Gauge("motcua_turns_under_way", "Messages being answered", registry=self.registry)
        self._outbox = Gauge("motcua_outbox_rows", "Outgoing rows", ["status"], registry=self.registry)
        self._consent = Gauge(
            "motcua_channel_consent_needed",
            "1 while a person must consent again before anything is sent",
            ["channel"],
            registry=self.registry,
        )

    async def show(self, request: web.Request) -> web.Response:
        self._parse.set(self._app.rasa.parse_s)
        self._parses.set(self._app.rasa.parses)
        self._rasa.set(int(self._app.rasa.healthy))
        self._under_way.set(self._app.pipeline.under_way)
        for status, count in (await self._app.db.read(lambda uow: uow.outbox.counts())).items():
            self._outbox.labels(status).set(count)
        for tokens in await self._app.db.read(lambda uow: uow.tokens.all()):
            self._consent.labels(tokens.channel).set(int(tokens.needs_consent))
        return web.Response(
            body=generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )


def _guard(metrics: Metrics) -> Callable[..., object]:
    @web.middleware
    async def guard(request: web.Request, handler: Callable[[web.Request], object]) -> web.StreamResponse:
        """No stack trace leaves the house, and no client sees a 500 for what it sent."""
        began = asyncio.get_running_loop().time()
        status = 500
        try:
            answer = await handler(request)  # type: ignore[misc]
            assert isinstance(answer, web.StreamResponse)
            status = answer.status
            if not answer.prepared:
                answer.headers.setdefault("X-Content-Type-Options", "nosniff")
                answer.headers.setdefault("Referrer-Policy", "no-referrer")
            return answer
        except web.HTTPException as error:
            status = error.status
            raise
        except (UnicodeDecodeError, LookupError) as error:  # an undecodable body or an unknown charset
            status = 400
            log.warning("bad_request", route=_route(request), error=type(error).__name__)
            return web.json_response({"error": "Không đọc được nội dung gửi lên."}, status=400)
        except (ConnectionResetError, asyncio.CancelledError):
            raise
        except Exception as error:
            status = 503
            log.error("request_failed", route=_route(request), error=type(error).__name__, exc_info=error)
            return web.json_response(
                {"error": "Hệ thống đang gặp trục trặc, nội dung chưa được ghi nhận. Vui lòng gửi lại sau."},
                status=503,
                headers={"Retry-After": "5"},
            )
        finally:
            metrics.requests.labels(_route(request), str(status)).observe(
                asyncio.get_running_loop().time() - began
            )

    return guard


def _route(request: web.Request) -> str:
    """The route's pattern, so that strangers cannot fill the metrics with names."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"


def public_site(app: Application, routes: list[web.RouteDef]) -> web.Application:
    metrics = Metrics(app)

    async def ready(request: web.Request) -> web.Response:
        return await _ready(app)

    site = web.Application(client_max_size=BODY_LIMIT, middlewares=[_guard(metrics)])  # type: ignore[list-item]
    site[DATABASE] = app.db
    site[SITE] = site_of(app.settings.office_name, app.settings.session, app.settings.public_url)
    site.add_routes(routes)
    site.add_routes(
        [
            web.get("/healthz", _alive),
            web.get("/readyz", ready),
            web.get("/metrics", metrics.show),
        ]
    )
    return site


async def _alive(request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


async def _ready(app: Application) -> web.Response:
    """503 without the database or before the warm-up; 200 and "degraded" without Rasa."""
    if not app.ready.is_set():
        return web.json_response({"status": "starting"}, status=503)
    try:
        async with asyncio.timeout(5.0):
            await app.db.read(lambda uow: uow.connection.execute(text("SELECT 1")).scalar())
    except Exception as error:
        log.error("database_out_of_reach", error=type(error).__name__)
        return web.json_response({"status": "no database"}, status=503)
    return web.json_response(
        {"status": "ready" if app.rasa.healthy else "degraded", "rasa": app.rasa.healthy}
    )


def local_site(app: Application) -> web.Application:
    """The one door through which a command may speak as an officer: a socket that only its owner can open."""

    async def ask(request: web.Request) -> web.Response:
        try:
            body = await json_body(request)
            sender = text_field(body, "sender", 200)
            words = text_field(body, "text", 8000)
            staff = text_field(body, "staff", 60, required=False)
        except BadRequest as error:
            return refusal(error)
        replies, in_time = await app.chat.converse_whole(terminal_message(sender, words, staff), ASK_S)
        shaped = replies_json(sender, replies, await app.chat.contents(replies))
        return web.json_response({"replies": shaped, "in_time": in_time})

    site = web.Application(middlewares=[_guard(Metrics(app))])  # type: ignore[list-item]
    site.add_routes([web.post("/ask", ask)])
    return site


def terminal_message(sender: str, words: str, staff: str) -> Incoming:
    pressed = words.startswith("#") and " " not in words
    return Incoming(
        address=Address(ChannelName.TERMINAL, staff or "public", sender),
        event_id=uuid.uuid4().hex,
        kind=Kind.BUTTON if pressed else Kind.TEXT,
        text=words,
        button=words[1:] if pressed else "",
        staff=staff,
    )


@asynccontextmanager
async def serving(site: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """The public site on host:port. Raises OSError when the port is taken."""
    runner = web.AppRunner(site, access_log=None, keepalive_timeout=75, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def local_door(site: web.Application, path: Path) -> AsyncIterator[None]:
    """The local socket, readable by its owner only from the moment it exists."""
    _clear(path)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    mask = os.umask(0o177)
    try:
        await web.UnixSite(runner, str(path)).start()
    finally:
        os.umask(mask)
    try:
        yield
    finally:
        await runner.cleanup()
        _clear(path)


def _clear(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
