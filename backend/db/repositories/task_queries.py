"""Conditions over tasks: who may see which, what is meant, which group each is in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal_column, or_, select, true

from backend.db.tables.tasks import task_extensions as e
from backend.db.tables.tasks import task_partners as p
from backend.db.tables.tasks import tasks as t
from backend.domain.clock import VIETNAM
from backend.domain.scope import Scope
from backend.domain.task import ReportState, TaskFilter, TaskGroup, TaskState

#: Written out, so that the planner knows the partial indexes to fit.
OPEN = t.c.ended_on.is_(None)


def within(scope: Scope, *, partners: bool = False) -> ColumnElement[bool]:
    """Rows of the scope; an empty one matches none. ``partners``: tasks that its agencies only cooperate in, too."""
    if scope.everything:
        return true()
    ways: list[ColumnElement[bool]] = []
    if scope.agencies:
        ids = sorted(scope.agencies)
        ways.append(t.c.agency_id.in_(ids))
        if partners:
            ways.append(exists().where(p.c.task_id == t.c.id, p.c.agency_id.in_(ids)))
    if scope.fields:
        ways.append(t.c.field.in_(sorted(scope.fields)))
    return or_(*ways) if ways else false()


def meant(which: TaskFilter, day: date) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if which.agencies:
        found.append(t.c.agency_id.in_(sorted(which.agencies)))
    if which.giver is not None:
        found.append(t.c.giver == which.giver)
    if which.field:
        found.append(t.c.field == which.field)
    if which.officer:
        found.append(t.c.officer == which.officer)
    if which.overdue_on is not None:
        found.append(overdue(which.overdue_on, day))
    if which.due is not None:
        found += [OPEN, t.c.due_on >= which.due[0], t.c.due_on <= which.due[1]]
    if which.given is not None:
        found += [t.c.assigned_on >= which.given[0], t.c.assigned_on <= which.given[1]]
    if which.ended is not None:
        found += [t.c.ended_on >= which.ended[0], t.c.ended_on <= which.ended[1]]
    if which.open_only:
        found.append(OPEN)
    if which.group is not None:
        found.append(group_case(day) == which.group)
    return and_(true(), *found)


def overdue(on: date, today: date) -> ColumnElement[bool]:
    """Open on that day and past the day that held then: an extension granted later does not change the past."""
    if on >= today:
        return and_(OPEN, t.c.due_on < on)
    after = datetime.combine(on + timedelta(days=1), time(), VIETNAM)
    later = and_(e.c.task_id == t.c.id, e.c.state == ReportState.CONFIRMED, e.c.decided_at >= after)
    held = select(func.min(e.c.previous_due)).where(later).scalar_subquery()
    return and_(t.c.assigned_on <= on, or_(OPEN, t.c.ended_on > on), func.coalesce(held, t.c.due_on) < on)


def group_case(day: date) -> ColumnElement[Any]:
    """The group as ``Task.group_on`` names it."""
    late = t.c.ended_on > t.c.due_on
    return case(
        ((t.c.state == _word(TaskState.DONE)) & late, _word(TaskGroup.DONE_LATE)),
        (t.c.state == _word(TaskState.DONE), _word(TaskGroup.DONE_ON_TIME)),
        (t.c.state == _word(TaskState.STOPPED), _word(TaskGroup.STOPPED)),
        (t.c.state == _word(TaskState.CARRIED), _word(TaskGroup.CARRIED)),
        (t.c.extension_asked, _word(TaskGroup.EXTENSION)),
        (t.c.state == _word(TaskState.WORKING), _word(TaskGroup.WORKING)),
        (t.c.due_on < day, _word(TaskGroup.OVERDUE)),
        else_=_word(TaskGroup.AWAITED),
    )


def _word(one: TaskState | TaskGroup) -> ColumnElement[str]:
    return literal_column(f"'{one.value}'")
