"""Channels that are pushed to. Each is off until it is configured."""

from __future__ import annotations

from contextlib import AsyncExitStack

from aiohttp import web

from bot.app import Application


async def add_pushed_channels(app: Application, stack: AsyncExitStack) -> list[web.RouteDef]:
    """Plug in what is configured; returns the webhook routes."""
    return []
