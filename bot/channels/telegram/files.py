"""Fetching a file that a person sent: bounded in size and time."""

from __future__ import annotations

import asyncio

from telegram import Bot
from telegram.error import TelegramError

from backend.domain.messaging import Attachment
from bot.channels.telegram.contents import LARGEST_PHOTO

FETCH_S = 8.0


class NotFetched(OSError):
    """The file could not be had. The message carries neither its address nor the token in it."""


class TelegramFiles:
    """``fetch`` for the preparation of messages; ``largest`` in bytes."""

    def __init__(self, bot: Bot, largest: int = LARGEST_PHOTO) -> None:
        self._bot = bot
        self._largest = largest

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file's content.

        Raises:
            NotFetched: too large, gone, or Telegram is out of reach.
            TimeoutError: it took too long.
        """
        self._small_enough(attachment.size_bytes)
        async with asyncio.timeout(FETCH_S):
            try:
                file = await self._bot.get_file(attachment.reference)
                self._small_enough(file.file_size or 0)
                content = bytes(await file.download_as_bytearray())  # the Bot API itself stops at 20 MB
            except (TelegramError, RuntimeError, KeyError, TypeError, AttributeError) as error:
                raise NotFetched(type(error).__name__) from None
        self._small_enough(len(content))
        return content

    def _small_enough(self, size_bytes: int) -> None:
        if size_bytes > self._largest:
            raise NotFetched("too large")
