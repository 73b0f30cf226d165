"""The working-day calendar of the public sector (dates are dates in Asia/Ho_Chi_Minh).

Monday to Friday, minus holidays and swapped days off, plus make-up Saturdays. Holidays come from a port;
overrides, entered by the operator from the yearly notice, beat it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from backend.domain.clock import VIETNAM, local_date

_DAY = timedelta(days=1)
_WEEKEND = {5: "Thứ Bảy", 6: "Chủ nhật"}


class HolidaySource(Protocol):
    """Where holidays come from; both mappings hold only days of the asked year."""

    def off_days(self, year: int) -> Mapping[date, str]:
        """Holidays and swapped days off, with their Vietnamese names."""

    def makeup_workdays(self, year: int) -> Mapping[date, str]:
        """Weekend days worked in exchange, with the reason."""


class OverrideKind(enum.StrEnum):
    OFF = "off"
    WORK = "work"
    CONFIRMED = "confirmed"  # the yearly notice of this date's year is out; says nothing about the day itself


@dataclass(frozen=True, slots=True)
class CalendarOverride:
    """One day that beats the holiday source; ``source`` names the notice it was read in."""

    on: date
    kind: OverrideKind
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class _Year:
    off: Mapping[date, str]
    worked: frozenset[date]


class WorkingCalendar:
    """Immutable apart from a cache of years, so one instance may serve every thread."""

    def __init__(self, holidays: HolidaySource, overrides: Iterable[CalendarOverride] = ()) -> None:
        self._holidays = holidays
        self._overrides = {(one.on, one.kind is OverrideKind.CONFIRMED): one for one in overrides}
        confirmed = (one.on.year for one in self._overrides.values() if one.kind is OverrideKind.CONFIRMED)
        self._confirmed_until = max(confirmed, default=0)
        self._years: dict[int, _Year] = {}

    def with_overrides(self, overrides: Iterable[CalendarOverride]) -> WorkingCalendar:
        """A calendar with these on top of the present ones; a later entry for the same day wins."""
        return WorkingCalendar(self._holidays, (*self._overrides.values(), *overrides))

    @property
    def overrides(self) -> tuple[CalendarOverride, ...]:
        return tuple(self._overrides.values())

    def is_working(self, day: date) -> bool:
        year = self._year(day.year)
        return day in year.worked or (day.weekday() < 5 and day not in year.off)

    def off_reason(self, day: date) -> str | None:
        """Why nobody works that day ("Ngày Văn hóa Việt Nam", "Chủ nhật"); None on a working day."""
        if self.is_working(day):
            return None
        return self._year(day.year).off.get(day) or _WEEKEND[day.weekday()]

    def add_working_days(self, start: date, working_days: int) -> date:
        """The ``working_days``-th working day after ``start`` (before it when negative); 0 is ``start``.

        The first day counted is the day after ``start``.
        """
        step = _DAY if working_days > 0 else -_DAY
        day = start
        for _ in range(abs(working_days)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` is earlier.

        Undoes :meth:`add_working_days` for positive numbers: from ``start``, so many lead to ``end``.
        """
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + n * _DAY) for n in range(1, (end - start).days + 1))

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after ``day``."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day strictly before ``day``."""
        return self.add_working_days(day, -1)

    def working_day_from(self, day: date) -> date:
        """``day`` itself when it is a working day, else the next one."""
        return day if self.is_working(day) else self.next_working_day(day)

    def confirmed(self, year: int) -> bool:
        """True where the yearly notice of days off is known; later years are forecasts."""
        return year <= self._confirmed_until

    def uncertain(self, dates: Iterable[date]) -> tuple[int, ...]:
        """Years without a confirmed calendar that a sum over these dates touches; empty when certain."""
        years = [one.year for one in dates]
        if not years:
            return ()
        return tuple(year for year in range(min(years), max(years) + 1) if not self.confirmed(year))

    def received_on(self, moment: datetime, late_hour: time) -> date:
        """The working day that counts as the day of receipt.

        What comes after ``late_hour`` (15:00 by NĐ 118/2025 Điều 18.2), or on a day off, counts as received
        on the next working day.
        """
        day = local_date(moment)
        late = moment.astimezone(VIETNAM).time() > late_hour
        return self.next_working_day(day) if late or not self.is_working(day) else day

    def _year(self, number: int) -> _Year:
        known = self._years.get(number)
        if known is None:
            known = self._years[number] = self._make_year(number)
        return known

    def _make_year(self, number: int) -> _Year:
        off = dict(self._holidays.off_days(number))
        worked = set(self._holidays.makeup_workdays(number))
        for one in self._overrides.values():
            if one.on.year != number or one.kind is OverrideKind.CONFIRMED:
                continue
            off.pop(one.on, None)
            worked.discard(one.on)
            if one.kind is OverrideKind.OFF:
                off[one.on] = one.name
            else:
                worked.add(one.on)
        return _Year(off, frozenset(worked - off.keys()))


Session = tuple[time, time]  # opening and closing, Vietnam clock time

#: Usual hours where an agency has not said its own.
USUAL_SESSIONS: tuple[Session, ...] = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))


@dataclass(frozen=True)
class OfficeHours:
    """When a desk is open: the sessions of every working day."""

    calendar: WorkingCalendar
    sessions: tuple[Session, ...] = USUAL_SESSIONS

    def is_open(self, moment: datetime) -> bool:
        clock = moment.astimezone(VIETNAM).time()
        working = self.calendar.is_working(local_date(moment))
        return working and any(opens <= clock < closes for opens, closes in self.sessions)

    def next_opening(self, moment: datetime) -> datetime:
        """``moment`` when the desk is open, else the aware instant (Vietnam time) when it opens next."""
        if self.is_open(moment):
            return moment.astimezone(VIETNAM)
        day = local_date(moment)
        if self.calendar.is_working(day):
            for opens, _closes in self.sessions:
                at = datetime.combine(day, opens, VIETNAM)
                if at > moment:
                    return at
        return datetime.combine(self.calendar.next_working_day(day), self.sessions[0][0], VIETNAM)
