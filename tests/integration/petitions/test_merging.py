"""Merged petitions: every reporter goes on hearing of the matter, and can be let go again."""

from __future__ import annotations

import pytest

from backend.domain.errors import InvalidInput
from backend.domain.petition import Petition, PetitionState
from backend.services.petitions import viewing
from tests.integration.petitions.conftest import CLERK, DESK, REPORTER, Office

S = PetitionState


def three(office: Office) -> list[str]:
    """The third is merged into the second, and the second into the first."""
    names = ("hoa", "lan", "minh")
    codes = [office.file(conversation_id=office.viewer(name).conversation_id).code for name in names]
    office.move(DESK, codes[2], "merge", into=office.petition(codes[1]))
    office.move(DESK, codes[1], "merge", into=office.petition(codes[0]))
    return codes


def told(office: Office, move: str) -> list[str]:
    return sorted(one.values["code"] for one in office.notices() if one.values["move"] == move)


def test_whoever_was_merged_on_the_way_hears_of_the_answer_and_can_read_it(office: Office) -> None:
    codes = three(office)
    office.move(DESK, codes[0], "assign", agency=office.agencies["H50.04"])
    office.move(CLERK, codes[0], "answer", answer="đã sửa xong ngày 5/12")
    assert told(office, "answer") == sorted(codes)

    def seen(uow: object) -> tuple[viewing.PetitionView, viewing.PetitionView]:
        last = office.petition(codes[2])
        return viewing.view(uow, last, own=True), viewing.view(uow, last, own=False)  # type: ignore[arg-type]

    own, other = office.db.read_now(seen)
    assert (own.state, own.answer, own.agency) == (S.MERGED, "đã sửa xong ngày 5/12", "Sở Xây dựng")
    assert (other.answer, other.agency) == ("", "")


@pytest.mark.parametrize("end", ["withdraw", "decline", "file_away", "guide"])
def test_what_ends_without_an_answer_gives_its_merged_ones_back(office: Office, end: str) -> None:
    codes = three(office)
    given = {"reason": "nặc danh", "body": "Bộ Xây dựng"}
    office.move(REPORTER if end == "withdraw" else DESK, codes[0], end, **given)
    second, third = office.petition(codes[1]), office.petition(codes[2])
    assert (second.state, second.owner, second.merged_into) == (S.CLASSIFIED, "truc", "")
    assert second.alarm is not None
    assert (third.state, third.merged_into) == (S.MERGED, codes[1])  # its own matter goes on
    assert told(office, "unmerge") == [codes[1]]
    assert "nặc danh" not in str([one.values for one in office.notices() if one.values["code"] == codes[1]])


def test_a_merged_one_can_be_let_go_with_a_reason(office: Office) -> None:
    codes = three(office)
    with pytest.raises(InvalidInput):
        office.move(DESK, codes[1], "unmerge")
    free = office.move(DESK, codes[1], "unmerge", reason="hai việc khác nhau")
    assert (free.state, free.merged_into, free.agency_id, free.due_at) == (S.CLASSIFIED, "", None, None)
    assert office.move(DESK, codes[1], "assign", agency=office.agencies["H50.06"]).state is S.ASSIGNED
    office.move(DESK, codes[0], "assign", agency=office.agencies["H50.04"])
    office.move(CLERK, codes[0], "answer", answer="xong")
    assert told(office, "answer") == [codes[0]]


def test_after_merging_nobody_gets_what_is_about_them(office: Office) -> None:
    there = office.agencies["H50.04"]
    one, other = office.file(about_agency_id=there.id).code, office.file().code
    office.move(DESK, other, "assign", agency=there)
    with pytest.raises(InvalidInput) as refusal:
        office.move(DESK, one, "merge", into=office.petition(other))
    assert "không gộp" in refusal.value.values["reason"]
    free = office.file().code
    office.move(DESK, one, "merge", into=office.petition(free))
    with pytest.raises(InvalidInput):
        office.move(DESK, free, "assign", agency=there)
    elsewhere = office.agencies[
        "H50.06"
    ].id  # a second thought about whom it is about does not forget the first
    with pytest.raises(InvalidInput):
        office.move(DESK, free, "assign", agency=there, about_agency_id=elsewhere)
    third = office.file(about_agency_id=office.agencies["H50.06"].id).code
    with pytest.raises(InvalidInput):
        office.move(DESK, third, "merge", into=office.petition(free))


def test_merging_looks_at_the_target_as_it_is_now(office: Office) -> None:
    one, other = office.file().code, office.file().code
    stale: Petition = office.petition(other)
    office.move(REPORTER, other, "withdraw")
    with pytest.raises(InvalidInput):
        office.move(DESK, one, "merge", into=stale)
