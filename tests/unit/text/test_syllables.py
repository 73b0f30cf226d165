"""Which words are spelt as Vietnamese at all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.text.fold import fold
from backend.text.syllables import is_syllable

_WORD = re.compile(r"[^\W\d_]+")


@pytest.mark.parametrize(
    "word", ["rong", "nghieng", "quyen", "gi", "gio", "a", "y", "khuya", "xoong", "quyt", "uong"]
)
def test_syllables_of_the_language(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["rogn", "dduowcj", "khaitu", "sihn", "w", "ngh", "tphcm", "1a", ""])
def test_what_no_syllable_looks_like(word: str) -> None:
    assert not is_syllable(word)


def test_the_titles_of_real_procedures_are_spelt_so() -> None:
    folder = Path(__file__).parents[3] / "backend/demo/procedures"
    words = [
        fold(w)
        for path in folder.glob("*.yml")
        for line in path.read_text("utf-8").splitlines()
        if line.lstrip("- ").startswith("title:")
        for w in _WORD.findall(line.partition(":")[2])
        if not w.isupper()
    ]
    odd = [word for word in words if not is_syllable(word)]
    assert len(words) > 2000
    assert set(odd) <= {"m"}, sorted(set(odd))
