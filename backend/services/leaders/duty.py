"""Who is on duty, for officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.leader import COVERS, DutyShift
from backend.domain.ports import UnitOfWork
from backend.domain.scope import Scope

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Roster:
    """``part`` is what was asked for where somebody is on duty then, else "". ``phone`` is the agency's own, public."""

    first: date
    last: date
    part: str
    agency: str
    phone: str
    rows: tuple[DutyShift, ...]
    total: int
    after: int
    withheld: int
    origin: str
    as_of: datetime | None

    @property
    def left(self) -> int:
        return max(0, self.total - self.withheld - self.after - len(self.rows))


def on_duty(
    uow: UnitOfWork,
    scope: Scope,
    span: tuple[date, date],
    *,
    part: str = "",
    agency: int | None = None,
    home: int | None = None,
    after: int = 0,
    rows: bool = True,
    desks: bool = False,
) -> Roster:
    """Without an agency, the shifts open to the province and those of ``home`` come before everybody else's.

    ``desks``: a desk asks, which has no scope: it sees what is open to the province.
    """
    found = uow.duty.find(scope, span, agency, desks=desks)
    if agency is None:
        near = [one for one in found if one.province_wide or one.agency_id == home]
        found = near or found
    chosen = _in_part(found, part)
    part, found = (part, chosen) if chosen else ("", found)
    where = agency if agency is not None else home
    place = uow.agencies.get(where) if where is not None else None
    told = [one.as_of for one in found if one.as_of is not None]
    return Roster(
        first=span[0],
        last=span[1],
        part=part,
        agency=place.name if place is not None and agency is not None else "",
        phone=place.phone if place is not None else "",
        rows=tuple(found[after : after + SHOWN]) if rows else (),
        total=len(found),
        after=after,
        withheld=0 if rows else len(found),
        origin=", ".join(dict.fromkeys(one.origin for one in found if one.origin)),
        as_of=max(told, default=None),
    )


def _in_part(found: Sequence[DutyShift], part: str) -> Sequence[DutyShift]:
    return [one for one in found if one.session in COVERS[part]] if part in COVERS else found
