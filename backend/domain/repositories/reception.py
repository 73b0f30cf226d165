"""Port: reception."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from backend.domain.reception import (
    Booking,
    BookingRequest,
    BookingStatus,
    PlannedDay,
    ReceptionDay,
    ReceptionRule,
    Visit,
)


class Reception(Protocol):
    def put_rule(self, rule: ReceptionRule) -> int:
        """Insert or update by agency, host and first day of validity; returns the id."""

    def same_rule(self, rule: ReceptionRule) -> int | None:
        """The id of the rule that ``put_rule`` would update; None where it would insert."""

    def rules(self, on: date) -> Sequence[ReceptionRule]:
        """Rules in force that day, in the order they were made."""

    def rule(self, rule_id: int) -> ReceptionRule:
        """Raises NotFound."""

    def add_days(self, rule: ReceptionRule, days: Sequence[PlannedDay]) -> None:
        """Insert what is not there yet (by rule and planned day)."""

    def planned(self, rule_id: int, start: date, end: date) -> Sequence[ReceptionDay]:
        """Rows whose planned day lies in the range, whatever became of them."""

    def days(self, rule_ids: Sequence[int], start: date, end: date) -> Sequence[ReceptionDay]:
        """Days held in the range (both included), not cancelled, oldest first."""

    def day(self, day_id: int) -> ReceptionDay:
        """Raises NotFound."""

    def shift_day(self, day_id: int, planned: PlannedDay) -> None:
        """The calendar changed: hold an unbooked planned day on another date."""

    def drop_day(self, day_id: int) -> None:
        """The day is not held; only while nobody has booked it."""

    def move_day(self, day_id: int, to: date, reason: str) -> None: ...
    def take_seat(self, day_id: int) -> bool:
        """One conditional update: False when no place is left."""

    def free_seat(self, day_id: int) -> None: ...
    def add_booking(
        self, day_id: int, conversation_id: int | None, people: int, request: BookingRequest, now: datetime
    ) -> str:
        """A requested booking; returns its new code TD-YYMMDD-NNNN (day of the request)."""

    def booking(self, code: str) -> Booking | None: ...
    def standing_of(self, conversation_id: int) -> Sequence[Booking]:
        """This conversation's requested and confirmed bookings, of past days too, oldest first."""

    def standing_on(self, day_id: int) -> Sequence[Booking]: ...
    def waiting(self, limit: int) -> Sequence[Booking]:
        """Requested bookings that the board has not decided, oldest first."""

    def settle(
        self, code: str, frm: Sequence[BookingStatus], to: BookingStatus, now: datetime, by: str, note: str
    ) -> bool:
        """Change the status if it is one of ``frm``; False when somebody else was first."""

    def add_visit(
        self,
        day_id: int,
        booking_id: int | None,
        at: datetime,
        people: int,
        outcome: str,
        *,
        delegation: bool = False,
    ) -> None:
        """``people`` who were not counted at an earlier visit; ``delegation``: several who came about one matter."""

    def visits(self, day_id: int) -> Sequence[Visit]: ...
    def drop_visits(self, ids: Sequence[int]) -> None: ...
    def erase_requests(self, *, conversation_id: int | None = None, held_before: date | None = None) -> int:
        """Empty the sealed requests of a conversation, or of days held before a date; returns how many."""
