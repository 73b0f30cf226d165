"""What is overdue now, as it is asked most: everywhere, or in a list of agencies. Statements compiled once.

Questions that are narrowed further (by giver, field, officer, an earlier day) go the general way of ``tasks.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    select,
)

from backend.db.hot import Hot, among
from backend.db.repositories.task_queries import OPEN
from backend.db.tables.agencies import agencies as a
from backend.db.tables.people import accounts
from backend.db.tables.tasks import task_partners as p
from backend.db.tables.tasks import tasks as t
from backend.domain.scope import Scope
from backend.domain.task import TaskFilter

NAMES = (a.c.name.label("agency_name"), accounts.c.name.label("officer_account"))
ALL = select(t, *NAMES).join(a, a.c.id == t.c.agency_id).outerjoin(accounts, accounts.c.id == t.c.officer_id)
_LATE = (OPEN, t.c.due_on < bindparam("day"))
_WAITING = func.sum(case((t.c.extension_asked, 1), else_=0)).label("waiting")


def _counted(*mine: ColumnElement[bool]) -> Select[Any]:
    figures = (
        func.count().label("many"),
        func.min(t.c.due_on, type_=t.c.due_on.type).label("first"),
        _WAITING,
    )
    wanted = select(t.c.agency_id, a.c.name.label("agency_name"), *figures).join(a, a.c.id == t.c.agency_id)
    return wanted.where(*_LATE, *mine).group_by(t.c.agency_id, a.c.name)


def _page(*mine: ColumnElement[bool], by: ColumnElement[Any] = t.c.due_on) -> Select[Any]:
    page = ALL.where(*_LATE, *mine).order_by(by, t.c.id)
    return page.limit(bindparam("most")).offset(bindparam("after"))


def _mine(dialect: str) -> Any:
    return among(dialect, t.c.agency_id, "agencies", BigInteger)


def _partners(dialect: str) -> Any:
    return (
        select(p.c.task_id, p.c.agency_id)
        .where(among(dialect, p.c.task_id, "tasks", BigInteger))
        .order_by(p.c.agency_id)
    )


#: An agency and the few under it, the usual officer's: planners look values up that they can count, and read
#: everything for a list whose length they do not know.
_FEW = 8
_OF_FEW = t.c.agency_id.in_([bindparam(f"agency{at}", type_=BigInteger) for at in range(_FEW)])
_COUNT_ALL, _PAGE_ALL = Hot(_counted()), Hot(_page())
_COUNT_FEW = Hot(_counted(_OF_FEW))
#: The same order, by which PostgreSQL cannot be led to read everybody's late tasks in turn until it has five of these.
_BY_DAY = t.c.due_on.op("+")(literal_column("0"))
_PAGE_FEW = Hot(sqlite=_page(_OF_FEW), postgresql=_page(_OF_FEW, by=_BY_DAY))
_COUNT_MINE = Hot(sqlite=_counted(_mine("sqlite")), postgresql=_counted(_mine("postgresql")))
_PAGE_MINE = Hot(sqlite=_page(_mine("sqlite")), postgresql=_page(_mine("postgresql"), by=_BY_DAY))
_PARTNERS = Hot(sqlite=_partners("sqlite"), postgresql=_partners("postgresql"))


def plain_agencies(scope: Scope, which: TaskFilter) -> dict[str, Any] | None:
    """What such a question is narrowed to: {} for nothing, else agencies; None for any other question."""
    if scope.fields or scope.empty or replace(which, agencies=frozenset(), overdue_on=None) != TaskFilter():
        return None
    if scope.everything and not which.agencies:
        return {}
    both = (
        which.agencies & scope.agencies
        if which.agencies and not scope.everything
        else which.agencies or scope.agencies
    )
    ids = sorted(both)
    if not 0 < len(ids) <= _FEW:
        return {"agencies": ids}
    return {f"agency{at}": ids[min(at, len(ids) - 1)] for at in range(_FEW)}


def counted(db: Connection, mine: dict[str, Any], day: date) -> list[Any]:
    """Rows of agency_id, agency_name, many, first, waiting."""
    counts = _COUNT_FEW if "agency0" in mine else _COUNT_MINE if mine else _COUNT_ALL
    return counts.all(db, {"day": day, **mine})


def page(db: Connection, mine: dict[str, Any], day: date, most: int, after: int) -> list[Any]:
    """Rows as those of ``ALL``, the longest late first."""
    rows = _PAGE_FEW if "agency0" in mine else _PAGE_MINE if mine else _PAGE_ALL
    return rows.all(db, {"day": day, "most": most, "after": after, **mine})


def partners_of(db: Connection, tasks: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Cooperating agencies by task."""
    found: dict[int, tuple[int, ...]] = {}
    for row in _PARTNERS.all(db, {"tasks": list(tasks)}):
        found[row.task_id] = (*found.get(row.task_id, ()), row.agency_id)
    return found
