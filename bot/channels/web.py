"""The web chat: a page that works alone, its live events, and the one-line widget for portals.

A visitor holds a random token; the conversation is kept under its hash, so the database holds no token.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from backend.domain.messaging import Address, Attachment, Incoming, Kind
from bot.channels.doors import Door
from bot.channels.limits import RateLimit
from bot.channels.ports import ConversationDesk, Line
from bot.channels.rest import BadRequest, hashed, json_body, refusal, text_field

_ASSETS = Path(__file__).parent / "web_assets"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'"
)
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
#: Files that a browser shows inside the page; others are saved.
_SHOWN = frozenset({"image/png", "image/jpeg"})
LARGEST_PHOTO = 5 * 1024 * 1024  # bytes
LONGEST_MESSAGE = 4000
#: How often an open page looks for words that another process wrote.
LOOK_S = 2.0
#: How often an open stream looks whether its reader may still read.
STILL_S = 15.0
_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"RIFF": "image/webp"}


class WebChannel:
    """The page and its requests, behind ``door``: the one for everybody, or the one for officers."""

    def __init__(self, desk: ConversationDesk, greeting: list[Any], door: Door) -> None:
        self._desk = desk
        self._greeting = greeting
        self._door = door
        self._files = {path.name: path.read_bytes() for path in _ASSETS.iterdir() if path.suffix in _TYPES}
        self._policy = f"{_POLICY}; frame-ancestors {door.frames}; form-action {door.forms}"
        self._sessions = RateLimit(per_minute=20, burst=20)
        self._messages = RateLimit(per_minute=40, burst=20)

    def routes(self) -> list[web.RouteDef]:
        base = self._door.base
        return [
            web.get(f"{base}/", self.page),
            web.get(f"{base}/chat/events", self.events),
            web.get(f"{base}/chat/history", self.history),
            web.get(base + r"/chat/files/{number:[^/]+}/{index:[^/]+}", self.file),
            web.get(base + r"/chat/{name:[a-z]+\.(?:css|js|svg)}", self.asset),
            web.post(f"{base}/chat/session", self.session),
            web.post(f"{base}/chat/messages", self.message),
            web.post(f"{base}/chat/attachments", self.attachment),
            web.post(f"{base}/chat/forget", self.forget),
        ]

    async def page(self, request: web.Request) -> web.Response:
        text = await self._door.page(request)
        headers = {
            "Content-Security-Policy": self._policy,
            "Cache-Control": "no-cache",
            "Referrer-Policy": self._door.referrer,
        }
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def asset(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        body = self._files.get(name)
        if body is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "public, max-age=300"}
        return web.Response(
            body=body, content_type=_TYPES[Path(name).suffix], charset="utf-8", headers=headers
        )

    async def session(self, request: web.Request) -> web.Response:
        if wait := self._sessions.wait_s(_visitor(request)):
            return _slow_down(wait)
        try:
            token, address = await self._door.begin(request)
        except BadRequest as error:
            return refusal(error)
        await self._desk.start(address)
        return web.json_response({"session": token, "greeting": self._greeting})

    async def message(self, request: web.Request) -> web.Response:
        try:
            body = await json_body(request)
            token = text_field(body, "session", 100)
            address = await self._door.address(request, token)
            if wait := self._messages.wait_s(address.external_id):
                return _slow_down(wait)
            client_id = _uuid(text_field(body, "id", 60))
            button = text_field(body, "button", 60, required=False)
            text = text_field(body, "title" if button else "text", LONGEST_MESSAGE, required=not button)
            await self._known(address)
        except BadRequest as error:
            return refusal(error)
        incoming = Incoming(
            address=address,
            event_id=hashed(address.external_id, client_id),
            kind=Kind.BUTTON if button else Kind.TEXT,
            text=text,
            button=button,
            metadata={"client_id": client_id},
        )
        return web.json_response({"accepted": True, "seq": await self._desk.accept(incoming)}, status=202)

    async def attachment(self, request: web.Request) -> web.Response:
        try:
            token = request.query.get("session", "")[:100]
            client_id = _uuid(request.query.get("id", ""))
            address = await self._door.address(request, token)
            await self._known(address)
            if wait := self._messages.wait_s(address.external_id):
                return _slow_down(wait)
            content = await _photo(request)
        except BadRequest as error:
            return refusal(error)
        media_type = _media_type(content)
        blob = await self._desk.keep_file(address, media_type, content)
        photo = Attachment(Kind.PHOTO, f"blob:{blob}", media_type, len(content), blob)
        incoming = Incoming(
            address=address,
            event_id=hashed(address.external_id, client_id),
            kind=Kind.PHOTO,
            attachments=(photo,),
            metadata={"client_id": client_id},
        )
        return web.json_response({"accepted": True, "seq": await self._desk.accept(incoming)}, status=202)

    async def history(self, request: web.Request) -> web.Response:
        try:
            token, after = _place(request)
            address = await self._door.address(request, token, active=False)
            lines = await self._desk.history(address, after)
            if lines is None:
                raise BadRequest("Phiên trò chuyện này không còn.", 410)
        except BadRequest as error:
            return refusal(error)
        return web.json_response({"messages": [line_json(line) for line in lines]})

    async def file(self, request: web.Request) -> web.Response:
        """A picture or document of one line, for this visitor alone."""
        try:
            token = request.query.get("session", "")[:100]
            address = await self._door.address(request, token)
            await self._known(address)
            number, index = _whole(request.match_info["number"]), _whole(request.match_info["index"])
            found = await self._desk.file(address, number, index)
            if found is None:
                raise BadRequest("Tệp này không còn.", 404)
        except BadRequest as error:
            return refusal(error)
        file, content = found
        shown = "inline" if file.media_type in _SHOWN else "attachment"
        headers = {
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
        }
        return web.Response(body=content, content_type=file.media_type, headers=headers)

    async def forget(self, request: web.Request) -> web.Response:
        try:
            token = text_field(await json_body(request), "session", 100)
            address = await self._door.address(request, token)
            await self._known(address)
        except BadRequest as error:
            return refusal(error)
        await self._desk.forget(address)
        return web.json_response({"forgotten": True})

    async def events(self, request: web.Request) -> web.StreamResponse:
        try:
            token, after = _place(request)
            address = await self._door.address(request, token, active=False)
        except BadRequest as error:
            return refusal(error)
        watching = await self._desk.watch(address)
        if watching is None:
            return refusal(BadRequest("Phiên trò chuyện này không còn.", 410))
        headers = {
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        still = partial(self._door.open, request)
        with watching as signals, contextlib.suppress(ConnectionResetError, asyncio.CancelledError):
            await stream.write(b"retry: 3000\n\n")
            await self._stream(stream, signals, address, after, still)
        return stream

    async def _stream(
        self,
        stream: web.StreamResponse,
        signals: asyncio.Queue[Any],
        address: Address,
        after: int,
        still: Callable[[], Awaitable[bool]],
    ) -> None:
        looked = time.monotonic()
        quiet = 0
        while True:
            if time.monotonic() - looked > STILL_S:
                if not await still():
                    return
                looked = time.monotonic()
            for line in await self._desk.history(address, max(after, 0) or -1) or ():
                if line.number > after:
                    after = line.number
                    await _event(stream, "message", line_json(line), after)
            try:
                signal = await asyncio.wait_for(signals.get(), LOOK_S)
            except TimeoutError:
                quiet += 1
                if quiet % 8 == 0:
                    await stream.write(b": still here\n\n")
                continue
            if signal.typing is not None:
                await _event(stream, "typing", {"on": signal.typing}, None)

    async def _known(self, address: Address) -> None:
        if await self._desk.history(address, 2**60, 1) is None:
            raise BadRequest("Phiên trò chuyện này không còn.", 410)


async def _event(stream: web.StreamResponse, name: str, body: Any, number: int | None) -> None:
    head = f"id: {number}\n" if number is not None else ""
    await stream.write(f"{head}event: {name}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n".encode())


def line_json(line: Line) -> dict[str, Any]:
    """The page's Message; the person's own lines carry no number."""
    shaped: dict[str, Any] = {
        "n": line.number,
        "from": line.author,
        "text": line.text,
        "at": line.at.isoformat(),
    }
    if line.client_id:
        shaped["answers" if line.number else "id"] = line.client_id
    if line.message and line.message.buttons:
        shaped["buttons"] = [
            {
                "id": b.id,
                "title": b.title,
                "kind": "link" if b.url else "reply",
                **({"url": b.url} if b.url else {}),
            }
            for b in line.message.buttons
            if b.id or b.url
        ]
        if line.stale:
            shaped["expired"] = True
    if line.message and line.message.files:
        shaped["files"] = [
            {
                "name": one.name,
                "kind": "image" if one.media_type in _SHOWN else "file",
                "path": f"chat/files/{line.number}/{index}",
            }
            for index, one in enumerate(line.message.files)
        ]
    return shaped


def _visitor(request: web.Request) -> str:
    """Who knocks. Behind a web server of this machine that is told by it; a stranger's own header does not count."""
    remote = request.remote or ""
    return request.headers.get("X-Real-IP", remote)[:60] if remote in _LOOPBACK else remote


