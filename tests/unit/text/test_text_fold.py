from __future__ import annotations

import unicodedata

import pytest

from backend.text.fold import LATIN_OF, fold, fold_aligned, lookalikes, nfc, place_tones, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hồ sơ ĐẤT ĐAI", "ho so dat dai"),
        ("  nhiều\u00a0 khoảng \n trắng\t", "nhieu khoang trang"),
        (unicodedata.normalize("NFD", "Ủy ban nhân dân"), "uy ban nhan dan"),
        ("ho\u200b\u0301 sơ", "ho so"),
        ("Ðông Hà", "dong ha"),  # Icelandic Eth out of an old converter
        ("ＨỒ ＳƠ １２", "ho so 12"),
        ("100 m²…", "100 m2…"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_nfc_drops_what_cannot_be_seen_and_keeps_lines() -> None:
    assert nfc("a\u200b\u0301\ufeffb\u00a0c\r\nd\te\x00\u2028f") == "áb c\nd e\nf"
    assert nfc(unicodedata.normalize("NFD", "Quyết định")) == "Quyết định"


def test_fold_aligned_keeps_every_offset() -> None:
    text = "Sở Xây dựng, ĐƯỜNG Trần\u00a0Hưng Đạo: ß İ ﬁ 😀"
    aligned = fold_aligned(text)
    assert len(aligned) == len(text)
    assert aligned.startswith("so xay dung, duong tran hung dao: ")
    start = text.index("Hưng")
    assert aligned[start : start + 4] == "hung"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("hoà bình", "hòa bình"),
        ("THUỶ LỢI", "THỦY LỢI"),
        ("khoẻ, toà, Uỷ ban, huỷ", "khỏe, tòa, Ủy ban, hủy"),
        ("hòan thành", "hoàn thành"),
        ("quý, quỹ, quỷ", "quý, quỹ, quỷ"),
        ("hoàn thành hoài khuỷu thuyền", "hoàn thành hoài khuỷu thuyền"),
        (unicodedata.normalize("NFD", "Khánh Hoà"), "Khánh Hòa"),
    ],
)
def test_place_tones(typed: str, canonical: str) -> None:
    assert place_tones(typed) == canonical


def test_words() -> None:
    assert words("Hồ sơ H50.34-0975, ở ĐÂU_rồi?") == ["ho", "so", "h50", "34", "0975", "o", "dau", "roi"]


def test_lookalikes_name_letters_of_other_scripts_once() -> None:
    assert lookalikes("Hồ sơ đất đai") == []
    assert lookalikes("Нồ ѕơ Н50") == ["Н", "ѕ"]
    assert [LATIN_OF[letter] for letter in lookalikes("НеОΟ")] == ["H", "e", "O", "O"]
    assert not [latin for latin in LATIN_OF.values() if not latin.isascii()]
