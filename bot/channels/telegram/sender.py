"""The way out: one ``Outgoing`` becomes as many Telegram messages as its length needs.

Rates and order are kept by the deliverer. What must not happen here: a person's words in a log or an error.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import Outgoing
from bot.channels.telegram.api import wait_of
from bot.channels.telegram.keyboards import contact_keyboard, inline_keyboard
from bot.channels.telegram.splitting import split

#: A whole message is given up for now after this: the deliverer's own lease on it lasts 20 s.
SEND_S = 15.0
#: Wait after a refused token, in seconds: the office has to correct the setting.
TOKEN_WAIT_S = 60.0
#: A message that failed half-way goes on from there when it is tried again within this time.
REMEMBERED_S = 900.0
_MOST_REMEMBERED = 1000
_Key = tuple[str, Outgoing]
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
#: Reasons that Telegram gives and that carry nothing of the message: they may be written down.
_REASONS = (
    "chat not found",
    "message is too long",
    "message text is empty",
    "peer_id_invalid",
    "not enough rights",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One physical message."""

    text: str
    markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | None = None


class TelegramSender:
    """``MessageSender`` for Telegram. ``external_id`` is the chat's id; a positive one is a private chat."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._partly: OrderedDict[_Key, tuple[int, float]] = OrderedDict()

    async def send(self, external_id: str, body: Outgoing) -> str:
        """Telegram's id of the last message sent.

        Raises:
            SendFailed: with what the deliverer should do next.
        """
        key = (external_id, body)
        try:
            async with asyncio.timeout(SEND_S):
                message_id = await self._with_or_without_links(key, external_id, body)
        except TimeoutError:
            raise SendFailed("no answer in time", Next.RETRY) from None
        except TelegramError as error:
            failure = _failure(error)
            if failure.next is Next.GIVE_UP:
                self._partly.pop(key, None)
            raise failure from None
        self._partly.pop(key, None)
        return message_id

    async def _with_or_without_links(self, key: _Key, chat: str, body: Outgoing) -> str:
        try:
            return await self._pieces(key, chat, body)
        except BadRequest as error:
            if not _button_refused(error):
                raise
        # An address that Telegram takes for no link, such as one inside the office's network. What was sent already
        # stays valid: links are added at the end, so the earlier pieces are the same.
        return await self._pieces(key, chat, with_written_links(body))

    async def _pieces(self, key: _Key, chat: str, body: Outgoing) -> str:
        pieces = pieces_of(body, private=int(chat) > 0)
        message_id = ""
        for index, piece in enumerate(pieces):
            if index >= self._sent_before(key):
                message_id = await self._one(chat, piece)
                self._remember(key, index + 1)
        return message_id

    async def _one(self, chat: str, piece: Piece) -> str:
        try:
            sent = await self._bot.send_message(
                int(chat), piece.text, reply_markup=piece.markup, link_preview_options=_NO_PREVIEW
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return ""  # it was sent, and the answer was of a shape that the library cannot read
        return str(sent.message_id)

    def _sent_before(self, key: _Key) -> int:
        sent, at = self._partly.get(key, (0, 0.0))
        return sent if time.monotonic() - at < REMEMBERED_S else 0

    def _remember(self, key: _Key, sent: int) -> None:
        self._partly[key] = (sent, time.monotonic())
        while len(self._partly) > _MOST_REMEMBERED:
            self._partly.popitem(last=False)


def pieces_of(body: Outgoing, *, private: bool) -> Sequence[Piece]:
    """The text in pieces, buttons below the last one.

    A message has one keyboard: with other buttons about, the request for the phone number follows by itself.
    Groups are never asked for a number.
    """
    texts = split(body.text)
    inline = inline_keyboard(body.buttons)
    asking = next((one for one in body.buttons if one.asks_contact), None) if private else None
    contact = contact_keyboard(asking) if asking else None
    pieces = [Piece(text) for text in texts[:-1]]
    if texts:
        pieces.append(Piece(texts[-1], inline or contact))
    if inline and asking:
        pieces.append(Piece(asking.title, contact))
    return pieces


def with_written_links(body: Outgoing) -> Outgoing:
    """The same message, its links in the text instead of in buttons."""
    links = [one for one in body.buttons if one.url]
    text = "\n".join([body.text, *(f"{one.title}: {one.url}" for one in links)])
    return replace(body, text=text, buttons=tuple(one for one in body.buttons if not one.url))


def _button_refused(error: BadRequest) -> bool:
    said = error.message.casefold()
    return "button" in said or "url" in said


def _failure(error: TelegramError) -> SendFailed:
    if isinstance(error, RetryAfter):
        return SendFailed("rate limit", Next.PAUSE, wait_of(error))
    if isinstance(error, InvalidToken):
        return SendFailed("token refused", Next.PAUSE, TOKEN_WAIT_S)
    if isinstance(error, Forbidden):
        return SendFailed("blocked by the person, or not in the group any more", Next.GIVE_UP)
    if isinstance(error, ChatMigrated):
        return SendFailed("the group has moved to another id", Next.GIVE_UP)
    if isinstance(error, BadRequest):
        said = error.message.casefold()
        known = next((reason for reason in _REASONS if reason in said), "")
        return SendFailed(f"refused: {known}" if known else "refused as a bad request", Next.GIVE_UP)
    return SendFailed("no answer in time" if isinstance(error, TimedOut) else "network", Next.RETRY)
