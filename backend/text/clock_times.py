"""Times of day as people type them: "7h", "7h30", "7 giờ rưỡi sáng", "sáu rưỡi", "3 giờ chiều", "14:00"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from backend.text.date_numbers import NUMBER_WORDS, WORDS_PATTERN
from backend.text.fold import fold

#: Minutes that are said in words, folded.
_SAID = {
    "ruoi": 30, "muoi": 10, "muoi lam": 15, "hai muoi": 20, "ba muoi": 30, "bon lam": 45, "bon muoi lam": 45,
}  # fmt: skip
_SAID_PATTERN = "|".join(sorted(_SAID, key=len, reverse=True)).replace(" ", r"\s+")
_TIME = re.compile(
    rf"(?<![\w/.-])(?:(?P<hour>[01]?\d|2[0-3]):(?P<exact>[0-5]\d)"
    rf"|(?:(?P<digits>[01]?\d|2[0-3])\s*(?:h|g|gio)|(?P<spoken>{WORDS_PATTERN})(?:\s+gio\b|(?=\s+ruoi\b)))"
    rf"(?:\s*(?P<minutes>[0-5]\d)(?!\d)|\s+(?P<said>{_SAID_PATTERN})\b)?)"
    rf"(?:\s+(?P<part>sang|trua|chieu|toi|dem)\b)?(?![\w/])"
)
_AFTERNOON = frozenset({"chieu", "toi", "dem"})


def find_times(text: str) -> list[time]:
    """Each time of day in the order typed. An hour with "chiều" or "tối" is of the afternoon."""
    return list(_times(fold(text)))


def _times(folded: str) -> Iterator[time]:
    for found in _TIME.finditer(folded):
        said = found["hour"] or found["digits"]
        hour = int(said) if said else NUMBER_WORDS[" ".join(found["spoken"].split())]
        minutes = found["exact"] or found["minutes"]
        minute = int(minutes) if minutes else _SAID[" ".join(found["said"].split())] if found["said"] else 0
        if found["part"] in _AFTERNOON and hour < 12:
            hour += 12
        if hour < 24:
            yield time(hour, minute)