def _slow_down(wait_s: float) -> web.Response:
    return web.json_response(
        {"error": "Anh/chị gửi hơi nhanh, vui lòng chờ vài giây rồi gửi lại."},
        status=429,
        headers={"Retry-After": str(int(wait_s) + 1)},
    )


def _uuid(raw: str) -> str:
    try:
        return str(uuid.UUID(raw))
    except ValueError:
        raise BadRequest("Thiếu mã tin nhắn (id) hợp lệ.") from None


def _whole(raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > 18:
        raise BadRequest("Tệp này không còn.", 404)
    return int(raw)


def _place(request: web.Request) -> tuple[str, int]:
    after = request.query.get("after", "0") or "0"
    last = request.headers.get("Last-Event-ID", "")
    if last.isascii() and last.isdigit() and after.isdigit():
        after = str(max(int(last), int(after)))
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        raise BadRequest("Tham số “after” phải là số.")
    return request.query.get("session", "")[:100], int(after)


async def _photo(request: web.Request) -> bytes:
    if not (request.content_type or "").startswith("multipart/"):
        raise BadRequest("Ảnh phải được gửi dạng multipart/form-data.")
    try:
        reader = await request.multipart()
        part = await reader.next()
        while part is not None and getattr(part, "name", None) != "file":
            part = await reader.next()
        if part is None or not hasattr(part, "read_chunk"):
            raise BadRequest("Thiếu tệp ảnh (trường “file”).")
        content = bytearray()
        while chunk := await part.read_chunk(65536):
            content += chunk
            if len(content) > LARGEST_PHOTO:
                raise BadRequest("Ảnh lớn hơn 5 MB, vui lòng gửi ảnh nhỏ hơn.", 413)
    except (ValueError, AssertionError, LookupError):
        raise BadRequest("Không đọc được tệp gửi lên.") from None
    return bytes(content)


def _media_type(content: bytes) -> str:
    for magic, name in _MAGIC.items():
        if content.startswith(magic):
            return name
    raise web.HTTPUnsupportedMediaType(
        text=json.dumps({"error": "Chỉ nhận ảnh JPG, PNG hoặc WebP."}), content_type="application/json"
    )
