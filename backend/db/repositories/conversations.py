"""Conversations and the buttons offered in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.hot import Hot
from backend.db.tables.conversations import blobs, inbox, outbox
from backend.db.tables.conversations import buttons as b
from backend.db.tables.conversations import conversations as c
from backend.db.tables.petitions import petition_files
from backend.db.tables.running import work
from backend.domain.conversation import ButtonRow, Conversation
from backend.domain.errors import NotFound
from backend.domain.messaging import Address, ChannelName

_STATE = "conversations.state"
_PAYLOAD = "buttons.payload"

_AT = (
    (c.c.channel == bindparam("channel"))
    & (c.c.account == bindparam("account"))
    & (c.c.external_id == bindparam("external_id"))
)
_FIND = select(c).where(_AT)
_GET = select(c).where(c.c.id == bindparam("id"))
_LOCK = Hot(_GET.with_for_update())


def _start(kind: Any) -> Any:
    """Insert or lock, in one statement: the new row's or the present row's id and next message number."""
    row = kind.insert(c).values(
        channel=bindparam("channel"),
        account=bindparam("account"),
        external_id=bindparam("external_id"),
        epoch=0,
        owner="bot",
        language="vi",
        last_seq=bindparam("first"),
        created_at=bindparam("now"),
        last_at=bindparam("now"),
    )
    return row.on_conflict_do_update(
        index_elements=[c.c.channel, c.c.account, c.c.external_id],
        set_={"last_seq": c.c.last_seq + row.excluded.last_seq, "last_at": row.excluded.last_at},
    ).returning(c.c.id, c.c.last_seq)


_START = Hot(postgresql=_start(postgresql), sqlite=_start(sqlite))
_SAVE = Hot(update(c).where(c.c.id == bindparam("conversation")).values(state=bindparam("sealed")))
_SPEAK = update(c).where(c.c.id == bindparam("conversation")).values(language=bindparam("spoken"))
_ADD_BUTTON = Hot(insert(b))
_BUTTON = Hot(select(b).where(b.c.id == bindparam("id"), b.c.conversation_id == bindparam("conversation")))
_NEWEST = (
    select(b.c.inbox_id)
    .where(b.c.conversation_id == bindparam("conversation"), b.c.inbox_id.is_not(None))
    .order_by(b.c.inbox_id.desc())
    .limit(1)
    .scalar_subquery()
)
_LATEST = (
    select(b)
    .where(b.c.conversation_id == bindparam("conversation"), b.c.inbox_id == _NEWEST)
    .order_by(b.c.position)
)
_USE = update(b).where(b.c.id == bindparam("button"), b.c.used_at.is_(None)).values(used_at=bindparam("now"))


def _first_unfinished() -> Any:
    row = inbox.alias()
    return (
        select(func.min(row.c.seq))
        .where(row.c.conversation_id == bindparam("conversation"), row.c.status.in_(["received", "prepared"]))
        .scalar_subquery()
    )


class SqlConversations:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def lock_or_start(self, address: Address, now: datetime) -> int:
        return self._start(address, now, 0)[0]

    def number(self, address: Address, now: datetime) -> tuple[int, int]:
        return self._start(address, now, 1)

    def _start(self, address: Address, now: datetime, step: int) -> tuple[int, int]:
        place = {"channel": address.channel, "account": address.account, "external_id": address.external_id}
        row = _START.first(self._db, {**place, "now": now, "first": step})
        if row is None:
            raise LookupError("a conversation is neither there nor new")
        return int(row.id), int(row.last_seq)

    def lock(self, conversation_id: int) -> Conversation:
        return self._one(_LOCK.first(self._db, {"id": conversation_id}))

    def get(self, conversation_id: int) -> Conversation:
        return self._one(self._db.execute(_GET, {"id": conversation_id}).first())

    def find(self, address: Address) -> Conversation | None:
        place = {"channel": address.channel, "account": address.account, "external_id": address.external_id}
        row = self._db.execute(_FIND, place).first()
        return None if row is None else self._one(row)

    def save_state(self, conversation_id: int, state: Mapping[str, Any]) -> None:
        sealed = self._cipher.seal_json(state, _STATE) if state else None
        _SAVE.run(self._db, {"conversation": conversation_id, "sealed": sealed})

    def speak(self, conversation_id: int, language: str) -> None:
        self._db.execute(_SPEAK, {"conversation": conversation_id, "spoken": language})

    def erase(self, conversation_id: int) -> None:
        mine = {"conversation": conversation_id}
        for table in (b, outbox, work):
            self._db.execute(delete(table).where(table.c.conversation_id == bindparam("conversation")), mine)
        # What hangs on a filed petition stays with it for its statutory time.
        kept = select(petition_files.c.blob_id).where(petition_files.c.blob_id.is_not(None))
        loose = (blobs.c.conversation_id == bindparam("conversation")) & blobs.c.id.not_in(kept)
        self._db.execute(delete(blobs).where(loose), mine)
        here = inbox.c.conversation_id == bindparam("conversation")
        self._db.execute(delete(inbox).where(here, inbox.c.status.in_(["done", "put_aside"])), mine)
        # The message being answered right now stays as an empty row: its turn has yet to be finished.
        blank = {"body": self._cipher.seal_json({}, "inbox.body"), "parse": None}
        self._db.execute(update(inbox).where(here, inbox.c.seq == _first_unfinished()).values(**blank), mine)
        _SAVE.run(self._db, {**mine, "sealed": None})

    def anonymise(self, conversation_id: int) -> None:
        self._db.execute(delete(inbox).where(inbox.c.conversation_id == conversation_id))
        gone = update(c).where(c.c.id == conversation_id)
        self._db.execute(gone.values(external_id=f"withdrawn:{conversation_id}"))

    def _one(self, row: Row[Any] | None) -> Conversation:
        if row is None:
            raise NotFound()
        return Conversation(
            id=row.id,
            address=Address(ChannelName(row.channel), row.account, row.external_id),
            epoch=row.epoch,
            owner=row.owner,
            state=self._cipher.open_json(row.state, _STATE) if row.state else {},
            last_seq=row.last_seq,
            language=row.language,
        )


class SqlButtons:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, rows: Iterable[ButtonRow]) -> None:
        values = [
            {
                "id": row.id,
                "conversation_id": row.conversation_id,
                "inbox_id": row.inbox_id,
                "position": row.position,
                "epoch": row.epoch,
                "form_instance": row.form_instance,
                "payload": self._cipher.seal_json(dict(row.payload), _PAYLOAD),
                "single_use": row.single_use,
                "expires_at": row.expires_at,
            }
            for row in rows
        ]
        _ADD_BUTTON.many(self._db, values)

    def get(self, conversation_id: int, button_id: str) -> ButtonRow | None:
        row = _BUTTON.first(self._db, {"id": button_id, "conversation": conversation_id})
        return None if row is None else self._one(row)

    def latest(self, conversation_id: int) -> Sequence[ButtonRow]:
        return [self._one(row) for row in self._db.execute(_LATEST, {"conversation": conversation_id})]

    def use(self, button_id: str, now: datetime) -> bool:
        return self._db.execute(_USE, {"button": button_id, "now": now}).rowcount == 1

    def _one(self, row: Row[Any]) -> ButtonRow:
        return ButtonRow(
            id=row.id,
            conversation_id=row.conversation_id,
            inbox_id=row.inbox_id,
            position=row.position,
            epoch=row.epoch,
            form_instance=row.form_instance,
            payload=self._cipher.open_json(row.payload, _PAYLOAD),
            single_use=row.single_use,
            expires_at=row.expires_at,
            used_at=row.used_at,
        )
