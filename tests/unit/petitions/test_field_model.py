"""The guess of a petition's field: as good as the committed figures, honest about what it does not know."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from rapidfuzz import fuzz, process

from backend.importers.base import FileRefused
from backend.importers.petition_fields import FEWEST_SENTENCES, load_examples, load_model
from backend.services.petitions.field_model import Evidence, FieldModel, fit, grams
from backend.text.fold import fold
from benchmarks.petition_fields import HELD_OUT, SENTENCES, measure, read_cases

ROOT = Path(__file__).resolve().parents[3]
FIGURES = HELD_OUT.with_name("figures.json")
POINT = 0.01


@pytest.fixture(scope="module")
def model() -> FieldModel:
    return load_model(ROOT / "nlu_data")


def test_the_figures_are_those_committed(model: FieldModel) -> None:
    """Better is welcome too, and then to be committed."""
    expected = json.loads(FIGURES.read_text(encoding="utf-8"))
    found = measure(model, read_cases(HELD_OUT))
    assert found["accuracy"] == pytest.approx(expected["accuracy"], abs=POINT)
    assert found["top_2_accuracy"] == pytest.approx(expected["top_2_accuracy"], abs=POINT)
    assert found["calibration_error"] <= expected["calibration_error"] + 2 * POINT


def test_the_held_out_sentences_are_many_of_every_field_and_none_is_trained_on() -> None:
    cases = read_cases(HELD_OUT)
    examples, _phrases = load_examples(SENTENCES)
    fields = {field for field, _text in examples}
    counts = {one: sum(field == one for _text, field, _style in cases) for one in fields}
    assert len(cases) >= 150
    assert min(counts.values()) >= 10
    known = [fold(text) for _field, text in examples]
    near = [
        text
        for text, _field, _style in cases
        if (best := process.extractOne(fold(text), known, scorer=fuzz.ratio)) and best[1] > 80
    ]
    assert near == []
    assert len(set(known)) == len(known)


def test_every_field_has_sentences_enough_in_several_registers() -> None:
    examples, _phrases = load_examples(SENTENCES)
    for one in {field for field, _text in examples}:
        texts = [text for field, text in examples if field == one]
        bare = [text for text in texts if text.lower() == fold(text)]
        assert len(texts) >= FEWEST_SENTENCES
        assert len(bare) >= 5, one
        assert len(bare) < len(texts) / 2, one


def test_the_same_file_makes_the_same_model(model: FieldModel) -> None:
    again = load_model(ROOT / "nlu_data")
    assert (again.name, again.temperature) == (model.name, model.temperature)
    text = "đường hỏng đầy ổ gà"
    assert again.guess(text) == model.guess(text)


@pytest.mark.parametrize("text", ["", "   ", "???", "。。。"])
def test_without_words_there_is_no_guess(model: FieldModel, text: str) -> None:
    assert model.guess(text) == []


def test_confidences_are_shares_and_fall(model: FieldModel) -> None:
    found = [one.confidence for one in model.guess("rác đầy đường, đèn tắt, nước ngập")]
    assert sum(found) == pytest.approx(1.0)
    assert found == sorted(found, reverse=True)
    assert model.guess("alo")[0].confidence < 0.5


def test_with_marks_without_and_typed_badly_are_one_matter(model: FieldModel) -> None:
    said = ("Bãi rác bốc mùi hôi thối", "bai rac boc mui hoi thoi", "bãi rácc bốc muì hôi thốii")
    assert {model.guess(text)[0].field for text in said} == {"environment"}


def test_grams_are_distinct_and_few_however_long_the_letter() -> None:
    found = grams(" ".join(f"chữ{number} số{number}" for number in range(5000)))
    assert len(found) == len(set(found)) <= 600


def test_evidence_moves_the_guess_and_only_for_its_words(model: FieldModel) -> None:
    text, other = "cái quắn xượt bị kẹc", "đèn đường hỏng"
    learnt = {one: {"farming": 8} for one in grams(text)}
    evidence = Evidence(learnt, {"farming": 8 * len(learnt)})
    assert model.guess(text, evidence)[0].field == "farming"
    before, after = model.guess(other)[0], model.guess(other, evidence)[0]
    assert after.field == before.field
    assert after.confidence == pytest.approx(before.confidence, abs=0.1)


def test_one_field_alone_can_be_fitted() -> None:
    model = fit([("roads", "đường hỏng"), ("roads", "ổ gà")], [])
    assert model.guess("ổ gà")[0].confidence == pytest.approx(1.0)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "roads: [a",
        "roads: {}\nwater: {}",
        "roads: {sentences: [a, 1], words: []}\nwater: {sentences: [], words: []}",
        "roads: {sentences: [a], words: [b]}\nwater: {sentences: [a], words: [b]}",
    ],
)
def test_a_broken_file_is_refused_with_a_reason(tmp_path: Path, body: str) -> None:
    path = tmp_path / "fields.yml"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(FileRefused, match=r"fields\.yml"):
        load_examples(path)


def test_held_out_sentences_name_fields_of_the_file(model: FieldModel) -> None:
    with HELD_OUT.open(encoding="utf-8", newline="") as opened:
        assert {row["field"] for row in csv.DictReader(opened)} == set(model.fields)
