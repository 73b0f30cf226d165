"""What a form may declare about itself: which answers unsettle others, which sentences are answers, which end it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.base import Outcome, Reply, StartForm, Turn
from backend.domain.understanding import Entity, Understanding
from bot.dialogue.choosing import fitting
from tests.unit.dialogue.booth import BOOTH, FORMS, Booth

WHAT, DAY, *REST = BOOTH.fields
DECLARED = replace(
    BOOTH,
    fields=(
        replace(WHAT, takes=frozenset({"complaint_file"}), entity="goods", unsettles=("day",)),
        DAY,
        *REST,
    ),
    outgrown_by=frozenset({"fee"}),
    left_by=frozenset({"cancel_booth"}),
)


class Told(Booth):
    """Also finds nothing to say to some questions, and hears the same wish with new values."""

    def act(self, intent: str, turn: Turn) -> Outcome:
        if intent == "lost":
            return Reply("said/nothing", empty=True)
        if intent == "wish":
            return StartForm("booth", {"what": "bán phở"})
        return super().act(intent, turn)


@pytest.fixture
def booth() -> Booth:
    return Told({**FORMS, "booth": DECLARED})


def filled(booth: Booth) -> Booth:
    booth.start(what="bán bánh", day="2026-12-01", people=1)
    booth.say("không")
    return booth


def test_another_value_unsettles_what_hung_on_it(booth: Booth) -> None:
    filled(booth)
    assert booth.press("form:edit", field="what") == ["booth/ask_what"]
    assert booth.say("bán phở") == ["booth/ask_day"]


def test_a_good_answer_that_reads_like_another_question_is_the_answer(booth: Booth) -> None:
    booth.start()
    assert booth.say("phản ánh vỉa hè bẩn", "complaint_file", 0.99) == ["booth/ask_day"]
    again = Told(booth.forms)
    again.start()
    assert again.say("hồ sơ này", "complaint_file", 0.99, dossier_code="H50.34-1")[0] == "said/complaint_file"


def test_a_question_without_an_answer_is_the_answer(booth: Booth) -> None:
    booth.start()
    assert booth.say("đường hỏng không ai sửa", "lost", 0.95) == ["booth/ask_day"]
    assert booth.values["what"] == "đường hỏng không ai sửa"


def test_a_whole_question_makes_the_form_needless(booth: Booth) -> None:
    booth.start()
    assert booth.say("lệ phí bán bánh", "fee", 0.9, goods="bánh") == ["said/fee"]
    assert booth.state.forms == []


def test_an_intent_of_leaving_leaves_when_it_is_sure(booth: Booth) -> None:
    booth.start(what="bán bánh")
    assert booth.say("bỏ quầy", "cancel_booth", 0.4) == ["booth/day_unclear", "booth/ask_day"]
    assert booth.say("bỏ quầy", "cancel_booth", 0.9) == ["booth/left"]


def test_the_same_wish_with_another_value_is_heard(booth: Booth) -> None:
    booth.start(what="bán bánh", day="2026-12-01")
    assert booth.say("đăng ký quầy bán phở", "wish", 0.9) == ["booth/ask_day"]
    assert booth.values["what"] == "bán phở"


def test_thanks_are_no_answer_and_no_failed_one(booth: Booth) -> None:
    booth.start()
    assert booth.say("cảm ơn nhé", "thanks", 0.99) == ["said/thanks", "booth/ask_what"]
    assert booth.say("cảm ơn trường đã cho thuê", "thanks", 0.99) == ["booth/ask_day"]


def test_the_word_on_the_edit_button_is_the_button(booth: Booth) -> None:
    assert filled(booth).say("sửa") == ["form/which_to_change"]


def test_a_correction_that_cannot_be_says_why(booth: Booth) -> None:
    filled(booth)
    assert booth.say("nhầm, ngày khác", "deny", 0.9, date="hôm nào đó") == [
        "booth/day_unclear",
        "booth/ask_day",
    ]


def test_a_name_alone_asks_for_guidance_whatever_it_was_read_as() -> None:
    uses = {"postal_return": frozenset({"procedure"}), "procedure_guide": frozenset({"procedure"})}
    name = Entity("procedure", "trích lục khai sinh", 0, 19)
    read = Understanding("affirm", 0.99, (name,), source="model")
    assert fitting(read, uses, 19).intent == "procedure_guide"
    assert (
        fitting(replace(read, intent="postal_return", confidence=0.41), uses, 19).intent == "procedure_guide"
    )
    assert fitting(replace(read, intent="postal_return", confidence=0.9), uses, 19).intent == "postal_return"
    assert fitting(replace(read, intent="postal_return", confidence=0.6), uses, 60).intent == "postal_return"
