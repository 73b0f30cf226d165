"""What the channels need from the floors above and beside them; ``bot/app.py`` plugs it in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from backend.domain.messaging import Address, Incoming, Outgoing, OutgoingFile, Receipt


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation's history. ``number`` is 0 for the person's own words."""

    number: int
    author: str  # me | bot | person
    text: str
    at: datetime
    message: Outgoing | None = None
    client_id: str = ""  # the page's own id of the message it answers, or of the person's own message
    stale: bool = False  # its buttons no longer work


class ConversationDesk(Protocol):
    """A channel's view of conversations."""

    async def accept(self, incoming: Incoming) -> int:
        """Store the message for good, answer later; returns its number in the conversation."""

    async def converse(self, incoming: Incoming, patience_s: float) -> tuple[Sequence[Outgoing], bool]:
        """Store and wait: the replies to this message, and whether it was answered in time."""

    async def contents(self, replies: Sequence[Outgoing]) -> Mapping[int, bytes]:
        """The files of these replies by blob id; one that is no longer kept is left out."""

    async def file(self, address: Address, number: int, index: int) -> tuple[OutgoingFile, bytes] | None:
        """One file of one line of this conversation's history; None when it has no such file."""

    async def start(self, address: Address) -> None:
        """Make the conversation, without a message."""

    async def history(self, address: Address, after: int, limit: int = 100) -> Sequence[Line] | None:
        """Lines after this number, oldest first; everything when 0. None when there is no such conversation."""

    async def forget(self, address: Address) -> None:
        """Delete this conversation's messages for good."""

    async def sighted(self, receipt: Receipt) -> None:
        """Note that messages of ours arrived or were read."""

    async def left(self, address: Address) -> None:
        """This person may not be written to any more, until they come back: notices stop."""

    async def withdrawn(self, address: Address) -> None:
        """This person took back their consent: erase them, their words and what was to be sent."""

    async def person_answered(self, address: Address) -> None:
        """An officer answered this person in the channel's own tool."""

    async def keep_file(self, address: Address, media_type: str, content: bytes) -> int:
        """Store a file, sealed; returns its blob id."""

    async def watch(self, address: Address) -> AbstractContextManager[asyncio.Queue[Any]] | None:
        """Signals of this conversation (``typing``: True, False, or None for new words)."""
