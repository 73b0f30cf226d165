"""Dossiers on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.hot import Hot
from backend.db.repositories.dossier_rows import (
    dossier_from_row,
    event_from_row,
    open_applicant,
)
from backend.db.repositories.dossier_writing import DossierWriting
from backend.db.tables.dossiers import dossier_events as e
from backend.db.tables.dossiers import dossier_followers as f
from backend.db.tables.dossiers import dossiers as d
from backend.domain.dossier import Applicant, Change, Dossier, DossierEvent, Filing

_parents = d.alias("parents")
_FULL = select(d, _parents.c.code.label("parent_code")).select_from(
    d.outerjoin(_parents, _parents.c.id == d.c.parent_id)
)
_BY_CODE = Hot(_FULL.where(d.c.code == bindparam("code")))
_BY_CODES = _FULL.where(d.c.code.in_(bindparam("codes", expanding=True)))
_CHILDREN = Hot(_FULL.where(d.c.parent_id == bindparam("id")).order_by(d.c.id))
_MINE = d.c.phone_print.in_(bindparam("prints", expanding=True))
_BY_TAIL = _FULL.where(_MINE, d.c.tail == bindparam("tail")).order_by(d.c.id).limit(10)
_BY_PHONE = (
    _FULL.where(_MINE, d.c.parent_id.is_(None))
    .order_by(d.c.received_at.desc().nulls_first(), d.c.id.desc())
    .limit(bindparam("most"))
)
_APPLICANT = select(d.c.applicant).where(d.c.id == bindparam("id"))
_EVENTS = (
    select(e).where(e.c.dossier_id.in_(bindparam("ids", expanding=True))).order_by(e.c.at, e.c.stage, e.c.id)
)
_FOLLOWED = (
    _FULL.join(f, f.c.dossier_id == d.c.id)
    .where(f.c.conversation_id == bindparam("conversation_id"))
    .order_by(f.c.id.desc())
)
_FOLLOWERS = (
    select(f.c.dossier_id, f.c.conversation_id)
    .where(f.c.dossier_id.in_(bindparam("ids", expanding=True)))
    .order_by(f.c.id)
)
_UNFOLLOW = delete(f).where(
    f.c.dossier_id == bindparam("dossier_id"), f.c.conversation_id == bindparam("conversation_id")
)


class SqlDossiers:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def put_many(self, filings: Sequence[Filing]) -> Sequence[Change]:
        return DossierWriting(self._db, self._cipher).put(filings)

    def add_events(self, dossier_id: int, events: Sequence[DossierEvent]) -> int:
        return DossierWriting(self._db, self._cipher).add_events(dossier_id, events)

    def by_code(self, code: str) -> Dossier | None:
        row = _BY_CODE.first(self._db, {"code": code})
        return dossier_from_row(row) if row is not None else None

    def by_codes(self, codes: Collection[str]) -> Mapping[str, Dossier]:
        found = self._many(_BY_CODES, codes=list(codes)) if codes else []
        return {one.code: one for one in found}

    def children(self, dossier_id: int) -> Sequence[Dossier]:
        return [dossier_from_row(row) for row in _CHILDREN.all(self._db, {"id": dossier_id})]

    def by_tail(self, tail: str, phone_prints: Collection[str]) -> Sequence[Dossier]:
        return self._many(_BY_TAIL, tail=tail, prints=list(phone_prints)) if phone_prints else []

    def by_phone(self, phone_prints: Collection[str], limit: int) -> Sequence[Dossier]:
        return self._many(_BY_PHONE, prints=list(phone_prints), most=limit) if phone_prints else []

    def events(self, dossier_ids: Collection[int]) -> Mapping[int, Sequence[DossierEvent]]:
        found: dict[int, list[DossierEvent]] = {one: [] for one in dossier_ids}
        if found:
            for row in self._db.execute(_EVENTS, {"ids": list(found)}):
                found[row.dossier_id].append(event_from_row(row))
        return found

    def applicant(self, dossier_id: int) -> Applicant | None:
        sealed = self._db.execute(_APPLICANT, {"id": dossier_id}).scalar()
        if sealed is None:
            return None
        return open_applicant(sealed, self._cipher)

    def follow(self, dossier_id: int, conversation_id: int, since: datetime) -> bool:
        row = {"dossier_id": dossier_id, "conversation_id": conversation_id, "since": since}
        once = self._insert(f).values(row).on_conflict_do_nothing().returning(f.c.id)
        return self._db.execute(once).scalar() is not None

    def unfollow(self, dossier_id: int, conversation_id: int) -> bool:
        row = {"dossier_id": dossier_id, "conversation_id": conversation_id}
        return bool(self._db.execute(_UNFOLLOW, row).rowcount == 1)

    def followed(self, conversation_id: int) -> Sequence[Dossier]:
        return self._many(_FOLLOWED, conversation_id=conversation_id)

    def followers(self, dossier_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        if dossier_ids:
            for row in self._db.execute(_FOLLOWERS, {"ids": list(dossier_ids)}):
                found.setdefault(row.dossier_id, []).append(row.conversation_id)
        return found

    def count(self) -> int:
        return int(self._db.execute(select(func.count()).select_from(d)).scalar_one())

    def _many(self, query: Select[Any], **values: Any) -> list[Dossier]:
        rows: Sequence[Row[Any]] = self._db.execute(query, values).all()
        return [dossier_from_row(row) for row in rows]

    def _insert(self, table: Any) -> Any:
        return (postgresql if self._db.dialect.name == "postgresql" else sqlite).insert(table)
