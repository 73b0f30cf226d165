"""Alarms that ring: an unanswered step goes up the ladder; nothing open is ever without an owner and an alarm."""

from __future__ import annotations

from datetime import datetime

from backend.domain.clock import VIETNAM, local_date
from backend.domain.errors import DomainError
from backend.domain.petition import Alarm, Petition, PetitionEvent
from backend.domain.ports import UnitOfWork
from backend.services.petitions import owners
from backend.services.petitions.deadlines import CLOSES
from backend.services.petitions.moving import SYSTEM, move, set_alarm
from backend.services.petitions.telling import subject

#: Looked at in one transaction at the most; the next round takes the rest.
AT_ONCE = 50


def ring(uow: UnitOfWork, most: int = AT_ONCE) -> int:
    """Handle the alarms that are over; returns how many. After downtime each rings once, not once a missed day."""
    codes = uow.petitions.alarmed(uow.now, most)
    for code in codes:
        petition = uow.petitions.lock(code)
        if petition.alarm_at is None or petition.alarm_at > uow.now:  # another replica was quicker
            continue
        try:
            with uow.savepoint():
                _handle(uow, petition)
        except DomainError:  # one that cannot be handled must not silence the others: it climbs the ladder
            _raise(uow, petition)
    return len(codes)


def _handle(uow: UnitOfWork, petition: Petition) -> None:
    if petition.alarm is Alarm.CONFIRM:
        move(uow, SYSTEM, petition.code, "lapse")
    else:
        _raise(uow, petition)


def _raise(uow: UnitOfWork, petition: Petition) -> None:
    """The next one up owns it until the same hour of the next working day."""
    to = owners.next_above(uow, petition)
    day = uow.calendar.next_working_day(local_date(uow.now))
    at = datetime.combine(day, CLOSES, VIETNAM)
    raised = petition.raised + 1
    uow.petitions.change(petition.id, owner=to, raised=raised, alarm_at=at)
    detail = {"alarm": str(petition.alarm), "raised": raised, "to": to}
    event = PetitionEvent(uow.now, "alarm", petition.state, petition.state, SYSTEM.actor, "", detail)
    uow.petitions.note(petition.id, event)
    uow.audit.record(SYSTEM.actor, "petition_alarm", subject(petition.code), str(petition.alarm), detail)


def adopt_orphans(uow: UnitOfWork) -> list[str]:
    """Every round: whatever is open without an owner or an alarm gets both, and is reported."""
    found = list(uow.petitions.orphans())
    for code in found:
        petition = uow.petitions.lock(code)
        if not petition.owner:
            uow.petitions.change(petition.id, owner=owners.duty(uow, petition.about_agency_id))
        set_alarm(uow, petition, petition.state, petition.kind)
        uow.audit.record(SYSTEM.actor, "petition_orphan", subject(code), "adopted")
    return found
