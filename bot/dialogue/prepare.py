"""Everything slow about a message, outside any transaction and bounded in time: downloads, QR codes, the parse."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import structlog

from backend.domain.messaging import Attachment, ChannelName, Incoming, Kind
from backend.domain.understanding import NOTHING, Understanding
from backend.text.codes import dossier_code_from_link, find_dossier_codes
from bot.dialogue.understanding import RasaClient

log = structlog.get_logger(__name__)

#: A channel's way to fetch a file; raises OSError or a subclass when it cannot.
Fetch = Callable[[Attachment], Awaitable[bytes]]
#: Texts of the QR codes in a picture; runs in a limited process.
ReadPhoto = Callable[[bytes], Awaitable[Sequence[str]]]

#: Words of a voice note; raises ValueError or an OSError when there are none to be had.
Hear = Callable[[bytes], Awaitable[str]]

PHOTO_S = 8.0
LARGEST_PHOTO = 8 * 1024 * 1024  # bytes
LARGEST_NOTE = 4 * 1024 * 1024  # bytes


class Preparation:
    def __init__(
        self,
        rasa: RasaClient,
        fetch: Mapping[ChannelName, Fetch],
        read_photo: ReadPhoto,
        hear: Hear | None = None,
    ) -> None:
        self._rasa = rasa
        self._fetch = fetch
        self._read_photo = read_photo
        self._hear = hear

    async def prepare(self, incoming: Incoming) -> tuple[Understanding, tuple[str, ...]]:
        """What the message means and the dossier codes its photo carries; never raises."""
        codes: tuple[str, ...] = ()
        photo = next((one for one in incoming.attachments if one.kind is Kind.PHOTO), None)
        if photo is not None:
            codes = await self._codes(incoming.address.channel, photo)
        if incoming.kind in (Kind.BUTTON, Kind.CONTACT, Kind.LOCATION, Kind.EVENT):
            return NOTHING, codes
        if incoming.kind is Kind.VOICE and not incoming.text.strip():
            return await self._listened(incoming), codes
        return await self._rasa.understand(incoming), codes

    async def _listened(self, incoming: Incoming) -> Understanding:
        """What a voice note means, with its words in ``heard``; NOTHING when nobody here could hear it."""
        fetch = self._fetch.get(incoming.address.channel)
        note = next((one for one in incoming.attachments if one.kind is Kind.VOICE), None)
        if self._hear is None or fetch is None or note is None or note.size_bytes > LARGEST_NOTE:
            return NOTHING
        try:
            words = await self._hear(await fetch(note))
        except (OSError, ValueError) as error:
            log.warning("voice_not_heard", channel=incoming.address.channel, error=type(error).__name__)
            return NOTHING
        if not words:
            return NOTHING
        read = await self._rasa.understand(replace(incoming, kind=Kind.TEXT, text=words))
        return replace(read, heard=words)

    async def _codes(self, channel: ChannelName, photo: Attachment) -> tuple[str, ...]:
        fetch = self._fetch.get(channel)
        if fetch is None or photo.size_bytes > LARGEST_PHOTO:
            return ()
        try:
            async with asyncio.timeout(PHOTO_S):
                texts = await self._read_photo(await fetch(photo))
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            log.warning("photo_not_read", channel=channel, error=type(error).__name__)
            return ()
        return tuple(dict.fromkeys(code for text in texts for code in codes_in(text)))


def codes_in(text: str) -> list[str]:
    """Dossier codes in a QR code's text: a link, or plain text."""
    linked = dossier_code_from_link(text) if "://" in text else None
    if linked:
        return [linked]
    return [one.value for one in find_dossier_codes(text) if not one.partial]
