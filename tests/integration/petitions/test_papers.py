"""Letters, visits, delegations and what others passed on: counted once, disposed of as the law names it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.petition import (
    Alarm,
    NewPetition,
    Petition,
    PetitionKind,
    PetitionSource,
    PetitionState,
    Reporter,
    Story,
)
from backend.domain.petition_paper import OUTCOMES, ForwarderKind, Origin, Outcome, Paper
from backend.domain.running import Account
from backend.services.petitions import alarms, entering
from backend.services.petitions.moving import Mover
from tests.integration.petitions.conftest import CLERK, DESK, HEAD, MONDAY, Office

S, K, W = PetitionState, PetitionKind, PetitionSource
PRESS = Origin(ForwarderKind.PRESS, "Báo An Hòa", "12/CV-BAH")


def at(day: int, month: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, 17, 0, tzinfo=VIETNAM)


def enter(
    office: Office,
    kind: PetitionKind = K.FEEDBACK,
    source: PetitionSource = W.LETTER,
    origin: Origin | None = None,
    paper: Paper | None = None,
    **more: Any,
) -> entering.Entered:
    person = Reporter("Lê Văn Bảy", "0912345678")
    new = NewPetition(kind, source, more.pop("story", Story("Đường hỏng nặng", "thôn 3")), person, **more)
    return office.db.write_now(lambda uow: entering.enter(uow, "account:btcd", new, paper or Paper(), origin))


def entered(office: Office, *args: Any, **more: Any) -> Petition:
    found = enter(office, *args, **more).petition
    assert found is not None
    return found


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(InvalidInput) as refusal:
        act()
    return str(refusal.value.values["reason"])


# --- entering ---


def test_the_same_number_from_the_same_place_is_the_petition_that_is_there(office: Office) -> None:
    first = enter(office, source=W.FORWARDED, origin=PRESS)
    again = enter(
        office, source=W.FORWARDED, origin=replace(PRESS, place=" báo an hoà ", number="12 / cv-bah")
    )
    assert (first.known, again.known) == (False, True)
    assert first.petition is not None
    assert again.petition is not None
    assert first.petition.code == again.petition.code
    other = enter(office, source=W.FORWARDED, origin=replace(PRESS, place="Báo Lao Động"))
    assert other.known is False


def test_the_portal_is_one_place_however_it_was_typed(office: Office) -> None:
    portal = Origin(ForwarderKind.PORTAL, "", "PAKN-2026-77")
    assert enter(office, source=W.PORTAL, origin=portal).known is False
    assert enter(office, source=W.PORTAL, origin=replace(portal, place="cổng quốc gia")).known is True


def test_letters_without_a_number_are_not_the_same(office: Office) -> None:
    nowhere = Origin(ForwarderKind.OTHER, "Bưu điện")
    assert entered(office, origin=nowhere).code != entered(office, origin=nowhere).code


def test_two_copies_of_one_letter_are_linked_and_each_number_finds_it(office: Office) -> None:
    one, other = entered(office, origin=PRESS, source=W.FORWARDED), entered(office)
    deputy = Origin(ForwarderKind.DEPUTY, "Đoàn ĐBQH tỉnh", "5/ĐĐBQH")

    def link(code: str) -> Petition:
        return office.db.write_now(lambda uow: entering.link(uow, "account:btcd", code, deputy))

    assert link(one.code).code == one.code
    assert link(one.code).code == one.code  # typed twice
    assert enter(office, origin=deputy, source=W.FORWARDED).petition == office.petition(one.code)
    with pytest.raises(Conflict):
        link(other.code)


@pytest.mark.parametrize(
    ("source", "paper", "origin", "told"),
    [
        (W.DELEGATION, Paper(12), None, "người đại diện"),
        (W.DELEGATION, Paper(1, Reporter("Bà Tư")), None, "số người"),
        (W.LETTER, Paper(0), None, "từ 1"),
        (W.FORWARDED, Paper(), None, "nơi chuyển"),
        (W.PORTAL, Paper(), Origin(ForwarderKind.PORTAL, ""), "mã trên Cổng"),
        (W.FORWARDED, Paper(), Origin(ForwarderKind.PRESS, "x" * 201, "1"), "quá dài"),
    ],
)
def test_what_its_source_must_say(
    office: Office, source: PetitionSource, paper: Paper, origin: Origin | None, told: str
) -> None:
    assert told in refused(lambda: enter(office, source=source, paper=paper, origin=origin))
    assert office.db.read_now(lambda uow: uow.petitions.listed(list(S), None, 9)) == []


def test_who_speaks_for_a_delegation_is_sealed(office: Office) -> None:
    paper = Paper(40, Reporter("Bà Tư Chợ", "0987654321"))
    kept = entered(office, source=W.DELEGATION, paper=paper)
    read = office.db.read_now(lambda uow: uow.petition_papers.of(kept.id))
    assert (read.people, read.representative) == (40, Reporter("Bà Tư Chợ", "0987654321"))
    with office.db.engine.connect() as connection:
        (sealed,) = connection.execute(text("SELECT representative FROM petition_papers")).scalars()
    assert "Tư".encode() not in bytes(sealed)


def test_a_denunciation_on_paper_is_sealed_with_where_it_came_from_and_nothing_else_is_kept(
    office: Office,
) -> None:
    found = enter(office, K.DENUNCIATION, W.FORWARDED, PRESS, story=Story("ông Kín nhận tiền"))
    assert found.petition is None
    rows = office.db.read_now(lambda uow: (uow.petitions.listed(list(S), None, 9), uow.petitions.sealed()))
    assert rows[0] == []
    ((number, _at, _by),) = rows[1]
    words = office.db.write_now(lambda uow: uow.petitions.open_report(number, "tt", uow.now))["words"]
    assert "ông Kín nhận tiền" in words
    assert "Báo An Hòa" in words
    with office.db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM petition_origins")).scalar() == 0


def test_a_sealed_one_is_disposed_of_once_by_who_is_named_for_it(office: Office) -> None:
    enter(office, K.DENUNCIATION)
    office.db.write_now(
        lambda uow: uow.accounts.add(Account("tt", "Thanh tra", frozenset({"inspector"})), "", uow.now)
    )
    ((number, _, _),) = office.db.read_now(lambda uow: uow.petitions.sealed())

    def dispose(reader: str, outcome: Outcome, document: str = "", reason: str = "lý do") -> bool:
        return office.db.write_now(
            lambda uow: entering.close_sealed(uow, number, reader, outcome, document, reason)
        )

    assert dispose("truc", Outcome.FORWARD, "1/PC") is False
    assert "không cho" in refused(lambda: dispose("tt", Outcome.SEND_BACK, "1/PC"))
    assert "số văn bản" in refused(lambda: dispose("tt", Outcome.FORWARD))
    assert dispose("tt", Outcome.FORWARD, "1/PC") is True
    with pytest.raises(Conflict):
        dispose("tt", Outcome.FILE_AWAY)
    closed = office.db.read_now(lambda uow: uow.petition_papers.sealed_outcomes())
    assert closed[number].document == "1/PC"


# --- outcomes ---


@pytest.mark.parametrize(
    ("kind", "source", "move", "told"),
    [
        (K.COMPLAINT, W.LETTER, "guide", "văn bản"),
        (K.COMPLAINT, W.LETTER, "decline", "văn bản"),
        (K.COMPLAINT, W.LETTER, "send_back", "văn bản"),
        (K.COMPLAINT, W.LETTER, "forward", "không cho chuyển"),
        (K.FEEDBACK, W.LETTER, "forward", "văn bản"),
        (K.FEEDBACK, W.LETTER, "send_back", "không cho trả đơn"),
        (K.PROPOSAL, W.VISIT, "send_back", "không cho trả đơn"),
    ],
)
def test_what_the_law_does_not_allow_or_wants_in_writing(
    office: Office, kind: PetitionKind, source: PetitionSource, move: str, told: str
) -> None:
    code = entered(office, kind, source).code
    given = {"reason": "lý do", "body": "Tòa án nhân dân khu vực"}
    assert told in refused(lambda: office.move(DESK, code, move, **given))
    assert office.petition(code).state is S.RECEIVED


@pytest.mark.parametrize(
    ("kind", "source", "move", "document", "state"),
    [
        (K.COMPLAINT, W.LETTER, "guide", "3/HD", S.GUIDED),
        (K.COMPLAINT, W.VISIT, "guide", "", S.GUIDED),  # said face to face
        (K.COMPLAINT, W.LETTER, "send_back", "4/TĐ", S.RETURNED),
        (K.COMPLAINT, W.LETTER, "file_away", "", S.FILED),
        (K.COMPLAINT, W.LETTER, "decline", "5/TB", S.DECLINED),
        (K.FEEDBACK, W.LETTER, "guide", "", S.GUIDED),
        (K.FEEDBACK, W.LETTER, "file_away", "", S.FILED),
        (K.PROPOSAL, W.HOTLINE, "forward", "6/PC", S.FORWARDED),
    ],
)
def test_lawful_outcomes_are_written_down_with_their_number(
    office: Office, kind: PetitionKind, source: PetitionSource, move: str, document: str, state: PetitionState
) -> None:
    code = entered(office, kind, source).code
    given = {"reason": "lý do", "body": "Tòa án nhân dân khu vực", "document": document}
    assert "lý do" in refused(lambda: office.move(DESK, code, move, **{**given, "reason": " "}))
    moved = office.move(DESK, code, move, **given)
    assert moved.state is state
    paper = office.db.read_now(lambda uow: uow.petition_papers.of(moved.id))
    assert paper.document == document
    assert (moved.alarm is None) is (state is not S.FORWARDED)


def test_every_outcome_of_the_table_has_a_move_and_a_law() -> None:
    assert set(OUTCOMES) == set(K)
    assert all(rule.law for rules in OUTCOMES.values() for rule in rules.values())


def test_what_was_passed_on_has_an_owner_and_an_alarm_until_it_is_answered_elsewhere(office: Office) -> None:
    code = office.file().code
    gone = office.move(
        DESK, code, "forward", reason="không thuộc thẩm quyền", body="Bộ Xây dựng", document="7/PC"
    )
    assert (gone.state, gone.owner, gone.alarm, gone.alarm_at) == (
        S.FORWARDED, "truc", Alarm.ASK_ELSEWHERE, at(21)
    )  # fmt: skip
    office.later(days=25)
    assert office.ring() == 1
    assert office.petition(code).raised == 1
    assert "số văn bản trả lời" in refused(lambda: office.move(DESK, code, "answered_elsewhere"))
    done = office.move(DESK, code, "answered_elsewhere", document="88/BXD-GT", answer="sẽ sửa trong quý I")
    assert (done.state, done.answer, done.alarm) == (S.CLOSED, "sẽ sửa trong quý I", None)
    told = [(one.values["move"], one.values["document"]) for one in office.notices()]
    assert told == [("forward", "7/PC"), ("answered_elsewhere", "88/BXD-GT")]


def test_what_was_passed_on_can_be_taken_back(office: Office) -> None:
    code = office.file().code
    office.move(DESK, code, "forward", reason="x", body="Bộ Xây dựng", document="7/PC")
    back = office.move(DESK, code, "take_back", reason="nơi nhận trả lại")
    assert (back.state, back.alarm) == (S.CLASSIFIED, Alarm.ASSIGN)
    assert office.db.read_now(lambda uow: uow.petition_papers.of(back.id)).body == ""


def test_skipping_a_level_leads_to_the_level_below(office: Office) -> None:
    code = entered(office, K.COMPLAINT).code
    below = office.agencies["H50.04"]
    marked = {"reason": "chưa ai ở cấp dưới giải quyết", "document": "9/HD", "skips_level": True}
    assert "cấp dưới" in refused(
        lambda: office.move(DESK, code, "guide", agency=office.agencies["H50"], **marked)
    )
    assert "cấp dưới" in refused(lambda: office.move(DESK, code, "guide", body="xã nào đó", **marked))
    assert "vượt cấp" in refused(lambda: office.move(DESK, code, "file_away", **marked))
    gone = office.move(
        DESK, code, "forward", agency=below, **marked
    )  # of a complaint only where a level was skipped
    paper = office.db.read_now(lambda uow: uow.petition_papers.of(gone.id))
    assert (paper.skips_level, paper.body, paper.body_agency_id) == (True, below.name, below.id)


def test_it_is_passed_on_to_nobody_whom_it_is_about(office: Office) -> None:
    about = office.agencies["H50.04"]
    code = entered(office, about_agency_id=about.id).code
    given = {"reason": "x", "document": "1/PC"}
    assert "không giao" in refused(lambda: office.move(DESK, code, "forward", agency=about, **given))
    assert "không giao" in refused(lambda: office.move(DESK, code, "forward", body="sở xây dựng", **given))
    assert office.petition(code).state is S.RECEIVED


def test_the_desks_officer_of_the_agency_meant_neither_owns_nor_moves_it(office: Office) -> None:
    about = office.agencies["H50.04"].id
    office.db.write_now(lambda uow: uow.petitions.put_duty(uow.today, "xd"))  # of that very agency
    mine = entered(office, about_agency_id=about)
    assert mine.owner == "truc"
    inside = Mover("account:xd", frozenset({"operator"}), about)
    for move in ("guide", "forward", "file_away", "classify", "merge"):
        with pytest.raises(NotFound):
            office.move(inside, mine.code, move, reason="x", body="y", document="1")
    office.move(DESK, mine.code, "forward", reason="x", body="Thanh tra Chính phủ", document="1")
    for move in ("answered_elsewhere", "take_back"):
        with pytest.raises(NotFound):
            office.move(inside, mine.code, move, reason="x", document="1")
    office.later(days=60)
    office.ring()
    assert office.petition(mine.code).owner == "truc"


def test_whom_it_is_about_is_found_out_only_while_they_have_it(office: Office) -> None:
    code, there = office.file().code, office.agencies["H50.04"]
    office.move(DESK, code, "assign", agency=there)
    told = refused(lambda: office.move(CLERK, code, "accept", about_agency_id=there.id))
    assert "giao cho nơi khác" in told


@pytest.mark.parametrize("kind", ["complaint", "denunciation"])
def test_what_came_by_chat_does_not_become_a_complaint_nor_anything_a_denunciation(
    office: Office, kind: str
) -> None:
    code = office.file().code
    refused(lambda: office.move(DESK, code, "classify", kind=K(kind)))
    assert office.petition(code).kind is K.FEEDBACK


def test_an_unknown_field_is_refused(office: Office) -> None:
    code = office.file().code
    assert "lĩnh vực" in refused(lambda: office.move(DESK, code, "classify", field_name="hạ tầng"))


# --- time ---


def test_a_complaint_is_accepted_by_its_receipt_and_decided_by_its_acceptance(office: Office) -> None:
    code = entered(office, K.COMPLAINT).code
    office.later(days=2)
    given = office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    assert given.alarm_at == at(9)  # 7 working days from Monday 30/11, not from today
    assert "văn bản" in refused(lambda: office.move(CLERK, code, "accept"))
    taken = office.move(CLERK, code, "accept", document="15/TB-TL")
    assert taken.due_at == at(4, 1, 2027)  # 30 days end on Friday 1/1, a day off; 4/1 is the next working day
    longer = office.move(CLERK, code, "ask_extension", reason="phức tạp")
    assert longer.alarm is Alarm.DECIDE_EXTENSION
    too_late = refused(lambda: office.move(HEAD, code, "grant_extension", reason="ừ", until=at(25, 1, 2027)))
    assert "18/01/2027" in too_late
    assert office.move(HEAD, code, "grant_extension", reason="phức tạp").due_at == at(18, 1, 2027)  # 45 days


@pytest.mark.parametrize(
    ("marks", "days"),
    [
        ({"complex_case": True}, at(14, 1, 2027)),
        ({"remote": True}, at(14, 1, 2027)),
        ({"complex_case": True, "remote": True}, at(29, 1, 2027)),
    ],
)
def test_complex_and_remote_complaints_have_longer(office: Office, marks: Any, days: datetime) -> None:
    code = entered(office, K.COMPLAINT).code
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    assert office.move(CLERK, code, "accept", document="1/TB", **marks).due_at == days


def test_who_came_in_person_is_answered_within_ten_working_days_of_the_visit(office: Office) -> None:
    visit, letter = entered(office, source=W.VISIT).code, entered(office).code
    office.later(days=7)
    for code, due in ((visit, at(14)), (letter, at(21))):
        moved = office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
        assert moved.due_at == due


def test_who_forwarded_it_hears_of_it_in_time(office: Office) -> None:
    code = entered(office, source=W.FORWARDED, origin=PRESS).code
    office.move(DESK, code, "assign", agency=office.agencies["H50.04"])
    waiting = lambda: office.db.read_now(lambda uow: list(uow.petition_papers.to_report(9)))  # noqa: E731
    assert waiting() == []
    office.move(CLERK, code, "answer", answer="đã sửa")
    ((owed, origin),) = waiting()
    assert (owed, origin.place, origin.report_by) == (code, "Báo An Hòa", at(9))
    told = lambda number: office.db.write_now(lambda uow: entering.report_back(uow, "a", code, number))  # noqa: E731
    assert "văn bản" in refused(lambda: told(" "))
    assert (told("20/BC"), told("20/BC"), waiting()) == (1, 0, [])


def test_alarms_of_papers_are_adopted_like_any(office: Office) -> None:
    code = office.file().code
    gone = office.move(DESK, code, "forward", reason="x", body="Bộ Xây dựng", document="7/PC")
    office.db.write_now(lambda uow: uow.petitions.change(gone.id, owner="", alarm="", alarm_at=None))
    assert office.db.write_now(alarms.adopt_orphans) == [code]
    assert office.petition(code).alarm is Alarm.ASK_ELSEWHERE
    assert office.petition(code).received_at == MONDAY
