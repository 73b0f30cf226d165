"""What came in: received once, kept in order, claimed by lease."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from backend.db.crypto import Cipher
from backend.db.hot import Hot
from backend.db.repositories.shapes import (
    incoming_from_json,
    incoming_to_json,
)
from backend.db.tables.conversations import conversations, inbox
from backend.domain.conversation import InboxRow
from backend.domain.errors import NotFound
from backend.domain.messaging import Address, ChannelName, Incoming
from backend.domain.understanding import Understanding

_BODY = "inbox.body"
_PARSE = "inbox.parse"
# Written out, not bound: only so does SQLite see that its partial index fits.
_UNFINISHED = inbox.c.status.in_([literal_column("'received'"), literal_column("'prepared'")])

_ROW = select(inbox, conversations.c.external_id).join(
    conversations, conversations.c.id == inbox.c.conversation_id
)
_GET = Hot(_ROW.where(inbox.c.id == bindparam("id")))
_EVENT = Hot(
    _ROW.where(
        inbox.c.channel == bindparam("channel"),
        inbox.c.account == bindparam("account"),
        inbox.c.event_id == bindparam("event_id"),
    )
)
_LOWEST = Hot(
    _ROW.where(inbox.c.conversation_id == bindparam("conversation"), _UNFINISHED)
    .order_by(inbox.c.seq)
    .limit(1)
)
_RECENT = (
    _ROW.where(inbox.c.conversation_id == bindparam("conversation"), inbox.c.id > bindparam("after"))
    .order_by(inbox.c.id.desc())
    .limit(bindparam("most"))
)
_ASIDE = _ROW.where(inbox.c.status == "put_aside").order_by(inbox.c.id.desc()).limit(bindparam("most"))
_PREPARED = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.status == "received")
    .values(status="prepared", parse=bindparam("sealed"), model_id=bindparam("model"))
)
_FINISH = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(
        status=bindparam("new_status"),
        answered_by=bindparam("who"),
        done_at=bindparam("now"),
        reason=bindparam("why"),
        lease_holder=None,
        lease_until=None,
    )
)
_FINISH_READY = Hot(_FINISH.values(parse=bindparam("sealed"), model_id=bindparam("model")))
_ADD = Hot(
    postgresql=postgresql.insert(inbox).on_conflict_do_nothing().returning(inbox.c.id),
    sqlite=sqlite.insert(inbox).on_conflict_do_nothing().returning(inbox.c.id),
)
_TRY = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(attempts=inbox.c.attempts + 1, lease_until=bindparam("until"))
    .returning(inbox.c.attempts)
)


class SqlInbox:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher
        self._blanked = False

    def add(
        self,
        conversation_id: int,
        seq: int,
        incoming: Incoming,
        now: datetime,
        holder: str,
        lease_until: datetime,
    ) -> int | None:
        row = {
            "conversation_id": conversation_id,
            "seq": seq,
            "channel": incoming.address.channel,
            "account": incoming.address.account,
            "event_id": incoming.event_id,
            "kind": incoming.kind,
            "body": self._cipher.seal_json(incoming_to_json(incoming), _BODY),
            "status": "received",
            "received_at": now,
            "attempts": 1,  # committed with the row: a message that kills its worker is counted
            "lease_holder": holder,
            "lease_until": lease_until,
        }
        found = _ADD.scalar(self._db, row)
        return None if found is None else int(found)

    def find_event(self, address: Address, event_id: str) -> InboxRow | None:
        key = {"channel": address.channel, "account": address.account, "event_id": event_id}
        row = _EVENT.first(self._db, key)
        return None if row is None else self._one(row)

    def get(self, inbox_id: int) -> InboxRow:
        row = _GET.first(self._db, {"id": inbox_id})
        if row is None:
            raise NotFound()
        return self._one(row)

    def lowest_unfinished(self, conversation_id: int) -> InboxRow | None:
        row = _LOWEST.first(self._db, {"conversation": conversation_id})
        return None if row is None else self._one(row)

    def prepared(self, inbox_id: int, understood: Understanding, extracted: Sequence[str]) -> None:
        self._db.execute(_PREPARED, {"row": inbox_id, **self._parse(understood, extracted)})

    def _parse(self, understood: Understanding, extracted: Sequence[str]) -> dict[str, Any]:
        sealed = self._cipher.seal_json([understood.as_json(), list(extracted)], _PARSE)
        return {"sealed": sealed, "model": understood.model_id}

    def finish(
        self,
        inbox_id: int,
        answered_by: str,
        now: datetime,
        reason: str = "",
        ready: tuple[Understanding, Sequence[str]] | None = None,
    ) -> None:
        self._close(inbox_id, "done", answered_by, now, reason, ready)

    def blank(self, conversation_id: int) -> None:
        blank = {"body": self._cipher.seal_json({}, _BODY), "parse": None}
        here = inbox.c.conversation_id == conversation_id
        waiting = here & inbox.c.status.in_(["received", "prepared"])
        present = select(func.min(inbox.c.seq)).where(waiting).scalar_subquery()
        # What came after the message being answered is not read yet: it must not be lost.
        told = here & (inbox.c.status.not_in(["received", "prepared"]) | (inbox.c.seq == present))
        self._db.execute(update(inbox).where(told).values(**blank))
        self._blanked = True  # what the message of this very turn was read as is not kept either

    def put_aside(self, inbox_id: int, now: datetime, reason: str) -> None:
        self._close(inbox_id, "put_aside", "nobody", now, reason, None)

    def _close(
        self,
        inbox_id: int,
        status: str,
        who: str,
        now: datetime,
        why: str,
        ready: tuple[Understanding, Sequence[str]] | None,
    ) -> None:
        end = {"row": inbox_id, "new_status": status, "who": who, "now": now, "why": why[:200]}
        if ready is None or self._blanked:
            self._db.execute(_FINISH, end)
        else:
            _FINISH_READY.run(self._db, {**end, **self._parse(*ready)})

    def failed_try(self, inbox_id: int, lease_until: datetime) -> int:
        return int(self._db.execute(_TRY, {"row": inbox_id, "until": lease_until}).scalar_one())

    def claim_abandoned(
        self, holder: str, now: datetime, lease_until: datetime, limit: int, mine_too: bool
    ) -> Sequence[InboxRow]:
        free = inbox.c.lease_until < now
        if mine_too:  # a process that is alone with its database: whoever held these is gone
            free = or_(free, inbox.c.lease_holder != holder)
        earlier = aliased(inbox)
        waits_for_another = (
            select(earlier.c.id)
            .where(
                earlier.c.conversation_id == inbox.c.conversation_id,
                earlier.c.seq < inbox.c.seq,
                earlier.c.status.in_(["received", "prepared"]),
            )
            .exists()
        )
        found = self._db.execute(
            select(inbox.c.id)
            .where(_UNFINISHED, free, ~waits_for_another)
            .order_by(inbox.c.conversation_id, inbox.c.seq)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = [row.id for row in found]
        if ids:
            self._db.execute(
                update(inbox)
                .where(inbox.c.id.in_(ids))
                .values(lease_holder=holder, lease_until=lease_until, attempts=inbox.c.attempts + 1)
            )
        return [self.get(one) for one in ids]

    def replace_waiting(self, address: Address, event_id: str, text: str) -> bool:
        row = self.find_event(address, event_id)
        if row is None or row.status not in {"received", "prepared"}:
            return False
        body = incoming_to_json(row.incoming) | {"text": text}
        done = self._db.execute(
            update(inbox)
            .where(inbox.c.id == row.id, _UNFINISHED)
            .values(  # to be prepared again
                body=self._cipher.seal_json(body, _BODY),
                status="received",
                parse=None,
                lease_until=row.received_at,
            )
        )
        return done.rowcount == 1

    def put_aside_rows(self, limit: int) -> Sequence[InboxRow]:
        return [self._one(row) for row in self._db.execute(_ASIDE, {"most": limit})]

    def recent(self, conversation_id: int, after_id: int, limit: int) -> Sequence[InboxRow]:
        found = self._db.execute(_RECENT, {"conversation": conversation_id, "after": after_id, "most": limit})
        return [self._one(row) for row in found][::-1]

    def _one(self, row: Row[Any]) -> InboxRow:
        address = Address(ChannelName(row.channel), row.account, row.external_id)
        understood, extracted = None, ()
        if row.parse:
            parse, codes = self._cipher.open_json(row.parse, _PARSE)
            understood, extracted = Understanding.from_json(parse), tuple(codes)
        return InboxRow(
            id=row.id,
            conversation_id=row.conversation_id,
            seq=row.seq,
            status=row.status,
            attempts=row.attempts,
            incoming=incoming_from_json(
                self._cipher.open_json(row.body, _BODY), address, row.event_id, row.kind
            ),
            understood=understood,
            extracted=extracted,
            received_at=row.received_at,
            reason=row.reason,
        )
