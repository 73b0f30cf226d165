"""Dates of imported data. Nothing is guessed: what can be read in two ways is refused.

Sources write dates in their own shapes (one national sample mixes three in a payload), so each importer
names the shapes that it takes. Times without a zone are Vietnam clock times.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from backend.domain.clock import VIETNAM
from backend.importers.sheets import FormulaCell

_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?", re.ASCII)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_DAY_FIRST = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T]+(\d{1,2})[:hg](\d\d)?(?::(\d\d))?)?", re.ASCII
)
_CLOCK_FIRST = re.compile(r"(\d{1,2})[:hg](\d\d)?(?::(\d\d))?,?\s+(?:ngày\s+)?(\S+)", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}(?!\d)", re.ASCII)
_MONTH_FIRST = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}", re.ASCII)
# On bytes, and each beginning with a plain character: a whole file is then searched ten times as fast.
_SOME_MONTH_FIRST = [
    re.compile(sign + rb"(?:1[3-9]|2\d|3[01])" + sign + rb"\d{4}") for sign in (b"/", b"-", rb"\.")
]
_YEARS = range(2000, 2100)


class BadMoment(ValueError):
    """The message says in Vietnamese what is wrong with the date."""


def looks_month_first(cell: Any) -> bool:
    """Whether this text can only be month/day/year: then no other date of the file is sure."""
    match = _MONTH_FIRST.match(cell) if isinstance(cell, str) else None
    return match is not None and int(match[1]) <= 12 < int(match[2])


def parse_moment(cell: Any, ends: time | None = None) -> datetime | None:
    """The aware instant of a cell or JSON value; None when empty.

    Takes yyyyMMdd[HHmmss], ISO with blank or T, dd/mm/yyyy [hh:mm[:ss]], "15:00 20/11/2026" and dates of a
    spreadsheet. A date without a time means midnight, or ``ends`` where given (a promise holds until the
    desk closes).

    Raises:
        BadMoment: unreadable, impossible or ambiguous.
    """
    if isinstance(cell, FormulaCell):
        raise BadMoment("ô chứa công thức, hãy dán giá trị")
    if isinstance(cell, datetime):
        bare = cell.tzinfo is None and cell.time() == time.min
        return _at(cell.date(), ends if bare and ends else cell.time(), cell.tzinfo)
    if isinstance(cell, date):
        return _at(cell, ends or time.min)
    if cell is None or not str(cell).strip():
        return None
    return parse_stripped(str(cell).strip(), ends)


def may_be_month_first(text: str) -> bool:
    """A quick look over a whole file: false means that no date in it looks month/day/year."""
    plain = text.encode()
    return any(pattern.search(plain) for pattern in _SOME_MONTH_FIRST)


def parse_day(cell: Any) -> date | None:
    """As :func:`parse_moment`, the date alone."""
    moment = parse_moment(cell)
    return None if moment is None else moment.astimezone(VIETNAM).date()


@lru_cache(maxsize=16_384)  # the same days stand in row after row
def parse_stripped(text: str, ends: time | None) -> datetime:
    """As :func:`parse_moment`, for text that is not empty and has no space around it."""
    for pattern, read in ((_COMPACT, _year_first), (_ISO, _year_first), (_DAY_FIRST, _day_first)):
        match = pattern.fullmatch(text)
        if match is not None:
            return read(match, ends)
    clock = _CLOCK_FIRST.fullmatch(text)
    day = _DAY_FIRST.fullmatch(clock[4]) if clock else None
    if clock is not None and day is not None and day[4] is None:
        return _at(_date(day[3], day[2], day[1]), _time(clock[1], clock[2], clock[3]))
    if _SHORT_YEAR.match(text):
        raise BadMoment(f"“{text}”: năm phải ghi đủ bốn chữ số")
    if text.isdigit():
        raise BadMoment(f"“{text}” là số, không phải ngày; hãy định dạng ô là ngày")
    raise BadMoment(f"“{text[:40]}” không đọc được; hãy ghi dạng 20/11/2026 hoặc 20/11/2026 15:00")


def _year_first(match: re.Match[str], ends: time | None) -> datetime:
    day = _date(match[1], match[2], match[3])
    if match[4] is None:
        return _at(day, ends or time.min)
    clock = _time(match[4], match[5], match[6])
    zone = match[7] if match.re is _ISO else None
    if zone is None:
        return _at(day, clock)
    return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{zone}")


def _day_first(match: re.Match[str], ends: time | None) -> datetime:
    if int(match[2]) > 12 >= int(match[1]):
        raise BadMoment(f"“{match[0]}”: tháng {match[2]} không có; ngày phải đứng trước tháng")
    day = _date(match[3], match[2], match[1])
    return _at(day, _time(match[4], match[5], match[6]) if match[4] else ends or time.min)


def _date(year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise BadMoment(f"ngày {int(day)}/{int(month)}/{year} không có") from None
    if found.year not in _YEARS:
        raise BadMoment(f"năm {year} không hợp lý")
    return found


def _time(hour: str, minute: str | None, second: str | None) -> time:
    try:
        return time(int(hour), int(minute or 0), int(second or 0))
    except ValueError:
        raise BadMoment(f"giờ {hour}:{minute or '00'} không có") from None


def _at(day: date, clock: time, zone: Any = None) -> datetime:
    if day.year not in _YEARS:
        raise BadMoment(f"năm {day.year} không hợp lý")
    return datetime.combine(day, clock, zone or VIETNAM).astimezone(UTC)
