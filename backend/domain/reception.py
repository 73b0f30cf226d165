"""Citizen reception (tiếp công dân): who receives, on which days, and requests to be received.

Law: Luật Tiếp công dân 42/2013 (Điều 12, 15, 18, 24) and NĐ 154/2026. A booking orders the queue; it is never a
condition for being received.
"""

from __future__ import annotations

import calendar as months
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from backend.domain.calendar import Session, WorkingCalendar

#: How long the sealed name, phone and content are kept after the day of reception.
KEPT_DAYS = 180


class HostKind(enum.StrEnum):
    CHAIRMAN = "chairman"
    DEPARTMENT_HEAD = "department_head"
    COMMUNE_CHAIRMAN = "commune_chairman"
    DESK = "desk"  # the reception board's own desk: every working day, no booking needed


class DayStatus(enum.StrEnum):
    PLANNED = "planned"
    POSTPONED = "postponed"  # held on ``moved_to`` instead
    CANCELLED = "cancelled"


class BookingStatus(enum.StrEnum):
    REQUESTED = "requested"  # waits for the reception board: never call it confirmed
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


#: Statuses that hold a seat.
STANDING = (BookingStatus.REQUESTED, BookingStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class ReceptionRule:
    """Who receives by which rule.

    ``rule`` is one of ``{"monthly_day": 15}``, ``{"weekly": 4}`` (ISO weekday), ``{"every": "working_day"}``;
    ``"when_off"`` (``next``, the default, or ``drop``) says what becomes of a planned day off;
    ``"register_working_days"`` how many working days ahead a request must come.
    """

    host: str
    host_kind: HostKind
    agency_id: int
    rule: Mapping[str, Any]
    sessions: tuple[Session, ...]
    place: str
    capacity: int
    valid_from: date
    source: str
    phone: str = ""
    note: str = ""
    valid_to: date | None = None
    demo: str = ""
    id: int = 0

    @property
    def bookable(self) -> bool:
        return self.host_kind is not HostKind.DESK

    @property
    def register_working_days(self) -> int:
        return int(self.rule.get("register_working_days", 0))

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day by the rule, and when it is held after moving off days off."""

    planned_on: date
    on_date: date
    shift_reason: str = ""


def planned_days(
    rule: ReceptionRule, calendar: WorkingCalendar, start: date, end: date
) -> Iterator[PlannedDay]:
    """Days that the rule plans from ``start`` to ``end``, both included.

    A shifted day may be held after ``end``. It is dropped when it would reach the next planned day.
    """
    planned = [day for day in _rule_dates(rule.rule, start, end) if rule.in_force(day)]
    for day in planned:
        reason = calendar.off_reason(day)
        if reason is None:
            yield PlannedDay(day, day)
        elif "every" not in rule.rule and rule.rule.get("when_off", "next") == "next":
            held = calendar.next_working_day(day)
            if "weekly" not in rule.rule or held < day + timedelta(days=7):
                yield PlannedDay(day, held, reason)


def _rule_dates(rule: Mapping[str, Any], start: date, end: date) -> Iterator[date]:
    day = start
    while day <= end:
        if "monthly_day" in rule:
            last = months.monthrange(day.year, day.month)[1]
            wanted = day.day == min(int(rule["monthly_day"]), last)
        elif "weekly" in rule:
            wanted = day.isoweekday() == int(rule["weekly"])
        else:
            wanted = rule.get("every") == "working_day"
        if wanted:
            yield day
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReceptionDay:
    rule_id: int
    on_date: date
    planned_on: date
    sessions: tuple[Session, ...]
    place: str
    capacity: int
    shift_reason: str = ""
    booked: int = 0
    status: DayStatus = DayStatus.PLANNED
    moved_to: date | None = None
    id: int = 0

    @property
    def held_on(self) -> date:
        return self.moved_to or self.on_date

    @property
    def full(self) -> bool:
        """All places that can be reserved are taken; people may still come and wait."""
        return self.booked >= self.capacity


@dataclass(frozen=True, slots=True)
class Visit:
    """``people`` who were not counted at an earlier visit; ``delegation``: several who came about one matter."""

    id: int
    at: datetime
    people: int
    delegation: bool = False


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What the person said. Sealed at rest; shown to the reception board alone."""

    content: str
    name: str
    phone: str
    decision: str = ""  # number of an earlier answer, if there was one
    representative: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "content": self.content,
            "name": self.name,
            "phone": self.phone,
            "decision": self.decision,
            "representative": self.representative,
        }


@dataclass(frozen=True, slots=True)
class Booking:
    """``request`` is None once its time of keeping is over or the person had it erased."""

    code: str
    day_id: int
    conversation_id: int | None
    status: BookingStatus
    people: int
    created_at: datetime
    request: BookingRequest | None = field(default=None, repr=False)
    decided_at: datetime | None = None
    decided_by: str = ""
    note: str = field(default="", repr=False)
    id: int = 0


class WhyNot(enum.StrEnum):
    """Why a day cannot be reserved."""

    PAST = "past"
    DAY_OFF = "day_off"  # ``DayVerdict.off_reason`` names it
    NOT_RECEIVING = "not_receiving"
    NOT_YET = "not_yet"  # further ahead than days are made
    TOO_LATE = "too_late"  # the time to register is over
    FULL = "full"


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """Whether a day can be reserved with a host; if not, why, and which days can."""

    asked: date
    day: ReceptionDay | None
    why_not: WhyNot | None
    off_reason: str | None = None
    others: tuple[ReceptionDay, ...] = ()
