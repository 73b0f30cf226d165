"""What is kept about figures: totals entered by hand, figures as submitted, reporting periods, what a count is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from backend.domain.errors import DomainError
from backend.domain.figure import FigureSet, Period
from backend.domain.scope import Scope


class OutOfReach(DomainError):
    """Figures of an agency that the asker's scope does not hold; ``values``: agency, named."""

    key = "figures/out_of_reach"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which rows are counted: those of ``scope``, in the period, as things stood at the end of it.

    ``agencies`` None does not narrow. ``as_of`` is the last day of the period that has begun, ``at`` the instant by
    which lateness is judged: the end of the period, or now while it runs.
    """

    scope: Scope
    first: date
    last: date
    as_of: date
    at: datetime
    agencies: frozenset[int] | None = None
    field: str = ""
    giver: str = ""

    @property
    def after(self) -> date:
        """The first day that no longer belongs to it."""
        return self.last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row behind a figure. ``text`` names no person; days where they are known."""

    code: str
    text: str
    agency: str = ""
    began: date | None = None
    due: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class FeePayment:
    """A fee that fell due for a dossier on a day: one of each dossier and day. Sums in đồng."""

    dossier_code: str
    agency_id: int | None
    on: date
    amount_vnd: int
    paid_on: date | None = None
    online: bool = False
    source: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Entered:
    """A total entered by hand. ``agency_id`` None: the whole province. ``version`` counts from 1."""

    key: str
    first: date
    last: date
    value: Decimal
    source: str  # the document that says so
    by: str
    at: datetime
    of: Decimal | None = None
    note: str = ""
    agency_id: int | None = None
    version: int = 1
    id: int = 0
    demo: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Figures as they were submitted, and by which report."""

    figures: FigureSet
    frozen_at: datetime
    by: str
    source: str
    agency_id: int | None = None
    id: int = 0


#: Periods that a reporting regime can cut its own way, in months.
REGIME_MONTHS = {"month": 1, "quarter": 3, "half": 6, "nine_months": 9, "year": 12}


@dataclass(frozen=True, slots=True)
class Regime:
    """A reporting period (kỳ báo cáo) that ends on ``cutoff_day`` of its last month instead of the month's own end.

    ``cutoff_month``, for years only: the month in which the year ends (11: 25/11 of the year before to 24/11).
    ``topic`` "" means every topic. In force from ``valid_from`` on, which a period's last day is compared with.
    """

    name: str
    kind: str
    cutoff_day: int
    valid_from: date
    source: str
    cutoff_month: int = 12
    topic: str = ""
    id: int = 0
    demo: str = ""

    def cut(self, calendar: Period) -> Period:
        """The period of the regime that is called by the same name as this one of the calendar."""
        if self.kind == "year":
            last = _cut(calendar.last.year, self.cutoff_month, self.cutoff_day)
            first = _cut(calendar.last.year - 1, self.cutoff_month, self.cutoff_day) + timedelta(days=1)
        else:
            last = _cut(calendar.last.year, calendar.last.month, self.cutoff_day)
            before = calendar.first - timedelta(days=1)
            first = _cut(before.year, before.month, self.cutoff_day) + timedelta(days=1)
        return Period(first, last, self.kind, self.name)


def _cut(year: int, month: int, day: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), following - timedelta(days=1))
