"""Follow-ups that name a value and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions.base import Turn
from backend.domain.understanding import Entity, Understanding
from bot.dialogue.follow import again, nth_said

USES = {
    "reception_schedule": frozenset({"person", "agency", "date"}),
    "fee": frozenset({"procedure"}),
    "greeting": frozenset[str](),
}


def turn(text: str, last: str, **named: str) -> Turn:
    entities = tuple(
        Entity(name, value, text.index(value), text.index(value) + len(value))
        for name, value in named.items()
    )
    read = Understanding("other", 0.4, entities, source="model")
    nothing: Any = SimpleNamespace()
    return Turn(nothing, nothing, text, read, {"asked": last})


@pytest.mark.parametrize(
    ("text", "last", "named"),
    [
        ("còn của Sở Xây dựng thì sao", "reception_schedule", {"agency": "Sở Xây dựng"}),
        ("tuần sau?", "reception_schedule", {"date": "tuần sau"}),
        ("thế còn giám đốc sở y tế ạ", "reception_schedule", {"person": "giám đốc", "agency": "sở y tế"}),
        ("con dang ky ket hon thi sao", "fee", {"procedure": "dang ky ket hon"}),
        ("what about a birth certificate", "fee", {"procedure": "birth certificate"}),
    ],
)
def test_the_last_question_is_asked_again(text: str, last: str, named: dict[str, str]) -> None:
    asked = again(turn(text, last, **named), USES)
    assert (asked.intent, asked.again) == (last, True)


@pytest.mark.parametrize(
    ("text", "last", "named"),
    [
        ("đăng ký kết hôn", "fee", {"procedure": "đăng ký kết hôn"}),  # a question of its own
        (
            "giấy tờ đăng ký kết hôn thì sao",
            "fee",
            {"procedure": "đăng ký kết hôn"},
        ),  # asks for something else
        ("còn tuần sau thì sao", "fee", {"date": "tuần sau"}),  # the last question has no use for it
        ("còn nữa thì sao", "fee", {}),
        ("còn tuần sau", "", {"date": "tuần sau"}),
    ],
)
def test_anything_else_is_read_as_it_stands(text: str, last: str, named: dict[str, str]) -> None:
    assert again(turn(text, last, **named), USES).intent == "other"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("cái thứ hai", 2), ("cai dau tien", 1), ("mục cuối", 4), ("the third one", 3), ("lựa chọn thứ 2", 2),
        ("thứ hai", None), ("cái thứ năm", None), ("cái áo", None), ("ba", None), ("cái thứ hai tuần sau", None),
    ],
)  # fmt: skip
def test_ordinals_point_at_the_buttons(text: str, number: int | None) -> None:
    assert nth_said(text, 4) == number
