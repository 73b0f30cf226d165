"""Ports: conversations, what came in, what goes out, buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from backend.domain.conversation import ButtonRow, Conversation, InboxRow, OutboxRow
from backend.domain.messaging import Address, ChannelName, Incoming, Outgoing, Receipt
from backend.domain.retention import Kept
from backend.domain.understanding import Understanding


class Conversations(Protocol):
    def lock_or_start(self, address: Address, now: datetime) -> int:
        """The id of this address's conversation, its row locked until the transaction ends."""

    def lock(self, conversation_id: int) -> Conversation:
        """The conversation, its row locked until the transaction ends. Raises NotFound."""

    def get(self, conversation_id: int) -> Conversation: ...
    def find(self, address: Address) -> Conversation | None: ...
    def number(self, address: Address, now: datetime) -> tuple[int, int]:
        """Like ``lock_or_start``, and takes the next message number: (id, number)."""

    def save_state(self, conversation_id: int, state: Mapping[str, Any]) -> None: ...
    def speak(self, conversation_id: int, language: str) -> None:
        """Answer and notify in this language from now on; an ISO 639 code."""

    def erase(self, conversation_id: int) -> None:
        """Delete the conversation's messages, buttons, state and attachments for good."""

    def anonymise(self, conversation_id: int) -> None:
        """After ``erase``: the person's id at the channel goes as well, with all that still waits for an answer."""


class Inbox(Protocol):
    def add(
        self,
        conversation_id: int,
        seq: int,
        incoming: Incoming,
        now: datetime,
        holder: str,
        lease_until: datetime,
    ) -> int | None:
        """The new row's id, or None when this event was received before."""

    def find_event(self, address: Address, event_id: str) -> InboxRow | None: ...
    def get(self, inbox_id: int) -> InboxRow: ...
    def lowest_unfinished(self, conversation_id: int) -> InboxRow | None: ...
    def prepared(self, inbox_id: int, understood: Understanding, extracted: Sequence[str]) -> None: ...
    def finish(
        self,
        inbox_id: int,
        answered_by: str,
        now: datetime,
        reason: str = "",
        ready: tuple[Understanding, Sequence[str]] | None = None,
    ) -> None:
        """The message is answered; ``ready`` is its preparation when it is not on the row yet."""

    def blank(self, conversation_id: int) -> None:
        """Empty what this conversation's person wrote up to the message being answered, and what it was read as.

        Rows stay; messages that wait behind it are left alone.
        """

    def put_aside(self, inbox_id: int, now: datetime, reason: str) -> None: ...
    def failed_try(self, inbox_id: int, lease_until: datetime) -> int:
        """Count one more attempt; returns how many there were."""

    def claim_abandoned(
        self, holder: str, now: datetime, lease_until: datetime, limit: int, mine_too: bool
    ) -> Sequence[InboxRow]:
        """First unfinished rows of conversations whose lease ran out, now leased to ``holder``, attempts counted.

        ``mine_too`` takes every row of another holder at once: for a process alone with its database.
        """

    def replace_waiting(self, address: Address, event_id: str, text: str) -> bool:
        """Rewrite a message that still waits; False when it was already being answered."""

    def put_aside_rows(self, limit: int) -> Sequence[InboxRow]: ...
    def recent(self, conversation_id: int, after_id: int, limit: int) -> Sequence[InboxRow]: ...


class Outbox(Protocol):
    def blank(self, conversation_id: int) -> None:
        """Empty what was said to this conversation and has gone out; rows stay."""

    def add(
        self,
        conversation: Conversation,
        bodies: Iterable[Outgoing],
        now: datetime,
        *,
        inbox_id: int | None,
        kind: str = "reply",
        author: str = "bot",
        status: str = "queued",
        via: tuple[ChannelName, str] | None = None,
    ) -> Sequence[int]:
        """Ids of the new rows. ``via`` sends them by another channel and account than the conversation's own."""

    def replies_to(self, inbox_id: int) -> Sequence[OutboxRow]: ...
    def of(self, conversation_id: int, outbox_id: int) -> OutboxRow | None:
        """This row of this conversation; None for another's, too."""

    def claim(
        self,
        channel: ChannelName,
        account: str,
        now: datetime,
        lease_until: datetime,
        limit: int,
        *,
        quiet: bool = False,
    ) -> Sequence[OutboxRow]:
        """The next rows to send, at most one per conversation, words before notices, oldest first, now ``sending``.

        ``quiet`` leaves notices for the morning.
        """

    def sent(self, outbox_id: int, now: datetime, external_message_id: str) -> None: ...
    def sighted(self, receipt: Receipt) -> int:
        """Note that the channel says messages arrived or were read; returns how many rows changed."""

    def mark_sent(self, outbox_ids: Sequence[int], now: datetime) -> None: ...
    def retry(self, outbox_id: int, not_before: datetime, reason: str, *, counted: bool = True) -> None:
        """Send again, not before this instant; ``counted`` False where the try was not the message's own fault."""

    def failed(self, outbox_id: int, reason: str) -> None: ...
    def cancel_bot_rows(self, conversation_id: int) -> int: ...
    def cancel_notices(self, conversation_id: int) -> int:
        """Notices of this conversation that are queued and not yet sent."""

    def recent(self, conversation_id: int, after_id: int, limit: int) -> Sequence[OutboxRow]: ...
    def counts(self) -> Mapping[str, int]: ...


class Buttons(Protocol):
    def add(self, rows: Iterable[ButtonRow]) -> None: ...
    def get(self, conversation_id: int, button_id: str) -> ButtonRow | None: ...
    def latest(self, conversation_id: int) -> Sequence[ButtonRow]:
        """The buttons of the newest reply that had any, in order."""

    def use(self, button_id: str, now: datetime) -> bool:
        """Mark as used; False when it already was."""


class Blobs(Protocol):
    """Files that people sent, sealed at rest."""

    def add(self, conversation_id: int | None, media_type: str, content: bytes, now: datetime) -> int: ...
    def read(self, blob_id: int) -> bytes: ...


class Retention(Protocol):
    def old(self, kind: Kept, before: datetime) -> int:
        """How many rows of this kind ended before this instant."""

    def drop(self, kind: Kept, before: datetime, most: int) -> int:
        """Delete the oldest of them, at most ``most``; returns how many."""
