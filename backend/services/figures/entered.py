"""Totals entered by hand: with their source document, in versions, beside what is counted and never instead of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from backend.domain.agency import Agency
from backend.domain.errors import InvalidInput, NotFound
from backend.domain.figure import Figure, Origin, Period, Unit
from backend.domain.figure_records import Entered
from backend.domain.ports import UnitOfWork
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.services.figures.definitions import FIGURES, Definition

_LONGEST_SOURCE, _LONGEST_NOTE = 300, 1000


def enter(
    uow: UnitOfWork,
    actor: str,
    key: str,
    first: date,
    last: date,
    value: str,
    source: str,
    *,
    of: str = "",
    note: str = "",
    agency_code: str = "",
) -> Entered:
    """Keep a total that has no rows here; an earlier one for the same days stays as an older version.

    Raises:
        InvalidInput: no such figure, no source document, not a number, days the wrong way round.
        NotFound: no such agency.
    """
    definition = FIGURES.get(key)
    if definition is None:
        raise InvalidInput(f"{key}: no such figure", reason=f"không có chỉ tiêu {key}")
    if not source.strip():
        raise InvalidInput("a source document is required", reason="cần số, ngày văn bản nguồn")
    if first > last:
        raise InvalidInput("the first day is after the last", reason="ngày đầu sau ngày cuối")
    agency = tree(uow).by_code.get(agency_code) if agency_code else None
    if agency_code and agency is None:
        raise NotFound(f"{agency_code}: no such agency")
    number = _number(value, definition.unit)
    whole = _number(of, definition.unit) if of else None
    made = Entered(
        key,
        first,
        last,
        number,
        source.strip()[:_LONGEST_SOURCE],
        actor,
        uow.now,
        whole,
        note.strip()[:_LONGEST_NOTE],
        None if agency is None else agency.id,
    )
    version = uow.figures.enter(made)
    uow.audit.record(
        actor, "figure_entered", f"figure:{key}"[:200], "ok", {"version": version, "source": made.source}
    )
    return replace(made, version=version)


def _number(text: str, unit: Unit) -> Decimal:
    """1234, 99.5; whole and not negative where it counts something."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise InvalidInput(f"{text}: not a number", reason=f"{text} không phải số") from None
    whole = unit is not Unit.PERCENT
    if not number.is_finite() or number < 0 or (whole and number != number.to_integral_value()):
        raise InvalidInput(f"{text}: not a count", reason=f"{text} không phải số đếm")
    if unit is Unit.PERCENT and number > 100:
        raise InvalidInput(f"{text}: more than 100 per cent", reason=f"{text} lớn hơn 100%")
    return number


class EnteredTotals:
    """What was entered for a topic's days, as far as the scope goes."""

    def __init__(
        self, uow: UnitOfWork, scope: Scope, period: Period, topic: str, agency: Agency | None
    ) -> None:
        self._period = period
        self._by_key: dict[str, list[Entered]] = {}
        whole = agency is None or (agency.parent_code is None and agency.kind == "province")
        wanted = None if whole or agency is None else agency.id
        if wanted is None and not scope.everything:
            return
        if wanted is not None and not (scope.everything or wanted in scope.agencies):
            return
        for one in uow.figures.entered(topic, period.first, period.last):
            if one.agency_id == wanted:
                self._by_key.setdefault(one.key, []).append(one)

    def beside(self, definition: Definition, counted: Figure) -> Figure:
        """The entered total where there is one for just these days, or where nothing was counted."""
        own = self._by_key.get(definition.key, ())
        exact = next((one for one in own if _days(one) == (self._period.first, self._period.last)), None)
        if exact is not None:
            return self._figure(counted, exact)
        if counted.value or not own:
            return counted
        return self._figure(counted, min(own, key=self._distance))

    def _distance(self, one: Entered) -> tuple[bool, int]:
        """Days that hold the asked ones go first, the closest of them."""
        holds = one.first <= self._period.first and self._period.last <= one.last
        missing = abs((one.first - self._period.first).days) + abs((one.last - self._period.last).days)
        return not holds, missing

    def _figure(self, counted: Figure, one: Entered) -> Figure:
        own_days = _days(one) != (self._period.first, self._period.last)
        differs = counted.value is not None and counted.value > 0 and counted.value != one.value
        values: dict[str, object] = {"source": one.source, "note": one.note}
        if differs and not own_days:
            values["counted"] = counted.value
        return replace(
            counted,
            value=one.value,
            of=one.of,
            origin=Origin.ENTERED,
            source=one.source,
            as_of=one.at,
            period=Period(one.first, one.last) if own_days else None,
            remark="figures/remark_entered",
            values=values,
        )


def _days(one: Entered) -> tuple[date, date]:
    return one.first, one.last
