"""What a person may do while a form is open, one rule per test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.domain.understanding import Entity, Understanding
from tests.unit.dialogue.booth import BOOTH, FORMS, PARKING, Booth


@pytest.fixture
def booth() -> Booth:
    return Booth()


def filled(booth: Booth) -> Booth:
    """At the summary."""
    booth.start(what="bán bánh", day="2026-12-01", people=1)
    booth.say("không")  # no note
    assert booth.keys == ["booth/summary"]
    return booth


def test_asks_one_thing_after_another_then_confirms(booth: Booth) -> None:
    assert booth.start() == ["booth/ask_what"]
    assert booth.say("bán bánh mì") == ["booth/ask_day"]
    assert booth.say("2026-12-01") == ["booth/ask_people"]
    assert booth.say("3") == ["booth/ask_leader"]
    assert booth.say("Nguyễn Văn A") == ["booth/ask_note"]
    assert booth.say("cần điện") == ["booth/summary"]
    assert booth.say("đồng ý") == ["booth/done"]
    assert booth.replies[0].values == {
        "what": "bán bánh mì",
        "day": "2026-12-01",
        "people": 3,
        "leader": "Nguyễn Văn A",
        "note": "cần điện",
    }
    assert booth.state.form is None
    assert booth.state.context == {"booth": "bán bánh mì"}


def test_what_is_known_at_the_start_is_not_asked(booth: Booth) -> None:
    said = Understanding("booth", 0.9, (Entity("date", "2026-12-01", 0, 10),), source="model")
    booth.start(said=said, what="bán bánh")
    assert booth.keys == ["booth/ask_people"]
    assert booth.values == {"what": "bán bánh", "day": "2026-12-01"}


def test_an_entity_that_does_not_parse_is_asked_for(booth: Booth) -> None:
    said = Understanding("booth", 0.9, (Entity("date", "hôm nào đó", 0, 10),), source="model")
    booth.start(said=said, what="bán bánh")
    assert booth.keys == ["booth/ask_day"]


def test_a_condition_that_does_not_hold_skips_the_field(booth: Booth) -> None:
    booth.start(what="bán bánh", day="2026-12-01")
    assert booth.say("1") == ["booth/ask_note"]


def test_a_refused_answer_says_why_and_asks_again(booth: Booth) -> None:
    booth.start(what="bán bánh")
    assert booth.say("bữa nào rảnh") == ["booth/day_unclear", "booth/ask_day"]
    assert "day" not in booth.values


@pytest.mark.parametrize("word", ["hủy", "Huỷ", "HUY", "hủy bỏ", "thôi", "thoát"])
@pytest.mark.parametrize("at", ["field", "free text", "summary"])
def test_the_way_out_is_open_everywhere(booth: Booth, word: str, at: str) -> None:
    if at == "summary":
        filled(booth)
    else:
        booth.start(**({} if at == "free text" else {"what": "bán bánh"}))
    assert booth.say(word) == ["booth/left"]
    assert booth.state.form is None
    assert booth.state.context == {}


def test_a_sentence_that_surely_means_leaving_leaves(booth: Booth) -> None:
    booth.start(what="bán bánh")
    assert booth.say("thôi tôi không đăng ký nữa", "cancel", 0.9) == ["booth/left"]


def test_a_long_story_read_as_leaving_is_an_answer_in_free_text(booth: Booth) -> None:
    booth.start()
    assert booth.say("tôi muốn hủy quầy cũ để bán mặt hàng khác", "cancel", 0.9) == ["booth/ask_day"]


def test_back_asks_the_last_answer_again_and_stops_at_the_first(booth: Booth) -> None:
    booth.start()
    booth.say("bán bánh")
    booth.say("2026-12-01")
    assert booth.say("quay lại") == ["booth/ask_day"]
    assert booth.say("quay lại") == ["booth/ask_what"]
    assert booth.say("quay lại") == ["form/nothing_before", "booth/ask_what"]


def test_optional_is_skipped_by_a_word_or_by_its_button(booth: Booth) -> None:
    booth.start(what="bán bánh", day="2026-12-01", people=1)
    skip = booth.replies[0].buttons[-1]
    assert (skip.intent, skip.values) == ("form:answer", {"answer": None, "field": "note"})
    assert booth.press(skip.intent, **skip.values) == ["booth/summary"]
    assert booth.values["note"] is None


def test_a_button_of_the_question_answers_it(booth: Booth) -> None:
    booth.start(what="bán bánh", day="2026-12-01")
    offered = booth.replies[0].buttons[0]
    assert offered.intent == "form:answer"
    assert booth.press(offered.intent, **offered.values) == ["booth/ask_note"]
    assert booth.values["people"] == 1


def test_an_earlier_questions_button_does_not_answer_this_one(booth: Booth) -> None:
    booth.start(what="bán bánh", day="2026-12-01")
    alone = booth.replies[0].buttons[0]
    booth.say("3")
    assert booth.press(alone.intent, **alone.values) == ["button/expired", "booth/ask_leader"]
    assert "leader" not in booth.values
    booth.say("Nguyễn Văn A")
    booth.say("không")
    assert booth.press(alone.intent, **alone.values) == ["button/expired", "booth/summary"]
    assert booth.values["people"] == 3


def test_a_clear_other_question_is_answered_and_the_form_goes_on(booth: Booth) -> None:
    booth.start(what="bán bánh")
    assert booth.say("lệ phí khai sinh bao nhiêu", "fee", 0.9) == ["said/fee", "booth/ask_day"]
    assert booth.say("2026-12-01") == ["booth/ask_people"]


def test_an_unclear_other_question_is_a_refused_answer(booth: Booth) -> None:
    booth.start(what="bán bánh")
    assert booth.say("lệ phí", "fee", 0.4) == ["booth/day_unclear", "booth/ask_day"]
    assert booth.acted == []


def test_in_free_text_only_a_short_and_sure_question_is_one(booth: Booth) -> None:
    booth.start()
    assert booth.say("bán đồ ăn vặt gần trường, lệ phí sao cũng được", "fee", 0.7) == ["booth/ask_day"]
    again = Booth()
    again.start()
    assert again.say("lệ phí bao nhiêu?", "fee", 0.95) == ["said/fee", "booth/ask_what"]


def test_free_text_taken_for_a_question_can_still_become_the_answer(booth: Booth) -> None:
    booth.start()
    booth.say("hỏi lệ phí khai sinh", "fee", 0.95)
    offered = [button for button in booth.replies[-1].buttons if button.intent == "form:use_text"]
    assert len(offered) == 1
    assert booth.press("form:use_text") == ["booth/ask_day"]
    assert booth.values["what"] == "hỏi lệ phí khai sinh"


def test_a_pressed_button_of_another_matter_is_answered_and_the_form_goes_on(booth: Booth) -> None:
    """Follow-ups of an answered question stand right above the form's question: they must work."""
    booth.start()
    assert booth.press("fee", "Lệ phí") == ["said/fee", "booth/ask_what"]
    assert "what" not in booth.values
    booth.say("bán bánh")
    assert booth.press("fee", "Lệ phí") == ["said/fee", "booth/ask_day"]
    filled(booth)
    assert booth.press("fee", "Lệ phí") == ["said/fee", "booth/summary"]


