"""Stands before the app's webhook and adds the secret header, which the mock does not send as Telegram does.

python forwarder.py PORT WEBHOOK SECRET
"""

from __future__ import annotations

import sys

import aiohttp
from aiohttp import web


def main(port: int, webhook: str, secret: str) -> None:
    async def forward(request: web.Request) -> web.Response:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(webhook, data=await request.read(), headers=headers) as answer,
        ):
            return web.Response(status=answer.status, body=await answer.read())

    app = web.Application()
    app.router.add_post("/webhooks/telegram", forward)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
