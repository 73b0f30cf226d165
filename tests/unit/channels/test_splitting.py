"""Long texts in pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import split, units

_WORDS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.sampled_from([" ", "\n", "\n\n", ". ", "hồ sơ", "😀", "👨‍👩‍👧", "e\u0323\u0302"]),
    max_size=60,
).map("".join)


@given(_WORDS, st.integers(10, 80))
def test_no_piece_is_too_long_or_blank(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert all(len(piece.encode("utf-16-le")) // 2 <= longest for piece in pieces)
    assert all(piece.strip() for piece in pieces)


@given(_WORDS, st.integers(10, 80))
def test_only_white_space_is_lost_and_order_is_kept(text: str, longest: int) -> None:
    assert "".join("".join(split(text, longest)).split()) == "".join(text.split())


@given(_WORDS)
def test_what_fits_stays_whole(text: str) -> None:
    assert split(text, 4096) == ([text.strip()] if text.strip() else [])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_units_are_counted_as_messengers_count(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2


def test_the_cut_falls_between_paragraphs_before_lines_before_sentences() -> None:
    assert split("một hai\n\nba bốn\nnăm sáu", 18) == ["một hai", "ba bốn\nnăm sáu"]
    assert split("một hai ba\nbốn năm. sáu", 18) == ["một hai ba", "bốn năm. sáu"]
    assert split("một hai. ba bốn năm sáu", 18) == ["một hai.", "ba bốn năm sáu"]


def test_an_endless_word_is_cut_but_no_letter_loses_its_marks() -> None:
    pieces = split("e\u0323\u0302" * 20, 10)
    assert all(piece.startswith("e") for piece in pieces)
