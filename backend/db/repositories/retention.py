"""Deleting what people wrote when its time is over, in small pieces so that nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, true, update

from backend.db.tables.callbacks import callbacks
from backend.db.tables.conversations import blobs, buttons, conversations, inbox, outbox
from backend.db.tables.links import link_codes
from backend.db.tables.notices import notices
from backend.db.tables.people import guesses
from backend.db.tables.petitions import petition_files
from backend.db.tables.ratings import ratings
from backend.db.tables.running import work
from backend.db.tables.sign_in import web_sessions
from backend.domain.notice import NoticeStatus
from backend.domain.retention import Kept

_Where = Callable[[Connection, datetime], ColumnElement[bool]]


def _older(table: Table, column: str) -> _Where:
    """Rows in front of the first young one.

    Ids grow with time, so the search for that first row ends at once when the old ones are gone: no day's run
    reads the whole history, and no index on the time is needed.
    """

    def where(db: Connection, before: datetime) -> ColumnElement[bool]:
        young = select(table.c.id).where(table.c[column] >= before).order_by(table.c.id).limit(1)
        first = db.execute(young).scalar()
        return true() if first is None else table.c.id < first

    return where


def _old_messages(db: Connection, before: datetime) -> ColumnElement[bool]:
    return inbox.c.status.in_(["done", "put_aside"]) & _older(inbox, "received_at")(db, before)


def _old_replies(db: Connection, before: datetime) -> ColumnElement[bool]:
    return outbox.c.inbox_id.is_(None) & _older(outbox, "created_at")(db, before)


def _old_files(db: Connection, before: datetime) -> ColumnElement[bool]:
    """Files of a petition are kept as long as the petition is."""
    kept = select(petition_files.c.blob_id).where(petition_files.c.blob_id.is_not(None))
    return _older(blobs, "created_at")(db, before) & blobs.c.id.not_in(kept)


def _silent(db: Connection, before: datetime) -> ColumnElement[bool]:
    return conversations.c.state.is_not(None) & (conversations.c.last_at < before)


def _told(db: Connection, before: datetime) -> ColumnElement[bool]:
    # each by its name: "not waiting" would read every row
    ended = [str(one) for one in NoticeStatus if one is not NoticeStatus.WAITING]
    return notices.c.status.in_(ended) & (notices.c.due_at < before)


def _over(db: Connection, before: datetime) -> ColumnElement[bool]:
    return callbacks.c.request.is_not(None) & (callbacks.c.closed_at < before)


def _said_of_ratings(db: Connection, before: datetime) -> ColumnElement[bool]:
    return ratings.c.comment.is_not(None) & (ratings.c.changed_at < before)


_RULES: Mapping[Kept, tuple[Table, _Where]] = {
    Kept.MESSAGES: (inbox, _old_messages),
    Kept.REPLIES: (outbox, _old_replies),
    Kept.FILES: (blobs, _old_files),
    Kept.STATES: (conversations, _silent),
    Kept.NOTICES: (notices, _told),
    Kept.WORK: (work, lambda db, before: work.c.done_at < before),
    Kept.BUTTONS: (buttons, lambda db, before: buttons.c.expires_at < before),
    Kept.CALLBACKS: (callbacks, _over),
    Kept.LINKS: (link_codes, lambda db, before: link_codes.c.expires_at < before),
    Kept.RATINGS: (ratings, _said_of_ratings),
    Kept.BROWSERS: (web_sessions, lambda db, before: web_sessions.c.expires_at < before),
    Kept.GUESSES: (guesses, lambda db, before: guesses.c.window_start < before),
}


class SqlRetention:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def old(self, kind: Kept, before: datetime) -> int:
        table, where = _RULES[kind]
        counted = select(func.count()).select_from(table).where(where(self._db, before))
        return int(self._db.execute(counted).scalar_one())

    def drop(self, kind: Kept, before: datetime, most: int) -> int:
        table, where = _RULES[kind]
        wanted = where(self._db, before)
        if kind is Kept.GUESSES:  # one small row per asker and hour, without a number
            return self._db.execute(delete(table).where(wanted)).rowcount
        ids = list(
            self._db.execute(select(table.c.id).where(wanted).order_by(table.c.id).limit(most)).scalars()
        )
        if ids:
            self._end(kind, table, ids)
        return len(ids)

    def _end(self, kind: Kept, table: Table, ids: list[Any]) -> None:
        if kind is Kept.STATES:
            self._db.execute(update(table).where(table.c.id.in_(ids)).values(state=None))
            return
        if kind is Kept.CALLBACKS:  # the bare row stays, for the count
            self._db.execute(update(table).where(table.c.id.in_(ids)).values(request=None, note=None))
            return
        if kind is Kept.RATINGS:
            self._db.execute(update(table).where(table.c.id.in_(ids)).values(comment=None))
            return
        if kind is Kept.MESSAGES:
            for hanging in (buttons, outbox):
                self._db.execute(delete(hanging).where(hanging.c.inbox_id.in_(ids)))
        self._db.execute(delete(table).where(table.c.id.in_(ids)))
