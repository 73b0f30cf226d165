"""Figures as an office reports them: each with its dates, its denominator, its source and the time it was taken.

A figure is never a bare number. Where rows stand behind it, it can be opened to them; where an office entered a total
by hand, it names the document; once submitted it is frozen and later counts are compared with it, not put in its place.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


class Unit(enum.StrEnum):
    COUNT = "count"
    DONG = "dong"  # Vietnamese dong
    DAYS = "days"  # working days
    PERCENT = "percent"  # a rate published without the counts that it follows from


class Origin(enum.StrEnum):
    ROWS = "rows"  # counted from rows of this database
    ENTERED = "entered"  # a total entered by hand, with its source document
    FROZEN = "frozen"  # as it was submitted


@dataclass(frozen=True, slots=True)
class Period:
    """Days ``first`` to ``last``, both included. ``kind``: day, week, month, quarter, half, nine_months, year, span;
    ``regime`` names the reporting regime whose own cut-off day set them, "" for the calendar's."""

    first: date
    last: date
    kind: str = "span"
    regime: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """``key`` names the definition ("dossiers/late"). ``value`` None: not known, which is never 0.

    A rate has ``of``, its denominator; ``value`` stays the numerator and the percentage is computed when it is shown.
    ``period`` is the figure's own where it differs from the report's. ``remark`` is a reply key for what a reader must
    know ("figures/fees_do_not_add_up"), with ``values``.
    """

    key: str
    value: int | Decimal | None
    unit: Unit = Unit.COUNT
    of: int | Decimal | None = None
    origin: Origin = Origin.ROWS
    source: str = ""  # the feed, or the document of an entered total
    as_of: datetime | None = None
    period: Period | None = None
    remark: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def rate(self) -> Decimal | None:
        """Per cent, unrounded; None where there is no denominator."""
        if self.value is None or not self.of:
            return None
        return Decimal(self.value) * 100 / Decimal(self.of)


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one agency (or one year, one field) in a table. ``key`` opens it ("agency:12")."""

    name: str
    figures: tuple[Figure, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class FigureSet:
    """What one question is answered with, and every product (message, chart, Excel, Word) is made of.

    ``topic``: dossiers, petitions, reception, tasks, documents, procedures, fees, satisfaction, notices. ``scope``
    are the words of the scope used. ``lines`` break the figures down; ``before`` are the same figures of the period
    compared with, None where it is not comparable (then ``not_comparable`` says why, as a reply key).
    """

    topic: str
    period: Period
    figures: tuple[Figure, ...]
    taken_at: datetime
    scope: str = ""
    lines: tuple[Line, ...] = ()
    before: FigureSet | None = None
    not_comparable: str = ""
    frozen_at: datetime | None = None
    compared_names: tuple[str, ...] = ()  # earlier bodies: counted along, or why it is not comparable
