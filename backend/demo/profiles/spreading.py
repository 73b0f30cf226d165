"""Totals dealt out over days, agencies and kinds: evenly, exactly, and the same each time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from backend.domain.agency import Agency
from backend.domain.calendar import WorkingCalendar

T = TypeVar("T")


def dealt(total: int, parts: Mapping[T, int]) -> Iterator[T]:
    """Each part exactly as often as it says, evenly mixed.

    Raises:
        ValueError: the parts are not the total.
    """
    if sum(parts.values()) != total or min(parts.values(), default=0) < 0:
        raise ValueError(f"{dict(parts)} is not {total}")
    given = dict.fromkeys(parts, 0)
    for number in range(1, total + 1):
        best = max(parts, key=lambda one: parts[one] * number - given[one] * total)
        given[best] += 1
        yield best


def weighted(total: int, weights: Mapping[T, int]) -> dict[T, int]:
    """The total in parts as the weights say; what rounding leaves goes to the first."""
    whole = sum(weights.values())
    parts = {one: total * weight // whole for one, weight in weights.items()}
    first = next(iter(parts))
    parts[first] += total - sum(parts.values())
    return parts


def shares(total: int, count: int) -> list[int]:
    """``count`` whole numbers, as equal as can be, that sum up to ``total``."""
    base, more = divmod(total, count) if count else (0, 0)
    return [base + (number < more) for number in range(count)]


def working_days(calendar: WorkingCalendar, first: date, last: date) -> Sequence[date]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if calendar.off_reason(day) is None]


def on_days(days: Sequence[T], count: int) -> Iterator[T]:
    """``count`` things over the days, in order."""
    for number in range(count):
        yield days[number * len(days) // count]


@dataclass(frozen=True, slots=True)
class Weighted:
    """Agencies, and how much of everything falls to each."""

    agencies: Sequence[Agency]
    weights: Sequence[int]

    def dealt(self, total: int) -> Iterator[Agency]:
        parts = weighted(total, dict(enumerate(self.weights)))
        return (self.agencies[number] for number in dealt(total, parts))
