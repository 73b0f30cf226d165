"""What is shown of the rows behind a figure: codes, titles and days, never a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from backend.db.tables.agencies import agencies as a
from backend.db.tables.dossiers import dossiers as d
from backend.db.tables.petition_papers import petition_fields
from backend.db.tables.petitions import petitions as p
from backend.db.tables.procedures import procedures
from backend.db.tables.tasks import tasks as t
from backend.domain.clock import local_date
from backend.domain.figure_records import FigureRow


@dataclass(frozen=True, slots=True)
class Listed:
    columns: Sequence[Any]
    order: Sequence[Any]
    read: Callable[[Any], FigureRow]


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else local_date(moment)


def _dossier(row: Any) -> FigureRow:
    days = (_day(row.received_at), _day(row.due_at), _day(row.finished_at))
    return FigureRow(row.code, row.title, row.agency_name, *days)


def _task(row: Any) -> FigureRow:
    return FigureRow(row.code, row.content, row.agency or "", row.assigned_on, row.due_on, row.ended_on)


def _petition(row: Any) -> FigureRow:
    return FigureRow(row.code, row.kind, row.agency or "", _day(row.received_at), _day(row.due_at))


def _agency_of(column: Any) -> Any:
    return select(a.c.name).where(a.c.id == column).scalar_subquery().label("agency")


_DOSSIERS = Listed(
    (d.c.code, d.c.title, d.c.agency_name, d.c.received_at, d.c.due_at, d.c.finished_at),
    (d.c.due_at, d.c.id),
    _dossier,
)
_TASKS = Listed(
    (t.c.code, t.c.content, t.c.assigned_on, t.c.due_on, t.c.ended_on, _agency_of(t.c.agency_id)),
    (t.c.due_on, t.c.id),
    _task,
)
#: Denunciations are not among these rows, and never listed.
_PETITIONS = Listed(
    (p.c.code, p.c.kind, p.c.received_at, p.c.due_at, _agency_of(p.c.agency_id)),
    (p.c.received_at, p.c.id),
    _petition,
)
LISTED: Mapping[str, Listed] = {
    "dossiers": _DOSSIERS,
    "tasks": _TASKS,
    "programme": _TASKS,
    "petitions": _PETITIONS,
    "feedback": _PETITIONS,
}
FIELDS: Mapping[str, Any] = {
    "dossiers": procedures.c.field,
    "on_time": procedures.c.field,
    "petitions": petition_fields.c.name,
    "feedback": petition_fields.c.name,
    "tasks": t.c.field,
    "programme": t.c.field,
}
