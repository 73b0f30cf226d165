"""The Zalo channel as the composition root sees it: routes, two senders, a way to fetch files, a loop."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
from aiohttp import web

from backend.domain.clock import Clock
from backend.domain.messaging import Attachment
from backend.domain.ports import MessageSender, Transactions
from bot.channels.ports import ConversationDesk
from bot.channels.zalo.api import ReadBlob, ZaloApi
from bot.channels.zalo.files import ZaloFiles
from bot.channels.zalo.intake import ZaloIntake
from bot.channels.zalo.oauth import ZaloOauth
from bot.channels.zalo.sender import ZaloSender
from bot.channels.zalo.shapes import Words
from bot.channels.zalo.tokens import TokenKeeper
from bot.channels.zalo.webhook import PATH, ZaloWebhook
from bot.channels.zalo.zns import PhoneOf, ZnsSender


@dataclass(frozen=True, slots=True)
class Account:
    """The app, the Official Account, and where Zalo is; empty addresses are the official ones."""

    app_id: str
    app_secret: str
    oa_id: str
    oa_secret: str = ""  # empty: every event is refused
    api: str = ""
    oauth: str = ""
    zns: str = ""
    file_hosts: tuple[str, ...] = (".zdn.vn",)
    longest_wait_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the channel stands on."""

    db: Transactions
    holder: str
    clock: Clock
    read_blob: ReadBlob
    words: Words
    phone_of: PhoneOf | None = None


class ZaloChannel:
    """Made inside a running event loop; closed by ``close``."""

    def __init__(self, desk: ConversationDesk, account: Account, around: Surroundings) -> None:
        self.account = account.oa_id
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=True)
        oauth = ZaloOauth(self._session, account.app_id, account.app_secret, account.oauth)
        self._tokens = TokenKeeper(around.db, oauth, account.oa_id, around.holder, around.clock)
        api = ZaloApi(self._session, self._tokens, account.api, account.zns)
        intake = ZaloIntake(desk, account.oa_id)
        self._webhook = ZaloWebhook(intake.take, account.app_id, account.oa_secret)
        self._files = ZaloFiles(self._session, account.file_hosts, account.api)
        wait_s = account.longest_wait_s
        self.sender: MessageSender = ZaloSender(api, around.words, around.read_blob, around.clock, wait_s)
        self.zns: MessageSender = ZnsSender(api, around.phone_of, wait_s)

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._webhook.handle)]

    async def fetch(self, attachment: Attachment) -> bytes:
        """A file's content. Raises OSError (see ``ZaloFiles.fetch``)."""
        return await self._files.fetch(attachment)

    async def run(self) -> None:
        """Keep the access token alive, until cancelled."""
        await self._tokens.run()

    async def close(self) -> None:
        await self._tokens.close()
        await self._session.close()
