"""Whatever people and the board do, in any order: places are never given twice, never lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import SqlUnitOfWork, Tools
from backend.domain.agency import Agency
from backend.domain.errors import DomainError
from backend.domain.messaging import Address, ChannelName
from backend.domain.reception import BookingRequest, BookingStatus, HostKind, ReceptionDay, ReceptionRule
from backend.domain.viewer import Viewer
from backend.services.reception import board, booking, days

REQUEST = BookingRequest("việc đất", "An", "0912345678")
PEOPLE, DAYS, CAPACITY = 5, 3, 2

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "cancel", "reschedule", "confirm", "refuse"]),
        st.integers(0, PEOPLE - 1),
        st.integers(0, DAYS - 1),
    ),
    max_size=25,
)


class _Undone(Exception):
    """Raised at the end of each example, so that the next starts with an empty office."""


@pytest.fixture
def db(sqlite_template: Path, tmp_path: Path, tools: Tools) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "motcua.sqlite3")
    database = open_database(f"sqlite:///{tmp_path}/motcua.sqlite3", tools)
    yield database
    database.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_places_are_neither_given_twice_nor_lost(db: Database, steps: list[tuple[str, int, int]]) -> None:
    def play(uow: SqlUnitOfWork) -> None:
        people, weekly = _office(uow)
        for what, who, when in steps:
            _step(uow, what, people[who], weekly[when])
            _check(uow, people, weekly)
        raise _Undone

    with pytest.raises(_Undone):
        db.write_now(play)


def _office(uow: SqlUnitOfWork) -> tuple[list[Viewer], list[ReceptionDay]]:
    agency = uow.agencies.put(Agency("H50", "Ủy ban nhân dân tỉnh", "province"))
    rule = ReceptionRule(
        "Chủ tịch",
        HostKind.CHAIRMAN,
        agency,
        {"weekly": 4},
        ((time(8), time(11)),),
        "Trụ sở",
        CAPACITY,
        date(2026, 1, 1),
        "thông báo",
    )
    known = uow.reception.rule(uow.reception.put_rule(rule))
    addresses = [Address(ChannelName.WEB, "main", str(n)) for n in range(PEOPLE)]
    people = [Viewer(uow.conversations.lock_or_start(one, uow.now), one) for one in addresses]
    return people, list(days.bookable_days(uow, known, DAYS))


def _step(uow: SqlUnitOfWork, what: str, who: Viewer, day: ReceptionDay) -> None:
    mine = booking.my_bookings(uow, who)
    code = mine[0].code if mine else "TD-000000-0000"
    try:
        if what == "book":
            booking.book(uow, who, day.id, REQUEST, 1)
        elif what == "cancel":
            booking.cancel(uow, who, code)
        elif what == "reschedule":
            booking.reschedule(uow, who, code, day.id)
        elif what == "confirm":
            board.decide_booking(uow, "account:tcd", code, BookingStatus.CONFIRMED)
        else:
            board.decide_booking(uow, "account:tcd", code, BookingStatus.REFUSED, "ngoài thẩm quyền")
    except DomainError:
        return  # a refusal must leave everything as it was: that is what is checked next


def _check(uow: SqlUnitOfWork, people: list[Viewer], weekly: list[ReceptionDay]) -> None:
    for day in weekly:
        booked = uow.reception.day(day.id).booked
        assert booked == len(uow.reception.standing_on(day.id))
        assert booked <= CAPACITY
    assert all(len(booking.my_bookings(uow, who)) <= 1 for who in people)
