"""The reception board's work: decide requests, move a day, note who came, erase in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.ports import UnitOfWork
from backend.domain.reception import (
    KEPT_DAYS,
    STANDING,
    Booking,
    BookingStatus,
    DayStatus,
    ReceptionDay,
    ReceptionRule,
)
from backend.services.reception.announce import announce_decision, announce_move, subject

#: From which statuses the board may pass to which; a confirmed request can still be refused, with the reason.
_ALLOWED = {
    BookingStatus.CONFIRMED: (BookingStatus.REQUESTED,),
    BookingStatus.REFUSED: STANDING,
}


@dataclass(frozen=True, slots=True)
class BoardEntry:
    booking: Booking
    day: ReceptionDay
    rule: ReceptionRule


def waiting(uow: UnitOfWork, limit: int = 100) -> list[BoardEntry]:
    """Requests that the board has not decided, oldest first."""
    return _entries(uow, uow.reception.waiting(limit))


def expected_on(uow: UnitOfWork, day_id: int) -> list[BoardEntry]:
    """Requested and confirmed bookings of one day, in the order they came."""
    return _entries(uow, uow.reception.standing_on(day_id))


def _entries(uow: UnitOfWork, bookings: Sequence[Booking]) -> list[BoardEntry]:
    days = {one.day_id: uow.reception.day(one.day_id) for one in bookings}
    rules = {day.rule_id: uow.reception.rule(day.rule_id) for day in days.values()}
    return [BoardEntry(one, days[one.day_id], rules[days[one.day_id].rule_id]) for one in bookings]


def decide_booking(
    uow: UnitOfWork, actor: str, code: str, decision: BookingStatus, note: str = ""
) -> Booking:
    """Confirm or refuse a request; the person is told at once.

    Raises:
        NotFound: no such code.
        InvalidInput: neither confirmed nor refused, or refused without a reason (``note``).
        Conflict: already decided, or given back meanwhile.
    """
    allowed = _ALLOWED.get(decision)
    if allowed is None:
        raise InvalidInput(reason="chỉ có thể xác nhận hoặc từ chối")
    if decision is BookingStatus.REFUSED and not note.strip():
        raise InvalidInput(reason="từ chối thì phải nêu lý do")
    if uow.reception.booking(code) is None:
        raise NotFound()
    if not uow.reception.settle(code, allowed, decision, uow.now, actor, note.strip()):
        raise Conflict()
    decided = uow.reception.booking(code)
    if decided is None:
        raise NotFound()
    if decision is BookingStatus.REFUSED:
        uow.reception.free_seat(decided.day_id)
    announce_decision(uow, decided, uow.reception.day(decided.day_id))
    uow.audit.record(actor, "reception_decide", subject(code), decision)
    return decided


def postpone_day(uow: UnitOfWork, actor: str, day_id: int, to: date, reason: str) -> int:
    """Hold this day on another date and tell everybody who booked; returns how many were told.

    Raises:
        NotFound: no such day.
        InvalidInput: no reason, or the new date is past or a day off.
        Conflict: the day was cancelled or is over.
    """
    day = uow.reception.day(day_id)
    off = uow.calendar.off_reason(to)
    if not reason.strip():
        raise InvalidInput(reason="hoãn lịch thì phải nêu lý do")
    if to <= uow.today or off is not None:
        raise InvalidInput(reason=f"ngày mới không làm việc ({off})" if off else "ngày mới phải sau hôm nay")
    if day.status is DayStatus.CANCELLED or day.held_on < uow.today or to == day.held_on:
        raise Conflict()
    uow.reception.move_day(day_id, to, reason.strip())
    moved = uow.reception.day(day_id)
    told = announce_move(uow, uow.reception.rule(day.rule_id), moved, day.held_on, reason.strip())
    uow.audit.record(actor, "reception_postpone", f"reception_day:{day_id}", "moved", {"told": told})
    return told


def record_visit(uow: UnitOfWork, actor: str, day_id: int, people: int, outcome: str, code: str = "") -> None:
    """Note that people were received, with or without a booking.

    Raises:
        NotFound: no such day, or no such booking on it.
    """
    day = uow.reception.day(day_id)
    booking = uow.reception.booking(code) if code else None
    if code and (booking is None or booking.day_id != day.id):
        raise NotFound()
    uow.reception.add_visit(day.id, booking.id if booking else None, uow.now, people, outcome)
    uow.audit.record(actor, "reception_visit", f"reception_day:{day.id}", "recorded", {"people": people})


def erase_old_requests(uow: UnitOfWork, kept_days: int = KEPT_DAYS) -> int:
    """Empty what people wrote for days held more than ``kept_days`` ago; for the retention job."""
    return uow.reception.erase_requests(held_before=uow.today - timedelta(days=kept_days))
