"""Port: tasks, their reports and extensions. Whatever is read for an officer is read within their scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from backend.domain.scope import Scope
from backend.domain.task import (
    AgencyTasks,
    Decision,
    GroupCounts,
    Page,
    ReportState,
    Task,
    TaskExtension,
    TaskFilter,
    TaskReport,
)


class Tasks(Protocol):
    def put(self, task: Task, now: datetime) -> str:
        """Enter a task, or what changed of it, by its code: "created", "changed" or "unchanged".

        Its wait for an answer about more time, and the number of extensions, are not touched.
        """

    def by_code(self, scope: Scope, code: str) -> Task | None:
        """Lead and cooperating agencies both see a task; None when it is out of scope or there is none."""

    def lock(self, code: str) -> Task | None:
        """The task, held until the transaction ends; without scope: for writers that asked ``by_code`` before."""

    def page(self, scope: Scope, which: TaskFilter, day: date, limit: int, offset: int = 0) -> Page:
        """Open ones first, by their day, the longest overdue first."""

    def rows(self, scope: Scope, which: TaskFilter, day: date, limit: int, offset: int = 0) -> Sequence[Task]:
        """The rows of a page, not counted."""

    def count_groups(self, scope: Scope, which: TaskFilter, day: date) -> GroupCounts:
        """How they stand on that day, each counted once, with its lead agency."""

    def by_agency(self, scope: Scope, which: TaskFilter, day: date) -> Sequence[AgencyTasks]:
        """The same by lead agency, most overdue first; agencies without such tasks are left out."""

    def late_by_agency(self, scope: Scope, which: TaskFilter, day: date) -> Sequence[AgencyTasks]:
        """Only what is overdue on that day (today), by lead agency, without the other groups."""

    def of_document(self, scope: Scope, number: str, limit: int) -> Sequence[Task]:
        """Tasks given by the document with this number."""

    def fields(self) -> Sequence[str]: ...
    def officers(self, scope: Scope) -> Sequence[str]:
        """Names of who is in charge of tasks in scope."""

    def next_number(self, year: int) -> int:
        """One more than the highest NV-year-number."""

    def change(self, task: Task, now: datetime) -> None:
        """Write state, days, result, officer and waiting of a locked task."""

    def add_report(self, report: TaskReport) -> int: ...
    def report(self, report_id: int) -> TaskReport | None: ...
    def reports(self, task_id: int) -> Sequence[TaskReport]: ...
    def decide_report(
        self, report_id: int, state: ReportState, by: str, now: datetime, decision: Decision | None, note: str
    ) -> bool:
        """False when it is not waiting any more."""

    def add_extension(self, extension: TaskExtension) -> int: ...
    def extension(self, extension_id: int) -> TaskExtension | None: ...
    def extensions(self, task_id: int) -> Sequence[TaskExtension]: ...
    def decide_extension(
        self,
        extension_id: int,
        state: ReportState,
        by: str,
        now: datetime,
        decision: Decision | None,
        granted_due: date | None,
    ) -> bool: ...
    def waiting(
        self, scope: Scope, limit: int
    ) -> tuple[Sequence[tuple[Task, TaskReport]], Sequence[tuple[Task, TaskExtension]]]:
        """Reports and requests that wait for the giver's side, the oldest first."""

    def changed_since(self, scope: Scope, since: datetime, limit: int) -> Sequence[Task]: ...
