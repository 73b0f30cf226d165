"""Actions and their sentences: what a citizen reads, asked, opened, refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from actions import by_asker, dossier, dossier_follow, dossier_help
from actions.base import Outcome, Refused, Reply, StartForm, Turn
from backend.db.engine import Database
from backend.domain.dossier import Details, FeeDue, Stage
from backend.domain.messaging import Address, ChannelName
from backend.domain.understanding import NOTHING, Entity, Understanding
from backend.domain.viewer import Viewer
from bot.replies.renderer import Replies
from tests.architecture.tree import ROOT
from tests.integration.dossiers.conftest import AS_OF, CODE, NAME, PHONE, TAIL, filing

ACTIONS = {**dossier.ACTIONS, **dossier_help.ACTIONS, **by_asker.ACTIONS}
FORMS = {form.name: form for form in (*dossier.FORMS, *dossier_help.FORMS, *dossier_follow.FORMS)}
REPLIES = Replies(ROOT / "bot" / "replies")
Say = Callable[..., Outcome]


@pytest.fixture
def say(known: Database, viewer: Viewer) -> Say:
    def say(intent: str, text: str = "", who: Viewer | None = None, **more: Any) -> Outcome:
        def job(uow: Any) -> Outcome:
            return ACTIONS[intent](make_turn(uow, who or viewer, text, intent, more))

        return known.write_now(job)

    return say


def make_turn(uow: Any, viewer: Viewer, text: str, intent: str, more: Mapping[str, Any]) -> Turn:
    read = Understanding(intent, 0.9)
    return Turn(uow, viewer, text, more.get("read", read), more.get("context", {}), more.get("given", {}))


def fill(db: Database, viewer: Viewer, form: str, values: Mapping[str, Any], **context: Any) -> Any:
    def job(uow: Any) -> Outcome:
        return FORMS[form].complete(make_turn(uow, viewer, "", "", {"context": context}), values)

    return db.write_now(job)


def words(outcome: Outcome) -> str:
    replies = outcome if isinstance(outcome, tuple) else (outcome,)
    return "\n".join(REPLIES.render(one.key, one.values) for one in replies if isinstance(one, Reply))


def keys(outcome: Outcome) -> list[str]:
    replies = outcome if isinstance(outcome, tuple) else (outcome,)
    return [one.key if isinstance(one, Reply) else one.form for one in replies]


def test_no_code_is_asked_for(say: Say) -> None:
    assert say("dossier_status", "hồ sơ tới đâu rồi") == StartForm("dossier_code")
    assert FORMS["dossier_code"].fields[0].prompt == "dossier/ask_code"


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", " "), CODE.replace("0", "o")])
def test_however_it_is_typed(say: Say, typed: str) -> None:
    outcome = say("dossier_status", f"coi giùm {typed} nghen")
    assert keys(outcome) == ["dossier/explained"]
    said = words(outcome)
    assert "chờ anh/chị bổ sung" in said
    assert "Theo Hệ thống một cửa, cập nhật 14:05 ngày 20/11/2026" in said
    assert not [
        secret for secret in (NAME, "Hạnh", PHONE, "Kim", "Giấy cam kết", "Gọi trước") if secret in said
    ]


def test_an_entity_of_the_model_is_used_when_the_text_hides_it(say: Say) -> None:
    read = Understanding("dossier_status", 0.9, (Entity("dossier_code", CODE, 0, 5),))
    assert keys(say("dossier_status", "cái mã lúc nãy", read=read)) == ["dossier/explained"]


def test_the_conversation_remembers(say: Say) -> None:
    first = say("dossier_status", CODE)
    assert isinstance(first, tuple)
    assert first[0].remember == {"dossier": CODE, "procedure": "1.004837"}
    assert keys(say("dossier_status", "thế bao giờ xong", context=first[0].remember)) == ["dossier/explained"]


def test_several_codes_three_at_most(say: Say) -> None:
    codes = " ".join(f"H50.34-261109-000{number}" for number in range(4)) + f" {CODE}"
    assert keys(say("dossier_status", codes)) == ["dossier/not_found"] * 3 + ["dossier/more_codes"]


def test_partial_and_wrong_digits_say_the_same(say: Say, known: Database, viewer: Viewer) -> None:
    wrong = fill(known, viewer, "dossier_digits", {"code": CODE, "digits": "0000"})
    partial = say("dossier_status", TAIL)
    assert isinstance(partial, tuple)
    assert isinstance(wrong, StartForm)  # and the digits may be typed again
    assert wrong.before == (partial[0],)
    assert wrong.before[0].key == "dossier/partial"


def test_the_digits_open_and_are_remembered(known: Database, viewer: Viewer) -> None:
    values = {"code": CODE, "digits": "5678"}
    reply = fill(known, viewer, "dossier_digits", values, opened=["H50.34-261109-0001"])
    said = words(reply)
    assert "Giấy cam kết giám hộ" in said
    assert "N*** T*** Hạnh" in said
    assert NAME not in said
    assert reply.remember["opened"] == ["H50.34-261109-0001", CODE]


def test_too_many_guesses_say_until_when(known: Database, viewer: Viewer) -> None:
    for _ in range(5):
        fill(known, viewer, "dossier_digits", {"code": CODE, "digits": "0000"})
    reply = fill(known, viewer, "dossier_digits", {"code": CODE, "digits": "5678"})
    assert "10:00 ngày 21/11/2026" in words(reply)


@pytest.mark.parametrize(
    ("typed", "digits"), [("5678", "5678"), ("bốn số cuối là 56 78", "5678"), (PHONE, "5678")]
)
def test_digits_are_read(typed: str, digits: str) -> None:
    turn = Turn(None, None, typed, NOTHING, {})  # type: ignore[arg-type]
    assert dossier.parse_digits(turn, {}) == digits


@pytest.mark.parametrize("typed", ["", "567", "56789", "không nhớ"])
def test_other_than_four_digits_is_asked_again(typed: str) -> None:
    turn = Turn(None, None, typed, NOTHING, {})  # type: ignore[arg-type]
    with pytest.raises(Refused):
        dossier.parse_digits(turn, {})


def test_a_verified_phone_lists_ones_own(say: Say, owner: Viewer, put: Any) -> None:
    assert "Giấy cam kết" in words(say("dossier_status", "hồ sơ tới đâu", owner))
    put(filing("H50.34-261109-0042", Stage.DONE), filing("H50.35-261109-0001", phone="0900000009"))
    outcome = say("dossier_list", "", owner)
    assert isinstance(outcome, Reply)
    assert {button.title for button in outcome.buttons} == {CODE, "H50.34-261109-0042"}
    assert "đã xử lý xong" in words(outcome)
    assert keys(say("forgot_code", "", owner)) == ["dossier/list"]


def test_telegram_is_offered_to_share_the_phone(say: Say, viewer: Viewer) -> None:
    telegram = replace(viewer, address=Address(ChannelName.TELEGRAM, "bot", "1"))
    shared = [one for one in say("forgot_code", "", telegram).buttons if one.asks_contact]  # type: ignore[union-attr]
    assert shared
    assert not [one for one in say("forgot_code").buttons if one.asks_contact]  # type: ignore[union-attr]


def test_a_group_hears_only_public_facts(say: Say, owner: Viewer) -> None:
    group = replace(owner, group=True)
    outcome = say("dossier_status", CODE, group)
    assert "Giấy cam kết" not in words(outcome)
    assert isinstance(outcome, tuple)
    assert outcome[0].buttons == ()
    for intent in ("notify_subscribe", "dossier_open", "dossier_list"):
        assert keys(say(intent, CODE, group)) == ["dossier/group_private"]


def test_following_asks_for_the_second_factor_first(say: Say, known: Database, viewer: Viewer) -> None:
    assert say("notify_subscribe", CODE) == StartForm("dossier_digits_follow", {"code": CODE})
    reply = fill(known, viewer, "dossier_digits_follow", {"code": CODE, "digits": "5678"})
    assert reply.key == "dossier/followed"
    assert CODE in reply.remember["opened"]
    assert CODE in words(say("notify_cancel", "đừng nhắn nữa"))
    assert "Đã tắt hết thông báo" in words(say("notify_cancel"))


def test_supplement_without_a_code_explains_and_asks(say: Say) -> None:
    outcome = say("dossier_supplement", "thiếu giấy gì")
    assert isinstance(outcome, StartForm)
    assert outcome.form == "dossier_code_supplement"
    assert "Phiếu yêu cầu bổ sung" in words(outcome.before)


def test_supplement_of_a_dossier_that_needs_none_says_so(say: Say, put: Any) -> None:
    put(filing("H50.34-261109-0042", Stage.PROCESSING))
    assert "không ở bước yêu cầu bổ sung" in words(say("dossier_supplement", "H50.34-261109-0042"))


def test_withdrawing_is_not_done_by_chat(say: Say) -> None:
    assert "chưa phải là yêu cầu rút" in words(say("dossier_withdraw", "rút hồ sơ"))
    assert CODE in words(say("dossier_withdraw", "", context={"dossier": CODE}))


def test_proxy_and_lost_receipt(say: Say) -> None:
    said = words(say("proxy_pickup", "nhờ vợ lấy giùm"))
    assert "giấy ủy quyền" in said
    assert "Mất giấy hẹn" in said


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("opened", [False, True])
def test_every_stage_has_its_sentences(
    say: Say, put: Any, viewer: Viewer, stage: Stage, opened: bool
) -> None:
    code = "H50.34-261109-0077"
    put(
        filing(
            code,
            stage,
            finished_at=AS_OF if stage.ended else None,
            returned_at=AS_OF if stage is Stage.RETURNED else None,
            details=Details(
                papers=("Tờ khai",) * 3, fees=(FeeDue("Thuế"), FeeDue("Lệ phí", 5000)), pay_at="kho bạc"
            ),
        )
    )
    who = replace(viewer, opened=frozenset({code})) if opened else viewer
    for intent in ("dossier_status", "dossier_supplement", "dossier_withdraw", "proxy_pickup"):
        said = words(say(intent, code, who))
        assert code in said or intent == "proxy_pickup"
        assert len(said) <= 900
        assert "  " not in said
        assert "None" not in said
    assert ("đã có kết quả, chờ anh/chị đến nhận" in words(say("dossier_status", code, who)).lower()) == (
        stage is Stage.DONE
    )
    assert ("Đã trả kết quả" in words(say("dossier_status", code, who))) == (stage is Stage.RETURNED)
