"""Text as syllables: what every component of the pipeline looks at, with offsets into the raw text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from backend.text.fold import fold, nfc, place_tones

# A run of letters and digits with their combining marks (text may arrive decomposed), or one other sign.
_TOKEN = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+|[^\w\s]|_")
_DRAWN_OUT = re.compile(r"(\D)\1{2,}")  # "rồiiii", "ơiii": no Vietnamese syllable has a letter thrice
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Syllable:
    """One token. `start` and `end` count characters of the text as it was received."""

    start: int
    end: int
    surface: str  # NFC, lower case, tone marks in one place, abbreviations written out
    folded: str  # the same without marks
    shape: str  # what the letters hide: digits counted, capitals, punctuation
    as_meant: str | None = None  # the words for an abbreviation or a slip; None where it stands as typed


def split(text: str, abbreviations: Mapping[str, str], correct: Callable[[str], str] = str) -> list[Syllable]:
    """Syllables of any text, in order, not overlapping; [] where nothing is written.

    `correct` mends slips in the form without marks; what stands in the text is never changed.
    """
    found = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        surface, folded, shape = _forms(raw)
        if not surface:  # zero-width and control characters say nothing
            continue
        meant = abbreviations.get(surface)
        if meant is not None:
            surface, folded = meant, _folded(meant)
        elif (mended := correct(folded)) != folded:
            meant = folded = mended
        found.append(Syllable(match.start(), match.end(), surface, folded, shape, meant))
    return found


def masked(text: str) -> str:
    """Digits as 0: which number it is does not tell what is wanted, only how long it is."""
    return _DIGIT.sub("0", text)


@lru_cache(maxsize=8192)
def _forms(raw: str) -> tuple[str, str, str]:
    surface = _DRAWN_OUT.sub(r"\1", place_tones(nfc(raw)).lower())
    return surface, fold(surface) or surface, _shape(raw)


@lru_cache(maxsize=1024)
def _folded(written_out: str) -> str:
    return fold(written_out)


def _shape(raw: str) -> str:
    if raw.isdigit():
        return f"d{min(len(raw), 9)}"
    if any(char.isdigit() for char in raw):
        return "mixed"
    if not any(char.isalpha() for char in raw):
        return raw if raw.isascii() else unicodedata.category(raw[0])
    if raw.isupper():
        return "X" if len(raw) == 1 else "XX"
    return "Xx" if raw[0].isupper() else "x"
