"""Notices, their routes, and who wants none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.hot import Hot
from backend.db.tables.conversations import outbox as o
from backend.db.tables.notices import notice_routes as r
from backend.db.tables.notices import notice_stops as s
from backend.db.tables.notices import notices as n
from backend.domain.errors import NotFound
from backend.domain.messaging import ChannelName
from backend.domain.notice import DueNotice, Notice, NoticeStatus, Route, Rung, Step

_VALUES = "notices.values"
#: Channels whose readers come and fetch: nothing is pushed to them.
_FETCHED = (ChannelName.WEB, ChannelName.REST, ChannelName.TERMINAL)
_DUE = (
    select(n)
    .where(n.c.status == literal_column("'waiting'"), n.c.due_at <= bindparam("now"))
    .order_by(n.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_MESSAGE = (o.c.channel, o.c.status.label("sent_status"), o.c.reason.label("sent_reason"))
_RENDERED = n.c.status == literal_column("'rendered'")
#: Rows that are lost are few and have an index of their own; notices that were rendered are the whole history. So it
#: begins at the rows: a join leaves that choice to the planner, which chose the history.
_LOST_ROWS = (
    select(o.c.id)
    .where(
        o.c.rank == literal_column("1"),
        o.c.status.in_([literal_column(f"'{one}'") for one in ("failed", "dead", "cancelled")]),
        exists().where(n.c.outbox_id == o.c.id, _RENDERED),
    )
    .order_by(o.c.id)
    .limit(bindparam("most"))
)
_UNSEEN = (
    select(n)
    .join(o, o.c.id == n.c.outbox_id)
    .where(
        _RENDERED,
        o.c.rank == literal_column("1"),
        o.c.status.in_([literal_column("'queued'"), literal_column("'sending'")]),
        o.c.channel.in_(_FETCHED),
        n.c.rendered_at < bindparam("before"),
    )
    .order_by(n.c.id)
    .limit(bindparam("most"))
)
_ADD = {
    kind: Hot(
        module.insert(n)
        .values(
            kind=bindparam("kind"),
            subject=bindparam("subject"),
            conversation_id=bindparam("conversation_id"),
            values=bindparam("values"),
            due_at=bindparam("due_at"),
            dedupe_key=bindparam("dedupe_key"),
            status="waiting",
            rung=0,
            trail=[],
        )
        .on_conflict_do_nothing()
        .returning(n.c.id)
    )
    for kind, module in (("postgresql", postgresql), ("sqlite", sqlite))
}


class SqlNotices:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, notice: Notice) -> bool:
        row = {
            "kind": notice.kind,
            "subject": notice.subject,
            "conversation_id": notice.conversation_id,
            "values": self._cipher.seal_json(dict(notice.values), _VALUES),
            "due_at": notice.due_at,
            "dedupe_key": notice.dedupe_key,
        }
        return _ADD[self._db.dialect.name].scalar(self._db, row) is not None

    def due(self, now: datetime, limit: int) -> Sequence[DueNotice]:
        return [self._one(row) for row in self._db.execute(_DUE, {"now": now, "most": limit})]

    def rendered(self, ids: Sequence[int], outbox_id: int, now: datetime) -> None:
        self._db.execute(
            update(n)
            .where(n.c.id.in_(ids), n.c.status == "waiting")
            .values(status="rendered", outbox_id=outbox_id, rendered_at=now)
        )

    def end(self, notice_id: int, status: NoticeStatus, trail: Sequence[Mapping[str, str]] = ()) -> None:
        told = {"trail": [dict(one) for one in trail]} if trail else {}
        kept = {} if status is NoticeStatus.UNSEEN else {"outbox_id": None}
        self._db.execute(update(n).where(n.c.id == notice_id).values(status=status, **kept, **told))

    def again(self, notice_id: int, due_at: datetime) -> None:
        failed = update(n).where(n.c.id == notice_id, n.c.status == NoticeStatus.FAILED)
        done = self._db.execute(failed.values(status="waiting", due_at=due_at, rung=0, outbox_id=None))
        if done.rowcount != 1:
            raise NotFound()

    def move(
        self, notice_id: int, due_at: datetime, rung: int, trail: Sequence[Mapping[str, str]] = ()
    ) -> None:
        values = {"status": "waiting", "due_at": due_at, "rung": rung, "outbox_id": None}
        told = {"trail": [dict(one) for one in trail]} if trail else {}
        self._db.execute(update(n).where(n.c.id == notice_id).values(**values, **told))

    def lost(self, limit: int) -> Sequence[tuple[DueNotice, str, str, str]]:
        rows = self._db.execute(_LOST_ROWS, {"most": limit}).scalars().all()
        if not rows:
            return []
        joined = select(n, *_MESSAGE).join(o, o.c.id == n.c.outbox_id)
        found = self._db.execute(joined.where(n.c.outbox_id.in_(rows), _RENDERED).order_by(n.c.id))
        return [(self._one(row), row.channel, row.sent_status, row.sent_reason) for row in found]

    def unseen(self, before: datetime, limit: int) -> Sequence[DueNotice]:
        return [self._one(row) for row in self._db.execute(_UNSEEN, {"before": before, "most": limit})]

    def cancel(self, subject: str) -> int:
        return self._cancel(n.c.subject == subject)

    def cancel_for(self, conversation_id: int) -> int:
        return self._cancel(n.c.conversation_id == conversation_id)

    def cancel_kind(self, subject: str, kind: str) -> int:
        return self._cancel((n.c.subject == subject) & (n.c.kind == kind))

    def _cancel(self, which: Any) -> int:
        waiting = n.c.status == literal_column("'waiting'")
        return self._db.execute(update(n).where(which, waiting).values(status="cancelled")).rowcount

    def route(self, kind: str) -> Route | None:
        row = self._db.execute(select(r).where(r.c.kind == kind)).first()
        if row is None:
            return None
        ladder = tuple(Rung(one) for one in row.ladder)
        return Route(
            row.kind, row.enabled, ladder, row.gathers, row.applicants, row.zns_template, row.zns_values
        )

    def put_route(self, route: Route, by: str, now: datetime) -> None:
        row = {
            "kind": route.kind,
            "enabled": route.enabled,
            "ladder": [str(one) for one in route.ladder],
            "gathers": route.gathers,
            "applicants": route.applicants,
            "zns_template": route.zns_template,
            "zns_values": dict(route.zns_values),
            "by": by,
            "at": now,
        }
        wanted = self._insert(r).values(row)
        self._db.execute(wanted.on_conflict_do_update(index_elements=[r.c.kind], set_=row))

    def drop_route(self, kind: str) -> bool:
        return self._db.execute(delete(r).where(r.c.kind == kind)).rowcount == 1

    def stop(self, conversation_id: int, now: datetime) -> bool:
        row = {"conversation_id": conversation_id, "at": now}
        once = self._insert(s).values(row).on_conflict_do_nothing().returning(s.c.conversation_id)
        return self._db.execute(once).scalar() is not None

    def resume(self, conversation_id: int) -> bool:
        return self._db.execute(delete(s).where(s.c.conversation_id == conversation_id)).rowcount == 1

    def stopped(self, conversation_ids: Sequence[int]) -> frozenset[int]:
        wanted = select(s.c.conversation_id).where(s.c.conversation_id.in_(list(conversation_ids)))
        return frozenset(self._db.execute(wanted).scalars())

    def steps(self, subject: str | None, statuses: Sequence[str], limit: int) -> Sequence[Step]:
        times = (o.c.sent_at, o.c.delivered_at, o.c.read_at, o.c.created_at)
        wanted = (
            select(n, *_MESSAGE, *times)
            .outerjoin(o, o.c.id == n.c.outbox_id)
            .order_by(n.c.id.desc())
            .limit(limit)
        )
        if subject is not None:
            wanted = wanted.where(n.c.subject == subject)
        if statuses:
            wanted = wanted.where(n.c.status.in_(statuses) | o.c.status.in_(statuses))
        return [_step(row) for row in self._db.execute(wanted)]

    def counts(self) -> Mapping[str, int]:
        return {
            row[0]: row[1] for row in self._db.execute(select(n.c.status, func.count()).group_by(n.c.status))
        }

    def _insert(self, table: Any) -> Any:
        return (postgresql if self._db.dialect.name == "postgresql" else sqlite).insert(table)

    def _one(self, row: Row[Any]) -> DueNotice:
        values = self._cipher.open_json(row._mapping["values"], _VALUES)
        notice = Notice(row.kind, row.subject, row.conversation_id, row.due_at, row.dedupe_key, values)
        return DueNotice(row.id, notice, row.rung, tuple(row.trail))


def _step(row: Row[Any]) -> Step:
    """The furthest that the channel told of."""
    status = row.sent_status or ""
    if status == "sent":
        status = "read" if row.read_at else "delivered" if row.delivered_at else "sent"
    at = row.read_at or row.delivered_at or row.sent_at or row.created_at or row.due_at
    return Step(
        row.id,
        row.kind,
        row.subject,
        row.status,
        row.channel or "",
        status,
        at,
        row.sent_reason or "",
        tuple(row.trail),
    )
