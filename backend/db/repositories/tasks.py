"""Tasks on SQLAlchemy Core."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, delete, func, insert, select, update

from backend.db.repositories import task_lateness
from backend.db.repositories.task_lateness import ALL
from backend.db.repositories.task_queries import OPEN, group_case, meant, overdue, within
from backend.db.tables.agencies import agencies as a
from backend.db.tables.people import accounts
from backend.db.tables.tasks import task_partners as p
from backend.db.tables.tasks import tasks as t
from backend.domain.scope import Scope
from backend.domain.task import (
    AgencyTasks,
    Giver,
    GroupCounts,
    Page,
    SourceDocument,
    Task,
    TaskFilter,
    TaskGroup,
    TaskState,
)

_NUMBER = re.compile(r"NV-\d{4}-(\d+)")
#: What a feed may set again; whether more time was asked for is decided here, never by a file.
_FED = (
    "content", "giver", "giver_name", "field", "agency_id", "officer", "officer_id", "source_number", "source_date",
    "source_title", "assigned_on", "due_on", "first_due_on", "state", "ended_on", "result", "carried_to", "origin",
)  # fmt: skip


_NONE = GroupCounts()


class SqlTasks:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, task: Task, now: datetime) -> str:
        row = self._row(task)
        known = self._db.execute(select(t).where(t.c.code == task.code)).first()
        if known is None:
            values = {**row, "extension_asked": task.extension_asked, "extensions": task.extensions}
            made = {**values, "code": task.code, "changed_at": now, "as_of": task.as_of, "demo": task.demo}
            number = self._db.execute(insert(t).returning(t.c.id), made).scalar_one()
            self._partners(int(number), task.together_with)
            return "created"
        same = all(known._mapping[name] == row[name] for name in _FED)
        partners = task_lateness.partners_of(self._db, [known.id]).get(known.id, ())
        if same and partners == tuple(sorted(task.together_with)):
            return "unchanged"
        self._db.execute(update(t).where(t.c.id == known.id).values(**row, changed_at=now, as_of=task.as_of))
        self._partners(known.id, task.together_with)
        return "changed"

    def by_code(self, scope: Scope, code: str) -> Task | None:
        return next(iter(self._read(ALL.where(t.c.code == code, within(scope, partners=True)))), None)

    def lock(self, code: str) -> Task | None:
        held = self._db.execute(select(t.c.id).where(t.c.code == code).with_for_update()).first()
        return None if held is None else next(iter(self._read(ALL.where(t.c.code == code))), None)

    def page(self, scope: Scope, which: TaskFilter, day: date, limit: int, offset: int = 0) -> Page:
        where = (within(scope), meant(which, day))
        total = int(self._db.execute(select(func.count()).select_from(t).where(*where)).scalar_one())
        return Page(self.rows(scope, which, day, limit, offset) if limit and total > offset else [], total)

    def rows(self, scope: Scope, which: TaskFilter, day: date, limit: int, offset: int = 0) -> Sequence[Task]:
        mine = task_lateness.plain_agencies(scope, which) if which.overdue_on == day else None
        if mine is not None:
            return self._shown(task_lateness.page(self._db, mine, day, limit, offset))
        where = (within(scope), meant(which, day))
        first: tuple[Any, ...] = (t.c.due_on, t.c.id)
        if not _only_open(which):
            first = (case((OPEN, 0), else_=1), t.c.due_on.is_(None), *first)
        return self._read(ALL.where(*where).order_by(*first).limit(limit).offset(offset))

    def count_groups(self, scope: Scope, which: TaskFilter, day: date) -> GroupCounts:
        group = group_case(day).label("task_group")
        wanted = select(group, func.count()).where(within(scope), meant(which, day)).group_by(group)
        return GroupCounts({TaskGroup(name): count for name, count in self._db.execute(wanted)})

    def by_agency(self, scope: Scope, which: TaskFilter, day: date) -> Sequence[AgencyTasks]:
        group = group_case(day).label("task_group")
        late = case((overdue(which.overdue_on or day, day), 1), else_=0)
        wanted = (
            select(
                t.c.agency_id, group, func.count(), func.sum(late), func.min(case((late == 1, t.c.due_on)))
            )
            .where(within(scope), meant(which, day))
            .group_by(t.c.agency_id, group)
        )
        found: dict[int, tuple[dict[TaskGroup, int], int, date | None]] = {}
        for agency, name, count, overdue_count, first in self._db.execute(wanted):
            groups, before, earliest = found.setdefault(agency, ({}, 0, None))
            groups[TaskGroup(name)] = count
            oldest = min((one for one in (earliest, _day(first)) if one is not None), default=None)
            found[agency] = (groups, before + int(overdue_count), oldest)
        names = {
            row.id: row.name
            for row in self._db.execute(select(a.c.id, a.c.name).where(a.c.id.in_(list(found))))
        }
        told = [
            AgencyTasks(one, names[one], GroupCounts(groups), count, (day - first).days if first else 0)
            for one, (groups, count, first) in found.items()
        ]
        return sorted(told, key=lambda one: (-one.overdue, -one.worst_days, one.name))

    def late_by_agency(self, scope: Scope, which: TaskFilter, day: date) -> Sequence[AgencyTasks]:
        mine = task_lateness.plain_agencies(scope, which)
        if mine is not None and which.overdue_on is None:
            rows = task_lateness.counted(self._db, mine, day)
            return _by_lateness(day, [(x.agency_id, x.agency_name, x.many, x.first, x.waiting) for x in rows])
        waiting = func.sum(case((t.c.extension_asked, 1), else_=0))
        wanted = (
            select(t.c.agency_id, a.c.name, func.count(), func.min(t.c.due_on), waiting)
            .join(a, a.c.id == t.c.agency_id)
            .where(OPEN, t.c.due_on < day, within(scope), meant(which, day))
            .group_by(t.c.agency_id, a.c.name)
        )
        return _by_lateness(day, list(self._db.execute(wanted)))

    def of_document(self, scope: Scope, number: str, limit: int) -> Sequence[Task]:
        same = ALL.where(t.c.source_number == number, within(scope, partners=True))
        return self._read(same.order_by(t.c.id).limit(limit))

    def fields(self) -> Sequence[str]:
        wanted = select(t.c.field).where(t.c.field != "").distinct().order_by(t.c.field)
        return list(self._db.execute(wanted).scalars())

    def officers(self, scope: Scope) -> Sequence[str]:
        wanted = select(t.c.officer).where(t.c.officer != "", within(scope)).distinct()
        return sorted(self._db.execute(wanted).scalars())

    def next_number(self, year: int) -> int:
        codes = self._db.execute(select(t.c.code).where(t.c.code.startswith(f"NV-{year}-"))).scalars()
        return 1 + max((int(read[1]) for one in codes if (read := _NUMBER.fullmatch(one))), default=0)

    def change(self, task: Task, now: datetime) -> None:
        row = {**self._row(task), "extension_asked": task.extension_asked, "extensions": task.extensions}
        self._db.execute(update(t).where(t.c.id == task.id).values(**row, changed_at=now))

    def changed_since(self, scope: Scope, since: datetime, limit: int) -> Sequence[Task]:
        new = ALL.where(t.c.changed_at > since, within(scope)).order_by(t.c.changed_at.desc(), t.c.id)
        return self._read(new.limit(limit))

    def _by_id(self, ids: Collection[int]) -> dict[int, Task]:
        return {one.id: one for one in self._read(ALL.where(t.c.id.in_(sorted(ids))))}

    def _row(self, task: Task) -> dict[str, Any]:
        account = None
        if task.officer_account:
            named = select(accounts.c.id).where(accounts.c.name == task.officer_account)
            account = self._db.execute(named).scalar()
        return {
            "content": task.content,
            "giver": str(task.giver),
            "giver_name": task.giver_name,
            "field": task.field,
            "agency_id": task.agency_id,
            "officer": task.officer,
            "officer_id": account,
            "source_number": task.source.number,
            "source_date": task.source.on,
            "source_title": task.source.title,
            "assigned_on": task.assigned_on,
            "due_on": task.due_on,
            "first_due_on": task.first_due_on or task.due_on,
            "state": str(task.state),
            "ended_on": task.ended_on,
            "result": task.result,
            "carried_to": task.carried_to,
            "origin": task.origin,
        }

    def _partners(self, task_id: int, agencies: Sequence[int]) -> None:
        self._db.execute(delete(p).where(p.c.task_id == task_id))
        for one in sorted(set(agencies)):
            self._db.execute(insert(p), {"task_id": task_id, "agency_id": one})

    def _read(self, wanted: Select[Any]) -> list[Task]:
        return self._shown(list(self._db.execute(wanted)))

    def _shown(self, rows: Sequence[Any]) -> list[Task]:
        partners = task_lateness.partners_of(self._db, [row.id for row in rows]) if rows else {}
        return [task_of(row, partners.get(row.id, ())) for row in rows]


def _by_lateness(day: date, rows: Iterable[Sequence[Any]]) -> Sequence[AgencyTasks]:
    told = [
        AgencyTasks(agency, name, _NONE, count, (day - first).days, int(asked))
        for agency, name, count, first, asked in rows
    ]
    return sorted(told, key=lambda one: (-one.overdue, -one.worst_days, one.name))


def task_of(row: Row[Any], partners: tuple[int, ...] = ()) -> Task:
    return Task(
        code=row.code,
        content=row.content,
        giver=Giver(row.giver),
        agency_id=row.agency_id,
        assigned_on=row.assigned_on,
        source=SourceDocument(row.source_number, row.source_date, row.source_title),
        due_on=row.due_on,
        first_due_on=row.first_due_on,
        state=TaskState(row.state),
        ended_on=row.ended_on,
        field=row.field,
        giver_name=row.giver_name,
        officer=row.officer,
        officer_account=row.officer_account or "",
        together_with=partners,
        result=row.result,
        carried_to=row.carried_to,
        extension_asked=row.extension_asked,
        extensions=row.extensions,
        origin=row.origin,
        as_of=row.as_of,
        id=row.id,
        agency_name=row.agency_name,
        demo=row.demo,
    )


def _only_open(which: TaskFilter) -> bool:
    return which.open_only or which.due is not None or which.overdue_on is not None


def _day(value: date | str | None) -> date | None:
    """SQLite gives the least of a CASE as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
