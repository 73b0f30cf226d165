"""The same figures of another period: told only where the agency was the same body then, or took its work over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backend.domain.agency import Agency
from backend.domain.errors import InvalidInput
from backend.domain.figure import Period
from backend.domain.ports import UnitOfWork
from backend.services.agencies.resolve import resolve_agency
from backend.services.agencies.tree import tree
from backend.services.figures.periods import period_before, period_of, year_before

NOT_COMPARABLE = "figures/not_comparable"
NOT_KEPT = "figures/not_kept_then"
#: A period of which so many days are missing at its beginning is not compared with.
_MISSING_DAYS = 31


@dataclass(frozen=True, slots=True)
class Continuity:
    """``through`` are earlier names whose work is counted along; ``split`` those whose work went to several."""

    through: tuple[str, ...] = ()
    split: tuple[str, ...] = ()


def compared_period(uow: UnitOfWork, period: Period, compare: str, topic: str) -> Period | None:
    """Raises InvalidInput: neither "year", "before" nor two ISO days."""
    if not compare:
        return None
    if compare == "year":
        return year_before(period, uow.today)
    if compare == "before":
        return period_before(period)
    try:
        first, _, last = compare.partition("/")
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise InvalidInput(f"{compare}: not a period", reason="không rõ kỳ để so sánh") from None
    return period_of(*days, uow.figures.regimes(), topic)


def kept_then(uow: UnitOfWork, topic: str, earlier: Period) -> bool:
    """Whether rows go back to that period: before the first of them there is no 0, but nothing known."""
    oldest = uow.figures.oldest_day(topic)
    return oldest is not None and (oldest - earlier.first).days <= _MISSING_DAYS


def continuity(uow: UnitOfWork, agency: Agency | None, earlier: Period, later: Period) -> Continuity:
    """Whether an agency's figures of two periods speak of the same work.

    A body that was merged or renamed in between is followed through its dated predecessors. Where a predecessor's work
    went to several bodies, nobody can tell which part was this one's.
    """
    if agency is None or agency.parent_code is None:
        return Continuity()
    through: list[str] = []
    split: list[str] = []
    known = tree(uow)
    for one in sorted(known.with_those_under(agency.code)):
        for name, until in known.by_id[one].predecessors:
            if not min(earlier.first, later.first) <= until < max(earlier.last, later.last):
                continue
            followers = {match.agency.code for match in resolve_agency(uow, name)}
            (through if len(followers) == 1 else split).append(name)
    return Continuity(tuple(dict.fromkeys(through)), tuple(dict.fromkeys(split)))
