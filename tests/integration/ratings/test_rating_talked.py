"""Rating as it is talked: value first, reasons after, the answer reopened, everything by words or by button."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.rating import rating_buttons
from actions.registry import gather
from backend.db.engine import Database
from backend.db.tables.ratings import ratings as table
from backend.domain.dossier import Applicant, Filing, Stage
from backend.domain.messaging import Contact, Incoming, Kind
from backend.domain.petition import PetitionState
from backend.domain.understanding import NOTHING, Understanding
from tests.integration.dialogue.counter import Counter, Told, desk_of
from tests.integration.people.conftest import ANNA, TELEGRAM, Street, dossier
from tests.integration.ratings.conftest import DONE, RUNNING, answered

_THANKS = ("cảm ơn",)


class Reading(Told):
    async def understand(self, incoming: Incoming) -> Understanding:
        if incoming.kind is not Kind.TEXT:
            return NOTHING
        intent = "thanks" if incoming.text in _THANKS else "rating"
        return Understanding(intent, 0.95, source="model")


class Desk(Counter):
    async def own(self) -> None:
        contact = Incoming(TELEGRAM, "c1", Kind.CONTACT, contact=Contact(ANNA, verified=True))
        _, answered_ = await self.pipeline.converse(contact, 10.0)
        assert answered_ is not None

    async def hear(self, text: str) -> list[str]:
        self.count = getattr(self, "count", 0) + 1
        return await self.say(text, f"t{self.count}", address=TELEGRAM)

    async def push(self, title: str) -> list[str]:
        """Press the button of the newest message that has one of this title."""
        for row in reversed(self.outbox(TELEGRAM)):
            for button in row.body.buttons:
                if button.title == title:
                    self.count = getattr(self, "count", 0) + 1
                    return await self.press(button.id, f"p{self.count}", TELEGRAM)
        raise AssertionError([b.title for row in self.outbox(TELEGRAM) for b in row.body.buttons])

    def kept(self) -> list[Any]:
        return self.db.read_now(lambda uow: list(uow.connection.execute(select(table)).all()))


@pytest.fixture
def talk(db: Database) -> Desk:
    filings = [
        Filing(dossier(DONE, Stage.DONE), Applicant("Nguyễn Thị An", ANNA)),
        Filing(dossier(RUNNING), Applicant("Nguyễn Thị An", ANNA)),
    ]
    db.write_now(lambda uow: uow.dossiers.put_many(filings))
    actions, forms = gather()
    return Desk(db, replace(desk_of(actions), forms=forms), Reading())


async def test_value_reasons_and_words(talk: Desk) -> None:
    await talk.own()
    assert await talk.hear("tôi muốn đánh giá") == ["rating/ask_value"]
    assert await talk.hear("đồ cũ") == ["rating/value_unclear", "rating/ask_value"]
    assert await talk.hear("hài lòng") == ["rating/recorded", "rating/ask_why"]
    assert "đổi được trong vòng 1 ngày" in talk.said(TELEGRAM)[-2]
    assert await talk.hear("đúng hẹn, cán bộ hướng dẫn rõ ràng") == ["rating/thanks"]
    (row,) = talk.kept()
    assert (row.value, row.reasons) == (4, ["clear", "on_time"])
    assert row.comment is not None


async def test_who_says_no_more_has_rated_all_the_same(talk: Desk) -> None:
    await talk.own()
    assert await talk.hear("cho 5 sao") == ["rating/recorded", "rating/ask_why"]
    assert [row.value for row in talk.kept()] == [5]
    assert await talk.hear("cảm ơn") == ["rating/left"]
    assert [row.value for row in talk.kept()] == [5]


async def test_a_typed_number_is_the_value_not_the_place_of_a_button(talk: Desk) -> None:
    await talk.own()
    await talk.hear("tôi muốn đánh giá")
    assert await talk.hear("5") == ["rating/recorded", "rating/ask_why"]
    assert [row.value for row in talk.kept()] == [5]


async def test_by_buttons_and_one_more_reason(talk: Desk) -> None:
    await talk.own()
    await talk.hear("tôi muốn đánh giá")
    assert await talk.push("2 – Không hài lòng") == ["rating/recorded", "rating/ask_why"]
    assert await talk.push("Phải đi lại nhiều") == ["rating/ask_comment"]
    assert await talk.push("Bỏ qua") == ["rating/thanks"]
    assert await talk.push("Trễ, chờ lâu") == ["rating/thanks"]
    (row,) = talk.kept()
    assert (row.value, row.reasons, row.comment) == (2, ["late", "trips"], None)


async def test_another_value_in_the_second_thought_counts(talk: Desk) -> None:
    await talk.own()
    await talk.hear("cho 5 sao")
    assert await talk.hear("à không, 3 sao thôi") == ["rating/thanks"]
    assert [row.value for row in talk.kept()] == [3]
    await talk.hear(f"{DONE} 4 sao")
    assert [row.value for row in talk.kept()] == [4]


async def test_after_a_day_it_is_fixed_and_a_running_dossier_waits(talk: Desk, clock: Any) -> None:
    await talk.own()
    await talk.hear("cho 5 sao")
    await talk.hear("hủy")
    assert await talk.hear(f"{RUNNING} 5 sao") == ["rating/not_yet"]
    clock.set(clock.now() + timedelta(days=1))
    assert await talk.hear(f"{DONE} 1 sao") == ["rating/fixed"]
    assert [row.value for row in talk.kept()] == [5]


async def test_somebody_unknown_proves_it_first(talk: Desk) -> None:
    assert await talk.hear("5 sao") == ["rating/nothing"]
    assert await talk.hear(f"5 sao {DONE}") == ["dossier/ask_digits"]
    assert await talk.hear("0000") == ["dossier/partial", "dossier/ask_digits"]
    assert await talk.hear(ANNA[-4:]) == ["rating/recorded"]
    assert [row.value for row in talk.kept()] == [5]
    await talk.push("Đúng hẹn")
    assert [row.reasons for row in talk.kept()] == [["on_time"]]


async def test_a_low_rating_of_an_answer_leads_to_opening_it_again(talk: Desk, clock: Any) -> None:
    await talk.own()
    petition = answered(Street(talk.db, clock), talk.conversation(TELEGRAM).id)
    assert await talk.hear(f"{petition.code} 1 sao") == ["rating/recorded", "rating/ask_why"]
    assert await talk.push("Chưa giải quyết đúng việc") == ["rating/ask_comment"]
    assert await talk.push("Bỏ qua") == ["rating/thanks"]
    assert await talk.push("Chưa giải quyết xong") == ["petition/ask_why"]
    await talk.hear("bóng đèn vẫn cháy chập chờn")
    found = talk.db.read_now(lambda uow: uow.petitions.by_code(petition.code))
    assert found is not None
    assert found.state is PetitionState.CLASSIFIED


async def test_in_a_group_nothing_is_rated(talk: Desk) -> None:
    await talk.own()
    assert await talk.say("5 sao", "g", address=TELEGRAM, group=True) == ["rating/private_only"]
    assert talk.kept() == []


def test_a_notices_buttons_are_in_the_order_of_their_values() -> None:
    buttons = rating_buttons(f"dossier:{DONE}")
    assert [one.values["rating_value"] for one in buttons] == ["1", "2", "3", "4", "5"]
    assert {one.values["subject"] for one in buttons} == {DONE}
    assert {one.intent for one in buttons} == {"rating"}
