"""Tasks (nhiệm vụ) given by the Government, the provincial committee and its chairman, and how they are counted."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


class Giver(enum.StrEnum):
    GOVERNMENT = "government"  # Chính phủ, Thủ tướng Chính phủ
    COMMITTEE = "committee"  # UBND tỉnh
    CHAIRMAN = "chairman"  # Chủ tịch, Phó Chủ tịch UBND tỉnh
    PARTY = "party"  # Tỉnh ủy, HĐND tỉnh and whoever else gives tasks to the office


class TaskState(enum.StrEnum):
    """What somebody entered; whether it is late follows from the dates."""

    OPEN = "open"  # given, nothing reported yet: waiting for the report
    WORKING = "working"  # progress was reported and confirmed
    DONE = "done"
    STOPPED = "stopped"
    CARRIED = "carried"  # moved to next year's programme

    @property
    def ended(self) -> bool:
        return self in _ENDED


_ENDED = frozenset({TaskState.DONE, TaskState.STOPPED, TaskState.CARRIED})


class TaskGroup(enum.StrEnum):
    """The groups that the offices report by. Each task is in exactly one of them on any day."""

    WORKING = "working"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    AWAITED = "awaited"  # waiting for the report, in time
    OVERDUE = "overdue"  # waiting for the report, past its day
    EXTENSION = "extension"  # waiting for an answer to the request for more time
    STOPPED = "stopped"
    CARRIED = "carried"


#: Groups whose tasks nobody has to do any more.
CLOSED_GROUPS = frozenset({TaskGroup.DONE_ON_TIME, TaskGroup.DONE_LATE, TaskGroup.STOPPED, TaskGroup.CARRIED})


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """The document that gave the task. ``number`` as printed ("1234/UBND-KT")."""

    number: str
    on: date | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One task. Days are the office's (Asia/Ho_Chi_Minh); a task is late from the day after ``due_on``.

    ``due_on`` None: no day was set. ``first_due_on`` is the day before any extension.
    """

    code: str
    content: str
    giver: Giver
    agency_id: int
    assigned_on: date
    source: SourceDocument
    due_on: date | None = None
    first_due_on: date | None = None
    state: TaskState = TaskState.OPEN
    ended_on: date | None = None
    field: str = ""
    giver_name: str = ""
    officer: str = ""  # full name of who is in charge at the agency
    officer_account: str = ""
    together_with: tuple[int, ...] = ()  # ids of cooperating agencies
    result: str = ""  # number and date of the document that ends it
    carried_to: int | None = None  # year
    extension_asked: bool = False
    extensions: int = 0  # granted so far
    origin: str = ""  # the feed or file it came from
    as_of: datetime | None = None  # when that spoke
    id: int = 0
    agency_name: str = ""
    demo: str = ""

    def group_on(self, day: date) -> TaskGroup:
        if self.state is TaskState.DONE:
            late = self.due_on is not None and self.ended_on is not None and self.ended_on > self.due_on
            return TaskGroup.DONE_LATE if late else TaskGroup.DONE_ON_TIME
        if self.state is TaskState.STOPPED:
            return TaskGroup.STOPPED
        if self.state is TaskState.CARRIED:
            return TaskGroup.CARRIED
        if self.extension_asked:
            return TaskGroup.EXTENSION
        if self.state is TaskState.WORKING:
            return TaskGroup.WORKING
        return TaskGroup.OVERDUE if self.overdue_on(day) else TaskGroup.AWAITED

    def overdue_on(self, day: date) -> bool:
        return not self.state.ended and self.due_on is not None and self.due_on < day


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are meant, within the scope. Empty members do not narrow; spans include both ends.

    ``overdue_on``: open on that day and past their day then, whatever became of them since.
    ``due``: open today and due in the span. ``given``: assigned in the span.
    ``ended``: done, stopped or carried over in the span.
    """

    agencies: frozenset[int] = frozenset()
    giver: Giver | None = None
    field: str = ""
    officer: str = ""
    group: TaskGroup | None = None
    overdue_on: date | None = None
    due: tuple[date, date] | None = None
    given: tuple[date, date] | None = None
    open_only: bool = False
    ended: tuple[date, date] | None = None


class ReportState(enum.StrEnum):
    WAITING = "waiting"  # prepared in chat; the giver's side has not confirmed it
    CONFIRMED = "confirmed"
    RETURNED = "returned"  # the giver's side wants more
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """The document by which the giver's side decided."""

    number: str
    on: date
    signer: str = ""


@dataclass(frozen=True, slots=True)
class TaskReport:
    """Progress told by the agency. ``finishes``: with this the task is said to be done."""

    task_id: int
    by: str  # account
    at: datetime
    text: str
    finishes: bool = False
    state: ReportState = ReportState.WAITING
    decided_by: str = ""
    decision: Decision | None = None
    note: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class TaskExtension:
    """A request for more time. ``number`` counts the requests of one task from 1."""

    task_id: int
    number: int
    by: str
    at: datetime
    wished_due: date
    reason: str
    state: ReportState = ReportState.WAITING
    previous_due: date | None = None
    granted_due: date | None = None
    decided_by: str = ""
    decision: Decision | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How many tasks of each group, of one agency or of all. ``total`` is their sum."""

    counts: Mapping[TaskGroup, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def of(self, *groups: TaskGroup) -> int:
        return sum(self.counts.get(one, 0) for one in groups)


@dataclass(frozen=True, slots=True)
class AgencyTasks:
    """How one agency stands. ``overdue``: open and past their day; ``worst_days``: calendar days of the latest;
    ``waiting``: those of the overdue that wait for an answer about more time."""

    agency_id: int
    name: str
    groups: GroupCounts
    overdue: int
    worst_days: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the rows, and how many there are."""

    rows: Sequence[Task]
    total: int
