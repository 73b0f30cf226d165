"""From filing to the reporter's last word, on both engines."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.petition import (
    DUTY,
    Alarm,
    PetitionKind,
    PetitionSource,
    PetitionState,
    Reporter,
    Story,
)
from backend.services.petitions import alarms
from backend.services.petitions.moving import Mover
from tests.integration.petitions.conftest import CLERK, DESK, HEAD, MONDAY, REPORTER, Office

S = PetitionState


def at(day: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, 17, 0, tzinfo=VIETNAM)


def test_a_new_one_has_an_owner_an_alarm_and_a_code_and_is_sealed(office: Office) -> None:
    filed = office.file()
    assert (filed.code, filed.state, filed.owner) == ("PA-261130-0001", S.RECEIVED, "truc")
    assert (filed.alarm, filed.alarm_at) == (Alarm.CLASSIFY, at(1))
    with office.db.engine.connect() as connection:
        row = connection.execute(text("SELECT story, reporter FROM petitions")).one()
    assert all("Đèn".encode() not in bytes(one) and b"0912345678" not in bytes(one) for one in row)


def test_the_whole_way_and_what_the_reporter_hears(office: Office) -> None:
    code = office.file().code
    assert office.move(DESK, code, "classify", field_name="roads").alarm is Alarm.ASSIGN
    given = office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    assert (given.owner, given.alarm, given.due_at) == ("xd", Alarm.ACCEPT, at(14))
    taken = office.move(CLERK, code, "accept")
    assert (taken.alarm, taken.alarm_at) == (Alarm.ANSWER, at(14))
    asked = office.move(CLERK, code, "ask_extension", reason="chờ vật tư")
    assert (asked.owner, asked.alarm) == ("truc", Alarm.DECIDE_EXTENSION)
    longer = office.move(HEAD, code, "grant_extension", reason="đồng ý", until=at(21))
    assert (longer.due_at, longer.alarm_at, longer.owner) == (at(21), at(21), "xd")
    done = office.move(CLERK, code, "answer", answer="Đã thay bóng đèn ngày 5/12")
    assert (done.state, done.alarm, done.alarm_at) == (S.ANSWERED, Alarm.CONFIRM, at(7))
    closed = office.move(REPORTER, code, "confirm")
    assert (closed.state, closed.alarm, closed.alarm_at) == (S.CLOSED, None, None)
    assert [one.values["move"] for one in office.notices()] == ["assign", "grant_extension", "answer"]


def test_not_settled_yet_opens_it_again_with_a_new_deadline(office: Office) -> None:
    code = office.file().code
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    office.move(CLERK, code, "answer", answer="xong")
    with pytest.raises(InvalidInput):
        office.move(REPORTER, code, "reopen")
    again = office.move(REPORTER, code, "reopen", reason="đèn vẫn hỏng")
    assert (again.state, again.reopened, again.agency_id, again.due_at) == (S.CLASSIFIED, 1, None, None)
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    assert [one.values["move"] for one in office.notices()] == ["assign", "answer", "assign"]


def test_silence_after_an_answer_closes_it(office: Office) -> None:
    code = office.file().code
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    office.move(CLERK, code, "answer", answer="xong")
    office.later(days=8)
    assert office.ring() == 1
    assert office.petition(code).state is S.CLOSED


def test_an_alarm_climbs_the_ladder_and_rings_once_after_a_long_outage(office: Office) -> None:
    code = office.file().code
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    office.later(days=30)
    assert (office.ring(), office.ring()) == (1, 0)
    raised = office.petition(code)
    assert (raised.owner, raised.raised) == ("gd", 1)
    office.later(days=3)
    office.ring()
    assert (office.petition(code).owner, office.petition(code).raised) == ("truc", 2)


def test_an_agency_without_officers_and_a_day_without_duty_fall_to_the_duty_desk(office: Office) -> None:
    code = office.file().code
    assert office.move(DESK, code, "assign", agency=office.agencies["H50.06"]).owner == "truc"
    office.later(days=500)
    assert office.file().owner == DUTY


def test_nobody_handles_or_moves_what_is_about_them(office: Office) -> None:
    code = office.file().code
    about = office.agencies["H50.04"].id
    with pytest.raises(InvalidInput) as refusal:
        office.move(DESK, code, "assign", agency=office.agencies["H50.04"], about_agency_id=about)
    assert "Ủy ban nhân dân tỉnh" in refusal.value.values["reason"]
    office.move(DESK, code, "assign", agency=office.agencies["H50"], about_agency_id=about)
    insider = Mover("account:xd", frozenset({"officer"}), about)
    with pytest.raises(NotFound):
        office.move(insider, code, "answer", answer="không có gì")


def test_an_officer_moves_only_what_the_own_agency_has(office: Office) -> None:
    code = office.file().code
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    other = Mover("account:tc", frozenset({"officer"}), office.agencies["H50.06"].id)
    with pytest.raises(NotFound):
        office.move(other, code, "accept")
    with pytest.raises(NotFound):
        office.move(REPORTER, code, "accept")


def test_a_move_that_its_state_does_not_allow_changes_nothing(office: Office) -> None:
    code = office.file().code
    with pytest.raises(Conflict):
        office.move(CLERK, code, "accept")
    assert office.petition(code).state is S.RECEIVED


def test_a_longer_date_must_be_later(office: Office) -> None:
    code = office.file().code
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    office.move(CLERK, code, "accept")
    office.move(CLERK, code, "ask_extension", reason="chờ")
    with pytest.raises(InvalidInput):
        office.move(HEAD, code, "grant_extension", reason="ừ", until=MONDAY + timedelta(days=1))


def test_who_merged_hears_of_the_answer(office: Office) -> None:
    first, second = office.file().code, office.file(conversation_id=office.viewer("lan").conversation_id).code
    office.move(DESK, second, "merge", into=office.petition(first))
    assert office.petition(second).merged_into == first
    office.move(DESK, first, "assign", agency=office.agencies["H50.04"])
    office.move(CLERK, first, "answer", answer="xong")
    told = [(one.values["code"], one.values["move"]) for one in office.notices()]
    assert told == [(second, "merge"), (first, "assign"), (first, "answer"), (second, "answer")]


def test_a_petition_is_not_merged_into_itself_or_into_a_closed_one(office: Office) -> None:
    first, second = office.file().code, office.file().code
    office.move(REPORTER, second, "withdraw")
    for into in (office.petition(first), office.petition(second), None):
        with pytest.raises(InvalidInput):
            office.move(DESK, first, "merge", into=into)


def test_law_counts_by_the_rule_of_the_day_of_receipt(office: Office) -> None:
    filed = office.file(PetitionKind.COMPLAINT, source=PetitionSource.LETTER)
    taken = office.move(DESK, filed.code, "assign", agency=office.agencies["H50.04"])
    assert taken.alarm_at == at(9)  # 07 working days (NĐ 155/2026)
    assert taken.due_at == at(30)  # 30 calendar days


@pytest.mark.parametrize("kind", [PetitionKind.COMPLAINT, PetitionKind.DENUNCIATION])
def test_what_a_chat_may_not_file_is_not_filed(office: Office, kind: PetitionKind) -> None:
    with pytest.raises(ValueError, match="denunciation|complaint"):
        office.file(kind)


def test_notices_wait_for_the_morning(office: Office) -> None:
    code = office.file().code
    office.later(hours=13, minutes=30)  # 22:30
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    (told,) = office.notices()
    assert told.due_at == datetime(2026, 12, 1, 7, 0, tzinfo=VIETNAM)


def test_orphans_are_adopted(office: Office) -> None:
    code = office.file().code
    office.db.write_now(
        lambda uow: uow.petitions.change(office.petition(code).id, owner="", alarm="", alarm_at=None)
    )
    assert office.db.write_now(alarms.adopt_orphans) == [code]
    assert office.db.write_now(alarms.adopt_orphans) == []
    assert office.petition(code).owner == "truc"


def test_anonymous_keeps_no_person(office: Office) -> None:
    filed = office.file(reporter=Reporter(), story=Story("rác"))
    assert filed.reporter is None


def test_an_alarm_that_cannot_be_handled_does_not_silence_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = office.file().code, office.file().code
    for code in (stuck, other):
        office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
        office.move(CLERK, code, "answer", answer="xong")
    real = alarms.move

    def refusing(uow: Any, by: Mover, code: str, name: str) -> Any:
        if code == stuck:
            raise Conflict
        return real(uow, by, code, name)

    monkeypatch.setattr(alarms, "move", refusing)
    office.later(days=8)
    office.ring()
    assert office.petition(other).state is S.CLOSED
    assert (office.petition(stuck).state, office.petition(stuck).raised) == (S.ANSWERED, 1)
    assert office.ring() == 0
