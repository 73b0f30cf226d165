"""``python -m tests.zalo_stand_in PORT``: the stand-in as a process, steered over /control."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import sys
from collections import Counter
from typing import Any

from aiohttp import web

from tests.zalo_stand_in.server import ZaloStandIn, stand_in

_SWITCHES = frozenset({"outage", "buttons_work", "receipts", "per_minute", "days_later"})


class Control:
    """What a test in another process may do: change switches, let people act, look."""

    def __init__(self, server: ZaloStandIn) -> None:
        self._server = server

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/switch", self.switch),
            web.post("/control/event", self.event),
            web.post("/control/picture", self.picture),
            web.get("/control/state", self.state),
            web.post("/control/known", self.known),
            web.post("/control/tally", self.tally),
        ]

    async def switch(self, request: web.Request) -> web.Response:
        server = self._server
        for name, value in (await request.json()).items():
            if name in _SWITCHES:
                setattr(server, name, value)
            elif name in ("url", "scale"):
                setattr(server.caller, name, value)
            elif name == "lasts_s":
                server.consent.lasts_s = value
                server.consent.expire()
            elif name == "lost_answers":
                server.lost_answers.update(value)
            else:
                raise web.HTTPBadRequest(text=name)
        return await self.state(request)

    async def event(self, request: web.Request) -> web.Response:
        """{"call": name in Events, "user": …, "with": {…}, "wait": bool}: signed and sent."""
        given: dict[str, Any] = await request.json()
        user, server = given["user"], self._server
        person = server.spoke(user)
        if given["call"] == "withdrew":
            person.withdrew = True
        if given["call"] == "followed":
            person.follows = given.get("with", {}).get("name") != "unfollow"
        event = getattr(server.events, given["call"])(user, **given.get("with", {}))
        if given.get("wait", True):
            return web.json_response({"taken": await server.caller.send(event), "event": event})
        server.caller.send_later(event)
        return web.json_response({"event": event})

    async def picture(self, request: web.Request) -> web.Response:
        """A file on Zalo's own host; returns its address."""
        given = await request.json()
        self._server.files[given["name"]] = (given["media_type"], base64.b64decode(given["content"]))
        return web.json_response({"url": f"{self._server.address}/files/{given['name']}"})

    async def known(self, request: web.Request) -> web.Response:
        """{"users": […]}: all of them have just written."""
        for user in (await request.json())["users"]:
            self._server.spoke(user)
        return await self.state(request)

    async def tally(self, _: web.Request) -> web.Response:
        """How many people got something, how many got it twice, how many requests came too fast."""
        got = Counter(one.to for one in self._server.sent)
        twice = sum(count > 1 for count in got.values())
        refused = self._server.too_fast
        return web.json_response({"arrived": len(got), "twice": twice, "rate_refusals": refused})

    async def state(self, _: web.Request) -> web.Response:
        server, consent = self._server, self._server.consent
        return web.json_response(
            {
                "sent": [dataclasses.asdict(one) | {"payloads": one.payloads} for one in server.sent],
                "violations": server.violations,
                "tokens": {"access": consent.access, "refresh": consent.refresh},
                "renewals": consent.renewals,
                "refused_renewals": consent.refused,
                "statuses": server.caller.statuses,
                "tried": len(server.tried),
            }
        )


async def main(port: int) -> None:
    server = ZaloStandIn()
    async with stand_in(port, Control(server).routes(), server=server):
        print(f"stands in for Zalo at {server.address}", file=sys.stderr, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
