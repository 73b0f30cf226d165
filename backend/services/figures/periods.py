"""Periods of reports: what a sentence says, in the calendar or by the office's own reporting regime."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from backend.domain.figure import Period
from backend.domain.figure_records import REGIME_MONTHS, Regime

_MONTHS_OF = {length: kind for kind, length in REGIME_MONTHS.items()}


def kind_of(first: date, last: date) -> str:
    """By what a span is called: month, quarter, half, nine_months, year, week, day; "span" for any other."""
    if first == last:
        return "day"
    whole = first.day == 1 and _is_month_end(last) and first.year == last.year
    months = last.month - first.month + 1
    if whole and months in _MONTHS_OF and (first.month - 1) % (6 if months == 9 else months) == 0:
        return _MONTHS_OF[months]
    if first.isoweekday() == 1 and last - first == timedelta(days=6):
        return "week"
    return "span"


def period_of(first: date, last: date, regimes: Sequence[Regime] = (), topic: str = "") -> Period:
    """The span as the office reports it: a month, quarter … of a regime where one is in force, else as it is."""
    kind = kind_of(first, last)
    plain = Period(first, last, kind)
    if kind == "span" and (first.month, first.day) == (1, 1) and (last.month, last.day) == (12, 31):
        begins = period_of(first, date(first.year, 12, 31), regimes, topic)
        ends = period_of(date(last.year, 1, 1), last, regimes, topic)
        return Period(begins.first, ends.last, "span", ends.regime)
    regime = _in_force(regimes, kind, topic, last)
    return plain if regime is None else regime.cut(plain)


def _in_force(regimes: Sequence[Regime], kind: str, topic: str, last: date) -> Regime | None:
    """The newest that began by then; one of the topic itself goes before one of all topics."""
    fitting = [
        one for one in regimes if one.kind == kind and one.topic in ("", topic) and one.valid_from <= last
    ]
    return max(fitting, key=lambda one: (one.topic, one.valid_from), default=None)


def year_with(day: date, regimes: Sequence[Regime], topic: str) -> Period:
    """The reporting year that holds the day."""
    for year in (day.year, day.year + 1):
        found = period_of(date(year, 1, 1), date(year, 12, 31), regimes, topic)
        if found.first <= day <= found.last:
            return found
    return period_of(date(day.year, 1, 1), date(day.year, 12, 31))


def year_before(period: Period, until: date | None = None) -> Period:
    """The same days a year earlier; of a period that still runs on ``until``, only as many days."""
    last = period.last if until is None or until >= period.last else max(period.first, until)
    kind = period.kind if last == period.last else "span"
    return Period(_months_back(period.first, 12), _months_back(last, 12), kind, period.regime)


def period_before(period: Period) -> Period:
    """The period of the same kind just before."""
    months = REGIME_MONTHS.get(period.kind)
    if months is not None and period.kind != "nine_months":
        return replace(
            period, first=_months_back(period.first, months), last=_months_back(period.last, months)
        )
    length = period.last - period.first + timedelta(days=1)
    return replace(period, first=period.first - length, last=period.last - length)


def _months_back(day: date, months: int) -> date:
    """The last day of a month stays the last day of a month."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    end = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, end if _is_month_end(day) else min(day.day, end))


def _is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a sentence said of time. ``compare``: "", "year", "before", or the days of another span."""

    span: tuple[date, date] | None = None
    compare: str = ""
    against: tuple[date, date] | None = None
