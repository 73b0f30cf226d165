"""The language files belong together: manifest, sentences, annotations, test sentences."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from backend.text.fold import words

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = yaml.safe_load((ROOT / "nlu_data" / "intents.yml").read_text(encoding="utf-8"))["intents"]
FILES = sorted(path for path in (ROOT / "nlu_data" / "nlu").glob("*/*.yml") if path.parent.name != "english")
ENGLISH = sorted((ROOT / "nlu_data" / "nlu" / "english").glob("*.yml"))
TEST_FILES = ("held_out.csv", "english.csv")
ENTITIES = {
    "dossier_code", "complaint_code", "task_code", "doc_code", "proc_code_mention", "procedure", "agency", "field",
    "date", "phone", "email", "person", "rating_value", "language", "channel", "link_code",
}  # fmt: skip
LEAST_SENTENCES = 60
LEAST_HELD_OUT = 15
REGISTERS = {"full", "no_accents", "teencode", "typos", "regional"}
_ENTITY = re.compile(r"\[([^\[\]]+)\]\((\w+)\)")


def intents_of(path: Path) -> dict[str, list[str]]:
    blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return {
        block["intent"]: [
            line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")
        ]
        for block in blocks
    }


SENTENCES = [
    (path, intent, s)
    for path in (*FILES, *ENGLISH)
    for intent, found in intents_of(path).items()
    for s in found
]


def plain(sentence: str) -> str:
    return _ENTITY.sub(r"\1", sentence)


def key(text: str) -> str:
    return " ".join(words(text)) or text.strip()


def test_every_intent_has_one_file_of_its_name_and_every_file_an_intent() -> None:
    assert sorted(path.stem for path in FILES) == sorted(MANIFEST)
    assert [
        (path.stem, list(intents_of(path))) for path in FILES if list(intents_of(path)) != [path.stem]
    ] == []


def test_english_files_say_that_they_are_english() -> None:
    """Without it, their words would be taken for misspelt Vietnamese."""
    assert ENGLISH
    for path in ENGLISH:
        (block,) = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        assert (block["intent"], block["metadata"]) == (path.stem, {"language": "en"})
        assert path.stem in MANIFEST


@pytest.mark.parametrize("intent", MANIFEST)
def test_manifest_entry_is_whole(intent: str) -> None:
    entry = MANIFEST[intent]
    assert set(entry) == {"audience", "purpose", "action", "entities", "evaluates_as", "example"}
    assert entry["audience"] in {"citizen", "officer", "everyone"}
    assert entry["action"] == intent  # a name of the table ACTIONS
    assert set(entry["entities"]) <= ENTITIES
    assert entry["purpose"].endswith(".")
    coarser = entry["evaluates_as"]
    assert coarser is None or (coarser in MANIFEST and MANIFEST[coarser]["evaluates_as"] is None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_sentences_are_enough_and_well_formed(path: Path) -> None:
    (found,) = intents_of(path).values()
    assert len(found) >= LEAST_SENTENCES
    for sentence in found:
        assert sentence == unicodedata.normalize("NFC", sentence), sentence
        assert not re.search(r"\]\(|\(\w+_code\)", plain(sentence)), sentence
        assert {name for _, name in _ENTITY.findall(sentence)} <= ENTITIES, sentence


def test_no_sentence_comes_twice_after_folding() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for _, intent, sentence in SENTENCES:
        places[key(plain(sentence))].append(f"{intent}: {sentence}")
    assert [found for found in places.values() if len(found) > 1] == []


def test_no_held_out_sentence_is_trained_on() -> None:
    held_out: set[str] = set()
    for name in TEST_FILES:
        with (ROOT / "tests" / "nlu" / name).open(encoding="utf-8-sig", newline="") as file:
            held_out |= {key(row["text"]) for row in csv.DictReader(file)}
    assert held_out
    assert [s for _, _, s in SENTENCES if key(plain(s)) in held_out] == []
    assert [name for name, entry in MANIFEST.items() if key(entry["example"]) in held_out] == []


def test_letters_are_latin() -> None:
    """A Cyrillic "а" looks right and is never found."""
    strange = {
        (letter, sentence)
        for _, _, sentence in SENTENCES
        for letter in sentence
        if letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN")
    }
    assert strange == set()


def test_every_intent_is_tested_in_several_registers() -> None:
    with (ROOT / "tests" / "nlu" / "held_out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    styles: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        styles[row["need"]].append(row["style"])
    assert {row["style"] for row in rows} == REGISTERS
    assert [name for name in MANIFEST if len(styles[name]) < LEAST_HELD_OUT] == []
    assert [name for name in MANIFEST if len(set(styles[name])) < 3] == []
