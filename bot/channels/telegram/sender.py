"""The way out: one ``Outgoing`` becomes as many Telegram messages as its length needs.

Rates and order are kept by the deliverer. What must not happen here: a person's words in a log or an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyKeyboardMarkup
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
from backend.domain.errors import NotFound
from backend.domain.messaging import Outgoing, OutgoingFile
from bot.channels.partly import Partly
from bot.channels.splitting import split
from bot.channels.telegram.api import wait_of
from bot.channels.telegram.keyboards import contact_keyboard, inline_keyboard

#: The content of a file of ours, by its blob id. Raises NotFound.
ReadBlob = Callable[[int], Awaitable[bytes]]

#: Telegram's longest text, in UTF-16 units.
LONGEST = 4096
#: Larger pictures go as files (bytes).
LARGEST_PICTURE = 10 * 1024 * 1024
_PICTURES = ("image/jpeg", "image/png")
#: A whole message is given up for now after this: the deliverer's own lease on it lasts 20 s.
SEND_S = 15.0
#: Wait after a refused token, in seconds: the office has to correct the setting.
TOKEN_WAIT_S = 60.0
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
    """One physical message: a text, or a file."""

    text: str
    markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | None = None
    file: OutgoingFile | None = None


class TelegramSender:
    """``MessageSender`` for Telegram. ``external_id`` is the chat's id; a positive one is a private chat."""

    def __init__(self, bot: Bot, read_blob: ReadBlob | None = None) -> None:
        self._bot = bot
        self._read_blob = read_blob
        self._partly = Partly()

    async def send(self, external_id: str, body: Outgoing) -> str:
        """Telegram's id of the last message sent.

        Raises:
            SendFailed: with what the deliverer should do next.
        """
        try:
            async with asyncio.timeout(SEND_S):
                message_id = await self._with_or_without_links(external_id, body)
        except TimeoutError:
            raise SendFailed("no answer in time", Next.RETRY) from None
        except NotFound:
            self._partly.forget(external_id, body)
            raise SendFailed("a file of it is not kept any more", Next.GIVE_UP) from None
        except TelegramError as error:
            failure = _failure(error)
            if failure.next is Next.GIVE_UP:
                self._partly.forget(external_id, body)
            raise failure from None
        self._partly.forget(external_id, body)
        return message_id

    async def _with_or_without_links(self, chat: str, body: Outgoing) -> str:
        try:
            return await self._pieces(chat, body, body)
        except BadRequest as error:
            if not _button_refused(error):
                raise
        # An address that Telegram takes for no link, such as one inside the office's network. What was sent already
        # stays valid: links are added at the end, so the earlier pieces are the same.
        return await self._pieces(chat, body, with_written_links(body))

    async def _pieces(self, chat: str, body: Outgoing, shown: Outgoing) -> str:
        """Send ``shown``, which is ``body`` or another way to say it."""
        pieces = pieces_of(shown, private=int(chat) > 0)
        message_id = ""
        for index, piece in enumerate(pieces):
            if index >= self._partly.sent(chat, body):
                message_id = await self._one(int(chat), piece)
                self._partly.remember(chat, body, index + 1)
        return message_id

    async def _one(self, chat: int, piece: Piece) -> str:
        content = await self._content(piece.file) if piece.file else b""
        try:
            if piece.file:
                sent = await self._file(chat, piece.file, content)
            else:
                sent = await self._bot.send_message(
                    chat, piece.text, reply_markup=piece.markup, link_preview_options=_NO_PREVIEW
                )
        except (KeyError, TypeError, ValueError, AttributeError):
            return ""  # it was sent, and the answer was of a shape that the library cannot read
        return str(sent.message_id)

    async def _content(self, file: OutgoingFile) -> bytes:
        if self._read_blob is None:
            raise NotFound()
        return await self._read_blob(file.blob_id)

    async def _file(self, chat: int, file: OutgoingFile, content: bytes) -> Message:
        if file.media_type in _PICTURES and len(content) <= LARGEST_PICTURE:
            return await self._bot.send_photo(chat, content, filename=file.name)
        return await self._bot.send_document(chat, content, filename=file.name)


def pieces_of(body: Outgoing, *, private: bool) -> Sequence[Piece]:
    """The text in pieces, buttons below the last one; then the files.

    A message has one keyboard: with other buttons about, the request for the phone number follows by itself.
    Groups are never asked for a number.
    """
    texts = split(body.text, LONGEST)
    inline = inline_keyboard(body.buttons)
    asking = next((one for one in body.buttons if one.asks_contact), None) if private else None
    contact = contact_keyboard(asking) if asking else None
    pieces = [Piece(text) for text in texts[:-1]]
    if texts:
        pieces.append(Piece(texts[-1], inline or contact))
    if inline and asking:
        pieces.append(Piece(asking.title, contact))
    return [*pieces, *(Piece("", file=one) for one in body.files)]


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
