"""Apologies for late dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.repositories.dossier_rows import dossier_from_row
from backend.db.tables.dossiers import apologies as a
from backend.db.tables.dossiers import dossiers as d
from backend.domain.apology import Apology, ApologyStatus
from backend.domain.dossier import Dossier, Stage

_parents = d.alias("parents")
_FULL = select(a, d.c.code, d.c.agency_name).join(d, d.c.id == a.c.dossier_id)
_OF = _FULL.where(a.c.dossier_id == bindparam("dossier"), a.c.due_at == bindparam("due"))
_LISTED = _FULL.where(a.c.status == bindparam("status")).order_by(a.c.due_at).limit(bindparam("most"))
_UNTOLD = (
    _FULL.where(a.c.status == "drafted", a.c.due_at <= bindparam("now"), a.c.told_at.is_(None))
    .order_by(a.c.due_at)
    .limit(bindparam("most"))
)
#: While the applicant must act, the clock stands still: no promise is broken.
_PAUSED = (Stage.SUPPLEMENT, Stage.FEE_DUE, Stage.REGISTERED, Stage.UNKNOWN)
_RUNNING = (
    select(d, _parents.c.code.label("parent_code"))
    .select_from(
        d.outerjoin(_parents, _parents.c.id == d.c.parent_id).outerjoin(
            a, (a.c.dossier_id == d.c.id) & (a.c.due_at == d.c.due_at)
        )
    )
    .where(
        d.c.finished_at.is_(None),
        d.c.due_at > bindparam("after"),
        d.c.due_at <= bindparam("until"),
        d.c.stage.not_in([int(one) for one in Stage if one.ended or one in _PAUSED]),
        a.c.id.is_(None),
    )
    .order_by(d.c.due_at)
    .limit(bindparam("most"))
)


class SqlApologies:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def draft(self, dossier_id: int, due_at: datetime, now: datetime) -> bool:
        row = {"dossier_id": dossier_id, "due_at": due_at, "status": "drafted", "drafted_at": now}
        kind = postgresql if self._db.dialect.name == "postgresql" else sqlite
        once = kind.insert(a).values(row).on_conflict_do_nothing().returning(a.c.id)
        return self._db.execute(once).scalar() is not None

    def of(self, dossier_id: int, due_at: datetime) -> Apology | None:
        row = self._db.execute(_OF, {"dossier": dossier_id, "due": due_at}).first()
        return None if row is None else _apology(row)

    def listed(self, status: ApologyStatus, limit: int) -> Sequence[Apology]:
        return [_apology(row) for row in self._db.execute(_LISTED, {"status": status, "most": limit})]

    def untold(self, now: datetime, limit: int) -> Sequence[Apology]:
        return [_apology(row) for row in self._db.execute(_UNTOLD, {"now": now, "most": limit})]

    def change(self, apology_id: int, **values: Any) -> None:
        self._db.execute(update(a).where(a.c.id == apology_id).values(**values))

    def running_due(self, after: datetime, until: datetime, limit: int) -> Sequence[Dossier]:
        found = self._db.execute(_RUNNING, {"after": after, "until": until, "most": limit})
        return [dossier_from_row(row) for row in found]


def _apology(row: Row[Any]) -> Apology:
    return Apology(
        row.id,
        row.dossier_id,
        row.code,
        row.agency_name,
        row.due_at,
        ApologyStatus(row.status),
        row.number,
        row.new_due_at,
        row.reason,
        row.told_at,
    )
