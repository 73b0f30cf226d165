"""The server: what an app calls, and the people whom it writes to."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.zalo_stand_in.calling import Caller
from tests.zalo_stand_in.consent import Consent
from tests.zalo_stand_in.events import Events, message_id, stamp
from tests.zalo_stand_in.shapes import Bad, CsMessage, ZnsMessage, check_upload

APP_ID, APP_SECRET = "4410000000000000001", "secret-of-the-app"
OA_ID, OA_KEY = "5797458635088848840", "secret-key-of-the-account"
WINDOW_S = 7 * 86400.0
PER_MINUTE = 4000
TEMPLATES = {"10001": {"code", "status"}, "10002": {"text"}}
_ZNS_TOKEN = {-216: -124, -220: -124}


@dataclass
class Person:
    follows: bool = True
    withdrew: bool = False
    wrote_at: float = 0.0


@dataclass
class Sent:
    """A message that reached a person, or a phone."""

    to: str
    kind: str
    text: str
    message: dict[str, Any]
    id: str
    seen: bool = False

    @property
    def payloads(self) -> dict[str, str]:
        """Title -> payload of its buttons."""
        buttons = self.message.get("attachment", {}).get("payload", {}).get("buttons", [])
        return {one["title"]: one["payload"] for one in buttons}


class ZaloStandIn:
    """``outage`` drops every connection; ``lost_answers`` does what was asked and drops the connection then."""

    def __init__(self) -> None:
        self.address = ""
        self.violations: list[str] = []
        self.consent = Consent(APP_ID, APP_SECRET)
        self.caller = Caller(APP_ID, OA_KEY, self.violations)
        self.events = Events(APP_ID, OA_ID)
        self.people: dict[str, Person] = defaultdict(Person)
        self.sent: list[Sent] = []
        self.uploads: dict[str, str] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.refusals: dict[str, deque[int]] = defaultdict(deque)
        self.tried: list[str] = []
        self.outage = False
        self.lost_answers: dict[str, int] = defaultdict(int)
        self.buttons_work = True
        self.receipts = True
        self.per_minute = PER_MINUTE
        self.too_fast = 0
        self.without_zalo: set[str] = set()
        self.days_later = 0.0
        self._lately: deque[float] = deque()

    def now(self) -> float:
        return time.time() + self.days_later * 86400

    def spoke(self, user: str) -> Person:
        """This person did something, from which the window of seven days counts."""
        person = self.people[user]
        person.wrote_at = self.now()
        return person

    def messages(self, user: str) -> list[Sent]:
        return [one for one in self.sent if one.to == user]

    def refuse(self, what: str, *codes: int) -> None:
        """The next calls of ``what`` (message, upload, template) are answered with these errors."""
        self.refusals[what].extend(codes)

    # --- what the app calls ------------------------------------------------------------------------------

    def app(self) -> web.Application:
        made = web.Application(client_max_size=2**24, middlewares=[self._connection])
        made.router.add_post("/v3.0/oa/message/cs", self._message)
        made.router.add_post("/v2.0/oa/upload/{kind:image|file}", self._upload)
        made.router.add_post("/message/template", self._template)
        made.router.add_post("/v4/oa/access_token", self._tokens)
        made.router.add_get("/v4/oa/permission", self._permission)
        made.router.add_get("/files/{name}", self._file)
        return made

    @web.middleware
    async def _connection(self, request: web.Request, handler: Any) -> web.StreamResponse:
        what = request.path.rpartition("/")[2]
        if request.path.startswith("/control/"):
            return await handler(request)  # type: ignore[no-any-return]
        self.tried.append(request.path)
        if self.outage:
            return _drop(request)
        answer = await handler(request)
        if self.lost_answers[what]:
            self.lost_answers[what] -= 1
            return _drop(request)
        return answer  # type: ignore[no-any-return]

    async def _message(self, request: web.Request) -> web.Response:
        code = self._door(request, "message")
        if code:
            return self._answer(code)
        if request.content_type != "application/json":
            return self._answer(-201)
        try:
            given = CsMessage(await request.json(), self.uploads, buttons_work=self.buttons_work)
        except (Bad, ValueError) as bad:
            return self._answer(bad.code if isinstance(bad, Bad) else -201)
        if code := self._reachable(given.user):
            return self._answer(code)
        sent = Sent(given.user, given.kind, given.text, given.message, message_id())
        self.sent.append(sent)
        if self.receipts and self.caller.url:
            self.caller.send_later(self.events.received(given.user, sent.id))
        return self._answer(0, {"message_id": sent.id, "user_id": given.user, "sent_time": stamp()})

    def _reachable(self, user: str) -> int:
        if user not in self.people:
            return -201
        person = self.people[user]
        if person.withdrew:
            self.violations.append("wrote to a person who withdrew")
        if not person.follows or person.withdrew:
            return -213
        return -230 if self.now() - person.wrote_at > WINDOW_S else 0

    async def _upload(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        if code := self._door(request, "upload"):
            return self._answer(code)
        try:
            form = await request.post()
            file = form.get("file")
            if set(form) != {"file"} or not isinstance(file, web.FileField):
                raise Bad(-201, "file")
            content = file.file.read()
            check_upload(kind, file.filename, content)
        except (Bad, ValueError) as bad:
            return self._answer(bad.code if isinstance(bad, Bad) else -201)
        name = f"{kind}-{message_id()}"
        self.uploads[name] = kind
        self.files[name] = (file.content_type, content)
        return self._answer(0, {"attachment_id" if kind == "image" else "token": name})

    async def _template(self, request: web.Request) -> web.Response:
        if code := self._door(request, "template"):
            return self._answer(_ZNS_TOKEN.get(code, code))
        try:
            given = ZnsMessage(await request.json(), TEMPLATES)
        except (Bad, ValueError) as bad:
            return self._answer(bad.code if isinstance(bad, Bad) else -111)
        if given.phone in self.without_zalo:
            return self._answer(-118)
        sent = Sent(given.phone, f"template {given.template}", "", dict(given.data), message_id())
        self.sent.append(sent)
        if self.receipts and self.caller.url:
            self.caller.send_later(self.events.delivered(given.phone, sent.id, given.tracking))
        return self._answer(0, {"msg_id": sent.id, "sent_time": stamp()})

    async def _tokens(self, request: web.Request) -> web.Response:
        if request.content_type != "application/x-www-form-urlencoded":
            return web.json_response({"error": -14003, "error_name": "Invalid content type"})
        form = {name: str(value) for name, value in (await request.post()).items()}
        return web.json_response(self.consent.exchange(request.headers.get("secret_key"), form))

    async def _permission(self, request: web.Request) -> web.Response:
        given = request.query
        try:
            code = self.consent.allow(
                given.get("app_id", ""), given.get("redirect_uri", ""), given.get("code_challenge", "")
            )
        except ValueError as error:
            return web.json_response({"error": -14003, "error_name": str(error)})
        back = f"{given['redirect_uri']}?code={code}&oa_id={OA_ID}&state={given.get('state', '')}"
        return web.Response(status=302, headers={"Location": back})

    async def _file(self, request: web.Request) -> web.Response:
        media_type, content = self.files.get(request.match_info["name"], ("", b""))
        return web.Response(body=content, content_type=media_type) if media_type else web.Response(status=404)

    def _door(self, request: web.Request, what: str) -> int:
        """Rate, token, refusals that a test asked for."""
        now = time.monotonic()
        while self._lately and now - self._lately[0] > 60:
            self._lately.popleft()
        if len(self._lately) >= self.per_minute:
            self.too_fast += 1
            return -32
        self._lately.append(now)
        if code := self.consent.judge(request.headers.get("access_token")):
            return code
        return self.refusals[what].popleft() if self.refusals[what] else 0

    def _answer(self, error: int, data: dict[str, Any] | None = None) -> web.Response:
        """Always 200; no data on an error."""
        body: dict[str, Any] = {"error": error, "message": "Success" if not error else "refused"}
        left = max(0, self.per_minute - len(self._lately))
        headers = {"X-RateLimit-Limit": str(self.per_minute), "X-RateLimit-Remain": str(left)}
        return web.json_response(body | ({"data": data} if data else {}), headers=headers)


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


@asynccontextmanager
async def stand_in(
    port: int = 0, more: list[web.RouteDef] | None = None, **given: Any
) -> AsyncIterator[ZaloStandIn]:
    """A running server on loopback, with tokens already consented to."""
    server: ZaloStandIn = given.get("server") or ZaloStandIn()
    server.consent.issue()
    app = server.app()
    app.add_routes(more or [])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await server.caller.close()
        await runner.cleanup()
        await asyncio.sleep(0)
