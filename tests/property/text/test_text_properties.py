from __future__ import annotations

import string
import unicodedata
from datetime import date, timedelta

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from backend.text.codes import (
    check_code_pattern,
    dossier_code_from_link,
    find_codes,
    find_dossier_codes,
    is_wholly_code,
    spoken_to_typed,
)
from backend.text.dates import find_dates
from backend.text.fold import fold, fold_aligned, lookalikes, nfc, place_tones, words
from backend.text.mask import mask_text
from backend.text.phones import find_phones, normalise_phone
from backend.text.places import Gazetteer

_COMMON = """
    hát năm mươi mười ba tư gạch chấm không một hai sáu bảy tám chín lăm trăm nghìn linh ngày tháng tuần thứ
    quý nam sau tới trước này nay mai mốt đầu cuối chủ nhật H50 261008 0975 24/11 31/2 000.21.31 - . / ,
    xã phường UBND QĐ-UBND 1234/ 0912345678 NV PA
"""
_SYLLABLES = [*_COMMON.split(), "\u0301", "\u200b", "\u00a0"]
vietnamese = st.lists(st.sampled_from(_SYLLABLES), max_size=14).map(" ".join)
texts = st.text(max_size=60) | vietnamese
days = st.dates(date(2015, 1, 1), date(2044, 12, 31))


@st.composite
def dossier_codes(draw: st.DrawFn) -> str:
    two = st.integers(0, 99).map("{:02}".format)
    province = draw(st.integers(1, 63).map("{:02}".format))
    if draw(st.booleans()):
        agency = f"{draw(st.integers(0, 999)):03}.{draw(two)}.{draw(two)}.H{province}"
    else:
        agency = ".".join((draw(st.sampled_from("HG")) + province, *draw(st.lists(two, max_size=3))))
    size = draw(st.sampled_from([3, 4, 4, 4, 6, 7]))
    serial = draw(st.integers(0, 10**size - 1))
    return f"{agency}-{draw(days):%y%m%d}-{serial:0{size}}"


@st.composite
def noisy_codes(draw: st.DrawFn) -> tuple[str, str]:
    """(canonical code, the same badly typed)."""
    code = draw(dossier_codes())
    signs = st.sampled_from([" ", ".", "-", "_", "--", " - ", "–", ". ", "..", "/"])
    out = [draw(signs) if char in ".-" and draw(st.booleans()) else char for char in code]
    out = [draw(st.sampled_from([char, char.lower()])) for char in out]
    if draw(st.booleans()):
        out = [chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in out]
    elif draw(st.booleans()):
        out = _letters_for_digits(out, draw(st.integers(0, 1000)))
    return code, "".join(out)


def _letters_for_digits(chars: list[str], seed: int) -> list[str]:
    """One O for 0, or l for 1, somewhere between two digits: always safe to undo."""
    places = [
        i
        for i in range(1, len(chars) - 1)
        if chars[i] in "01" and chars[i - 1].isdigit() and chars[i + 1].isdigit()
    ]
    if not places:
        return chars
    place = places[seed % len(places)]
    return [*chars[:place], "O" if chars[place] == "0" else "l", *chars[place + 1 :]]


@given(
    noisy_codes(),
    st.sampled_from(["", "mã hồ sơ ", "Mã: ", "(", "cho tôi hỏi\n"]),
    st.sampled_from(["", " ạ", ").", "?", ", cảm ơn"]),
)
def test_a_noisy_code_is_read_back(pair: tuple[str, str], before: str, after: str) -> None:
    code, typed = pair
    text = before + typed + after
    (mention,) = find_dossier_codes(text)
    assert (mention.value, mention.partial) == (code, False)
    assert text[mention.start : mention.end] == typed


