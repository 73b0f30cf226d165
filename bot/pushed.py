"""Channels that are pushed to. Each is off until it is configured."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta

from aiohttp import web

from backend.domain.messaging import ChannelName
from backend.settings import SettingError
from bot.app import Application
from bot.dialogue.deliver import Deliverer

#: A poller that stops renewing is replaced after this long.
POLL_LEASE_S = 30.0


async def add_pushed_channels(app: Application, stack: AsyncExitStack) -> list[web.RouteDef]:
    """Plug in what is configured; returns the webhook routes."""
    if not app.settings.telegram_token:
        return []
    from bot.channels.telegram.channel import TelegramChannel  # python-telegram-bot is slow to import

    async def holds_lease(name: str) -> bool:
        token = await app.db.write(
            lambda uow: uow.leases.take(name, app.holder, uow.now, uow.now + timedelta(seconds=POLL_LEASE_S))
        )
        return token is not None

    settings = app.settings
    try:
        telegram = TelegramChannel(
            app.chat,
            holds_lease,
            token=settings.telegram_token,
            secret=settings.telegram_secret,
            api_url=settings.telegram_api,
            public_url=settings.public_url,
        )
    except ValueError as error:
        raise SettingError(f"MOTCUA_TELEGRAM_TOKEN or MOTCUA_TELEGRAM_SECRET: {error}") from None
    stack.push_async_callback(telegram.close)
    app.fetch[ChannelName.TELEGRAM] = telegram.fetch
    deliverer = Deliverer(
        app.db, app.hub, telegram.sender, ChannelName.TELEGRAM, telegram.account, app.holder
    )
    app.loops["telegram"] = telegram.run
    app.loops["deliver_telegram"] = deliverer.run
    return telegram.routes()
