"""One question for figures, as a message, a button or a slow product carries it, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from backend.domain.agency import Agency
from backend.domain.errors import InvalidInput
from backend.domain.figure import Figure, FigureSet, Origin, Period
from backend.domain.figure_records import FigureRow
from backend.domain.ports import UnitOfWork
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.services.figures.comparing import (
    NOT_COMPARABLE,
    NOT_KEPT,
    compared_period,
    continuity,
    kept_then,
)
from backend.services.figures.counting import Narrowed, figures, slice_of
from backend.services.figures.definitions import TOPICS
from backend.services.figures.freezing import as_submitted


@dataclass(frozen=True, slots=True)
class Question:
    """Figures of ``topic`` from ``first`` to ``last``, both included.

    ``agency_code`` narrows to an agency and those under it. ``compare`` is "" (nothing), "year" (the same days a year
    earlier), "before" (the period just before), or ISO days "2025-01-01/2025-03-31". ``measure`` is the key of the
    figure that was asked ("dossiers/late"); the set always has all figures of the topic. ``by`` "agency" wants lines.
    ``field`` and ``giver`` narrow dossiers, petitions and tasks. ``kind`` and ``regime`` are those of Period.
    """

    topic: str
    first: date
    last: date
    agency_code: str = ""
    compare: str = ""
    measure: str = ""
    by: str = ""
    field: str = ""
    giver: str = ""
    kind: str = "span"
    regime: str = ""

    def values(self) -> dict[str, str]:
        """For a button or the arguments of slow work; empty members are left out."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in told.items()
            if value
        }

    @classmethod
    def from_values(cls, given: Mapping[str, Any]) -> Question:
        """Of what ``values`` gave; other names are ignored.

        Raises:
            KeyError, ValueError: not a question.
        """
        told = {one.name: str(given[one.name]) for one in fields(cls) if one.name in given}
        first, last = date.fromisoformat(told.pop("first")), date.fromisoformat(told.pop("last"))
        return cls(first=first, last=last, **told)


def answer(uow: UnitOfWork, scope: Scope, question: Question) -> FigureSet:
    """The topic's figures as far as the scope goes, the measure asked first.

    Raises:
        InvalidInput: no such topic, agency or period.
        OutOfReach: the agency is outside the scope.
    """
    period = Period(question.first, question.last, question.kind, question.regime)
    if question.first > question.last:
        raise InvalidInput("the first day is after the last", reason="ngày đầu sau ngày cuối")
    agency = _agency(uow, question.agency_code)
    narrowed = Narrowed(agency, question.field, question.giver)
    lines = question.by == "agency"
    found = figures(uow, scope, question.topic, period, narrowed=narrowed, by_agency=lines)
    if narrowed.plain:
        found = as_submitted(uow, scope, found, agency)
    return _ordered(_compared(uow, scope, question, found, narrowed), question.measure)


def _agency(uow: UnitOfWork, code: str) -> Agency | None:
    if not code:
        return None
    known = tree(uow).by_code.get(code)
    if known is None:
        raise InvalidInput(f"{code}: no such agency", reason="không có cơ quan này")
    return known


def _compared(
    uow: UnitOfWork, scope: Scope, question: Question, found: FigureSet, narrowed: Narrowed
) -> FigureSet:
    earlier = compared_period(uow, found.period, question.compare, question.topic)
    if earlier is None:
        return found
    known = continuity(uow, narrowed.agency, earlier, found.period)
    if known.split:
        return replace(found, not_comparable=NOT_COMPARABLE, compared_names=known.split)
    before = figures(uow, scope, question.topic, earlier, narrowed=narrowed)
    if narrowed.plain:
        before = as_submitted(uow, scope, before, narrowed.agency)
    if not kept_then(uow, question.topic, earlier):
        before = replace(before, figures=tuple(_unless_counted(one) for one in before.figures))
        if all(one.value is None for one in before.figures):
            return replace(found, not_comparable=NOT_KEPT)
    return replace(found, before=before, compared_names=known.through)


def _unless_counted(one: Figure) -> Figure:
    return replace(one, value=None, of=None) if one.origin is Origin.ROWS else one


def _ordered(found: FigureSet, measure: str) -> FigureSet:
    """The figure that was asked for stands first."""
    if not measure:
        return found
    first = sorted(found.figures, key=lambda one: one.key != measure)
    return replace(found, figures=tuple(first))


def rows_behind(
    uow: UnitOfWork, scope: Scope, question: Question, limit: int, offset: int = 0
) -> Sequence[FigureRow]:
    """The rows that the measure asked for counts. Raises as ``answer``."""
    topic = TOPICS.get(question.topic)
    if topic is None or not topic.rows or scope.empty:
        return ()
    narrowed = Narrowed(_agency(uow, question.agency_code), question.field, question.giver)
    period = Period(question.first, question.last, question.kind, question.regime)
    part = slice_of(uow, scope, topic, period, narrowed)
    name = (question.measure or topic.main).partition("/")[2]
    return uow.figures.rows(question.topic, name, part, limit, offset)
