"""pyvi's words never move a syllable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.segmentation import positions


def test_words_are_laid_over_the_syllables() -> None:
    assert positions(["giấy", "chứng", "nhận", "ở", "đâu"]) == ["S", "B", "I", "S", "S"]


def test_text_without_accents_is_left_alone() -> None:
    assert positions(["giay", "chung", "nhan"]) == ["", "", ""]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=12))
def test_there_is_one_position_for_each_syllable(surfaces: list[str]) -> None:
    found = positions(surfaces)
    assert len(found) == len(surfaces)
    assert set(found) <= {"", "S", "B", "I"}
