"""The books after the disaster: what the database holds, held against what was sent and what was seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.db.tables.conversations import conversations, inbox, outbox
from backend.db.tables.reception import reception_bookings, reception_days
from backend.domain.conversation import OutboxRow
from backend.settings import Settings
from bot.app import open_store
from bot.channels.telegram.sender import pieces_of
from tests.e2e.recovery.clients import Town
from tests.e2e.recovery.slow_telegram import SlowTelegram

_STANDING = ("requested", "confirmed")


@dataclass(frozen=True)
class Books:
    """Every message and reply, oldest first, the words opened with the home's own key."""

    messages: Sequence[Any]  # rows of the inbox, with external_id
    replies: Mapping[int, Sequence[OutboxRow]]  # by inbox id
    outbox: Sequence[Any]  # raw rows
    bookings: Sequence[Any]
    days: Mapping[int, Any]

    @property
    def uncertain(self) -> int:
        return sum(row.uncertain for row in self.outbox)


def read_books(settings: Settings) -> Books:
    db = open_store(settings)
    try:
        return db.read_now(_read)
    finally:
        db.close()


def _read(uow: Any) -> Books:
    run = uow.connection.execute
    messages = run(
        select(inbox, conversations.c.external_id)
        .join(conversations, conversations.c.id == inbox.c.conversation_id)
        .order_by(inbox.c.id)
    ).all()
    return Books(
        messages=messages,
        replies={row.id: uow.outbox.replies_to(row.id) for row in messages},
        outbox=run(select(outbox).order_by(outbox.c.id)).all(),
        bookings=run(select(reception_bookings)).all(),
        days={row.id: row for row in run(select(reception_days))},
    )


def nothing_lost(books: Books, town: Town) -> None:
    """Every message that was sent is there once, answered by the bot, and none was put aside."""
    sent = [event for events in town.sent.values() for event in events]
    assert Counter(row.event_id for row in books.messages) == Counter(sent)
    assert {(row.status, row.answered_by) for row in books.messages} == {("done", "bot")}
    assert all(books.replies[row.id] for row in books.messages)


def nothing_out_of_order(books: Books, town: Town) -> None:
    """Sent, numbered and answered in the same order."""
    talks: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(books.messages, key=lambda row: (row.external_id, row.seq)):
        talks[row.external_id].append(row)
    for name, rows in talks.items():
        assert [row.event_id for row in rows] == town.sent[name], name
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1)), name
        done = [row.done_at for row in rows]
        assert done == sorted(done), name
        spoken = [reply.id for row in rows for reply in books.replies[row.id]]
        assert spoken == sorted(spoken), name


def nothing_twice(books: Books, town: Town) -> None:
    """One turn for each message: its replies are of one moment, that of its end, and as the caller saw them."""
    for row in books.messages:
        replies = books.replies[row.id]
        moments: set[datetime] = {reply.created_at for reply in replies}
        assert moments == {row.done_at}, row.id
        if row.event_id in town.seen:
            assert [(one.body.key, one.body.text) for one in replies] == town.seen[row.event_id]


def bookings_are_right(books: Books, wanted: int) -> dict[str, int]:
    """As many as conversations that booked, one each, no day fuller than it may be, every seat counted."""
    standing = [row for row in books.bookings if row.status in _STANDING]
    assert len(standing) == len(books.bookings) == wanted
    assert len({row.conversation_id for row in standing}) == wanted
    taken = Counter(row.day_id for row in standing)
    for day in books.days.values():
        assert day.booked == taken[day.id] <= day.capacity, day.id
    return {
        "bookings": wanted,
        "full_days": sum(day.booked == day.capacity > 0 for day in books.days.values()),
    }


def deliveries_are_counted(books: Books, telegram: SlowTelegram) -> dict[str, int]:
    """All rows for Telegram arrived; what was sent more than once is counted as uncertain, row by row.

    A row whose sender died twice is given up as dead: it must have arrived all the same.
    """
    states = {row.id: row for row in books.outbox if row.channel == "telegram"}
    dead = sum(row.status == "dead" for row in states.values())
    assert sum(row.status == "sent" for row in states.values()) == len(states) - dead
    wanted: Counter[tuple[int, str]] = Counter()
    allowed: Counter[tuple[int, str]] = Counter()
    for replies in books.replies.values():
        for reply in replies:
            if reply.id in states:
                chat = int(reply.address.external_id)
                for piece in pieces_of(reply.body, private=True):
                    wanted[chat, piece.text] += 1
                    allowed[chat, piece.text] += 1 + states[reply.id].uncertain
    copies = telegram.copies()
    assert set(copies) == set(wanted)
    assert all(wanted[one] <= copies[one] <= allowed[one] for one in wanted)
    return {"sent": copies.total(), "resent": copies.total() - wanted.total(), "given up after it": dead}


def first_copies_in_order(books: Books, telegram: SlowTelegram) -> None:
    """In each chat every message came first after all that stand before it."""
    for chat, said in telegram.sent.items():
        rows = [
            reply for row in books.messages if row.external_id == str(chat) for reply in books.replies[row.id]
        ]
        wanted = [piece.text for reply in rows for piece in pieces_of(reply.body, private=True)]
        heard = [str(one["text"]) for one in said]
        assert list(dict.fromkeys(heard)) == list(dict.fromkeys(wanted)), chat
