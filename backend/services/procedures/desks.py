"""One-stop desks: address, hours, and whether they are open on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from backend.domain.calendar import USUAL_SESSIONS
from backend.domain.ports import UnitOfWork
from backend.services.agencies.resolve import AgencyMatch
from backend.text.dates import find_dates


@dataclass(frozen=True, slots=True)
class Desk:
    """``old_name`` is set where the person used a name that is no longer in use, ``until`` its last day."""

    name: str
    address: str
    phone: str
    note: str
    old_name: str = ""
    until: date | None = None


def desk_of(match: AgencyMatch, today: date) -> Desk:
    agency = match.agency
    past = match.old_name and match.until is not None and match.until < today
    return Desk(
        name=agency.name,
        address=agency.address,
        phone=agency.phone,
        note=str(agency.hours.get("note", "")),
        old_name=match.matched if past else "",
        until=match.until if past else None,
    )


def usual_hours() -> tuple[tuple[time, time], ...]:
    """Sessions of every working day, Vietnam time."""
    return USUAL_SESSIONS


def is_day_asked(uow: UnitOfWork, text: str) -> Mapping[str, Any] | None:
    """For a single day named in the text: whether it is a working day, why not, and the next one."""
    mentions = find_dates(text, uow.today)
    if not mentions or mentions[0].first != mentions[0].last:
        return None
    day = mentions[0].first
    working = uow.calendar.is_working(day)
    return {
        "asked": day,
        "working": working,
        "reason": "" if working else uow.calendar.off_reason(day) or "",
        "saturday": day.weekday() == 5,
        "next_day": uow.calendar.working_day_from(day + timedelta(days=1)),
        "certain": uow.calendar.confirmed(day.year),
        "hours": usual_hours(),
    }
