"""The content of the giao ban brief: given, done, overdue by agency in one week, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from backend.domain.brief import AgencyWeek, Pending, WeekBrief
from backend.domain.ports import UnitOfWork
from backend.domain.scope import Scope
from backend.domain.task import AgencyTasks, Task, TaskExtension, TaskFilter, TaskGroup, TaskReport

#: Reports and requests that are looked at; the counts are of these.
MOST_PENDING = 500
#: Of which so many are shown one by one.
SHOWN_PENDING = 30
_WEEK = timedelta(days=7)


def week_of(day: date) -> tuple[date, date]:
    """The seven days that end with ``day``: a brief of Monday morning covers Monday to Sunday before it."""
    return day - _WEEK + timedelta(days=1), day


def week_brief(uow: UnitOfWork, scope: Scope, last: date, *, rows: bool) -> WeekBrief:
    """The week that ends with ``last``, within the scope. ``rows``: what waits may be shown one by one."""
    first, last = week_of(last)
    tasks = uow.tasks
    given = tasks.by_agency(scope, TaskFilter(given=(first, last)), last)
    ended = tasks.by_agency(scope, TaskFilter(ended=(first, last)), last)
    # A task is late from the day after: at the end of ``last`` those of that day are not yet past it.
    late = tasks.by_agency(scope, TaskFilter(overdue_on=last), uow.today)
    before = tasks.count_groups(scope, TaskFilter(overdue_on=last - _WEEK), uow.today)
    reports, extensions = tasks.waiting(scope, MOST_PENDING)
    return WeekBrief(
        first=first,
        last=last,
        taken_at=uow.now,
        given=sum(one.groups.total for one in given),
        done=sum(_done(one) for one in ended),
        done_late=sum(one.groups.of(TaskGroup.DONE_LATE) for one in ended),
        overdue=sum(one.overdue for one in late),
        overdue_before=before.total,
        extensions=len(extensions),
        reports=len(reports),
        agencies=_by_agency(given, ended, late),
        as_of=uow.now,  # the book of tasks is this database's own
        pending=_pending(reports, extensions)[:SHOWN_PENDING] if rows else (),
    )


def _done(one: AgencyTasks) -> int:
    return one.groups.of(TaskGroup.DONE_ON_TIME, TaskGroup.DONE_LATE)


def _by_agency(
    given: Sequence[AgencyTasks], ended: Sequence[AgencyTasks], late: Sequence[AgencyTasks]
) -> tuple[AgencyWeek, ...]:
    names = {one.agency_id: one.name for one in (*given, *ended, *late)}
    new = {one.agency_id: one.groups.total for one in given}
    done = {one.agency_id: _done(one) for one in ended}
    overdue = {one.agency_id: one for one in late}
    found = [
        AgencyWeek(
            name=name,
            given=new.get(number, 0),
            done=done.get(number, 0),
            overdue=overdue[number].overdue if number in overdue else 0,
            worst_days=overdue[number].worst_days if number in overdue else 0,
        )
        for number, name in names.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.overdue, -one.worst_days, one.name)))


def _pending(
    reports: Sequence[tuple[Task, TaskReport]], extensions: Sequence[tuple[Task, TaskExtension]]
) -> tuple[Pending, ...]:
    """The oldest first."""
    asked = [
        Pending("extension", task.code, task.agency_name, task.content, task.due_on, one.wished_due, one.at)
        for task, one in extensions
    ]
    told = [
        Pending("report", task.code, task.agency_name, task.content, task.due_on, None, one.at)
        for task, one in reports
    ]
    return tuple(sorted([*asked, *told], key=lambda one: str(one.asked_at)))
