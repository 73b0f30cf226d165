"""Periodic reports (chế độ báo cáo định kỳ): who hands in what for which period by which day, and how that stands.

What is owed is worked out from the rules: nothing is kept for a report that nobody has handed in.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from backend.domain.agency import Agency
from backend.domain.calendar import WorkingCalendar

#: A due day further behind its period is a slip of the finger.
MOST_DUE_MONTHS = 6


class ReportKind(enum.StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"  # once a year
    YEAR = "year"

    @property
    def months(self) -> int:
        return _MONTHS[self]

    @property
    def in_a_year(self) -> int:
        return 1 if self is ReportKind.NINE_MONTHS else 12 // self.months


_MONTHS = {
    ReportKind.MONTH: 1,
    ReportKind.QUARTER: 3,
    ReportKind.HALF: 6,
    ReportKind.NINE_MONTHS: 9,
    ReportKind.YEAR: 12,
}


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """``first`` to ``last`` are the calendar days that name it ("tháng 10"); its figures run from ``cut_from`` to
    ``cut_to``. A report is late from the day after ``due_on``."""

    kind: ReportKind
    first: date
    last: date
    cut_from: date
    cut_to: date
    due_on: date


@dataclass(frozen=True, slots=True)
class PeriodicReport:
    """One report that has to be handed in again and again, and the rule by which.

    A period ends on ``cutoff_day`` of its last month and begins the day after that day of the month before it
    (31: the month's end); Nghị định 09/2019/NĐ-CP, Điều 12 has 14. It is due on ``due_day`` of the month ``due_months``
    after its last one; with ``due_moves``, on the next working day where nobody works on that day. ``only`` numbers the
    periods of a year that are wanted; empty: each. In force for periods whose figures end from ``valid_from`` to
    ``valid_to``.
    """

    code: str
    name: str
    kind: ReportKind
    receiver_id: int
    valid_from: date
    short: str = ""  # what officers call it; reports of one regime share it ("CCHC" of a quarter, of a year)
    document_number: str = ""
    document_on: date | None = None
    only: frozenset[int] = frozenset()
    departments: bool = False  # every department of the province
    communes: bool = False
    listed: tuple[int, ...] = ()  # ids of agencies, besides these
    field: str = ""
    cutoff_day: int = 14
    due_day: int = 16
    due_months: int = 0
    due_moves: bool = False
    valid_to: date | None = None
    origin: str = ""
    id: int = 0
    receiver_name: str = ""
    demo: str = ""

    @property
    def title(self) -> str:
        return self.short or self.name

    def period(self, year: int, number: int, calendar: WorkingCalendar) -> ReportPeriod:
        """The ``number``-th of the year, from 1."""
        ends = 9 if self.kind is ReportKind.NINE_MONTHS else number * self.kind.months
        begins = ends - self.kind.months + 1
        due = _day_of(year, ends + self.due_months, self.due_day)
        return ReportPeriod(
            self.kind,
            date(year, begins, 1),
            _day_of(year, ends, 31),
            _day_of(year, begins - 1, self.cutoff_day) + timedelta(days=1),
            _day_of(year, ends, self.cutoff_day),
            calendar.working_day_from(due) if self.due_moves else due,
        )

    def period_named(self, last: date, calendar: WorkingCalendar) -> ReportPeriod | None:
        """The wanted period whose calendar days end on this one."""
        found = (self.period(last.year, number, calendar) for number in self._numbers())
        return next((one for one in found if one.last == last and self._in_force(one)), None)

    def periods_due(self, first: date, last: date, calendar: WorkingCalendar) -> Sequence[ReportPeriod]:
        """The wanted periods that are due in this span, both days included, in order."""
        # one that is due in January may be December's; a due day may move by a whole holiday
        years = range(first.year - 1, last.year + 1)
        made = (self.period(year, number, calendar) for year in years for number in self._numbers())
        return [one for one in made if first <= one.due_on <= last and self._in_force(one)]

    def owed_by(self, agency: Agency, period: ReportPeriod) -> bool:
        """Whether this agency, if it is in force, hands in this period; nobody reports to itself."""
        named = (
            (self.departments and agency.kind == "department")
            or (self.communes and agency.kind == "commune")
            or agency.id in self.listed
        )
        there = agency.valid_to is None and agency.valid_from <= period.due_on
        return named and there and agency.id != self.receiver_id

    def _numbers(self) -> Iterator[int]:
        return (one for one in range(1, self.kind.in_a_year + 1) if not self.only or one in self.only)

    def _in_force(self, period: ReportPeriod) -> bool:
        return self.valid_from <= period.cut_to and (self.valid_to is None or period.cut_to <= self.valid_to)


def _day_of(year: int, month: int, day: int) -> date:
    """The day of a month, at most its last; months below 1 and above 12 run into the years beside."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return min(date(year, month, 1) + timedelta(days=day - 1), end)


class DutyState(enum.StrEnum):
    """Each duty is in exactly one on any day."""

    ON_TIME = "on_time"  # handed in no later than its day, and received as such
    LATE = "late"  # handed in after it
    OWED = "owed"  # its day has passed, and nothing is accepted
    DUE = "due"  # its day is yet to pass


#: Nothing is accepted yet.
OPEN_STATES = frozenset({DutyState.OWED, DutyState.DUE})
HANDED_IN = frozenset({DutyState.ON_TIME, DutyState.LATE})


def state_of(due_on: date, handed_in_on: date | None, day: date) -> DutyState:
    """``handed_in_on``: of what was accepted; None where nothing is."""
    if handed_in_on is not None:
        return DutyState.LATE if handed_in_on > due_on else DutyState.ON_TIME
    return DutyState.OWED if due_on < day else DutyState.DUE


class SubmissionState(enum.StrEnum):
    WAITING = "waiting"  # the agency says so; the receiving side has not confirmed it
    ACCEPTED = "accepted"
    RETURNED = "returned"  # to be done again


@dataclass(frozen=True, slots=True)
class Submission:
    """A report that was handed in. ``period_last`` names the period; ``number`` is its document's, as printed."""

    report_id: int
    period_last: date
    agency_id: int
    handed_in_on: date
    number: str
    state: SubmissionState = SubmissionState.WAITING
    by: str = ""  # account; empty for what a file told
    at: datetime | None = None
    note: str = ""  # why it was returned
    decided_by: str = ""
    origin: str = ""
    id: int = 0
    demo: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """One report of one agency for one period. ``handed_in_on`` and ``number``: of what is accepted or waits."""

    report: PeriodicReport
    period: ReportPeriod
    agency_id: int
    agency_name: str
    state: DutyState
    handed_in_on: date | None = None
    number: str = ""
    waiting: bool = False
    returned: str | None = None  # why the last one was sent back, while nothing newer was handed in

    def late_days(self, day: date) -> int:
        """Calendar days: until today while it is owed, until it came when it was handed in late."""
        until = self.handed_in_on if self.state in HANDED_IN and self.handed_in_on else day
        return max(0, (until - self.period.due_on).days)


Wanted = Sequence[tuple[PeriodicReport, ReportPeriod]]


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """Which duties are meant among those of the wanted periods, within the scope. Empty members do not narrow."""

    agencies: frozenset[int] = frozenset()
    agency_kind: str = ""
    states: frozenset[DutyState] = frozenset()
    unanswered: bool = False  # only where nothing waits for the receiving side


@dataclass(frozen=True, slots=True)
class DutyCounts:
    """How many of each state; ``waiting``: those of the open ones that wait for the receiving side."""

    counts: Mapping[DutyState, int] = field(default_factory=dict)
    waiting: int = 0
    first_due: date | None = None  # the longest owed

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def of(self, *states: DutyState) -> int:
        return sum(self.counts.get(one, 0) for one in states)


@dataclass(frozen=True, slots=True)
class AgencyDuties:
    agency_id: int
    name: str
    counts: DutyCounts


@dataclass(frozen=True, slots=True)
class PeriodDuties:
    report: PeriodicReport
    period: ReportPeriod
    counts: DutyCounts
