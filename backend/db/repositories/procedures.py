"""Procedures on SQLAlchemy Core."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, func, insert, or_, select, update

from backend.db.hot import Hot
from backend.db.tables.procedures import procedures as p
from backend.domain.procedure import HandledBy, Level, Procedure, ProcedureEntry
from backend.domain.procedure_record import read_record, write_record

_IN_FORCE = p.c.valid_from <= bindparam("on"), or_(p.c.valid_to.is_(None), p.c.valid_to >= bindparam("on"))
_NOW = (
    select(p.c.id, p.c.revision, p.c.as_of, p.c.valid_to)
    .where(p.c.code == bindparam("code"), *_IN_FORCE)
    .order_by(p.c.valid_from.desc())
    .limit(1)
)
_BY_CODE = Hot(_NOW)
_WHOLE = Hot(select(p).where(p.c.id == bindparam("id")))
_VERSION = select(p).where(p.c.code == bindparam("code"), p.c.valid_from == bindparam("valid_from"))
_VERSIONS = select(p.c.id, p.c.valid_from, p.c.valid_to).where(p.c.code == bindparam("code"))
_OF_CODES = select(p).where(p.c.code.in_(bindparam("codes", expanding=True))).order_by(p.c.valid_from)
_TITLES = select(p.c.code, p.c.title).where(p.c.code.in_(bindparam("codes", expanding=True)), *_IN_FORCE)
_CURRENT = (
    select(p.c.code, p.c.title, p.c.field, p.c.handled_by, p.c.entry).where(*_IN_FORCE).order_by(p.c.code)
)
_NEWEST = Hot(select(func.max(p.c.revision)))
_COUNT = select(func.count()).select_from(p)
_UPDATE = update(p).where(p.c.id == bindparam("row_id"))
_ONE_DAY = timedelta(days=1)

_numbers = itertools.count(1)
_engines: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()


#: Records as they were read, by database, row, revision and what changes without one: a record is large, is
#: asked for several times in a conversation, and changes a few times a year.
_read_ones: dict[tuple[Any, ...], Procedure] = {}
MOST_KEPT = 512


class SqlProcedures:
    _edited = False  # written in this transaction, which may yet be undone

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, procedure: Procedure) -> str:
        self._edited = True
        known = self._db.execute(
            _VERSION, {"code": procedure.code, "valid_from": procedure.valid_from}
        ).first()
        if known is None:
            closed = self._fit_between(procedure)
            self._db.execute(insert(p), self._row(closed))
            return "created"
        old = _read(known)
        # Its end is set by the version that follows, not by what is put.
        new = replace(procedure, valid_to=procedure.valid_to or old.valid_to)
        if replace(new, as_of=old.as_of) == old:
            if new.as_of > old.as_of:  # seen again, the same: only the day of the answer's source moves on
                self._db.execute(_UPDATE, {"row_id": known.id, "as_of": new.as_of})
            return "unchanged"
        self._db.execute(_UPDATE, {**self._row(new), "row_id": known.id})
        return "changed"

    def _fit_between(self, procedure: Procedure) -> Procedure:
        """Close the version before; end this one where a later one already starts."""
        for row in self._db.execute(_VERSIONS, {"code": procedure.code}).all():
            if row.valid_from < procedure.valid_from:
                if row.valid_to is None or row.valid_to >= procedure.valid_from:
                    last = procedure.valid_from - _ONE_DAY
                    self._db.execute(
                        update(p).where(p.c.id == row.id),
                        {"valid_to": last, "revision": self._revision() + 1},
                    )
            elif procedure.valid_to is None or procedure.valid_to >= row.valid_from:
                procedure = replace(procedure, valid_to=row.valid_from - _ONE_DAY)
        return procedure

    def by_code(self, code: str, on: date) -> Procedure | None:
        found = _BY_CODE.first(self._db, {"code": code, "on": on})
        if found is None:
            return None
        key = (self._engine_number(), *found)
        known = _read_ones.get(key)
        if known is None or self._edited:
            known = _read(_WHOLE.first(self._db, {"id": found.id}))
            if not self._edited:
                _keep(key, known)
        return known

    def version_for(self, code: str, valid_from: date) -> Procedure | None:
        row = self._db.execute(_VERSION, {"code": code, "valid_from": valid_from}).first()
        return _read(row) if row is not None else None

    def latest(self, codes: Collection[str]) -> Mapping[str, Procedure]:
        return {row.code: _read(row) for row in self._db.execute(_OF_CODES, {"codes": list(codes)})}

    def titles(self, codes: Collection[str], on: date) -> Mapping[str, str]:
        rows = self._db.execute(_TITLES, {"codes": list(codes), "on": on})
        return {row.code: row.title for row in rows}

    def current(self, on: date) -> Sequence[ProcedureEntry]:
        return [
            ProcedureEntry(
                code=row.code,
                title=row.title,
                field=row.field,
                handled_by=HandledBy(row.handled_by),
                levels=tuple(map(Level, row.entry["levels"])),
                audience=tuple(row.entry["audience"]),
                common_names=tuple(row.entry["names"]),
                agency=row.entry["agency"],
            )
            for row in self._db.execute(_CURRENT, {"on": on})
        ]

    def catalogue_version(self) -> str:
        return f"{self._engine_number()}.{self._revision()}"

    def _engine_number(self) -> int:
        engine = self._db.engine
        if engine not in _engines:
            _engines[engine] = next(_numbers)
        return _engines[engine]

    def count(self) -> int:
        return int(self._db.execute(_COUNT).scalar_one())

    def _revision(self) -> int:
        return int(_NEWEST.scalar(self._db, {}) or 0)

    def _row(self, one: Procedure) -> dict[str, Any]:
        return {
            "code": one.code,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
            "title": one.title,
            "field": one.field[:300],
            "handled_by": str(one.handled_by),
            "local": "y" if one.is_local else "n",
            "entry": {
                "levels": [str(level) for level in one.levels],
                "audience": list(one.audience),
                "names": list(one.common_names),
                "agency": one.agency,
            },
            "record": write_record(one),
            "source": one.source[:300],
            "as_of": one.as_of,
            "demo": one.demo,
            "revision": self._revision() + 1,
        }


def _keep(key: tuple[Any, ...], one: Procedure) -> None:
    if len(_read_ones) >= MOST_KEPT:
        _read_ones.clear()
    _read_ones[key] = one


def _read(row: Any) -> Procedure:
    body = {**row.record, "valid_from": row.valid_from, "valid_to": row.valid_to}
    return read_record(body, source=row.source, as_of=row.as_of, demo=row.demo)
