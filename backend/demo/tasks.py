"""Invented tasks of the demonstration province: every group the offices report by, around an anchor day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from backend.demo.office import DEMO
from backend.demo.people import invented_people
from backend.domain.clock import local_date
from backend.domain.ports import UnitOfWork
from backend.domain.task import Giver, SourceDocument, Task, TaskState

ORIGIN = "Hệ thống theo dõi nhiệm vụ (minh họa)"
_SEED = 20261121
#: State, days from the anchor to the due day, days from the due day to the end. One after the other: no luck involved.
_LIVES: tuple[tuple[TaskState, int, int | None], ...] = (
    (TaskState.DONE, -60, -4),
    (TaskState.OPEN, -11, None),
    (TaskState.OPEN, 4, None),
    (TaskState.DONE, -30, 6),
    (TaskState.WORKING, 12, None),
    (TaskState.OPEN, 2, None),
    (TaskState.DONE, -15, 0),
    (TaskState.OPEN, -33, None),
    (TaskState.WORKING, 25, None),
    (TaskState.DONE, -90, -1),
    (TaskState.STOPPED, -20, -10),
    (TaskState.OPEN, 40, None),
    (TaskState.CARRIED, -5, 1),
)


def load_tasks(uow: UnitOfWork, *, anchor: datetime) -> int:
    """Put them; returns how many. The same anchor gives the same tasks."""
    plan = yaml.safe_load(files("backend.demo").joinpath("tasks.yml").read_text(encoding="utf-8"))
    agencies = uow.agencies.all()
    by_name = {one.name: one for one in agencies}
    wanted = [(by_name[row["agency"]].id, row) for row in plan["tasks"]] * 2
    wanted += [(one.id, row) for one in agencies if one.kind == "commune" for row in plan["communes"]]
    made = list(_tasks(wanted, local_date(anchor), anchor))
    for task in made:
        uow.tasks.put(task, uow.now)
    return len(made)


def _tasks(wanted: list[tuple[int, Mapping[str, Any]]], day: date, anchor: datetime) -> Iterator[Task]:
    random = Random(_SEED)
    people = invented_people(60, random)
    numbers: dict[int, int] = {}
    for at, (agency, row) in enumerate(wanted):
        state, due_in, end_after = _LIVES[at % len(_LIVES)]
        due = day + timedelta(days=due_in)
        assigned = due - timedelta(days=random.randrange(20, 75))
        ended = due + timedelta(days=end_after) if end_after is not None else None
        year = assigned.year
        numbers[year] = numbers.get(year, 0) + 1
        yield Task(
            code=f"NV-{year}-{numbers[year]:04d}",
            content=row["content"] if at < len(wanted) // 2 else f"{row['content']} (đợt hai)",
            giver=Giver(row["giver"]),
            agency_id=agency,
            assigned_on=assigned,
            source=SourceDocument(f"{300 + at * 7}/UBND-{'KT' if at % 2 else 'NC'}", assigned),
            due_on=due,
            state=state,
            ended_on=min(ended, day) if ended else None,
            field=row["field"],
            officer=people[agency % len(people)].name,
            result=f"{90 + at}/BC ngày {ended:%d/%m/%Y}" if ended and state is TaskState.DONE else "",
            carried_to=day.year + 1 if state is TaskState.CARRIED else None,
            origin=ORIGIN,
            as_of=anchor,
            demo=DEMO,
        )
