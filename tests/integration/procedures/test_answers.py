"""Questions about procedures, asked of the actions over a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from actions.base import Reply, StartForm
from backend.db.engine import Database
from backend.services.procedures.search import search_now
from tests.conftest import NOW, FixedClock
from tests.integration.procedures.conftest import Asking

BIRTH = "1.001193"


@pytest.mark.parametrize(
    ("intent", "text", "key"),
    [
        ("procedure_guide", "làm khai sinh cho con thế nào", "procedure/overview"),
        ("documents_needed", "làm giấy khai sinh cần giấy tờ gì", "procedure/papers"),
        ("fee", "lệ phí đăng ký khai sinh", "procedure/fee"),
        ("time_limit", "dang ky khai sinh may ngay xong", "procedure/time"),
        ("where_hours", "đăng ký khai sinh nộp ở đâu", "procedure/place"),
        ("procedure_steps", "các bước đăng ký khai sinh", "procedure/steps"),
        ("procedure_legal_basis", "đăng ký khai sinh theo luật nào", "procedure/legal"),
        ("procedure_forms", "mẫu tờ khai đăng ký khai sinh", "procedure/forms"),
        ("procedure_online", "đăng ký khai sinh qua mạng được không", "procedure/online"),
        ("procedure_guide", "xin phép nuôi rồng bay ngoài vũ trụ", "procedure/not_found"),
        ("fee", "giấy phép xây dựng bao nhiêu tiền", "procedure/choose"),
        ("procedure_guide", "tôi muốn ly hôn", "procedure/other_body"),
        ("procedure_guide", "đăng ký tạm trú cho sinh viên", "procedure/other_body"),
        ("fees_payment", "nộp phí bằng cách nào", "procedure/payment"),
        ("postal_return", "gửi kết quả về nhà được không", "procedure/postal"),
        ("where_hours", "thứ bảy có làm việc không", "procedure/open_day"),
        ("where_hours", "nộp ở đâu", "procedure/place_general"),
        ("procedure_guide", "cho hỏi thủ tục", "form procedure_name"),
    ],
)
def test_each_question_has_its_answer(asking: Callable[[], Asking], intent: str, text: str, key: str) -> None:
    assert asking().key(intent, text) == key


def test_every_reply_renders_and_fits_a_message(asking: Callable[[], Asking], loaded: Database) -> None:
    one = asking()
    codes = loaded.write_now(lambda uow: [entry.code for entry in uow.procedures.current(date(2026, 11, 21))])
    intents = (
        "procedure_guide", "documents_needed", "fee", "time_limit", "where_hours", "procedure_steps",
        "procedure_legal_basis", "procedure_forms", "procedure_online", "fees_payment", "postal_return",
    )  # fmt: skip
    too_long = []
    for code in codes[::4]:
        for intent in intents:
            said = one.ask(intent, given={"proc_code_mention": code})
            for reply in said:
                text = one.text(reply)
                assert "huyện" not in text.replace("cấp huyện", "").replace("Cấp huyện", "").replace(
                    "lên huyện", ""
                )
                if len(text) > 1000:
                    too_long.append((code, intent, len(text)))
    assert too_long == []


def test_a_follow_up_is_about_what_was_talked_about(asking: Callable[[], Asking]) -> None:
    one = asking()
    one.ask("procedure_guide", "làm khai sinh cho con")
    (reply,) = one.ask("fee", "thế lệ phí bao nhiêu?")
    assert reply.key == "procedure/fee"
    assert reply.values.about.code == BIRTH


def test_another_name_leaves_what_was_talked_about(asking: Callable[[], Asking]) -> None:
    one = asking()
    one.ask("procedure_guide", "làm khai sinh cho con")
    (reply,) = one.ask("fee", "còn đăng ký kết hôn thì sao", procedure="đăng ký kết hôn")
    assert reply.values.about.code == "1.000894"


def test_a_choice_answers_what_was_asked(asking: Callable[[], Asking]) -> None:
    one = asking()
    (reply,) = one.ask("fee", "giấy phép xây dựng bao nhiêu tiền")
    picked = reply.buttons[0]
    (answer,) = one.ask(picked.intent, given=picked.values)
    assert answer.key == "procedure/fee"
    assert answer.values.about.title == picked.title


def test_another_bodys_procedure_still_tells_its_fee(asking: Callable[[], Asking]) -> None:
    said = asking().ask("fee", "đăng ký thường trú lệ phí bao nhiêu")
    assert [reply.key for reply in said] == ["procedure/other_body", "procedure/fee"]


def test_a_part_of_the_name_is_completed_by_the_sentence(asking: Callable[[], Asking]) -> None:
    (reply,) = asking().ask("procedure_guide", "Mất sổ đỏ rồi giờ xin cấp lại kiểu gì?", procedure="sổ đỏ")
    assert reply.values.about.code == "1.012786"


def test_an_unknown_code_is_said_to_be_unknown(asking: Callable[[], Asking]) -> None:
    assert (
        asking().key("procedure_guide", "9.999999", proc_code_mention="9.999999") == "procedure/unknown_code"
    )


def test_the_form_asks_for_the_name_and_answers_what_was_asked(
    asking: Callable[[], Asking], loaded: Database
) -> None:
    one = asking()
    started = one.ask("fee", "lệ phí bao nhiêu")
    assert isinstance(started, StartForm)
    assert started.values == {"aspect": "fee"}


def test_a_dossier_keeps_the_version_it_was_received_under(
    asking: Callable[[], Asking], loaded: Database, clock: FixedClock
) -> None:
    old = loaded.write_now(lambda uow: uow.procedures.by_code(BIRTH, date(2026, 11, 21)))
    assert old is not None
    loaded.write_now(
        lambda uow: uow.procedures.put(replace(old, valid_from=date(2026, 11, 1), title="Tên mới"))
    )
    one = asking()
    one.context = {"procedure": BIRTH, "procedure_from": old.valid_from.isoformat()}
    (reply,) = one.ask("fee", "lệ phí bao nhiêu")
    assert reply.values.about.title == old.title
    one.context = {"procedure": BIRTH}
    (reply,) = one.ask("fee", "lệ phí bao nhiêu")
    assert reply.values.about.title == "Tên mới"


def test_the_search_follows_a_change_of_the_catalogue(loaded: Database) -> None:
    before = loaded.write_now(lambda uow: search_now(uow, "khai sinh lưu động", 1))
    old = loaded.write_now(lambda uow: uow.procedures.by_code(str(before[0]["code"]), NOW.date()))
    assert old is not None
    loaded.write_now(lambda uow: uow.procedures.put(replace(old, title="Tên khác hẳn")))
    after = loaded.write_now(lambda uow: search_now(uow, "tên khác hẳn", 1))
    assert after[0]["code"] == old.code


def test_a_day_off_is_said_with_its_reason_and_the_next_day(asking: Callable[[], Asking]) -> None:
    one = asking()
    (reply,) = one.ask("where_hours", "24/11 một cửa có làm không", date="24/11")
    text = one.text(reply)
    assert "nghỉ" in text
    assert "25/11/2026" in text


def test_no_button_is_without_a_title(asking: Callable[[], Asking]) -> None:
    one = asking()
    for intent in ("procedure_guide", "documents_needed", "fee"):
        for reply in one.ask(intent, given={"proc_code_mention": BIRTH}):
            assert isinstance(reply, Reply)
            for button in reply.buttons:
                assert not button.title.startswith("@") or one.replies.knows(button.title[1:])
