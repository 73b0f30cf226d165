"""The channels' view of conversations, on top of the pipeline and the database."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from backend.domain.conversation import OutboxRow
from backend.domain.errors import NotFound
from backend.domain.messaging import Address, Incoming, Outgoing, OutgoingFile, Receipt
from backend.domain.ports import Transactions, UnitOfWork
from backend.domain.viewer import Viewer
from backend.domain.work import event_id
from backend.services import departing
from bot.channels.ports import Line
from bot.dialogue.hub import Hub
from bot.dialogue.pipeline import Pipeline
from bot.dialogue.receive import LONGEST_TEXT

#: How often replies that reached their reader are marked as sent.
MARK_S = 0.2
#: How often one looks whether a message that was sent again has its answer.
LOOK_S = 0.25


class ChatDesk:
    """For channels that fetch their replies (web, REST, terminal) or push later (Telegram)."""

    def __init__(self, db: Transactions, pipeline: Pipeline, hub: Hub) -> None:
        self._db = db
        self._pipeline = pipeline
        self._hub = hub
        self._read: set[int] = set()  # outbox rows handed over, to be marked as sent

    async def accept(self, incoming: Incoming) -> int:
        return (await self._pipeline.accept(_cut(incoming))).seq

    async def converse(self, incoming: Incoming, patience_s: float) -> tuple[Sequence[Outgoing], bool]:
        until = time.monotonic() + patience_s
        receipt, answered = await self._pipeline.converse(_cut(incoming), patience_s)
        if answered is not None:
            self._read.update(answered.spoken.outbox_ids)
            return answered.spoken.messages, True
        return await self._answer_of(receipt.inbox_id, until)

    async def _answer_of(self, inbox_id: int, until: float) -> tuple[Sequence[Outgoing], bool]:
        """A message sent again: its answer was given before, or somebody is still at it, perhaps elsewhere."""
        while True:
            finished, rows = await self._db.read(lambda uow: _replies(uow, inbox_id))
            if finished or time.monotonic() >= until:
                self._read.update(row.id for row in rows)
                return [row.body for row in rows], finished
            await asyncio.sleep(LOOK_S)

    async def converse_whole(self, incoming: Incoming, patience_s: float) -> tuple[Sequence[Outgoing], bool]:
        """As ``converse``, with the slow products that this message ordered: for commands, which ask and end."""
        until = time.monotonic() + patience_s
        last = await self._db.read(lambda uow: _last_order(uow, incoming.address))
        replies, in_time = await self.converse(incoming, patience_s)
        for order in await self._db.read(lambda uow: _orders(uow, incoming.address, last)):
            found, came = await self._product(incoming.address, order, until)
            replies, in_time = [*replies, *found], in_time and came
        return replies, in_time

    async def _product(self, address: Address, order: int, until: float) -> tuple[Sequence[Outgoing], bool]:
        while time.monotonic() < until:
            event = await self._db.read(lambda uow: uow.inbox.find_event(address, event_id(order)))
            if event is not None:
                return await self._answer_of(event.id, until)
            await asyncio.sleep(LOOK_S)
        return (), False

    async def contents(self, replies: Sequence[Outgoing]) -> Mapping[int, bytes]:
        """The files of these replies by blob id; one that is no longer kept is left out."""
        wanted = [file.blob_id for one in replies for file in one.files]
        return await self._db.read(lambda uow: _contents(uow, wanted)) if wanted else {}

    async def file(self, address: Address, number: int, index: int) -> tuple[OutgoingFile, bytes] | None:
        return await self._db.read(lambda uow: _file(uow, address, number, index))

    async def start(self, address: Address) -> None:
        await self._db.write(lambda uow: uow.conversations.lock_or_start(address, uow.now))

    async def history(self, address: Address, after: int, limit: int = 100) -> Sequence[Line] | None:
        lines = await self._db.read(lambda uow: _lines(uow, address, after, limit))
        if lines:
            self._read.update(line.number for line in lines if line.number)
        return lines

    async def forget(self, address: Address) -> None:
        await self._db.write(lambda uow: _forget(uow, address))

    async def sighted(self, receipt: Receipt) -> None:
        await self._db.write(lambda uow: uow.outbox.sighted(receipt))

    async def left(self, address: Address) -> None:
        await self._db.write(lambda uow: departing.leave(uow, address))

    async def withdrawn(self, address: Address) -> None:
        await self._db.write(lambda uow: departing.withdraw_consent(uow, address))

    async def person_answered(self, address: Address) -> None:
        await self._db.write(lambda uow: departing.person_answered(uow, address))

    async def keep_file(self, address: Address, media_type: str, content: bytes) -> int:
        return await self._db.write(
            lambda uow: uow.blobs.add(
                uow.conversations.lock_or_start(address, uow.now), media_type, content, uow.now
            )
        )

    async def watch(self, address: Address) -> AbstractContextManager[asyncio.Queue[Any]] | None:
        found = await self._db.read(lambda uow: uow.conversations.find(address))
        return None if found is None else self._hub.watch(found.id)

    async def mark_read(self) -> None:
        """Record as sent, now and then, what was handed over; until cancelled."""
        while True:
            await asyncio.sleep(MARK_S)
            await self.flush()

    async def flush(self) -> None:
        if self._read:
            ids, self._read = sorted(self._read), set()
            await self._db.write(lambda uow: uow.outbox.mark_sent(ids, uow.now))


def _cut(incoming: Incoming) -> Incoming:
    return (
        replace(incoming, text=incoming.text[:LONGEST_TEXT])
        if len(incoming.text) > LONGEST_TEXT
        else incoming
    )


def _replies(uow: UnitOfWork, inbox_id: int) -> tuple[bool, Sequence[OutboxRow]]:
    try:
        finished = uow.inbox.get(inbox_id).status in {"done", "put_aside"}
    except NotFound:  # deleted meanwhile, at the person's own wish
        return True, ()
    return finished, uow.outbox.replies_to(inbox_id)


def _last_order(uow: UnitOfWork, address: Address) -> int:
    found = uow.conversations.find(address)
    return max(uow.work.since(found.id, 0), default=0) if found else 0


def _orders(uow: UnitOfWork, address: Address, after: int) -> Sequence[int]:
    found = uow.conversations.find(address)
    return uow.work.since(found.id, after) if found else ()


def _contents(uow: UnitOfWork, wanted: Sequence[int]) -> Mapping[int, bytes]:
    found = {}
    for blob in wanted:
        with contextlib.suppress(NotFound):
            found[blob] = uow.blobs.read(blob)
    return found


def _file(uow: UnitOfWork, address: Address, number: int, index: int) -> tuple[OutgoingFile, bytes] | None:
    """Only of this conversation: another one's number is like one that does not exist."""
    conversation = uow.conversations.find(address)
    row = uow.outbox.of(conversation.id, number) if conversation else None
    if row is None or row.status == "cancelled" or not 0 <= index < len(row.body.files):
        return None
    try:
        return row.body.files[index], uow.blobs.read(row.body.files[index].blob_id)
    except NotFound:
        return None


