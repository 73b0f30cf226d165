"""The week in one picture (bản tin giao ban), and the letter that urges an agency on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.task import Task


@dataclass(frozen=True, slots=True)
class AgencyWeek:
    """One agency's tasks: given and done in the week, and past their day at its end."""

    name: str
    given: int = 0
    done: int = 0
    overdue: int = 0
    worst_days: int = 0  # calendar days of the longest overdue one
    code: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that waits for the giver's side: ``kind`` is "report" or "extension"."""

    kind: str
    code: str
    agency: str
    content: str
    due_on: date | None
    wished_due: date | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WeekBrief:
    """Days ``first`` to ``last``, both included; ``overdue`` is as it stood on ``last``, ``overdue_before`` a week
    earlier.

    ``pending`` are rows: empty where rows may not be shown; the counts stand in any case.
    """

    first: date
    last: date
    taken_at: datetime
    given: int
    done: int
    done_late: int
    overdue: int
    overdue_before: int
    extensions: int
    reports: int
    agencies: Sequence[AgencyWeek]
    pending: Sequence[Pending] = ()
    as_of: datetime | None = None  # when the feed of tasks last spoke
    scope: str = ""


@dataclass(frozen=True, slots=True)
class UrgingLetter:
    """What a công văn đôn đốc lists. ``tasks`` are the agency's overdue ones, the longest overdue first."""

    agency: str
    agency_code: str
    day: date
    tasks: Sequence[Task]
    total: int  # overdue tasks in all; more than are listed where there are very many

    def days_late(self, task: Task) -> int:
        """Calendar days."""
        return (self.day - task.due_on).days if task.due_on else 0
