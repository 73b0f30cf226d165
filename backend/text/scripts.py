"""Texts in a language of another script, or in one of the country's other languages, as far as letters tell.

Sources: the Unicode blocks; the alphabets of Ê Đê, Gia Rai and Ba Na, which write ĕ, ĭ, ŏ, ŭ, č, ñ and ƀ, letters that
Vietnamese has not; the commonest words of Hmong in its Latin (RPA) spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

#: First word of a letter's Unicode name -> ISO 639 code of the language most probably meant.
_SCRIPTS = {
    "KHMER": "km", "LAO": "lo", "THAI": "th", "CHAM": "cjm", "TAI": "blt", "MYANMAR": "my", "CJK": "zh",
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CYRILLIC": "ru", "ARABIC": "ar", "DEVANAGARI": "hi",
}  # fmt: skip
#: Ê Đê, Gia Rai, Ba Na: which of them, a person can tell.
HIGHLANDS = "highlands"
_HIGHLAND_WORD = re.compile(r"[^\W\d_]*[ĕĭŏŭčƀñ][^\W\d_]*")
_HMONG = frozenset(
    {"kuv", "koj", "tsis", "yuav", "paub", "hmoob", "ntawv", "nyob", "lawm", "hais", "peb", "ua"}
)
_LEAST_HMONG = 3
_FIRST_FOREIGN = "\u0250"  # up to here, and from U+1E00 to U+1EFF, letters are Latin
_VIETNAMESE = range(0x1E00, 0x1F00)


def other_language(text: str) -> str:
    """ISO 639 code of a language that is surely not Vietnamese, :data:`HIGHLANDS`, or "" when nothing says so.

    Half of the letters must be of the other script: a name in Korean does not make a sentence Korean.
    """
    if text.isascii() or not any(_is_strange(char) for char in text):
        return _latin(text)
    letters = [char for char in text if char.isalpha() or unicodedata.category(char).startswith("M")]
    scripts = Counter(_SCRIPTS.get(unicodedata.name(char, "?").split()[0], "") for char in letters)
    if scripts["ja"]:  # kana beside Chinese characters
        scripts["ja"] += scripts.pop("zh", 0)
    scripts.pop("", None)
    if not scripts:
        return _latin(text)
    name, count = scripts.most_common(1)[0]
    return name if 2 * count >= len(letters) else ""


def _is_strange(char: str) -> bool:
    return char >= _FIRST_FOREIGN and ord(char) not in _VIETNAMESE and char.isalpha()


def _latin(text: str) -> str:
    lowered = unicodedata.normalize("NFC", text.lower())
    if not lowered.isascii() and len(set(_HIGHLAND_WORD.findall(lowered))) >= 2:
        return HIGHLANDS
    words = lowered.split()
    return "hmn" if sum(word.strip(".,?!") in _HMONG for word in words) >= _LEAST_HMONG else ""
