"""What the statements behind figures have in common: filtered counts, the scope, days as instants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, FromClause, FunctionFilter, false, func, or_, true

from backend.domain.clock import VIETNAM
from backend.domain.figure_records import Slice


@dataclass(frozen=True, slots=True)
class Counted:
    """A statement in pieces: ``agency`` is the column that lines are grouped by, None where rows name no agency."""

    rows: FromClause
    figures: Mapping[str, ColumnElement[Any]]
    where: Sequence[ColumnElement[bool]]
    agency: ColumnElement[Any] | None
    more: Mapping[str, ColumnElement[bool]] = field(
        default_factory=dict
    )  # figures that follow from the others

    def which(self, name: str) -> ColumnElement[bool] | None:
        """The rows that a figure counts."""
        if name in self.more:
            return self.more[name]
        found = self.figures.get(name)
        return found.criterion if isinstance(found, FunctionFilter) else None


def count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(which)


def instant(day: date) -> datetime:
    """When the office's day begins."""
    return datetime.combine(day, time(), VIETNAM)


def fits(
    part: Slice, agency: ColumnElement[Any], of_fields: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """Rows of the scope and of the agencies asked about; an empty scope matches none.

    ``of_fields`` are the rows of the scope's fields, where rows have a field.
    """
    seen: ColumnElement[bool] = true()
    if not part.scope.everything:
        ways: list[ColumnElement[bool]] = []
        if part.scope.agencies:
            ways.append(agency.in_(sorted(part.scope.agencies)))
        if part.scope.fields and of_fields is not None:
            ways.append(of_fields)
        seen = or_(*ways) if ways else false()
    if part.agencies is not None:
        seen = seen & (agency.in_(sorted(part.agencies)) if part.agencies else false())
    return seen
