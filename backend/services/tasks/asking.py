"""Answers about tasks: which are late, what falls due, how an agency stands. Everything within the asker's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from backend.domain.ports import UnitOfWork
from backend.domain.scope import GIVERS, Scope
from backend.domain.task import (
    AgencyTasks,
    GroupCounts,
    ReportState,
    Task,
    TaskExtension,
    TaskFilter,
    TaskGroup,
    TaskReport,
)

#: Rows of one answer; the rest is asked for.
PAGE = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Tasks of one question. ``before``: how many they were on ``before_on``, where that was asked.

    ``of_extension``: those among them that wait for an answer about more time.
    """

    tasks: Sequence[Task]
    total: int
    offset: int
    day: date
    agencies: Sequence[AgencyTasks] = ()
    of_extension: int = 0
    before: int | None = None
    before_on: date | None = None

    @property
    def left(self) -> int:
        return max(0, self.total - self.offset - len(self.tasks))


@dataclass(frozen=True, slots=True)
class Standing:
    """Tasks by group, of all and of each agency; ``source`` and ``as_of``: who told last, and when."""

    groups: GroupCounts
    agencies: Sequence[AgencyTasks]
    overdue: int
    day: date


@dataclass(frozen=True, slots=True)
class Detail:
    """One task with what was told and asked about it; ``may_decide``: the asker is on the giver's side."""

    task: Task
    group: TaskGroup
    days_left: int | None  # working days; negative: calendar days late
    reports: Sequence[TaskReport]
    extensions: Sequence[TaskExtension]
    partners: Sequence[str]
    may_report: bool
    may_decide: bool


def overdue(
    uow: UnitOfWork, scope: Scope, which: TaskFilter, *, on: date | None = None, offset: int = 0
) -> Found:
    """Open tasks past their day. With an earlier day ``on``: those of that day, compared with today's."""
    day = uow.today
    agencies = uow.tasks.late_by_agency(
        scope, which, day
    )  # their sums are the totals: nothing is counted twice
    total, waiting = sum(one.overdue for one in agencies), sum(one.waiting for one in agencies)
    rows: Sequence[Task] = ()
    if total > offset:
        rows = uow.tasks.rows(scope, replace(which, overdue_on=day), day, PAGE, offset)
    before = None
    if on is not None and on < day:
        before = uow.tasks.page(scope, replace(which, overdue_on=on), day, 0).total
    told = () if offset else agencies
    return Found(rows, total, offset, day, told, waiting, before, on if before is not None else None)


def due_soon(
    uow: UnitOfWork, scope: Scope, which: TaskFilter, span: tuple[date, date], offset: int = 0
) -> Found:
    """Open tasks whose day falls into the span."""
    wanted = replace(which, due=span)
    page = uow.tasks.page(scope, wanted, uow.today, PAGE, offset)
    agencies = uow.tasks.by_agency(scope, wanted, uow.today) if not offset else ()
    return Found(page.rows, page.total, offset, uow.today, agencies)


def standing(uow: UnitOfWork, scope: Scope, which: TaskFilter) -> Standing:
    """How many of each group the offices report by."""
    groups = uow.tasks.count_groups(scope, which, uow.today)
    agencies = uow.tasks.by_agency(scope, which, uow.today)
    return Standing(groups, agencies, sum(one.overdue for one in agencies), uow.today)


def of_group(uow: UnitOfWork, scope: Scope, which: TaskFilter, group: TaskGroup, offset: int = 0) -> Found:
    """The rows behind one figure."""
    page = uow.tasks.page(scope, replace(which, group=group), uow.today, PAGE, offset)
    return Found(page.rows, page.total, offset, uow.today)


def detail(uow: UnitOfWork, scope: Scope, roles: frozenset[str], code: str) -> Detail | None:
    """None when it is out of scope or there is none: the two are not told apart."""
    task = uow.tasks.by_code(scope, code)
    if task is None:
        return None
    return Detail(
        task,
        task.group_on(uow.today),
        days_left(uow, task),
        uow.tasks.reports(task.id),
        uow.tasks.extensions(task.id),
        [uow.agencies.get(one).name for one in task.together_with],
        may_report=not task.state.ended,
        may_decide=bool(roles & GIVERS),
    )


def days_left(uow: UnitOfWork, task: Task) -> int | None:
    """Working days to go, today not counted; once late, calendar days, negative. None without a day or once ended."""
    if task.due_on is None or task.state.ended:
        return None
    if task.due_on < uow.today:
        return (task.due_on - uow.today).days
    return uow.calendar.working_days_between(uow.today, task.due_on)


def waiting_for(
    uow: UnitOfWork, scope: Scope, limit: int = PAGE
) -> tuple[Sequence[tuple[Task, TaskReport]], Sequence[tuple[Task, TaskExtension]]]:
    """What the giver's side has to answer."""
    return uow.tasks.waiting(scope, limit)


def open_request(uow: UnitOfWork, task: Task) -> TaskExtension | None:
    """The request for more time that waits for an answer."""
    asked = uow.tasks.extensions(task.id)
    return next((one for one in asked if one.state is ReportState.WAITING), None)


def since(uow: UnitOfWork, scope: Scope, at: datetime, limit: int = PAGE) -> Sequence[Task]:
    """What changed since."""
    return uow.tasks.changed_since(scope, at, limit)
