"""What people who booked are told: a reminder, the board's decision, a day that moved."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from backend.domain.clock import VIETNAM
from backend.domain.notice import Notice
from backend.domain.ports import UnitOfWork
from backend.domain.reception import Booking, BookingStatus, ReceptionDay, ReceptionRule

#: Reminders are sent at this clock time on the working day before.
REMIND_AT = time(8, 0)
#: Reminders have a subject of their own: replacing one must not silence what else waits to be said.
_REMINDER = ":reminder"


def facts_of(code: str, rule: ReceptionRule, day: ReceptionDay) -> dict[str, Any]:
    """What the sentences about a booking need, as JSON values (dates as ISO text)."""
    return {
        "code": code,
        "host": rule.host,
        "on": day.held_on.isoformat(),
        "opens": f"{day.sessions[0][0]:%H:%M}",
        "place": day.place,
        "phone": rule.phone,
    }


def remind(
    uow: UnitOfWork, booking_code: str, conversation_id: int, status: BookingStatus, day: ReceptionDay
) -> datetime | None:
    """Replace the booking\'s reminder; returns when it will come.

    None when its hour is past: the person has just been told.
    """
    rule = uow.reception.rule(day.rule_id)
    about = subject(booking_code) + _REMINDER
    uow.notices.cancel(about)
    due_at = datetime.combine(uow.calendar.previous_working_day(day.held_on), REMIND_AT, VIETNAM)
    if due_at <= uow.now:
        return None
    values = {**facts_of(booking_code, rule, day), "confirmed": status is BookingStatus.CONFIRMED}
    key = f"reception_reminder:{booking_code}:{status}:{day.held_on}:{uow.now.isoformat()}"
    uow.notices.add(Notice("notices/reception_reminder", about, conversation_id, due_at, key, values))
    return due_at


def announce_decision(uow: UnitOfWork, booking: Booking, day: ReceptionDay) -> None:
    """Tell the person what the board decided, and renew or drop the reminder."""
    if booking.conversation_id is None:
        return
    drop_reminder(uow, booking.code)
    if booking.status is BookingStatus.CONFIRMED:
        remind(uow, booking.code, booking.conversation_id, booking.status, day)
    values = {
        **facts_of(booking.code, uow.reception.rule(day.rule_id), day),
        "confirmed": booking.status is BookingStatus.CONFIRMED,
        "note": booking.note,
    }
    key = f"reception_decided:{booking.code}:{booking.status}"
    uow.notices.add(
        Notice(
            "notices/reception_decided", subject(booking.code), booking.conversation_id, uow.now, key, values
        )
    )


def announce_move(uow: UnitOfWork, rule: ReceptionRule, day: ReceptionDay, was_on: date, reason: str) -> int:
    """Tell everybody who booked this day that it is held on another; returns how many were told.

    Luật Tiếp công dân Điều 24.4: a postponement is announced with its new time.
    """
    told = 0
    for booking in uow.reception.standing_on(day.id):
        if booking.conversation_id is None:
            continue
        remind(uow, booking.code, booking.conversation_id, booking.status, day)
        values = {**facts_of(booking.code, rule, day), "was_on": was_on.isoformat(), "reason": reason}
        key = f"reception_moved:{booking.code}:{day.held_on}:{uow.now.isoformat()}"
        notice = Notice(
            "notices/reception_moved", subject(booking.code), booking.conversation_id, uow.now, key, values
        )
        told += uow.notices.add(notice)
    return told


def drop_reminder(uow: UnitOfWork, booking_code: str) -> None:
    uow.notices.cancel(subject(booking_code) + _REMINDER)


def subject(booking_code: str) -> str:
    return f"booking:{booking_code}"
