"""Whatever is typed or pressed while a form is open, the state stays valid and the way out open."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.state import DEEPEST, read_state
from bot.dialogue.words import LEAVE
from tests.unit.dialogue.booth import BOOTH, FORMS, NOW, PARKING, Booth

WORDS = st.sampled_from(
    [
        "quay lại", "đồng ý", "không", "bỏ qua", "sửa ngày", "đổi số người", "à nhầm", "1", "2", "99", "0",
        "2026-12-01", "2026-12-31", "bị cấm", "chuyển", "bán bánh", "", " ", ".", "lệ phí bao nhiêu",
    ]
)  # fmt: skip
INTENTS = st.sampled_from(
    ["", "affirm", "deny", "cancel", "fee", "out_of_scope", "greeting", "start_booth", "start_parking"]
)
SAYING = st.tuples(
    st.just("say"),
    WORDS | st.text(max_size=40),
    INTENTS,
    st.sampled_from([0.0, 0.3, 0.59, 0.6, 0.79, 0.8, 1.0]),
    st.sampled_from(["", "2026-12-02", "mai", "2026-12-31"]),
)
PRESSING = st.tuples(
    st.just("press"),
    st.sampled_from(
        [
            ("form:confirm", {}),
            ("form:leave", {}),
            ("form:back", {}),
            ("form:edit", {}),
            ("form:edit", {"field": "day"}),
            ("form:edit", {"field": "leader"}),
            ("form:edit", {"field": "no such field"}),
            ("form:answer", {"answer": None}),
            ("form:answer", {"answer": 1}),
            ("form:answer", {"answer": 1, "field": "people"}),
            ("form:answer", {"answer": "2", "parsed": False}),
            ("form:use_text", {}),
            ("form:unknown", {}),
            ("fee", {}),
            ("cancel", {}),
            ("start_booth", {}),
            ("start_parking", {}),
        ]
    ),
)
#: The program as later versions may have it.
PROGRAMS = {
    "as it was": FORMS,
    "booth changed": {**FORMS, "booth": replace(BOOTH, version=3)},
    "parking changed": {**FORMS, "parking": replace(PARKING, version=2)},
    "parking gone": {"booth": BOOTH},
    "booth gone": {"parking": PARKING},
    "booth shorter": {**FORMS, "booth": replace(BOOTH, version=4, fields=BOOTH.fields[:2])},
}
UPGRADE = st.tuples(st.just("upgrade"), st.sampled_from(sorted(PROGRAMS)))
STEPS = st.lists(SAYING | PRESSING | UPGRADE, max_size=25)


def do(booth: Booth, step: Any) -> None:
    match step:
        case ("say", text, intent, sure, day):
            booth.say(text, intent, sure, **({"date": day} if day else {}))
        case ("press", (intent, given_values)):
            if intent.startswith("form:") and booth.state.form is None:
                return  # such a button has expired before the engine sees it
            booth.press(intent, **given_values)
        case ("upgrade", program):
            booth.forms = PROGRAMS[program]


def check(booth: Booth) -> None:
    """The state is JSON, means the same after a round trip, and asks for a field that its form has."""
    assert booth.state.as_json(NOW) == read_state(json.loads(json.dumps(booth.kept)), NOW).as_json(NOW)
    forms = booth.state.forms
    assert len(forms) <= DEEPEST
    assert len({form.name for form in forms}) == len(forms)
    for form in forms:
        declared = booth.forms.get(form.name)
        if declared is None or declared.version != form.version:
            continue
        names = {field.name for field in declared.fields}
        assert form.asking in names | {""}
        assert set(form.values) <= names
        assert set(form.order) <= names


@settings(max_examples=150, deadline=2000)
@given(STEPS)
def test_the_state_stays_valid_and_every_message_gets_an_answer(steps: list[Any]) -> None:
    booth = Booth()
    booth.start()
    for step in steps:
        booth.replies = ()
        do(booth, step)
        if step[0] == "say":
            assert booth.replies, step
        check(booth)


@settings(max_examples=150, deadline=2000)
@given(STEPS, st.sampled_from(sorted(LEAVE)))
def test_the_way_out_is_open_from_everywhere(steps: list[Any], word: str) -> None:
    booth = Booth()
    booth.start()
    for step in steps:
        do(booth, step)
    for _ in range(DEEPEST):
        before = len(booth.state.forms)
        if before == 0:
            break
        booth.say(word)
        assert len(booth.state.forms) < before
    assert booth.state.form is None
