"""Vietnamese words for the numbers 1 to 31, and date arithmetic that months need."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from backend.text.fold import fold

_UNITS = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_LAST = ("", "mốt", "hai", "ba", "tư", "lăm", "sáu", "bảy", "tám", "chín")


def _number_words() -> dict[str, int]:
    """Folded words; those that others share ("hai" in "hai lăm") are longer or shorter, never equal."""
    spoken = {fold(_UNITS[n]): n for n in range(1, 10)} | {
        "tu": 4,
        "muoi": 10,
        "ram": 15,
        "gieng": 1,
        "chap": 12,
    }
    for n in range(11, 32):
        tens, unit = divmod(n, 10)
        heads = ["mười"] if tens == 1 else [f"{_UNITS[tens]} mươi", _UNITS[tens]]
        for head in heads:
            for last in {_UNITS[unit], _LAST[unit]} if unit else {""}:
                if last or head.endswith("mươi"):
                    spoken[fold(f"{head} {last}")] = n
    return spoken


NUMBER_WORDS = _number_words()
# A regex for a number of at most three digits, or in words; longer words first.
WORDS_PATTERN = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)).replace(" ", r"\s+")


def number(folded: str) -> int:
    """The number that folded words or digits stand for."""
    return int(folded) if folded.isdecimal() else NUMBER_WORDS[" ".join(folded.split())]


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month; months outside 1..12 run over into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    first, last = month_span(day.year, day.month + months)
    return min(last, first + timedelta(days=day.day - 1))


def next_yearless(day: int, month: int, floor: date) -> date | None:
    """The first such day on or after `floor`; None when there is none in eight years (31/2)."""
    for year in range(floor.year, floor.year + 9):
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found >= floor:
                return found
    return None
