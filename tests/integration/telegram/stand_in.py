"""A small Bot API server of our own, for what no mock offers: polling, refusals, rate limits, the secret.

It follows the published behaviour: ``getUpdates`` forgets every update below ``offset`` and gives the rest again and
again; 409 while a webhook is set; refusals carry ``description`` and ``parameters``.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

TOKEN = "123456789:AAH-stand_in-0123456789abcdefghij"


class StandIn:
    """``calls`` holds (method, parameters); ``refuse`` queues answers that are not ok, by method."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
        self.updates: list[dict[str, Any]] = []
        self.webhook = ""
        self.files: dict[str, bytes] = {}
        self.news = asyncio.Event()
        self._message_id = 1000

    def refuse(self, method: str, code: int, description: str, **parameters: Any) -> None:
        body = {"ok": False, "error_code": code, "description": description}
        self.refusals[method].append((code, body | ({"parameters": parameters} if parameters else {})))

    def add(self, *updates: dict[str, Any]) -> None:
        self.updates.extend(updates)
        self.news.set()

    def called(self, method: str) -> list[dict[str, Any]]:
        return [parameters for name, parameters in self.calls if name == method]

    async def handle(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        method = request.match_info["method"]
        given = {**request.query, **(await request.post())}
        parameters = {name: _value(str(value)) for name, value in given.items()}
        self.calls.append((method, parameters))
        if self.refusals[method]:
            return answer(*self.refusals[method].pop(0))
        result = await getattr(self, f"_{method}")(parameters)
        return result if isinstance(result, web.Response) else answer(200, {"ok": True, "result": result})

    async def file(self, request: web.Request) -> web.Response:
        found = self.files.get(request.match_info["path"])
        return (
            web.Response(body=found) if found is not None else answer(404, {"ok": False, "error_code": 404})
        )

    async def _getMe(self, _: dict[str, Any]) -> Any:
        return {"id": 123456789, "is_bot": True, "first_name": "Một Cửa", "username": "MotCuaBot"}

    async def _getUpdates(self, given: dict[str, Any]) -> Any:
        if self.webhook:
            text = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
            return answer(409, {"ok": False, "error_code": 409, "description": text})
        if "offset" in given:
            self.updates = [one for one in self.updates if one["update_id"] >= given["offset"]]
        if not self.updates:
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), min(given.get("timeout", 0), 0.2))
            except TimeoutError:
                return []
        return self.updates[: given.get("limit", 100)]

    async def _setWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = given["url"]
        return True

    async def _deleteWebhook(self, _: dict[str, Any]) -> Any:
        self.webhook = ""
        return True

    async def _setMyCommands(self, _: dict[str, Any]) -> Any:
        return True

    _sendChatAction = _answerCallbackQuery = _setMyCommands

    async def _sendMessage(self, given: dict[str, Any]) -> Any:
        if not str(given.get("text", "")).strip():
            return answer(
                400, {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}
            )
        self._message_id += 1
        chat = {"id": given["chat_id"], "type": "private" if given["chat_id"] > 0 else "supergroup"}
        return {"message_id": self._message_id, "date": 1795000000, "chat": chat, "text": str(given["text"])}

    async def _sendDocument(self, given: dict[str, Any]) -> Any:
        """The file itself comes as a part of the form; its parameter names that part."""
        self._message_id += 1
        chat = {"id": given["chat_id"], "type": "private"}
        return {"message_id": self._message_id, "date": 1795000000, "chat": chat}

    _sendPhoto = _sendDocument

    async def _getFile(self, given: dict[str, Any]) -> Any:
        found = self.files.get(given["file_id"])
        if found is None:
            text = "Bad Request: wrong file_id or the file is temporarily unavailable"
            return answer(400, {"ok": False, "error_code": 400, "description": text})
        name = given["file_id"]
        return {"file_id": name, "file_unique_id": name, "file_size": len(found), "file_path": name}


def answer(status: int, body: dict[str, Any]) -> web.Response:
    return web.json_response(body, status=status)


def _value(raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw


@asynccontextmanager
async def stand_in_server() -> AsyncIterator[StandIn]:
    server = StandIn()
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/bot{token}/{method}", server.handle)
    app.router.add_get(f"/file/bot{TOKEN}/{{path}}", server.file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"http://127.0.0.1:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
