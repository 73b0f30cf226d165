"""Channels that are pushed to. Each is off until it is configured."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import structlog
from aiohttp import ClientSession, web

from backend.domain.messaging import ChannelName
from backend.domain.ports import MessageSender
from backend.settings import SettingError
from bot.app import Application, clock_of
from bot.channels.sms import SmsSender
from bot.channels.zalo.api import PER_MINUTE
from bot.channels.zalo.channel import Account, Surroundings, ZaloChannel
from bot.channels.zalo.shapes import Words
from bot.dialogue.deliver import Deliverer

log = structlog.get_logger(__name__)

#: A poller that stops renewing is replaced after this long.
POLL_LEASE_S = 30.0


async def add_pushed_channels(app: Application, stack: AsyncExitStack) -> list[web.RouteDef]:
    """Plug in what is configured; returns the webhook routes."""
    _sms(app, stack)
    return [*_telegram(app, stack), *_zalo(app, stack)]


def _telegram(app: Application, stack: AsyncExitStack) -> list[web.RouteDef]:
    settings = app.settings
    if not settings.telegram_token:
        return []
    from bot.channels.telegram.channel import TelegramChannel  # python-telegram-bot is slow to import

    async def holds_lease(name: str) -> bool:
        token = await app.db.write(
            lambda uow: uow.leases.take(name, app.holder, uow.now, uow.now + timedelta(seconds=POLL_LEASE_S))
        )
        return token is not None

    try:
        telegram = TelegramChannel(
            app.chat,
            holds_lease,
            token=settings.telegram_token,
            secret=settings.telegram_secret,
            api_url=settings.telegram_api,
            public_url=settings.public_url,
            read_blob=lambda blob: _blob(app, blob),
        )
    except ValueError as error:
        raise SettingError(f"MOTCUA_TELEGRAM_TOKEN or MOTCUA_TELEGRAM_SECRET: {error}") from None
    stack.push_async_callback(telegram.close)
    app.fetch[ChannelName.TELEGRAM] = telegram.fetch
    app.loops["telegram"] = telegram.run
    _deliver(app, ChannelName.TELEGRAM, telegram.account, telegram.sender)
    return telegram.routes()


def _zalo(app: Application, stack: AsyncExitStack) -> list[web.RouteDef]:
    """The Official Account's chat, and template messages to phones with the same consent."""
    settings = app.settings.zalo
    if not settings.app_id:
        return []
    if not settings.oa_secret:
        log.warning(
            "zalo_without_secret_key", advice="MOTCUA_ZALO_OA_SECRET: every event is refused until then"
        )
    account = Account(
        app_id=settings.app_id,
        app_secret=settings.app_secret,
        oa_id=settings.oa_id,
        oa_secret=settings.oa_secret,
        api=settings.api,
        oauth=settings.oauth,
        zns=settings.zns,
        file_hosts=settings.file_hosts,
        longest_wait_s=settings.longest_wait_s,
    )
    render = app.desk.replies.render
    around = Surroundings(
        app.db,
        app.holder,
        clock_of(app.settings),
        lambda blob: _blob(app, blob),
        Words(numbers=render("zalo/numbers"), contact=render("zalo/contact")),
    )
    zalo = ZaloChannel(app.chat, account, around)
    stack.push_async_callback(zalo.close)
    app.fetch[ChannelName.ZALO] = zalo.fetch
    app.loops["zalo_tokens"] = zalo.run
    app.reach = replace(app.reach, zns=zalo.account)
    _deliver(app, ChannelName.ZALO, zalo.account, zalo.sender, PER_MINUTE / 60)
    _deliver(app, ChannelName.ZNS, zalo.account, zalo.zns)
    return zalo.routes()


def _sms(app: Application, stack: AsyncExitStack) -> None:
    settings = app.settings
    if not settings.sms_url:
        return
    session = ClientSession()
    stack.push_async_callback(session.close)
    account = settings.sms_brand or "default"
    app.reach = replace(app.reach, sms=account)
    sender = SmsSender(session, settings.sms_url, settings.sms_key, settings.sms_brand)
    _deliver(app, ChannelName.SMS, account, sender)


def _deliver(
    app: Application, channel: ChannelName, account: str, sender: MessageSender, per_second: float = 25.0
) -> None:
    deliverer = Deliverer(app.db, app.hub, sender, channel, account, app.holder, per_second)
    app.loops[f"deliver_{channel}"] = deliverer.run


async def _blob(app: Application, blob: int) -> bytes:
    content: bytes = await app.db.read(lambda uow: uow.blobs.read(blob))
    return content
