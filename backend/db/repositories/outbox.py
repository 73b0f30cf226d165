"""What goes out: one row per physical send, in order per conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, literal_column, or_, select, update
from sqlalchemy.orm import aliased

from backend.db.crypto import Cipher
from backend.db.hot import Hot
from backend.db.repositories.shapes import outgoing_from_json, outgoing_to_json
from backend.db.tables.conversations import conversations, outbox
from backend.domain.conversation import Conversation, OutboxRow
from backend.domain.messaging import Address, ChannelName, Outgoing, Receipt, Sight

#: How often a row whose sender died is sent again.
MOST_UNCERTAIN = 1
_BODY = "outbox.body"
# Written out, not bound: only so does SQLite see that its partial index fits.
_WAITING = outbox.c.status.in_([literal_column("'queued'"), literal_column("'sending'")])

_ROW = select(outbox, conversations.c.external_id, conversations.c.epoch.label("current_epoch")).join(
    conversations, conversations.c.id == outbox.c.conversation_id
)
_REPLIES = Hot(_ROW.where(outbox.c.inbox_id == bindparam("inbox")).order_by(outbox.c.id))
_RECENT = (
    _ROW.where(outbox.c.conversation_id == bindparam("conversation"), outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most"))
)
_ADD = Hot(insert(outbox).returning(outbox.c.id))
_SENT = Hot(
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        status="sent",
        sent_at=bindparam("now"),
        external_message_id=bindparam("outside"),
        lease_until=None,
        reason="",
    )
)
_MARK = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("rows", expanding=True)), outbox.c.status == "queued")
    .values(status="sent", sent_at=bindparam("now"))
)


def _sendable(now: datetime) -> Any:
    """Queued and due, or being sent by somebody who did not come back: then it is resent and counted."""
    return or_(
        (outbox.c.status == "queued") & or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now),
        (outbox.c.status == "sending") & (outbox.c.lease_until < now),
    )


def _next_rows(channel: ChannelName, account: str, now: datetime, limit: int, quiet: bool) -> Any:
    """Sendable rows that are the first of their conversation, replies before notices, locked."""
    earlier = aliased(outbox)
    first_of_conversation = ~(
        select(earlier.c.id)
        .where(
            earlier.c.conversation_id == outbox.c.conversation_id,
            earlier.c.channel == outbox.c.channel,
            earlier.c.status.in_(["queued", "sending"]),
            earlier.c.id < outbox.c.id,
            # a notice may wait for later; a reply behind it need not
            or_(earlier.c.kind != "notice", outbox.c.kind == "notice"),
        )
        .exists()
    )
    return (
        _ROW.where(
            outbox.c.channel == channel,
            outbox.c.account == account,
            _WAITING,
            *((outbox.c.rank == literal_column("0"),) if quiet else ()),
            _sendable(now),
            first_of_conversation,
        )
        .order_by(outbox.c.rank, outbox.c.id)
        .limit(limit)
        .with_for_update(of=outbox, skip_locked=True)
    )


class SqlOutbox:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def blank(self, conversation_id: int) -> None:
        empty = self._cipher.seal_json(outgoing_to_json(Outgoing("")), _BODY)
        said = update(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.status == "sent")
        self._db.execute(said.values(body=empty))

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
        channel, account = via or (conversation.address.channel, conversation.address.account)
        rows = [
            {
                "conversation_id": conversation.id,
                "inbox_id": inbox_id,
                "channel": channel,
                "account": account,
                "kind": kind,
                "rank": int(kind == "notice"),
                "author": author,
                "body": self._cipher.seal_json(outgoing_to_json(body), _BODY),
                "epoch": conversation.epoch,
                "status": status,
                "created_at": now,
            }
            for body in bodies
        ]
        return [_ADD.scalar(self._db, row) for row in rows]

    def replies_to(self, inbox_id: int) -> Sequence[OutboxRow]:
        return [self._one(row) for row in _REPLIES.all(self._db, {"inbox": inbox_id})]

    def of(self, conversation_id: int, outbox_id: int) -> OutboxRow | None:
        mine = _ROW.where(outbox.c.id == outbox_id, outbox.c.conversation_id == conversation_id)
        row = self._db.execute(mine).first()
        return None if row is None else self._one(row)

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
        found = list(self._db.execute(_next_rows(channel, account, now, limit, quiet)))
        stale = [row.id for row in found if row.epoch < row.current_epoch and row.author == "bot"]
        if stale:  # a person took the conversation over after this was queued
            self._db.execute(update(outbox).where(outbox.c.id.in_(stale)).values(status="cancelled"))
        lost = [row.id for row in found if row.status == "sending" and row.uncertain >= MOST_UNCERTAIN]
        if lost:  # it was resent once and its sender died again: a person may have it twice already
            self._db.execute(
                update(outbox)
                .where(outbox.c.id.in_(lost))
                .values(status="dead", reason="its senders died", lease_until=None)
            )
        mine = [row for row in found if row.id not in stale and row.id not in lost]
        if mine:
            self._db.execute(
                update(outbox)
                .where(outbox.c.id.in_([row.id for row in mine]))
                .values(
                    uncertain=outbox.c.uncertain
                    + (outbox.c.status == "sending").cast(outbox.c.uncertain.type),
                    status="sending",
                    attempts=outbox.c.attempts + 1,
                    lease_until=lease_until,
                )
            )
        return [self._one(row) for row in mine]

    def sent(self, outbox_id: int, now: datetime, external_message_id: str) -> None:
        _SENT.run(self._db, {"row": outbox_id, "now": now, "outside": external_message_id})

    def sighted(self, receipt: Receipt) -> int:
        """Note that the messages arrived or were read; the first word counts. Returns how many rows changed."""
        read = receipt.sight is Sight.READ
        ours = (
            outbox.c.channel == receipt.channel,
            outbox.c.account == receipt.account,
            outbox.c.external_message_id.in_(receipt.message_ids),
        )
        seen = func.coalesce(outbox.c.delivered_at, receipt.at)
        values = {"delivered_at": seen} | ({"read_at": receipt.at} if read else {})
        fresh = (outbox.c.read_at if read else outbox.c.delivered_at).is_(None)
        return self._db.execute(update(outbox).where(*ours, fresh).values(values)).rowcount

    def mark_sent(self, outbox_ids: Sequence[int], now: datetime) -> None:
        if outbox_ids:
            self._db.execute(_MARK, {"rows": list(outbox_ids), "now": now})

    def retry(self, outbox_id: int, not_before: datetime, reason: str, *, counted: bool = True) -> None:
        self._db.execute(
            update(outbox)
            .where(outbox.c.id == outbox_id)
            .values(
                status="queued",
                not_before=not_before,
                reason=reason[:200],
                lease_until=None,
                attempts=outbox.c.attempts - int(not counted),
            )
        )

    def failed(self, outbox_id: int, reason: str) -> None:
        self._db.execute(
            update(outbox)
            .where(outbox.c.id == outbox_id)
            .values(status="failed", reason=reason[:200], lease_until=None)
        )

    def cancel_bot_rows(self, conversation_id: int) -> int:
        done = self._db.execute(
            update(outbox)
            .where(
                outbox.c.conversation_id == conversation_id,
                outbox.c.status == "queued",
                outbox.c.author == "bot",
            )
            .values(status="cancelled")
        )
        return done.rowcount

    def cancel_notices(self, conversation_id: int) -> int:
        mine = (outbox.c.conversation_id == conversation_id, outbox.c.kind == "notice")
        waiting = update(outbox).where(*mine, outbox.c.status == "queued")
        return self._db.execute(waiting.values(status="cancelled")).rowcount

    def recent(self, conversation_id: int, after_id: int, limit: int) -> Sequence[OutboxRow]:
        found = self._db.execute(_RECENT, {"conversation": conversation_id, "after": after_id, "most": limit})
        return [self._one(row) for row in found][::-1]

    def counts(self) -> Mapping[str, int]:
        """Rows by status, and ``uncertain``: how many were resent after a lost answer."""
        by_status = self._db.execute(select(outbox.c.status, func.count()).group_by(outbox.c.status))
        counts = {status: count for status, count in by_status}  # noqa: C416 - dict() takes a result's keys()
        counts["uncertain"] = self._db.execute(
            select(func.coalesce(func.sum(outbox.c.uncertain), 0))
        ).scalar_one()
        return counts

    def _one(self, row: Row[Any]) -> OutboxRow:
        return OutboxRow(
            id=row.id,
            conversation_id=row.conversation_id,
            inbox_id=row.inbox_id,
            address=Address(ChannelName(row.channel), row.account, row.external_id),
            kind=row.kind,
            author=row.author,
            body=outgoing_from_json(self._cipher.open_json(row.body, _BODY)),
            epoch=row.epoch,
            status=row.status,
            attempts=row.attempts,
            created_at=row.created_at,
        )
