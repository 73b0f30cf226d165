"""``POST /api/v1/dossiers/events``: a system of the province tells of dossiers as things happen."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from backend.domain.ports import UnitOfWork
from backend.services.dossiers.pushing import BadEvent, Pushed, push_events
from backend.web.api_keys import DATABASE, json_error, require_key

SCOPE = "dossiers:write"
PATH = "/api/v1/dossiers/events"
#: A call of 500 full events is far below this.
MOST_BYTES = 2 * 1024 * 1024


async def push(request: web.Request) -> web.Response:
    """200 with what was taken and what was refused per item; 422 when nothing was usable.

    The source is named by the key, so that one system cannot speak in another's name.
    """
    key = await require_key(request, SCOPE)
    if isinstance(key, web.Response):
        return key
    body = await _body(request)
    if body is None:
        return json_error(413, f"Nội dung gửi quá {MOST_BYTES // 1024 // 1024} MB.")
    try:
        payload: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json_error(422, "Nội dung gửi không phải JSON hợp lệ.")

    def take(uow: UnitOfWork) -> Pushed:
        pushed = push_events(uow, key.name, payload)
        detail = {"accepted": pushed.accepted, "refused": len(pushed.errors)}
        uow.audit.record(f"key:{key.name}"[:100], "dossier.push", "dossiers", "done", detail)
        return pushed

    try:
        pushed = await request.app[DATABASE].write(take)
    except BadEvent as error:
        return json_error(422, str(error), field=error.field)
    answer = {"accepted": pushed.accepted, "changed": pushed.changed, "errors": list(pushed.errors)}
    if not pushed.accepted:
        return json_error(422, "Không sự kiện nào dùng được.", **answer)
    return web.json_response(answer)


async def _body(request: web.Request) -> bytes | None:
    """The whole body; None when it is larger than allowed, whatever its header said."""
    if request.content_length is not None and request.content_length > MOST_BYTES:
        return None
    chunks = bytearray()
    async for chunk in request.content.iter_chunked(65536):
        chunks += chunk
        if len(chunks) > MOST_BYTES:
            return None
    return bytes(chunks)


def routes() -> list[web.RouteDef]:
    return [web.post(PATH, push)]
