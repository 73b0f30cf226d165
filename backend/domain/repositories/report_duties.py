"""Port: periodic reports and what was handed in. Whatever is read for an officer is read within their scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from backend.domain.report_duty import (
    AgencyDuties,
    Duty,
    DutyFilter,
    PeriodDuties,
    PeriodicReport,
    Submission,
    SubmissionState,
    Wanted,
)
from backend.domain.scope import Scope


class ReportDuties(Protocol):
    """A duty is in scope by its agency, by the report's field, and for the agency that receives the report."""

    def put(self, report: PeriodicReport, now: datetime) -> str:
        """Enter a report, or what changed of it, by its code: "created", "changed" or "unchanged"."""

    def all(self) -> Sequence[PeriodicReport]:
        """Every report, by short name and code; the rules are for every officer."""

    def receives(self, scope: Scope) -> bool:
        """Whether an agency of the scope receives any report."""

    def duties(
        self, scope: Scope, wanted: Wanted, which: DutyFilter, day: date, limit: int, offset: int = 0
    ) -> Sequence[Duty]:
        """By due day, agency and report."""

    def by_agency(self, scope: Scope, wanted: Wanted, which: DutyFilter, day: date) -> Sequence[AgencyDuties]:
        """How each agency stands; most owed first, then by name."""

    def by_period(self, scope: Scope, wanted: Wanted, which: DutyFilter, day: date) -> Sequence[PeriodDuties]:
        """How each report and period stands, by due day; those that nobody in scope hands in are left out."""

    def lock(self, report_id: int) -> None:
        """Nobody else hands this report in, or decides on it, until the transaction ends."""

    def put_submission(self, told: Submission, now: datetime) -> str:
        """Enter what a file says of a submission: "created", "changed" or "unchanged".

        What is accepted here is not undone by a file that still has it waiting.
        """

    def add_submission(self, made: Submission) -> int: ...
    def submission(self, number: int) -> Submission | None: ...
    def decide(self, number: int, state: SubmissionState, by: str, now: datetime, note: str) -> bool:
        """False when it is not waiting any more."""

    def waiting(self, scope: Scope, receivers: frozenset[int], limit: int) -> Sequence[Submission]:
        """What waits for a decision, the oldest first; ``receivers`` empty: whoever receives it."""

    def count_waiting(self, scope: Scope, receivers: frozenset[int]) -> int: ...
