"""The Telegram channel as the composition root sees it: routes, a sender, a way to fetch files, a loop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiohttp import web
from telegram import BotCommand
from telegram.error import TelegramError

from backend.domain.messaging import Attachment
from backend.domain.ports import MessageSender
from bot.channels.ports import ConversationDesk
from bot.channels.telegram.addressed import Me
from bot.channels.telegram.api import ALLOWED, TelegramApi
from bot.channels.telegram.courtesy import Courtesy
from bot.channels.telegram.files import TelegramFiles
from bot.channels.telegram.intake import TelegramIntake
from bot.channels.telegram.polling import HoldsLease, TelegramPoller
from bot.channels.telegram.sender import ReadBlob, TelegramSender
from bot.channels.telegram.webhook import PATH, TelegramWebhook

log = structlog.get_logger(__name__)

#: The menu beside the input line: command and what it does.
MENU = (("start", "Bắt đầu"), ("help", "Tôi giúp được những gì"), ("huy", "Bỏ việc đang làm dở"))
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LONGEST_WAIT_S = 60.0


class BadSecret(ValueError):
    """A webhook secret that Telegram would not take. The message never repeats it."""

    def __init__(self) -> None:
        super().__init__("a webhook secret has 1 to 256 characters of A-Z, a-z, 0-9, _ and -")


class TelegramChannel:
    """``public_url`` empty: polls; else Telegram is told to call ``public_url`` and must send ``secret`` along.

    ``holds_lease(name)`` takes or renews the lease of that name for at least 30 s and tells whether this process
    has it: only one process polls.

    Raises:
        BadToken: ``token`` is not one.
        BadSecret: there is a public address but no usable secret.
    """

    def __init__(
        self,
        desk: ConversationDesk,
        holds_lease: HoldsLease,
        *,
        token: str,
        secret: str = "",
        api_url: str = "",
        public_url: str = "",
        menu: Sequence[tuple[str, str]] = MENU,
        read_blob: ReadBlob | None = None,
    ) -> None:
        if (public_url or secret) and not _SECRET.fullmatch(secret):
            raise BadSecret
        self._api = TelegramApi(token, api_url)
        self._secret = secret
        self._public_url = public_url.rstrip("/")
        self._menu = menu
        self._courtesy = Courtesy(self._api.bot)
        self._intake = TelegramIntake(desk, self._courtesy, Me(int(self._api.account)))
        self._poller = TelegramPoller(self._api, self._intake.take, holds_lease)
        self._webhook = TelegramWebhook(self._intake.take, secret)
        self._files = TelegramFiles(self._api.bot)
        self.sender: MessageSender = TelegramSender(self._api.bot, read_blob)

    @property
    def account(self) -> str:
        """The bot's own id: the ``account`` of every address here."""
        return self._api.account

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._webhook.handle)]

    async def fetch(self, attachment: Attachment) -> bytes:
        """A file's content. Raises OSError (see ``TelegramFiles.fetch``)."""
        return await self._files.fetch(attachment)

    async def run(self) -> None:
        """Introduce the bot and receive until cancelled; trouble with Telegram is waited out."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_until_done("telegram_introduction", self._introduce))
            if self._public_url:
                tasks.create_task(_until_done("telegram_webhook", self._register))
            else:
                tasks.create_task(self._poller.run())
            await asyncio.Event().wait()

    async def close(self) -> None:
        await self._courtesy.close()
        await self._api.close()

    async def _introduce(self) -> None:
        me = await self._api.bot.get_me()
        self._intake.me = Me(int(self._api.account), me.username or "")
        try:
            await self._api.bot.set_my_commands([BotCommand(name, does) for name, does in self._menu])
        except TelegramError as error:  # the menu is a convenience
            log.warning("telegram_menu_not_set", error=type(error).__name__)

    async def _register(self) -> None:
        await self._api.bot.set_webhook(
            f"{self._public_url}{PATH}",
            secret_token=self._secret,
            allowed_updates=ALLOWED,
            drop_pending_updates=False,
        )
        log.info("telegram_webhook_set")


async def _until_done(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Try until it works; say so when it does not."""
    wait_s = 1.0
    while True:
        try:
            await step()
        except TelegramError as error:
            log.warning(f"{name}_failed", error=type(error).__name__, again_in_s=wait_s)
            await asyncio.sleep(wait_s)
            wait_s = min(_LONGEST_WAIT_S, wait_s * 2)
            continue
        return
