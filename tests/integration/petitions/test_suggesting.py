"""Field and agency suggested on filing, decided by a person, learnt from what persons decide; on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from backend.domain.agency import Agency
from backend.domain.errors import InvalidInput
from backend.domain.petition import Story
from backend.domain.petition_field import Suggestion
from backend.importers.petition_fields import install_fields
from backend.services.petitions import suggesting
from tests.integration.petitions.conftest import DESK, Office

ROOT = Path(__file__).resolve().parents[3]
ODD = "Cái quắn xượt nhà mình bị kẹc rồi quắn xượt lại kẹc"


@pytest.fixture(autouse=True)
def _model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "_make", None)  # and back to what it was, for the tests of others
    install_fields(ROOT / "nlu_data")


@pytest.fixture
def commune(office: Office) -> int:
    return office.db.write_now(
        lambda uow: uow.agencies.put(Agency("H50.31", "UBND xã Hòa Phú", "commune", "H50"))
    )


def suggested(office: Office, code: str) -> Suggestion:
    found = office.db.read_now(lambda uow: uow.petition_fields.suggested(office.petition(code).id))
    assert found is not None
    return found


def file(office: Office, words: str, commune: int | None = None) -> str:
    return office.file(story=Story(words, ""), commune_id=commune).code


def test_the_suggestion_is_kept_with_the_petition_and_decides_nothing(office: Office, commune: int) -> None:
    code = file(office, "den duong trong hem hong ca tuan nay toi om", commune)
    found = suggested(office, code)
    assert (found.field, found.agency_id, found.decided_field) == ("lighting", commune, "")
    assert found.confidence > 0.7
    assert found.model.startswith("nb-")
    assert office.petition(code).field_name == ""


def test_what_the_model_does_not_know_it_says(office: Office) -> None:
    found = suggested(office, file(office, "cho em hỏi chút ạ"))
    assert (found.field, found.agency_id) == ("", None)
    assert found.confidence < suggesting.LEAST_CONFIDENCE
    wordless = office.petition(file(office, "???"))
    assert office.db.read_now(lambda uow: uow.petition_fields.suggested(wordless.id)) is None


def test_words_of_the_story_lift_it_to_the_department(office: Office, commune: int) -> None:
    there = office.agencies["H50.04"].id
    small = file(office, "đường bê tông trong thôn đầy ổ gà, xe máy té hoài", commune)
    large = file(office, "quốc lộ đầy ổ gà ổ voi, xe máy té hoài", commune)
    nowhere = file(office, "mặt đường đầy ổ gà ổ voi, xe máy té hoài")
    assert [suggested(office, one).agency_id for one in (small, large, nowhere)] == [commune, there, there]


def test_whom_it_is_about_is_not_suggested(office: Office, commune: int) -> None:
    there = office.agencies["H50.04"].id
    story = Story("quốc lộ đầy ổ gà ổ voi, xe máy té hoài", "")
    code = office.file(story=story, commune_id=commune, about_agency_id=there).code
    assert suggested(office, code).field == "roads"
    assert suggested(office, code).agency_id is None


def test_habit_comes_before_the_table(office: Office, commune: int) -> None:
    finance = office.agencies["H50.06"]
    for number in range(3):
        code = file(office, "ổ gà ổ voi đầy đường", commune)
        office.move(DESK, code, "classify", field_name="roads")
        office.move(DESK, code, "assign", agency=finance)
        expected = finance.id if number == 2 else commune
        assert suggested(office, file(office, "đường lầy lội ổ gà", commune)).agency_id == expected


def test_a_person_decides_and_the_words_are_learnt_without_being_kept(office: Office) -> None:
    before = file(office, ODD)
    for _ in range(6):
        code = file(office, ODD)
        office.move(DESK, code, "classify", field_name="farming")
    assert suggested(office, code).decided_field == "farming"
    after = suggested(office, file(office, ODD))
    assert after.field == "farming"
    assert after.model.endswith("+6")
    first = office.db.read_now(lambda uow: uow.petition_fields.suggested(office.petition(before).id))
    assert first is None or first.confidence < after.confidence
    with office.db.engine.connect() as connection:
        rows = connection.execute(text("SELECT gram, field, times FROM field_evidence")).all()
    assert {row.field for row in rows} == {"farming"}
    assert all(isinstance(row.gram, int) for row in rows)
    agreed = office.db.read_now(lambda uow: uow.petition_fields.agreement())
    asked, right = agreed["farming"]
    assert asked == 6
    assert right < asked


def test_what_was_learnt_of_others_does_not_undo_what_is_known(office: Office) -> None:
    for _ in range(5):
        office.move(DESK, file(office, ODD), "classify", field_name="farming")
    assert suggested(office, file(office, "đèn đường hẻm hỏng tối om cả tuần")).field == "lighting"


def test_a_crossing_of_a_rule_learns_nothing(office: Office) -> None:
    code = file(office, ODD)
    with pytest.raises(InvalidInput):
        office.move(DESK, code, "classify", field_name="không có")
    with office.db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM field_evidence")).scalar() == 0


def test_every_field_of_the_file_is_one_of_the_table_and_has_a_rule(office: Office) -> None:
    model = suggesting.field_model()
    assert model is not None
    codes = office.db.read_now(lambda uow: {one.code for one in uow.petition_fields.all()})
    assert codes == set(model.fields)
    rules = office.db.read_now(lambda uow: [uow.petition_fields.rule(code).field for code in sorted(codes)])
    assert rules == sorted(codes)
