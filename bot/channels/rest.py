"""The REST channel, shaped as Rasa's own: ``POST /webhooks/rest/webhook`` {sender, message, metadata?}.

It trusts its caller with the sender's name, so beyond loopback it asks for an API key. Its senders are never staff.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec
from aiohttp import web

from backend.domain.messaging import Address, ChannelName, Incoming, Kind, Outgoing, OutgoingFile
from backend.text.fold import nfc
from bot.channels.ports import ConversationDesk

#: How long a caller is kept waiting for its replies, in seconds.
PATIENCE_S = 15.0
LONGEST_SENDER = 200
LONGEST_MESSAGE = 8000


class BadRequest(Exception):
    """Said to the caller as 4xx with one Vietnamese sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def answer_json(value: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(value), status=status, content_type="application/json", charset="utf-8"
    )


def refusal(error: BadRequest) -> web.Response:
    return answer_json({"error": error.sentence}, error.status)


async def json_body(request: web.Request) -> dict[str, Any]:
    """The request's JSON object. Raises BadRequest."""
    try:
        body = msgspec.json.decode(await request.text())
    except (ValueError, RecursionError):
        raise BadRequest("Nội dung gửi lên không phải JSON hợp lệ.") from None
    if not isinstance(body, dict):
        raise BadRequest("Nội dung gửi lên phải là một đối tượng JSON.")
    return body


def text_field(body: dict[str, Any], name: str, longest: int, *, required: bool = True) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or (required and not value.strip()):
        raise BadRequest(f"Thiếu trường “{name}” hoặc trường này không phải chuỗi ký tự.")
    if len(value) > longest:
        raise BadRequest(f"Trường “{name}” dài quá {longest} ký tự.", 413)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise BadRequest(f"Trường “{name}” có ký tự không hợp lệ.")
    return nfc(value)


def replies_json(
    sender: str, replies: Sequence[Outgoing], contents: Mapping[int, bytes] | None = None
) -> list[dict[str, Any]]:
    """Rasa's shape: {recipient_id, text, buttons?, image?, attachment?}.

    A button's payload is what to send back to press it. A picture is a ``data:`` address, another file an attachment
    with one; further files of a message follow by themselves. ``contents`` are the files by blob id.
    """
    shaped = []
    for reply in replies:
        one: dict[str, Any] = {"recipient_id": sender, "text": reply.text}
        buttons = [{"title": b.title, "payload": b.url or f"#{b.id}"} for b in reply.buttons if b.url or b.id]
        if buttons:
            one["buttons"] = buttons
        if reply.key:
            one["metadata"] = {"key": reply.key}
        shaped.append(one)
        for number, file in enumerate(reply.files):
            if number:
                shaped.append({"recipient_id": sender, "text": ""})
            shaped[-1].update(_file_json(file, (contents or {}).get(file.blob_id)))
    return shaped


def _file_json(file: OutgoingFile, content: bytes | None) -> dict[str, Any]:
    if content is None:
        return {}
    source = f"data:{file.media_type};base64,{base64.b64encode(content).decode()}"
    if file.media_type.startswith("image/"):
        return {"image": source}
    payload = {"name": file.name, "media_type": file.media_type, "src": source}
    return {"attachment": {"type": "file", "payload": payload}}


class RestChannel:
    def __init__(
        self,
        desk: ConversationDesk,
        *,
        needs_key: bool,
        key_allowed: Callable[[str], Awaitable[bool]],
        late: str,
    ) -> None:
        self._desk = desk
        self._needs_key = needs_key
        self._key_allowed = key_allowed
        self._late = late  # said when the answer takes longer than the caller can wait

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/webhooks/rest/webhook", self.webhook)]

    async def webhook(self, request: web.Request) -> web.Response:
        try:
            if self._needs_key and not await self._key_allowed(bearer(request)):
                raise BadRequest("Cần khóa truy cập (tiêu đề Authorization: Bearer …).", 401)
            incoming = self._incoming(await json_body(request))
        except BadRequest as error:
            return refusal(error)
        replies, in_time = await self._desk.converse(incoming, PATIENCE_S)
        shown = list(replies) if in_time else [*replies, Outgoing(self._late, key="rest/late")]
        contents = await self._desk.contents(shown)
        return answer_json(replies_json(incoming.address.external_id, shown, contents))

    def _incoming(self, body: dict[str, Any]) -> Incoming:
        sender = text_field(body, "sender", LONGEST_SENDER, required=False).strip() or "default"
        message = text_field(body, "message", LONGEST_MESSAGE)
        metadata = body.get("metadata") or {}
        if not isinstance(metadata, dict):
            raise BadRequest("Trường “metadata” phải là một đối tượng.")
        event_id = metadata.get("message_id")
        if event_id is not None and (not isinstance(event_id, str | int) or not str(event_id)):
            raise BadRequest("“metadata.message_id” phải là chuỗi hoặc số.")
        return Incoming(
            address=Address(ChannelName.REST, "default", sender),
            event_id=hashed(sender, str(event_id)) if event_id is not None else uuid.uuid4().hex,
            kind=Kind.BUTTON if message.startswith("#") and " " not in message.strip() else Kind.TEXT,
            text=message,
            button=message.strip()[1:] if message.startswith("#") and " " not in message.strip() else "",
        )


def hashed(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def bearer(request: web.Request) -> str:
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else request.headers.get("X-API-Key", "")


def same(left: str, right: str) -> bool:
    """Compare secrets in constant time; an empty one is never equal."""
    return bool(left) and hmac.compare_digest(left.encode(), right.encode())
