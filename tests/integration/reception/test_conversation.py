"""The reception actions and form through the forms engine, in the words of the replies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions import reception, reception_booking
from actions.base import Reply, StartForm, Turn
from backend.db.engine import Database
from backend.db.unit_of_work import SqlUnitOfWork
from backend.demo.office import load_office
from backend.domain.messaging import Address, ChannelName
from backend.domain.understanding import Entity, Understanding
from backend.domain.viewer import Viewer
from bot.dialogue.forms import FormEngine
from bot.dialogue.state import State
from bot.replies.renderer import Replies

REPLIES = Replies(Path(__file__).parents[3] / "bot" / "replies")
ACTIONS = {**reception.ACTIONS, **reception_booking.ACTIONS}
FORMS = {form.name: form for form in reception_booking.FORMS}


class Talk:
    """One conversation; each ``say`` is a committed turn and returns the reply keys."""

    def __init__(self, db: Database, *, group: bool = False) -> None:
        self._db, self._state = db, State()
        address = Address(ChannelName.WEB, "main", "hoa")
        number = db.write_now(lambda uow: uow.conversations.lock_or_start(address, uow.now))
        self._viewer = Viewer(number, address, group=group)
        self.replies: tuple[Reply, ...] = ()

    def say(self, text: str, intent: str = "out_of_scope", sure: float = 1.0, **entities: str) -> list[str]:
        found = tuple(Entity(name, value, text.find(value), 0) for name, value in entities.items())
        return self._turn(text, Understanding(intent, sure, found, source="model"), {})

    def press(self, number: int) -> list[str]:
        button = self.replies[-1].buttons[number - 1]
        return self._turn("", Understanding(button.intent, 1.0), dict(button.values))

    @property
    def text(self) -> str:
        return "\n".join(REPLIES.render(reply.key, reply.values) for reply in self.replies)

    def _turn(self, text: str, understood: Understanding, given: dict[str, Any]) -> list[str]:
        def work(uow: SqlUnitOfWork) -> tuple[Reply, ...]:
            turn = Turn(uow, self._viewer, text, understood, self._state.context, given)
            engine = FormEngine(FORMS, self._state, lambda intent, asked: ACTIONS[intent](asked))
            if self._state.form and (answered := engine.answer(turn)) is not None:
                return answered
            outcome = ACTIONS[understood.intent](turn)
            if isinstance(outcome, StartForm):
                return engine.start(turn, outcome)
            return outcome if isinstance(outcome, tuple) else (outcome,)

        self.replies = self._db.write_now(work)
        assert self.text  # every reply renders
        assert all(len(REPLIES.render(one.key, one.values)) <= 1100 for one in self.replies)
        return [reply.key.removeprefix("reception/") for reply in self.replies]


@pytest.fixture
def talk(db: Database) -> Talk:
    db.write_now(load_office)
    return Talk(db)


def test_from_the_first_word_to_the_booking_and_back(talk: Talk) -> None:
    who = {"person": "chủ tịch tỉnh"}
    assert talk.say("Tôi muốn đăng ký gặp chủ tịch tỉnh", "reception_booking", **who) == ["ask_content"]
    assert talk.say("đền bù đất làm đường ở thôn 3") == ["ask_day"]
    assert talk.press(1) == ["ask_decision"]
    assert talk.say("chưa") == ["ask_people"]
    assert talk.say("5 người") == ["ask_representative"]
    assert talk.say("Lê Văn Bảy") == ["ask_name"]
    assert "180 ngày" in talk.text
    assert talk.say("Nguyễn Thị Hoa") == ["ask_phone"]
    assert talk.say("0912 345 678") == ["summary"]
    assert "091*****78" in talk.text
    assert talk.say("đúng rồi", "affirm") == ["booked"]
    assert "chờ Ban Tiếp công dân xác nhận" in talk.text
    assert talk.say("đăng ký gặp chủ tịch tỉnh", "reception_booking", **who) == ["already"]
    assert talk.say("đổi sang 22/12", "reception_reschedule", date="22/12") == ["day_refused"]
    assert talk.press(1) == ["rescheduled"]
    assert talk.say("hủy lịch", "reception_cancel", sure=0.4) == ["confirm_cancel"]
    assert talk.press(1) == ["cancelled"]
    assert talk.say("hủy lịch", "reception_cancel") == ["none_booked"]


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("gặp chủ tịch tỉnh ngày 24/11/2026", "24/11/2026", "Ngày Văn hóa Việt Nam"),
        ("gặp chủ tịch tỉnh ngày 10/11/2026", "10/11/2026", "đã qua"),
        ("gặp chủ tịch tỉnh sáng mai, chủ nhật", "chủ nhật", "cơ quan nghỉ"),
        ("gặp chủ tịch tỉnh ngày 10/12", "10/12", "không có buổi tiếp"),
    ],
)
def test_a_day_that_cannot_be_is_refused_before_anything_is_asked(
    talk: Talk, text: str, day: str, reason: str
) -> None:
    said = talk.say(text, "reception_booking", person="chủ tịch tỉnh", date=day)
    assert said == ["day_refused"]
    assert reason in talk.text
    assert "15/12/2026" in talk.text
    assert "không phải đăng ký" in talk.text
    assert talk.press(1) == ["ask_content"]


def test_another_impossible_day_gets_its_own_reason(talk: Talk) -> None:
    talk.say("gặp chủ tịch tỉnh ngày 24/11", "reception_booking", person="chủ tịch tỉnh", date="ngày 24/11")
    assert talk.say("10/12") == ["day_refused", "day_refused"]
    assert "10/12/2026" in talk.text
    assert "Văn hóa" not in talk.text
    assert talk.say("15/12") == ["ask_content"]


def test_an_open_host_is_asked_for_and_the_wished_day_remembered(talk: Talk) -> None:
    text = "đặt lịch gặp chủ tịch xã thứ năm tuần sau"
    said = talk.say(text, "reception_booking", person="chủ tịch xã", date="thứ năm tuần sau")
    assert said == ["ask_content"]
    assert talk.say("đường hỏng ở ấp") == ["ask_host"]
    assert talk.say("hòa phú") == ["ask_day"]
    assert "26/11/2026" in talk.text
    assert talk.say("sớm nhất") == ["ask_decision"]


def test_what_the_first_message_says_is_not_asked_again(talk: Talk) -> None:
    text = "gặp chủ tịch tỉnh ngày 15/12 để trình bày việc đền bù đất, số tôi 0912345678"
    said = talk.say(text, "reception_booking", person="chủ tịch tỉnh", date="15/12", phone="0912345678")
    assert said == ["ask_content"]  # the tail holds a phone number: not taken for the subject
    assert talk.say("đền bù đất") == ["ask_decision"]
    for answer in ("chưa", "một mình"):
        talk.say(answer)
    assert talk.say("Nguyễn Thị Hoa") == ["summary"]


def test_a_street_in_the_subject_is_not_whom_they_want_to_see(talk: Talk) -> None:
    text = "đăng ký gặp chủ tịch tỉnh về vụ ngập đường Trần Phú"
    assert talk.say(text, "reception_booking", person="chủ tịch tỉnh") == ["ask_day"]
    assert "Chủ tịch Ủy ban nhân dân tỉnh" in talk.text
    assert talk.say("hủy") == ["left"]
    assert talk.say("đăng ký tiếp dân về vụ ngập đường Trần Phú", "reception_booking") == ["ask_day"]
    assert "Chủ tịch Ủy ban nhân dân tỉnh" in talk.text


def test_an_agency_that_was_not_recognised_is_still_read(talk: Talk) -> None:
    text = "xin gặp chủ tịch xã, tôi ở xã hòa phú"
    assert talk.say(text, "reception_booking", person="chủ tịch xã") == ["ask_content"]
    assert "xã Hòa Phú" in talk.text


def test_the_desk_needs_no_booking(talk: Talk) -> None:
    said = talk.say("đăng ký gặp ban tiếp công dân", "reception_booking", agency="ban tiếp công dân")
    assert said == ["desk_needs_none"]


def test_nothing_personal_is_asked_in_a_group(db: Database) -> None:
    db.write_now(load_office)
    assert Talk(db, group=True).say("đăng ký gặp chủ tịch tỉnh", "reception_booking") == ["private_only"]


SCHEDULES: list[tuple[dict[str, str], str]] = [
    ({"person": "chủ tịch tỉnh"}, "15/12/2026"),
    ({"agency": "sở tài chính"}, "Giám đốc Sở Tài chính"),
    ({"agency": "sở giao thông vận tải"}, "nay thuộc Sở Xây dựng"),
    ({"agency": "huyện An Lạc"}, "không còn sau ngày 30/06/2025"),
    ({"person": "chủ tịch xã"}, "xã, phường nào"),
    ({"person": "giám đốc"}, "sở nào"),
    ({"agency": "trụ sở tiếp công dân"}, "mọi ngày làm việc"),
    ({"person": "bí thư"}, "chưa có lịch"),
    ({}, "Chủ tịch Ủy ban nhân dân tỉnh"),
]


def test_schedules(talk: Talk) -> None:
    for entities, shown in SCHEDULES:
        assert talk.say("lịch tiếp dân", "reception_schedule", **entities) == ["schedule"]
        assert shown in talk.text
        assert "Trụ sở Tiếp công dân" in talk.text