def test_a_question_that_opens_another_form_comes_back_to_the_first(booth: Booth) -> None:
    booth.start(what="bán bánh")
    assert booth.say("tôi muốn gửi xe", "start_parking", 0.9) == ["parking/ask_plate"]
    assert booth.say("34B1-123.45") == ["parking/done", "booth/ask_day"]
    assert [form.name for form in booth.state.forms] == ["booth"]


def test_leaving_the_inner_form_comes_back_to_the_outer(booth: Booth) -> None:
    booth.start(what="bán bánh")
    booth.say("tôi muốn gửi xe", "start_parking", 0.9)
    assert booth.say("hủy") == ["form/left", "booth/ask_day"]
    assert booth.say("hủy") == ["booth/left"]


def test_the_same_wish_again_does_not_nest(booth: Booth) -> None:
    booth.start(what="bán bánh")
    booth.say("tôi muốn đăng ký quầy", "start_booth", 0.9)
    assert [form.name for form in booth.state.forms] == ["booth"]


def test_a_correction_by_name_asks_that_field_again(booth: Booth) -> None:
    filled(booth)
    assert booth.say("sửa ngày") == ["booth/ask_day"]
    assert booth.say("2026-12-02") == ["booth/summary"]
    assert booth.values["day"] == "2026-12-02"


def test_a_correction_with_its_value_is_taken_at_once(booth: Booth) -> None:
    filled(booth)
    assert booth.say("không phải, ngày 2 cơ", "deny", 0.9, date="2026-12-02") == ["booth/summary"]
    assert booth.values["day"] == "2026-12-02"


