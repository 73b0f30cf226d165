"""Fetching what a person sent: from Zalo's own hosts only, bounded in size and time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp

from backend.domain.messaging import Attachment
from bot.channels.bodies import read_up_to

FETCH_S = 8.0
#: Larger files are not read (bytes).
LARGEST = 8 * 1024 * 1024


class NotFetched(OSError):
    """The file could not be had. The message carries neither its address nor its name."""


class ZaloFiles:
    """``hosts``: names that an address may have; one that begins with a dot stands for all below it.

    ``stand_in``: the address of a server that stands in for Zalo, whose files may be fetched as well; "" for none.
    """

    def __init__(
        self, session: aiohttp.ClientSession, hosts: Sequence[str], stand_in: str = "", largest: int = LARGEST
    ) -> None:
        self._session = session
        self._hosts = tuple(one.casefold() for one in hosts)
        self._stand_in = stand_in
        self._largest = largest

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's content.

        Raises:
            NotFetched: not Zalo's address, too large, or gone.
            TimeoutError: it took too long.
        """
        if attachment.size_bytes > self._largest:
            raise NotFetched("too large")
        if not self.allowed(attachment.reference):
            raise NotFetched("not an address of Zalo's files")
        async with asyncio.timeout(FETCH_S):
            try:
                # Anybody who can be signed for could else send us on to where they like.
                async with self._session.get(attachment.reference, allow_redirects=False) as answer:
                    if answer.status != 200:
                        raise NotFetched(f"status {answer.status}")
                    content = await read_up_to(answer.content, answer.content_length, self._largest)
            except (aiohttp.ClientError, ValueError) as error:
                raise NotFetched(type(error).__name__) from None
        if content is None:
            raise NotFetched("too large")
        return content

    def allowed(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").casefold(), parts.port
        except ValueError:
            return False
        if self._stand_in and f"{parts.scheme}://{parts.netloc}" == self._stand_in:
            return True
        if parts.scheme != "https" or port not in (None, 443) or parts.username is not None:
            return False
        return any(
            host == one.lstrip(".") or (one.startswith(".") and host.endswith(one)) for one in self._hosts
        )
