"""Requests to be received, on both database engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backend.db.engine import Database
from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.reception import BookingStatus, WhyNot
from backend.services.reception import board, booking, days
from bot.replies.renderer import Replies

DAY = date(2026, 12, 15)
REPLIES = Replies(Path(__file__).parents[3] / "bot" / "replies")


def test_a_request_waits_for_the_board_and_is_sealed(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    done = office.booked(office.viewer("hoa"), first)
    assert (done.code, done.status, done.day.held_on) == ("TD-261121-0001", BookingStatus.REQUESTED, DAY)
    assert done.remind_at == datetime(2026, 12, 14, 8, 0, tzinfo=VIETNAM)
    with db.engine.connect() as connection:
        sealed = bytes(connection.execute(text("SELECT request FROM reception_bookings")).scalar_one())
    assert b"0912345678" not in sealed
    assert "đền bù".encode() not in sealed
    (entry,) = db.read_now(board.waiting)
    assert entry.booking.request is not None
    assert entry.booking.request.name == "Nguyễn Thị Hoa"


def test_codes_count_up_within_the_day(office: Any) -> None:
    first = office.days(office.chairman)[0]
    codes = [office.booked(office.viewer(name), first).code for name in ("a", "b")]
    assert codes == ["TD-261121-0001", "TD-261121-0002"]


def test_when_full_nothing_is_written_and_other_days_are_offered(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    for name in ("a", "b"):
        office.booked(office.viewer(name), first)
    assert isinstance(office.book(office.viewer("c"), first), booking.NotBooked)
    assert len(db.read_now(board.waiting)) == 2
    verdict = db.write_now(lambda uow: days.judge_day(uow, office.chairman, DAY))
    assert verdict.why_not is WhyNot.FULL
    assert [day.held_on for day in verdict.others] == [date(2027, 1, 15)]


def test_two_at_once_for_the_last_place(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    office.booked(office.viewer("a"), first)
    people = [office.viewer(f"p{n}") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda who: office.book(who, first), people))
    assert sum(isinstance(one, booking.Booked) for one in done) == 1
    assert office.day(first.id).booked == 2
    assert len(db.read_now(board.waiting)) == 2


def test_many_at_once_on_free_days_get_different_codes(office: Any, db: Database) -> None:
    weekly = office.days(office.commune)
    people = [office.viewer(f"p{n}") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda pair: office.book(pair[1], weekly[pair[0] % 3]), enumerate(people)))
    assert {one.code for one in done} == {f"TD-261121-{n:04d}" for n in range(1, 7)}


def test_asking_twice_books_once(office: Any) -> None:
    first, second = office.days(office.chairman)
    who = office.viewer("hoa")
    done = office.booked(who, first)
    again = office.booked(who, second)
    assert (again.code, again.already) == (done.code, True)
    assert office.day(second.id).booked == 0


def test_cancelling_gives_the_place_back_once(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    who = office.viewer("hoa")
    code = office.booked(who, first).code
    db.write_now(lambda uow: booking.cancel(uow, who, code))
    with pytest.raises(NotFound):
        db.write_now(lambda uow: booking.cancel(uow, who, code))
    assert office.day(first.id).booked == 0
    assert office.notices() == []


def test_nobody_cancels_anothers_booking(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    code = office.booked(office.viewer("hoa"), first).code
    other = office.viewer("khác")
    with pytest.raises(NotFound):
        db.write_now(lambda uow: booking.cancel(uow, other, code))
    assert office.day(first.id).booked == 1


def test_rescheduling_moves_the_place(office: Any, db: Database) -> None:
    first, second = office.days(office.chairman)
    who = office.viewer("hoa")
    code = office.booked(who, first).code
    moved = db.write_now(lambda uow: booking.reschedule(uow, who, code, second.id))
    assert isinstance(moved, booking.Booked)
    assert (office.day(first.id).booked, office.day(second.id).booked) == (0, 1)
    (reminder,) = office.notices()
    assert reminder.values["code"] == moved.code
    assert [one.code for one in db.read_now(lambda uow: booking.my_bookings(uow, who))] == [moved.code]


def test_rescheduling_to_a_full_day_changes_nothing(office: Any, db: Database) -> None:
    first, second = office.days(office.chairman)
    for name in ("a", "b"):
        office.booked(office.viewer(name), second)
    who = office.viewer("hoa")
    code = office.booked(who, first).code
    assert isinstance(
        db.write_now(lambda uow: booking.reschedule(uow, who, code, second.id)), booking.NotBooked
    )
    assert (office.day(first.id).booked, office.day(second.id).booked) == (1, 2)
    assert [one.code for one in db.read_now(lambda uow: booking.my_bookings(uow, who))] == [code]


def test_forgetting_empties_what_was_written(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    who = office.viewer("hoa")
    code = office.booked(who, first).code
    assert db.write_now(lambda uow: booking.forget_bookings(uow, who)) == 1
    kept = db.read_now(lambda uow: uow.reception.booking(code))
    assert kept is not None
    assert (kept.request, kept.conversation_id, kept.status) == (None, None, BookingStatus.CANCELLED)
    assert office.day(first.id).booked == 0


# --- the board -----------------------------------------------------------------------------------------------


def test_confirming_tells_the_person_and_renews_the_reminder(office: Any, db: Database) -> None:
    code = office.booked(office.viewer("hoa"), office.days(office.chairman)[0]).code
    db.write_now(lambda uow: board.decide_booking(uow, "account:tcd", code, BookingStatus.CONFIRMED))
    told = {notice.kind: notice.values["confirmed"] for notice in office.notices()}
    assert all("15/12/2026" in REPLIES.render(one.kind, one.values) for one in office.notices())
    assert told == {"notices/reception_decided": True, "notices/reception_reminder": True}
    with pytest.raises(Conflict):
        db.write_now(lambda uow: board.decide_booking(uow, "account:tcd", code, BookingStatus.CONFIRMED))


def test_refusing_needs_a_reason_and_frees_the_place(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    code = office.booked(office.viewer("hoa"), first).code

    def refuse(note: str) -> Any:
        return db.write_now(lambda uow: board.decide_booking(uow, "a:t", code, BookingStatus.REFUSED, note))

    with pytest.raises(InvalidInput):
        refuse(" ")
    assert refuse("đã có kết luận, không có tình tiết mới").status is BookingStatus.REFUSED
    with pytest.raises(Conflict):
        refuse("lần nữa")
    assert office.day(first.id).booked == 0
    (told,) = office.notices()
    assert (told.kind, told.values["note"]) == (
        "notices/reception_decided",
        "đã có kết luận, không có tình tiết mới",
    )
    assert "Lý do: đã có kết luận" in REPLIES.render(told.kind, told.values)


def test_a_postponed_day_is_announced_with_its_new_date(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    for name in ("a", "b"):
        office.booked(office.viewer(name), first)
    new = date(2026, 12, 17)
    told = db.write_now(lambda uow: board.postpone_day(uow, "a:t", first.id, new, "đi công tác"))
    assert told == 2
    moved = [one for one in office.notices() if one.kind == "notices/reception_moved"]
    reminders = [one for one in office.notices() if one.kind == "notices/reception_reminder"]
    assert {one.values["on"] for one in moved + reminders} == {"2026-12-17"}
    assert {one.values["was_on"] for one in moved} == {"2026-12-15"}
    assert {one.due_at for one in reminders} == {datetime(2026, 12, 16, 8, 0, tzinfo=VIETNAM)}
    for one in moved + reminders:
        words = REPLIES.render(one.kind, one.values)
        assert "17/12/2026" in words
        assert one.values["code"] in words


@pytest.mark.parametrize(
    ("to", "reason"), [(date(2026, 12, 19), "bận"), (DAY, "bận"), (date(2026, 12, 17), " ")]
)
def test_a_day_cannot_be_postponed_to_nowhere(office: Any, db: Database, to: date, reason: str) -> None:
    first = office.days(office.chairman)[0]
    with pytest.raises((InvalidInput, Conflict)):
        db.write_now(lambda uow: board.postpone_day(uow, "a:t", first.id, to, reason))


def test_visits_and_erasure_in_time(office: Any, db: Database, clock: Any) -> None:
    first = office.days(office.chairman)[0]
    code = office.booked(office.viewer("hoa"), first).code
    db.write_now(lambda uow: board.record_visit(uow, "a:t", first.id, 1, "đã hướng dẫn", code))
    with pytest.raises(NotFound):
        db.write_now(lambda uow: board.record_visit(uow, "a:t", first.id, 1, "", "TD-000000-0000"))
    clock.set(datetime(2027, 6, 13, 9, 0, tzinfo=VIETNAM))
    assert db.write_now(board.erase_old_requests) == 0
    clock.set(datetime(2027, 6, 14, 9, 0, tzinfo=VIETNAM))
    assert db.write_now(board.erase_old_requests) == 1
    assert db.write_now(board.erase_old_requests) == 0
    kept = db.read_now(lambda uow: uow.reception.booking(code))
    assert kept is not None
    assert kept.request is None