def test_a_correction_of_an_earlier_field_while_a_later_one_is_asked(booth: Booth) -> None:
    booth.start(what="bán bánh", day="2026-12-01")
    assert booth.say("à nhầm, ngày khác", "", 0.2, date="2026-12-03") == ["booth/ask_people"]
    assert booth.values["day"] == "2026-12-03"


def test_no_at_the_summary_asks_what_to_change(booth: Booth) -> None:
    filled(booth)
    assert booth.say("không") == ["form/which_to_change"]
    titles = [button.title for button in booth.replies[0].buttons]
    assert titles == ["@booth/field_what", "@booth/field_day", "@booth/field_people"]
    assert booth.press("form:edit", field="people") == ["booth/ask_people"]
    assert booth.press("form:edit") == ["form/which_to_change"]


def test_the_summary_button_confirms_once_only(booth: Booth) -> None:
    filled(booth)
    confirm = booth.replies[0].buttons[0]
    assert (confirm.intent, confirm.changes) == ("form:confirm", True)
    assert booth.press("form:confirm") == ["booth/done"]


def test_confirming_before_everything_is_known_asks_on(booth: Booth) -> None:
    booth.start(what="bán bánh")
    assert booth.press("form:confirm") == ["booth/ask_day"]


def test_anything_else_at_the_summary_asks_for_a_yes(booth: Booth) -> None:
    filled(booth)
    assert booth.say("hôm nay trời đẹp quá", "out_of_scope", 0.9) == ["form/please_confirm", "booth/summary"]


def test_a_refused_completion_undoes_its_work_and_asks_that_field(booth: Booth) -> None:
    booth.start(what="bán bánh", day="2026-12-31", people=1)
    booth.say("không")
    assert booth.say("đồng ý") == ["booth/day_full", "booth/ask_day"]
    assert booth.rows.undone == 1
    booth.say("2026-12-30")
    assert booth.say("đồng ý") == ["booth/done"]


def test_a_completion_that_a_rule_forbids_leaves_the_form(booth: Booth) -> None:
    booth.start(what="bị cấm", day="2026-12-01", people=1)
    booth.say("không")
    assert booth.say("đồng ý") == ["errors/conflict"]
    assert booth.rows.undone == 1
    assert booth.state.form is None


def test_a_completion_may_go_on_to_another_form(booth: Booth) -> None:
    booth.start(what="chuyển", day="2026-12-01", people=1)
    booth.say("không")
    assert booth.say("đồng ý") == ["parking/ask_plate"]
    assert [form.name for form in booth.state.forms] == ["parking"]


def test_an_upgraded_form_is_renewed_with_what_still_fits(booth: Booth) -> None:
    booth.start(what="bán bánh", gone="x")
    booth.forms = {**FORMS, "booth": replace(BOOTH, version=3)}
    assert booth.say("2026-12-01")[:1] == ["form/renewed"]
    assert booth.values["what"] == "bán bánh"
    assert "gone" not in booth.values
    assert booth.say("2026-12-01") == ["booth/ask_people"]


def test_an_upgraded_form_can_still_be_left(booth: Booth) -> None:
    booth.start(what="bán bánh")
    booth.forms = {**FORMS, "booth": replace(BOOTH, version=3)}
    assert booth.say("hủy") == ["booth/left"]
    assert booth.state.form is None


def test_a_form_that_is_gone_lets_the_message_through(booth: Booth) -> None:
    booth.start(what="bán bánh")
    booth.forms = {"parking": PARKING}
    assert booth.say("lệ phí bao nhiêu", "fee", 0.9) == ["said/fee"]
    assert booth.state.form is None


@pytest.mark.parametrize("now", [{"parking": PARKING}, {**FORMS, "booth": replace(BOOTH, version=3)}])
def test_an_upgrade_of_the_outer_form_does_not_trap_the_inner(booth: Booth, now: dict[str, object]) -> None:
    booth.start(what="bán bánh")
    booth.say("gửi xe", "start_parking", 0.9)
    booth.forms = now  # type: ignore[assignment]
    keys = booth.say("34B1-123.45")
    assert keys[0] == "parking/done"
    assert booth.say("hủy")[0] in {"booth/left", "said/out_of_scope"}
    assert booth.state.form is None
