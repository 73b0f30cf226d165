"""Agencies on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from backend.db.hot import Hot
from backend.db.tables.agencies import agencies as a
from backend.db.tables.agencies import agency_predecessors as p
from backend.domain.agency import Agency
from backend.domain.errors import NotFound

_BY_CODE = Hot(select(a).where(a.c.code == bindparam("code")))
_BY_ID = select(a).where(a.c.id == bindparam("id"))
_ALL = select(a).where(a.c.valid_to.is_(None)).order_by(a.c.id)
_VERSION = Hot(select(func.count(), func.max(a.c.id), func.sum(a.c.changes)).select_from(a))
_CODES = select(a.c.id, a.c.code).where(a.c.id.in_(bindparam("ids", expanding=True)))
_PREDECESSORS = select(p).where(p.c.agency_id.in_(bindparam("ids", expanding=True))).order_by(p.c.id)


class SqlAgencies:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, agency: Agency) -> int:
        parent = self.by_code(agency.parent_code) if agency.parent_code else None
        row = {
            "code": agency.code,
            "name": agency.name,
            "kind": agency.kind,
            "parent_id": parent.id if parent else None,
            "address": agency.address,
            "phone": agency.phone,
            "hours": dict(agency.hours),
            "aliases": list(agency.aliases),
            "valid_from": agency.valid_from,
            "valid_to": agency.valid_to,
            "demo": agency.demo,
        }
        known = _BY_CODE.first(self._db, {"code": agency.code})
        if known is None:
            agency_id = int(self._db.execute(insert(a).returning(a.c.id), row).scalar_one())
        else:
            agency_id = known.id
            self._db.execute(update(a).where(a.c.id == agency_id), {**row, "changes": known.changes + 1})
            self._db.execute(delete(p).where(p.c.agency_id == agency_id))
        for name, until in agency.predecessors:
            self._db.execute(insert(p), {"agency_id": agency_id, "name": name, "until": until, "note": ""})
        return agency_id

    def get(self, agency_id: int) -> Agency:
        row = self._db.execute(_BY_ID, {"id": agency_id}).first()
        if row is None:
            raise NotFound()
        return self._read([row])[0]

    def by_code(self, code: str) -> Agency | None:
        row = _BY_CODE.first(self._db, {"code": code})
        return self._read([row])[0] if row is not None else None

    def all(self) -> Sequence[Agency]:
        return self._read(list(self._db.execute(_ALL)))

    def version(self) -> str:
        return ".".join(map(str, _VERSION.first(self._db, {}) or ()))

    def _read(self, rows: Sequence[Row[Any]]) -> list[Agency]:
        old: dict[int, list[tuple[str, Any]]] = {}
        for one in self._db.execute(_PREDECESSORS, {"ids": [row.id for row in rows]}):
            old.setdefault(one.agency_id, []).append((one.name, one.until))
        codes = {row.id: row.code for row in rows}
        missing = {row.parent_id for row in rows if row.parent_id is not None} - codes.keys()
        if missing:
            codes |= {one.id: one.code for one in self._db.execute(_CODES, {"ids": sorted(missing)})}
        return [
            Agency(
                code=row.code,
                name=row.name,
                kind=row.kind,
                parent_code=codes.get(row.parent_id),
                address=row.address,
                phone=row.phone,
                hours=row.hours,
                aliases=tuple(row.aliases),
                predecessors=tuple(old.get(row.id, ())),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                id=row.id,
                demo=row.demo,
            )
            for row in rows
        ]