def _lines(uow: UnitOfWork, address: Address, after: int, limit: int) -> Sequence[Line] | None:
    conversation = uow.conversations.find(address)
    if conversation is None:
        return None
    asked = {} if after else {row.id: row for row in uow.inbox.recent(conversation.id, 0, limit)}
    said = uow.outbox.recent(conversation.id, max(after, 0), limit)
    offered = set(conversation.state.get("offered", ()))
    lines = [
        Line(
            number=row.id,
            author="bot" if row.author == "bot" else "person",
            text=row.body.text,
            at=row.created_at,
            message=row.body,
            client_id=_client_id(uow, asked, row.inbox_id),
            stale=not any(button.id in offered for button in row.body.buttons if button.id),
        )
        for row in said
        if row.status != "cancelled"
    ]
    mine = [
        Line(
            0, "me", row.incoming.text or "(ảnh)", row.received_at or uow.now, client_id=_own_id(row.incoming)
        )
        for row in asked.values()
    ]
    return sorted([*mine, *lines], key=lambda line: (line.at, line.number))


def _own_id(incoming: Incoming) -> str:
    return str(incoming.metadata.get("client_id", ""))


def _client_id(uow: UnitOfWork, asked: dict[int, Any], inbox_id: int | None) -> str:
    if inbox_id is None:
        return ""
    row = asked.get(inbox_id) or uow.inbox.get(inbox_id)
    return _own_id(row.incoming)


def _forget(uow: UnitOfWork, address: Address) -> None:
    conversation = uow.conversations.find(address)
    if conversation is not None:
        departing.forget_person(uow, Viewer(conversation.id, address))
