"""Requests to be received: made, given back, moved. The reception board confirms them (board.py)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.domain.errors import NotFound
from backend.domain.ports import UnitOfWork
from backend.domain.reception import (
    STANDING,
    Booking,
    BookingRequest,
    BookingStatus,
    ReceptionDay,
    ReceptionRule,
)
from backend.domain.viewer import Viewer
from backend.services.notices.stopping import resume
from backend.services.people import conversations_of
from backend.services.reception.announce import drop_reminder, remind, subject
from backend.services.reception.days import why_not

_CODE = re.compile(r"TD[\s.\-]?(\d{6})[\s.\-]?(\d{4,})", re.IGNORECASE)


def read_code(text: str) -> str | None:
    """A booking code in what was typed, in its proper form."""
    match = _CODE.search(text)
    return f"TD-{match[1]}-{match[2]}" if match else None


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as its owner sees it. ``already`` is true where it was there before.

    ``remind_at`` is set on a new one when a reminder will come.
    """

    code: str
    status: BookingStatus
    people: int
    rule: ReceptionRule
    day: ReceptionDay
    already: bool = False
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotBooked:
    """Nothing was changed: the day was full, over or not to be reserved any more."""

    rule: ReceptionRule
    day: ReceptionDay


def book(
    uow: UnitOfWork, viewer: Viewer, day_id: int, request: BookingRequest, people: int
) -> Booked | NotBooked:
    """Ask to be received on this day; ``requested`` until the reception board confirms.

    One person has one standing booking per host: a second request returns the first.
    """
    day = uow.reception.day(day_id)
    rule = uow.reception.rule(day.rule_id)
    for mine in my_bookings(uow, viewer):
        if mine.rule.id == rule.id:
            return Booked(mine.code, mine.status, mine.people, rule, mine.day, already=True)
    return _take(uow, viewer, rule, day, request, people)


def _take(
    uow: UnitOfWork,
    viewer: Viewer,
    rule: ReceptionRule,
    day: ReceptionDay,
    request: BookingRequest,
    people: int,
) -> Booked | NotBooked:
    if why_not(uow, rule, day) is not None or not uow.reception.take_seat(day.id):
        return NotBooked(rule, day)
    code = uow.reception.add_booking(day.id, viewer.conversation_id, people, request, uow.now)
    resume(uow, viewer)  # whoever books counts on the reminder
    remind_at = remind(uow, code, viewer.conversation_id, BookingStatus.REQUESTED, day)
    uow.audit.record(viewer.actor, "reception_book", subject(code), "requested", {"people": people})
    return Booked(code, BookingStatus.REQUESTED, people, rule, day, remind_at=remind_at)


def my_bookings(uow: UnitOfWork, viewer: Viewer) -> list[Booked]:
    """This person's standing bookings of today and later, the earliest day first, whatever the channel."""
    return _coming(uow, conversations_of(uow, viewer))


def _coming(uow: UnitOfWork, conversations: Sequence[int]) -> list[Booked]:
    found = [_as_booked(uow, one) for number in conversations for one in uow.reception.standing_of(number)]
    coming = [one for one in found if one.day.held_on >= uow.today]
    return sorted(coming, key=lambda one: one.day.held_on)


def _as_booked(uow: UnitOfWork, booking: Booking) -> Booked:
    day = uow.reception.day(booking.day_id)
    return Booked(booking.code, booking.status, booking.people, uow.reception.rule(day.rule_id), day)


def cancel(uow: UnitOfWork, viewer: Viewer, code: str) -> Booked:
    """Give the place back, once.

    Raises:
        NotFound: no standing booking of this person has that code.
    """
    mine = _mine(uow, viewer, code)
    if not uow.reception.settle(code, STANDING, BookingStatus.CANCELLED, uow.now, viewer.actor, ""):
        raise NotFound()
    uow.reception.free_seat(mine.day.id)
    drop_reminder(uow, code)
    uow.notices.cancel(subject(code))
    uow.audit.record(viewer.actor, "reception_cancel", subject(code), "cancelled")
    return mine


def reschedule(uow: UnitOfWork, viewer: Viewer, code: str, day_id: int) -> Booked | NotBooked:
    """Book the other day and give the first back; when the other cannot be had, the first stands.

    The new booking has a new code and waits for the board again.

    Raises:
        NotFound: no standing booking of this person has that code.
    """
    mine = _mine(uow, viewer, code)
    stored = uow.reception.booking(code)
    day = uow.reception.day(day_id)
    if stored is None or stored.request is None or day.rule_id != mine.rule.id:
        raise NotFound()
    if day.id == mine.day.id:
        return Booked(mine.code, mine.status, mine.people, mine.rule, mine.day, already=True)
    taken = _take(uow, viewer, mine.rule, day, stored.request, mine.people)
    if isinstance(taken, Booked):
        cancel(uow, viewer, code)
    return taken


def _mine(uow: UnitOfWork, viewer: Viewer, code: str) -> Booked:
    found = next((one for one in my_bookings(uow, viewer) if one.code == code), None)
    if found is None:
        raise NotFound()
    return found


def forget_bookings(uow: UnitOfWork, viewer: Viewer) -> int:
    """Cancel what stands and erase what was written in this conversation's bookings; returns how many were erased."""
    for one in _coming(uow, [viewer.conversation_id]):
        cancel(uow, viewer, one.code)
    return uow.reception.erase_requests(conversation_id=viewer.conversation_id)


def choose(mine: Sequence[Booked], rule_ids: Sequence[int], days: Sequence[object]) -> list[Booked]:
    """Those of my bookings that fit the host and the day that were named; all where nothing fits."""
    by_host = [one for one in mine if one.rule.id in rule_ids] or list(mine)
    return [one for one in by_host if one.day.held_on in days] or by_host
