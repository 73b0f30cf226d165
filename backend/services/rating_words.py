"""What people mean by a rating: stars, points and words become a value from 1 to 5; words become reasons.

"rất hài lòng", "hai long", "4 sao rưỡi", "9/10", "năm điểm", "★★★★", "dở ẹc". What stands beside a scale is brought to
five; a half counts as the whole above it, and the answer says what was recorded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from backend.domain.rating import HIGHEST, LOWEST, Reason
from backend.text.fold import fold, nfc

#: Folded words, by value. The longest that stands in the text counts, so that "không hài lòng" is not "hài lòng".
_BY_VALUE: Mapping[int, tuple[str, ...]] = {
    1: (
        "rat te", "te qua", "qua te", "te hai", "te lam", "rat kem", "kem qua", "qua kem", "rat khong hai long",
        "khong hai long lam", "khong hai long chut nao", "khong hai long chut mo", "hoan toan khong hai long",
        "cuc ky te", "do ec", "do het biet", "vo dung", "nhu hach", "toi te", "rat do", "rat chan", "chan qua",
        "that vong", "terrible", "awful", "very bad", "very dissatisfied", "very unsatisfied", "horrible", "worst",
    ),
    2: (
        "khong hai long", "chua hai long", "khong duoc", "ko hai long", "k hai long", "hk hai long", "hong hai long",
        "khong ung", "te", "hoi te", "kem", "hoi kem", "phuc vu kem", "phuc vu te", "kem chat luong",
        "do", "chan", "khong tot", "chua tot", "khong dat", "bad", "poor",
        "dissatisfied", "unsatisfied", "not happy", "not satisfied", "not good",
    ),
    3: (
        "binh thuong", "trung binh", "tam duoc", "tam tam", "tam hai long", "chap nhan duoc", "cung duoc", "tam on",
        "khong khen khong che", "average", "ok", "okay", "so so", "fair", "normal",
    ),
    4: (
        "hai long", "kha", "kha hai long", "kha tot", "tot", "on", "on ap", "duoc", "dat", "vua long", "hai long hon",
        "ung", "khoai", "thich", "de thuong", "satisfied", "good", "happy", "nice",
    ),
    5: (
        "rat hai long", "hai long lam", "qua hai long", "cuc ky hai long", "hoan toan hai long", "rat tot", "qua tot",
        "tot lam", "xuat sac", "tuyet voi", "tuyet", "tuyet doi", "ung lam", "ung cai bung", "rat ung", "khoai lam",
        "khong che vao dau duoc", "diem toi da", "xung dang diem muoi", "de thuong het say", "hoan hao", "rat thich",
        "excellent", "very good", "very satisfied", "very happy", "great", "perfect", "amazing",
    ),
}  # fmt: skip
#: Without marks these are other words, too ("do" because, "te" in "thực tế", "kem" with): they count alone.
_ONLY_ALONE = frozenset(
    {"te", "kem", "do", "chan", "kha", "on", "duoc", "dat", "ung", "khoai", "thich", "tuyet", "ok"}
)
_VALUE_OF = {phrase: value for value, phrases in _BY_VALUE.items() for phrase in phrases}
_DIGITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "zero": 0,
}  # fmt: skip
_N = rf"(\d{{1,3}}(?:[.,]\d)?|{'|'.join(_DIGITS)})"
_OF = re.compile(
    rf"(?<![\w.,]){_N}\s*(?:diem\s+|sao\s+)?(?:/|tren|out of)\s*(5|10|100|nam|muoi|five|ten)(?![\w/])"
)
_STARS = re.compile(rf"(?<![\w.,]){_N}\s*(?:sao|stars?|[*★⭐☆✩])(\s+ruoi)?(?!\w)")
_POINTS = re.compile(rf"(?<![\w.,]){_N}\s*(?:diem|d|points?|pts)(\s+ruoi)?(?!\w)")
_POINTS_BEFORE = re.compile(rf"(?<!\w)diem\s+(?:la\s+)?{_N}(?![\w/])")
_ALONE = re.compile(rf"\W*{_N}\W*")
_SOLID = re.compile("[★⭐*✭✮]+")

_WORDS_OF_REASON: Mapping[Reason, tuple[str, ...]] = {
    Reason.ATTITUDE: (
        "thai do", "nhiet tinh", "niem no", "coc loc", "kho chiu", "de thuong", "lich su", "vui ve", "le phep", "quat",
        "nat", "hach sach", "nhe nhang", "attitude", "polite", "rude", "friendly",
    ),
    Reason.LATE: (
        "khong dung hen", "tre hen", "bi tre", "tre qua", "lam cham", "cham chap", "cham tre", "cham qua", "qua cham",
        "rat cham", "hoi cham", "cho lau", "doi lau", "cho doi", "lau qua", "qua lau", "late", "slow",
    ),
    Reason.ON_TIME: (
        "dung hen", "som hon hen", "truoc hen", "nhanh", "nhanh gon", "le", "kip thoi", "on time", "fast", "quick",
    ),
    Reason.UNCLEAR: (
        "khong huong dan",
        "huong dan khong ro", "khong ro rang", "khong ro", "kho hieu", "khong noi ro", "khong giai thich",
        "unclear", "confusing",
    ),
    Reason.CLEAR: (
        "huong dan ro", "ro rang", "chi ky", "huong dan ky", "tan tinh", "giai thich", "chi tung", "de hieu", "clear",
    ),
    Reason.TRIPS: (
        "di lai nhieu", "phai di lai", "nhieu lan", "len xuong", "di toi di lui", "bat di lai", "di lai", "many trips",
    ),
    Reason.SIMPLE: ("thu tuc gon", "gon", "don gian", "it giay to", "simple", "easy"),
    Reason.UNSOLVED: (
        "chua giai quyet", "khong giai quyet", "chua dung viec", "khong dung viec", "chua xong", "khong tra loi dung",
        "unsolved", "not solved",
    ),
}  # fmt: skip
_REASON_OF = {phrase: reason for reason, phrases in _WORDS_OF_REASON.items() for phrase in phrases}


def _any_of(phrases: Mapping[str, object]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


_VALUES = _any_of({phrase: value for phrase, value in _VALUE_OF.items() if phrase not in _ONLY_ALONE})
_REASONS = _any_of(_REASON_OF)


def read_value(text: str) -> int | None:
    """The value from 1 to 5 that the text gives; None when it gives none. The first of several counts."""
    plain = fold(nfc(text))
    for pattern in (_OF, _STARS, _POINTS, _POINTS_BEFORE):
        if match := pattern.search(plain):
            return _scaled(match, pattern)
    if solid := _SOLID.search(text):
        return min(len(solid[0]), HIGHEST)
    alone = plain.strip(" .,!?~")
    if alone in _ONLY_ALONE:
        return _VALUE_OF[alone]
    if found := _VALUES.search(plain):
        return _VALUE_OF[found[0]]
    match = _ALONE.fullmatch(plain)
    return _scaled(match, _ALONE) if match else None


def read_reasons(text: str) -> tuple[Reason, ...]:
    """The reasons that the text names, each once, in its order."""
    plain = fold(nfc(text))
    return tuple(dict.fromkeys(_REASON_OF[found[0]] for found in _REASONS.finditer(plain)))


def _scaled(match: re.Match[str], pattern: re.Pattern[str]) -> int | None:
    number = _number(match[1])
    if pattern is _OF:
        top = _number(match[2])
    else:
        half = pattern in (_STARS, _POINTS) and match[2]
        number += 0.5 if half else 0
        top = HIGHEST if number <= HIGHEST else 10 if number <= 10 else 100
    if number > top:
        return None
    return max(LOWEST, min(HIGHEST, math.floor(number * HIGHEST / top + 0.5)))


def _number(word: str) -> float:
    return float(_DIGITS[word]) if word in _DIGITS else float(word.replace(",", "."))
