"""Reading the digits of a dossier code where separators are missing, doubled or in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

# Canonical forms; the agency part is old (000.21.31.H50) or new (H50.34.02, up to four sub-codes).
_CANONICAL = re.compile(
    r"(?:\d{3}\.\d{2}\.\d{2}\.[GH]\d{2}|[GH]\d{2}(?:\.\d{1,4}){0,4})-(\d{6}(?:\d{2})?)-\d{3,7}", re.ASCII
)
# Codes carry the day of receipt; outside these years six digits are something else.
_YEARS = range(2015, 2045)

GAP_NONE, GAP_SPACE, GAP_SIGN = 0, 1, 2
_MISSING = 2.0  # price of a separator that was not typed
_INSIDE = {GAP_NONE: 0.0, GAP_SPACE: 1.0, GAP_SIGN: 2.0}  # price of one typed inside a part
_SUB_CODE_PRICE = {1: 0.5, 2: 0.0, 3: 0.25, 4: 0.5}
_GLUED_SUB_CODE_PRICE = {1: 3.0, 2: 0.0, 3: 3.0, 4: 3.0}  # not set off on both sides: two digits are the rule
_SERIAL_PRICE = {3: 0.2, 4: 0.0, 5: 0.2, 6: 0.1, 7: 0.0}
_LEFTOVER = 0.1  # digits after the serial belong to something else
_MOST_SUB_CODES = 4


def check_code_pattern(code: str) -> bool:
    """Whether this is a full dossier code in canonical form with a real date in it."""
    match = _CANONICAL.fullmatch(code)
    return match is not None and is_code_date(match[1])


@lru_cache(maxsize=4096)  # a file's codes carry a few hundred days
def is_code_date(digits: str) -> bool:
    """Whether YYMMDD or YYYYMMDD is a real day of the years in which codes exist."""
    year = int(digits[:-4]) + (2000 if len(digits) == 6 else 0)
    try:
        date(year, int(digits[-4:-2]), int(digits[-2:]))
    except ValueError:
        return False
    return year in _YEARS


@dataclass(frozen=True, slots=True)
class CodeParts:
    """What was read: `used` digits of those given; the first two are the province or ministry."""

    province: str
    sub_codes: tuple[str, ...]
    day: str
    serial: str
    used: int


def read_parts(digits: str, gaps: Sequence[int]) -> CodeParts | None:
    """The cheapest reading of the digits after H or G; gaps[i] is what was typed before digit i.

    `gaps` has one more entry than digits: the last says what follows.
    """
    best: tuple[float, CodeParts] | None = None
    for start, end in _day_places(digits):
        if GAP_SIGN in gaps[start + 1 : end] and not (gaps[start] and gaps[end]):
            continue  # 26/10/08 set off by itself may be a day; not 34.02-26|1308
        agency = _cheapest_split(gaps, 2, start, _MOST_SUB_CODES)
        serial = _cheapest_serial(digits, gaps, end)
        if agency is None or serial is None:
            continue
        price = agency[0] + serial[0] + _inside(gaps, 0, 2) + _inside(gaps, start, end) + _edge(gaps, start)
        if best is None or price < best[0]:
            cuts = (2, *agency[1])
            sub_codes = tuple(digits[a:b] for a, b in zip(cuts, cuts[1:], strict=False))
            parts = CodeParts(digits[:2], sub_codes, digits[start:end], digits[end : serial[1]], serial[1])
            best = (price, parts)
    return best[1] if best else None


def _day_places(digits: str) -> Iterator[tuple[int, int]]:
    furthest = min(len(digits) - 9, 2 + 4 * _MOST_SUB_CODES)
    for start in range(2, furthest + 1):
        for size in (6, 8):
            day = digits[start : start + size]
            if len(day) == size and is_code_date(day):
                yield start, start + size


def _inside(gaps: Sequence[int], start: int, end: int) -> float:
    return sum(_INSIDE[gap] for gap in gaps[start + 1 : end])


def _edge(gaps: Sequence[int], place: int) -> float:
    return 0.0 if gaps[place] else _MISSING


def _cheapest_split(
    gaps: Sequence[int], start: int, end: int, most: int
) -> tuple[float, tuple[int, ...]] | None:
    """The price and the ends of the sub-codes between start and end; None when they do not fit."""
    if start == end:
        return 0.0, ()
    if not 0 < end - start <= 4 * most:
        return None
    best: tuple[float, tuple[int, ...]] | None = None
    for size in range(1, min(4, end - start) + 1):
        if GAP_SIGN in gaps[start + 1 : start + size]:
            continue
        rest = _cheapest_split(gaps, start + size, end, most - 1)
        if rest is None:
            continue
        apart = gaps[start] and gaps[start + size]
        prices = _SUB_CODE_PRICE if apart else _GLUED_SUB_CODE_PRICE
        price = prices[size] + _edge(gaps, start) + _inside(gaps, start, start + size) + rest[0]
        if best is None or price < best[0]:
            best = price, (start + size, *rest[1])
    return best


def _cheapest_serial(digits: str, gaps: Sequence[int], start: int) -> tuple[float, int] | None:
    """The price and the end of the serial; it may end only where the digits stop or a separator stands."""
    best: tuple[float, int] | None = None
    for size, price in _SERIAL_PRICE.items():
        end = start + size
        inside = gaps[start + 1 : end]
        if end > len(digits) or not gaps[end] or GAP_SIGN in inside:
            continue
        if any(inside) and end < len(digits):
            continue  # "09 24/11": a day follows a serial cut short
        price += _edge(gaps, start) + _inside(gaps, start, end) + (_LEFTOVER if end < len(digits) else 0.0)
        if best is None or price < best[0]:
            best = price, end
    return best
