"""Who may rate, once, for a day; what is kept of it; what the figures say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from backend.db.tables.ratings import ratings as table
from backend.domain.errors import NotFound
from backend.domain.messaging import Address, ChannelName
from backend.domain.petition import PetitionState
from backend.domain.rating import NoResultYet, RatingFixed, Reason, reasons_for
from backend.domain.retention import Kept
from backend.services import departing, ratings, retention
from tests.integration.people.conftest import ANNA, BINH, BINHS_TELEGRAM, BROWSER, TELEGRAM, Street
from tests.integration.people.test_linking import link
from tests.integration.ratings.conftest import BINHS, DONE, RUNNING, answered


def test_a_result_is_rated_by_whom_it_is_open_to(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    done = street.do(ratings.rate, TELEGRAM, DONE, 4)
    assert (done.value, done.subject.agency, done.subject.procedure_code) == (
        4,
        "Ủy ban nhân dân phường Trần Phú",
        "1.004837",
    )
    for code in (BINHS, "H50.34-261101-9999"):
        with pytest.raises(NotFound):
            street.do(ratings.rate, TELEGRAM, code, 5)
    with pytest.raises(NoResultYet):
        street.do(ratings.rate, TELEGRAM, RUNNING, 5)
    with pytest.raises(NotFound):
        street.do(ratings.rate, BROWSER, DONE, 1)
    assert len(street.rows(select(table.c.id))) == 1


def test_the_second_factor_opens_it_for_rating_and_a_group_never_does(street: Street) -> None:
    opened = replace(street.viewer(BROWSER), opened=frozenset({DONE}))
    assert street.db.write_now(lambda uow: ratings.rate(uow, opened, DONE, 2)).value == 2
    with pytest.raises(NotFound):
        street.db.write_now(lambda uow: ratings.rate(uow, replace(opened, group=True), DONE, 5))


@pytest.mark.parametrize("value", [0, 6, -1, 50])
def test_values_are_from_one_to_five(street: Street, value: int) -> None:
    street.verify(TELEGRAM, ANNA)
    with pytest.raises(ValueError, match="rating"):
        street.do(ratings.rate, TELEGRAM, DONE, value)
    assert street.rows(select(table.c.id)) == []


def test_it_may_be_changed_for_a_day_and_is_fixed_then(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    street.do(ratings.rate, TELEGRAM, DONE, 2)
    street.later(hours=23, minutes=59)
    assert street.do(ratings.rate, TELEGRAM, DONE, 5).value == 5
    street.do(ratings.explain, TELEGRAM, DONE, [Reason.ON_TIME])
    street.later(minutes=1)
    with pytest.raises(RatingFixed) as refused:
        street.do(ratings.rate, TELEGRAM, DONE, 1)
    assert refused.value.values == {"code": DONE, "value": 5}
    with pytest.raises(RatingFixed):
        street.do(ratings.explain, TELEGRAM, DONE, [Reason.LATE])
    assert street.rows(select(table.c.value)) == [(5,)]


def test_one_person_rates_once_whatever_the_channel(street: Street) -> None:
    opened = replace(street.viewer(BROWSER), opened=frozenset({DONE}))
    street.db.write_now(lambda uow: ratings.rate(uow, opened, DONE, 1))
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    assert street.do(ratings.rate, TELEGRAM, DONE, 3).value == 3
    assert street.do(ratings.rate, BROWSER, DONE, 4).value == 4
    assert street.rows(select(table.c.value)) == [(4,)]


def test_two_channels_at_once_leave_one_rating(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    viewers = [street.viewer(address) for address in (TELEGRAM, BROWSER)] * 3

    def rate(viewer: Any) -> int:
        return street.db.write_now(lambda uow: ratings.rate(uow, viewer, DONE, 5)).value

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(rate, viewers)) == [5] * 6
    assert street.rows(select(table.c.value)) == [(5,)]


def test_two_people_rate_the_same_result_separately(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    street.do(ratings.rate, TELEGRAM, DONE, 5)
    helper = replace(street.viewer(BROWSER), opened=frozenset({DONE}))
    street.db.write_now(lambda uow: ratings.rate(uow, helper, DONE, 1))
    assert sorted(row[0] for row in street.rows(select(table.c.value))) == [1, 5]


def test_an_answer_is_rated_by_its_reporter_and_again_after_it_was_reopened(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    petition = answered(street, street.viewer(TELEGRAM).conversation_id)
    assert street.do(ratings.rate, TELEGRAM, petition.code, 1).subject.agency == "Sở Xây dựng"
    street.verify(BINHS_TELEGRAM, BINH)
    with pytest.raises(NotFound):
        street.do(ratings.rate, BINHS_TELEGRAM, petition.code, 5)

    def change(state: PetitionState, reopened: int) -> None:
        street.db.write_now(lambda uow: uow.petitions.change(petition.id, state=state, reopened=reopened))

    change(PetitionState.IN_PROGRESS, 1)
    with pytest.raises(NoResultYet):
        street.do(ratings.rate, TELEGRAM, petition.code, 5)
    change(PetitionState.CLOSED, 1)
    street.later(days=3)
    assert street.do(ratings.rate, TELEGRAM, petition.code, 5).value == 5
    assert sorted(street.rows(select(table.c.round, table.c.value))) == [(0, 1), (1, 5)]


def test_what_can_be_rated_is_offered_until_it_is_fixed(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    petition = answered(street, street.viewer(TELEGRAM).conversation_id)
    assert [one.code for one in street.do(ratings.rateable, TELEGRAM)] == [DONE, petition.code]
    street.do(ratings.rate, TELEGRAM, DONE, 4)
    assert DONE in {one.code for one in street.do(ratings.rateable, TELEGRAM)}
    street.later(days=1)
    assert [one.code for one in street.do(ratings.rateable, TELEGRAM)] == [petition.code]
    assert street.do(ratings.rateable, BROWSER) == ()


def test_reasons_gather_and_words_are_sealed(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    street.do(ratings.rate, TELEGRAM, DONE, 2)
    street.do(ratings.explain, TELEGRAM, DONE, [Reason.LATE, Reason.TRIPS], "đi bốn lần mới xong")
    done = street.do(ratings.explain, TELEGRAM, DONE, [Reason.ATTITUDE])
    assert set(done.reasons) == {Reason.LATE, Reason.TRIPS, Reason.ATTITUDE}
    assert done.comment == "đi bốn lần mới xong"
    (row,) = street.rows(select(table))
    assert "bốn lần".encode() not in row.comment
    assert ANNA not in repr(row)
    street.verify(BINHS_TELEGRAM, BINH)
    with pytest.raises(NotFound):
        street.do(ratings.explain, BINHS_TELEGRAM, BINHS, [Reason.LATE])


def test_reasons_fit_the_value() -> None:
    assert Reason.UNSOLVED in reasons_for(1)
    assert Reason.UNSOLVED not in reasons_for(5)
    assert Reason.ON_TIME in reasons_for(4)
    assert all(reasons_for(value) for value in range(1, 6))


def test_forgetting_a_person_keeps_the_bare_value(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    street.do(ratings.rate, TELEGRAM, DONE, 1)
    street.do(ratings.explain, TELEGRAM, DONE, [], "bị nạt")
    street.do(departing.forget_person, TELEGRAM)
    (row,) = street.rows(select(table))
    assert (row.value, row.comment, row.conversation_id) == (1, None, None)
    assert row.person.startswith("erased:")
    assert street.db.read_now(ratings.figures).overall.count == 1


def test_words_are_forgotten_when_their_time_is_over(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    street.do(ratings.rate, TELEGRAM, DONE, 1)
    street.do(ratings.explain, TELEGRAM, DONE, [Reason.LATE], "chờ lâu")
    street.later(days=181)
    assert street.db.write_now(lambda uow: retention.forget_some(uow, Kept.RATINGS, 180)) == 1
    (row,) = street.rows(select(table))
    assert (row.value, row.reasons, row.comment) == (1, ["late"], None)


def rate_by(street: Street, name: str, value: int, *reasons: Reason) -> None:
    viewer = replace(
        street.viewer(Address(ChannelName.WEB, "default", name)), opened=frozenset({DONE, BINHS})
    )
    street.db.write_now(lambda uow: ratings.rate(uow, viewer, DONE, value))
    if reasons:
        street.db.write_now(lambda uow: ratings.explain(uow, viewer, DONE, reasons))


def test_figures_count_by_agency_procedure_and_month(street: Street) -> None:
    for number, value in enumerate((5, 5, 4, 1)):
        rate_by(street, f"p{number}", value, *((Reason.LATE,) if value == 1 else ()))
    street.later(days=10)  # December
    rate_by(street, "late", 2, Reason.LATE, Reason.TRIPS)
    street.verify(TELEGRAM, ANNA)
    petition = answered(street, street.viewer(TELEGRAM).conversation_id)
    street.do(ratings.rate, TELEGRAM, petition.code, 3)
    found = street.db.read_now(ratings.figures)
    assert (found.overall.count, found.overall.average, found.overall.satisfied) == (6, 3.33, 0.5)
    assert {name: one.count for name, one in found.by_agency.items()} == {
        "Ủy ban nhân dân phường Trần Phú": 5,
        "Sở Xây dựng": 1,
    }
    assert list(found.by_procedure) == ["1.004837"]
    assert {name: (one.count, one.average) for name, one in found.by_month.items()} == {
        "2026-11": (4, 3.75),
        "2026-12": (2, 2.5),
    }
    assert found.reasons == {"late": 2, "trips": 1}
    assert {name: one.count for name, one in found.by_kind.items()} == {"dossier": 5, "petition": 1}
    november = street.db.read_now(lambda uow: ratings.figures(uow, date(2026, 11, 1), date(2026, 11, 30)))
    assert (november.overall.count, november.reasons) == (4, {"late": 1})
    empty = street.db.read_now(lambda uow: ratings.figures(uow, date(2027, 1, 1), None))
    assert (empty.overall.count, empty.overall.average) == (0, None)
    assert ratings.as_json(empty)["overall"] == {
        "count": 0,
        "average": None,
        "satisfied": None,
        "values": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0},
    }


def test_the_day_of_a_rating_is_the_offices(street: Street) -> None:
    street.later(hours=14, minutes=20)  # 23:50 in Vietnam, still the day before in UTC
    rate_by(street, "night", 5)
    assert street.rows(select(table.c.on_date)) == [(date(2026, 11, 21),)]