@given(dossier_codes(), st.data())
def test_one_missing_separator_after_the_province_is_found_again(code: str, data: st.DataObject) -> None:
    """Where it can be told at all: H50.20|261008 may also be the day 20261008 of H50."""
    agency, _, serial = code.split("-")
    assume(len(serial) == 4 and not agency.endswith(".20"))
    place = data.draw(st.sampled_from([i for i, char in enumerate(code) if char == "-"]))
    (mention,) = find_dossier_codes(code[:place] + code[place + 1 :])
    assert mention.value == code


@given(dossier_codes())
def test_canonical_codes(code: str) -> None:
    assert check_code_pattern(code)
    whole = is_wholly_code(f"“{code}”")
    assert whole is not None
    assert whole.value == code
    assert dossier_code_from_link(f"https://dvc.example.vn/a/b?ma={code}&c=1") == code
    assert [m.value for m in find_dossier_codes(f"{code}; {code}")] == [code, code]


_DIGIT_WORDS = "không một hai ba bốn năm sáu bảy tám chín"
_SAID = dict(zip(string.digits, _DIGIT_WORDS.split(), strict=True))
_SAID |= {".": "chấm", "-": "gạch", "H": "hát", "G": "gờ"}


@given(dossier_codes(), st.booleans())
def test_a_dictated_code_is_read_back(code: str, with_marks: bool) -> None:
    said = " ".join(_SAID[char] for char in code)
    text = said if with_marks else fold(said)
    (mention,) = find_dossier_codes(text)
    assert (mention.value, mention.start, mention.end) == (code, 0, len(text))


@given(texts)
@example("\u1100\u0301\u1161")
@example("\u09c7\u0301\u09be")
def test_fold_is_idempotent_and_sees_through_normal_forms(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(nfc(text)) == folded
    assert " ".join(words(text)) == " ".join(words(folded))


@given(texts)
def test_nfc_and_tones_are_idempotent(text: str) -> None:
    clean = nfc(text)
    assert nfc(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    placed = place_tones(text)
    assert place_tones(placed) == placed
    assert fold(placed) == fold(text)


@given(texts)
def test_fold_aligned_keeps_the_length(text: str) -> None:
    clean = nfc(text)
    assert len(fold_aligned(clean)) == len(clean)


@given(texts, st.dates())
def test_dates_never_raise_and_are_in_order(text: str, today: date) -> None:
    end = 0
    for mention in find_dates(text, today):
        assert mention.first <= mention.last
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


@given(days, days)
def test_written_days_are_read_back(day: date, today: date) -> None:
    for shape in (
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year}",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
    ):
        (mention,) = find_dates(f"hẹn {shape} nhé", today)
        assert (mention.first, mention.last) == (day, day)
    (mention,) = find_dates(f"hẹn {day.day}/{day.month} nhé", today)
    assert (mention.first.day, mention.first.month) == (day.day, day.month)
    assert mention.first >= today - timedelta(days=60)


_PLACES = Gazetteer(
    [("a", "Xã Hải Lăng", ["hl"]), ("b", "Phường Đông Hà", []), ("c", "UBND", []), ("d", "", [""])]
)


@settings(max_examples=60)
@given(texts)
def test_finders_never_raise_and_keep_to_the_text(text: str) -> None:
    for mentions in (find_codes(text), find_phones(text), _PLACES.find(text)):
        end = 0
        for mention in mentions:
            assert end <= mention.start < mention.end <= len(text)
            end = mention.end
    spoken_to_typed(text)
    mask_text(text)
    dossier_code_from_link(text)
    lookalikes(text)


@given(
    st.integers(0, 10**8 - 1), st.sampled_from("35789"), st.sampled_from(["0", "+84", "84", "+84 ", "0084"])
)
def test_phones_round_trip(rest: int, first: str, head: str) -> None:
    typed = f"{head}{first}{rest:08}"
    assert normalise_phone(typed) == f"0{first}{rest:08}"
    assert f"{rest:08}"[:6] not in mask_text(f"gọi {typed} nhé")
