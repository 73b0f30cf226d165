"""The first commit of a message: stored once, numbered in its conversation, before anybody is told "received"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from backend.domain.messaging import Incoming, Kind
from backend.domain.ports import UnitOfWork

#: Longer messages are cut; nobody types this much in a chat, programs do.
LONGEST_TEXT = 8000


@dataclass(frozen=True, slots=True)
class Receipt:
    """``inbox_id`` of the stored row; ``repeated`` when this event had been received before."""

    inbox_id: int
    conversation_id: int
    seq: int
    repeated: bool


def receive(uow: UnitOfWork, incoming: Incoming, holder: str, lease_s: float) -> Receipt:
    """Store one message under its conversation's row lock; a repeated event changes nothing."""
    if incoming.kind is Kind.EDITED and uow.inbox.replace_waiting(
        incoming.address, incoming.edits, incoming.text
    ):
        row = uow.inbox.find_event(incoming.address, incoming.edits)
        if row is not None:
            return Receipt(row.id, row.conversation_id, row.seq, repeated=True)
    known = uow.inbox.find_event(incoming.address, incoming.event_id)
    if known is not None:
        return Receipt(known.id, known.conversation_id, known.seq, repeated=True)
    conversation_id, seq = uow.conversations.number(incoming.address, uow.now)
    until = uow.now + timedelta(seconds=lease_s)
    inbox_id = uow.inbox.add(conversation_id, seq, incoming, uow.now, holder, until)
    if inbox_id is None:  # the same event came twice at once; the other one has it by now
        known = uow.inbox.find_event(incoming.address, incoming.event_id)
        if known is None:
            raise LookupError("an event is there and is not")
        return Receipt(known.id, known.conversation_id, known.seq, repeated=True)
    return Receipt(inbox_id, conversation_id, seq, repeated=False)
