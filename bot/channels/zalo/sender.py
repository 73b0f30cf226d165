"""The way out: one ``Outgoing`` becomes as many Zalo messages as it needs.

Rates and order are kept by the deliverer. What must not happen here: a person's words in a log or an error.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from aiohttp import ClientError

from backend.domain.clock import VIETNAM, Clock
from backend.domain.delivery import Next, SendFailed
from backend.domain.errors import NotFound
from backend.domain.messaging import Outgoing, OutgoingFile
from bot.channels.partly import Partly
from bot.channels.zalo import shapes
from bot.channels.zalo.answers import NoConsent, Silent
from bot.channels.zalo.api import ReadBlob, Refused, ZaloApi
from bot.channels.zalo.errors import RATE_LIMIT_S, Meaning
from bot.channels.zalo.outage import Outage
from bot.channels.zalo.shapes import Piece, Words, pieces_of

log = structlog.get_logger(__name__)

#: A whole message is given up for now after this: the deliverer's own lease on it lasts 20 s.
SEND_S = 15.0
#: How long choices are numbered after Zalo has refused buttons, in seconds; then they are tried again.
PLAIN_S = 3600.0
#: The night that some kinds of message must respect ends at this hour (Asia/Ho_Chi_Minh).
DAWN_HOUR = 6


class ZaloSender:
    """``MessageSender`` for Zalo. ``external_id`` is the person's id for this Official Account."""

    def __init__(
        self,
        api: ZaloApi,
        words: Words,
        read_blob: ReadBlob,
        clock: Clock,
        longest_wait_s: float = RATE_LIMIT_S,
    ) -> None:
        self._api = api
        self._words = words
        self._read_blob = read_blob
        self._clock = clock
        self._partly = Partly()
        self._outage = Outage(longest_wait_s)
        self._plain_until = 0.0
        self._longest = shapes.LONGEST

    async def send(self, external_id: str, body: Outgoing) -> str:
        """Zalo's id of the last message sent.

        Raises:
            SendFailed: with what the deliverer should do next.
        """
        key = (external_id, body)
        try:
            async with asyncio.timeout(SEND_S):
                message_id = await self._pieces(external_id, body)
        except (Silent, TimeoutError, ClientError):
            raise self._outage.silence(key) from None
        except NoConsent as needed:
            raise SendFailed(f"no consent: {needed.reason}", Next.PAUSE, RATE_LIMIT_S) from None
        except NotFound:
            self._partly.forget(*key)
            raise SendFailed("a file of it is not kept any more", Next.GIVE_UP) from None
        except Refused as refusal:
            self._outage.answered(key)
            raise self._failure(refusal.meaning, external_id, body) from None
        except SendFailed:
            self._partly.forget(*key)
            raise
        self._outage.answered(key)
        self._partly.forget(*key)
        return message_id

    async def _pieces(self, person: str, body: Outgoing) -> str:
        plain = time.monotonic() < self._plain_until
        pieces, message_id, refused = self._cut(body, plain), "", False
        index = self._partly.sent(person, body)
        while index < len(pieces):
            piece = pieces[index]
            try:
                message_id = await self._one(person, piece)
            except Refused as refusal:
                if refusal.meaning.plain and piece.buttons:
                    plain = refused = True
                elif refusal.meaning.shorter and piece.text and not index and self._longest > shapes.SHORTER:
                    self._longest = shapes.SHORTER
                    log.warning("zalo_texts_shorter", longest=self._longest)
                else:
                    raise
                pieces = self._cut(body, plain)
                continue
            index += 1
            self._partly.remember(person, body, index)
        if refused:  # and without buttons it went: it is the buttons that Zalo does not take
            self._plain_until = time.monotonic() + PLAIN_S
            log.warning("zalo_buttons_refused", numbers_for_s=PLAIN_S)
        return message_id

    def _cut(self, body: Outgoing, plain: bool) -> Sequence[Piece]:
        return pieces_of(body, self._words, plain=plain, longest=self._longest)

    async def _one(self, person: str, piece: Piece) -> str:
        if piece.file:
            return await self._file(person, piece.file)
        if piece.asks:
            body = shapes.form_message(person, piece.asks, self._words)
        else:
            body = shapes.text_message(person, piece)
        return (await self._api.message(body)).word("message_id")

    async def _file(self, person: str, file: OutgoingFile) -> str:
        """Uploads do not last: one that has expired meanwhile is made once more."""
        content = await self._read_blob(file.blob_id)
        kind = "image" if file.media_type in shapes.PICTURES else "file"
        largest = shapes.LARGEST_PICTURE if kind == "image" else shapes.LARGEST_FILE
        if len(content) > largest or (kind == "file" and file.media_type not in shapes.FILES):
            raise SendFailed("a file that Zalo does not take", Next.GIVE_UP)
        try:
            return await self._uploaded(person, kind, file, content)
        except Refused as refusal:
            if not refusal.meaning.uploads_again:
                raise
        return await self._uploaded(person, kind, file, content)

    async def _uploaded(self, person: str, kind: str, file: OutgoingFile, content: bytes) -> str:
        answer = await self._api.upload(kind, file.name, content, file.media_type)
        if kind == "image":
            body = shapes.picture_message(person, file.name, answer.word("attachment_id"))
        else:
            body = shapes.file_message(person, answer.word("token"))
        return (await self._api.message(body)).word("message_id")

    def _failure(self, meaning: Meaning, person: str, body: Outgoing) -> SendFailed:
        if meaning.next is Next.GIVE_UP:
            self._partly.forget(person, body)
        after_s = until_dawn_s(self._clock.now()) if meaning.at_dawn else meaning.after_s
        return SendFailed(meaning.reason, meaning.next, after_s)


def until_dawn_s(now: datetime) -> float:
    """Seconds until the night is over; more than 0 in the day, too: then the next one's end."""
    local = now.astimezone(VIETNAM)
    dawn = local.replace(hour=DAWN_HOUR, minute=0, second=0, microsecond=0)
    return ((dawn if dawn > local else dawn + timedelta(days=1)) - local).total_seconds()
