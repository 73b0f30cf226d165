"""Suggestions of duplicates: near in place, time and words, through an index, never what the asker may not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from backend.domain.agency import Agency
from backend.domain.errors import NotFound
from backend.domain.petition import PetitionState, Story
from backend.domain.petition_field import DuplicateRule, Likeness
from backend.services.petitions.duplicates import duplicates
from backend.services.petitions.moving import Mover
from tests.integration.petitions.conftest import DESK, Office

LAMP = Story("Đèn đường hẻm 12 Trần Phú hỏng cả tuần nay, tối om", "hẻm 12 Trần Phú")
SAME = Story("den duong hem 12 tran phu hong ca tuan roi toi om", "hem 12 tran phu")
DOGS = Story("Chó thả rông cắn trẻ con ở chợ, không ai bắt", "chợ Chiều")
HERE = (10.5000, 106.7000)


@pytest.fixture
def commune(office: Office) -> int:
    return office.db.write_now(
        lambda uow: uow.agencies.put(Agency("H50.31", "UBND xã Hòa Phú", "commune", "H50"))
    )


def likely(office: Office, code: str, by: Mover = DESK) -> list[Likeness]:
    return office.db.read_now(lambda uow: duplicates(uow, by, code))


def file(office: Office, story: Story, **more: Any) -> str:
    return office.file(story=story, **more).code


def test_the_same_matter_in_other_words_in_the_same_commune(office: Office, commune: int) -> None:
    first = file(office, LAMP, commune_id=commune)
    file(office, DOGS, commune_id=commune)
    office.later(days=2)
    second = file(office, SAME, commune_id=commune)
    (found,) = likely(office, second)
    assert found.code == first
    assert (found.days, found.same_commune, found.metres) == (2, True, None)
    assert "cùng xã, phường" in found.reasons
    assert not any("Trần Phú" in one or "tran phu" in one for one in found.reasons)


def test_metres_decide_where_both_are_on_the_map(office: Office) -> None:
    near = file(office, LAMP, latitude=HERE[0] + 0.0003, longitude=HERE[1])
    file(office, LAMP, latitude=HERE[0] + 0.05, longitude=HERE[1])  # five kilometres off, the same words
    mine = file(office, SAME, latitude=HERE[0], longitude=HERE[1])
    (found,) = likely(office, mine)
    assert (found.code, found.metres) == (near, 33)


def test_a_rule_of_the_field_says_how_far_and_how_long(office: Office, commune: int) -> None:
    old = file(office, LAMP, commune_id=commune)
    office.later(days=25)
    mine = file(office, SAME, commune_id=commune)
    assert [one.code for one in likely(office, mine)] == [old]
    office.move(DESK, mine, "classify", field_name="lighting")  # 21 days
    assert likely(office, mine) == []
    office.db.write_now(lambda uow: uow.petition_fields.put_rule(DuplicateRule("lighting", 150, 40, 0.5)))
    assert [one.code for one in likely(office, mine)] == [old]


def test_without_a_place_the_field_is_looked_through(office: Office) -> None:
    first, second = file(office, LAMP), file(office, SAME)
    for code in (first, second):
        office.move(DESK, code, "classify", field_name="lighting")
    (found,) = likely(office, second)
    assert (found.code, found.same_field) == (first, True)


def test_merged_ones_are_not_suggested_and_closed_ones_are(office: Office, commune: int) -> None:
    codes = [file(office, LAMP, commune_id=commune) for _ in range(3)]
    office.move(DESK, codes[1], "merge", into=office.petition(codes[0]))
    office.move(DESK, codes[0], "file_away", reason="x")
    found = {one.code: one.state for one in likely(office, codes[2])}
    assert found == {
        codes[0]: PetitionState.FILED,
        codes[1]: PetitionState.CLASSIFIED,
    }  # given back by its end


def test_whom_it_is_about_sees_neither_it_nor_that_it_is_like_another(office: Office, commune: int) -> None:
    there = office.agencies["H50.04"].id
    hidden = file(office, LAMP, commune_id=commune, about_agency_id=there)
    open_ = file(office, SAME, commune_id=commune)
    inside = Mover("account:gd", frozenset({"operator"}), there)
    assert [one.code for one in likely(office, open_)] == [hidden]
    assert likely(office, open_, inside) == []
    with pytest.raises(NotFound):
        likely(office, hidden, inside)
    with pytest.raises(NotFound):
        likely(office, "PA-000000-0000")


def test_candidates_come_from_an_index_and_few_are_opened(office: Office, commune: int) -> None:
    for _ in range(3):
        file(office, LAMP, commune_id=commune, latitude=HERE[0], longitude=HERE[1])
    mine = file(office, SAME, commune_id=commune, latitude=HERE[0], longitude=HERE[1])
    said: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "received_at BETWEEN" in statement:
            said.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        assert len(likely(office, mine)) == 3
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    assert len(said) == 2  # the commune, the box on the map
    with office.db.engine.connect() as connection:
        if office.db.engine.dialect.name == "postgresql":  # so few rows would be read whole
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in said:
            assert "LIMIT" in statement
            explain = "EXPLAIN QUERY PLAN " if office.db.engine.dialect.name == "sqlite" else "EXPLAIN "
            plan = repr(connection.exec_driver_sql(explain + statement, parameters).all())
            assert "ix_petitions_" in plan, plan


def test_nothing_is_suggested_for_what_was_erased(office: Office, commune: int) -> None:
    first, second = file(office, LAMP, commune_id=commune), file(office, SAME, commune_id=commune)
    gone = office.petition(first)
    office.db.write_now(lambda uow: uow.petitions.take_over_reporter(gone.id, None, None))
    assert likely(office, second) == []
    office.later(days=1)
    assert office.petition(second).received_at < office.clock.at + timedelta(days=1)
