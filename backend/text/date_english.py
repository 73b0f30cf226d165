"""English days and spans of days, told in the Vietnamese words that the rules of dates read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_WEEKDAYS = {
    "monday": "thứ hai", "tuesday": "thứ ba", "wednesday": "thứ tư", "thursday": "thứ năm",
    "friday": "thứ sáu", "saturday": "thứ bảy", "sunday": "chủ nhật",
}  # fmt: skip
_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
_NEAR = {"this": "này", "coming": "này", "next": "sau", "following": "sau", "last": "trước", "past": "trước"}
_UNITS = {"day": "ngày", "week": "tuần", "month": "tháng", "year": "năm", "quarter": "quý"}
_PARTS = {"beginning": "đầu", "start": "đầu", "early": "đầu", "middle": "giữa", "mid": "giữa", "end": "cuối"}
_DAYS = {
    "today": "hôm nay", "tonight": "tối nay", "tomorrow": "ngày mai", "yesterday": "hôm qua",
    "day after tomorrow": "ngày mốt", "day before yesterday": "hôm kia",
}  # fmt: skip
_COUNTS = {"a": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "ten": "10"}

_month = "|".join(_MONTHS)
_near = "|".join(_NEAR)
_weekday = "|".join(_WEEKDAYS)
_part = rf"(?:(?P<part>{'|'.join(_PARTS)})[\s-]+(?:of\s+)?(?:the\s+)?)?"
_count = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})"
_unit = r"(?P<unit>day|week|month|year)s?"
_HINT = re.compile(
    rf"\b(?:to(?:day|night|morrow)|yesterday|\w+day|(?:{_near})\s|in\s|ago\b|{_month})", re.IGNORECASE
)


def _date(words: re.Match[str]) -> str:
    year = f"/{words['year']}" if words["year"] else ""
    return f"{int(words['day']):02d}/{_MONTHS[words['month'].lower()]:02d}{year}"


def _month_alone(words: re.Match[str]) -> str:
    part = _PARTS[words["part"].lower()] + " " if words["part"] else ""
    year = f"/{words['year']}" if words["year"] else ""
    return f"{part}tháng {_MONTHS[words['month'].lower()]}{year}"


def _day_of_week(words: re.Match[str]) -> str:
    near = words["near"] or words["week"]
    return _WEEKDAYS[words["name"].lower()] + (f" tuần {_NEAR[near.lower()]}" if near else "")


def _span(words: re.Match[str]) -> str:
    part = _PARTS[words["part"].lower()] + " " if words["part"] else ""
    return f"{part}{_UNITS[words['unit'].lower()]} {_NEAR[words['near'].lower()]}"


def _counted(after: str) -> Callable[[re.Match[str]], str]:
    def tell(words: re.Match[str]) -> str:
        count = words["count"].lower()
        return f"{_COUNTS.get(count, count)} {_UNITS[words['unit'].lower()]} {after}"

    return tell


#: Short names of days are left out: "thu", "mon" and "sat" are Vietnamese words.
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(rf"\b{pattern}\b", re.IGNORECASE), tell)
    for pattern, tell in (
        (r"(?P<words>day\s+after\s+tomorrow|day\s+before\s+yesterday|today|tonight|tomorrow|yesterday)",
         lambda words: _DAYS[" ".join(words["words"].lower().split())]),
        (rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_month})(?:,?\s+(?P<year>20\d\d))?", _date),
        (rf"(?P<month>{_month})\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)(?:,?\s+(?P<year>20\d\d))?", _date),
        (rf"(?P<month>(?!may\b)(?:{_month}))\s+(?P<day>\d{{1,2}})(?:,?\s+(?P<year>20\d\d))?", _date),
        (rf"(?:(?P<near>{_near})\s+)?(?P<name>{_weekday})(?:\s+(?P<week>{_near})\s+week)?", _day_of_week),
        (rf"{_part}(?P<month>(?!may\b|mar\b)(?:{_month}))(?:,?\s+(?P<year>20\d\d))?", _month_alone),
        (rf"{_part}(?P<near>{_near})\s+(?P<unit>week|month|year|quarter)", _span),
        (rf"in\s+{_count}\s+{_unit}", _counted("nữa")),
        (rf"{_count}\s+{_unit}\s+ago", _counted("trước")),
    )
)  # fmt: skip


def english_dates(text: str) -> Iterator[tuple[int, int, str]]:
    """Each English mention's place in `text` and the same in Vietnamese words; longer ones first, no overlaps.

    "next Thursday" is the one of next week, as in "thứ Năm tuần sau".
    """
    if _HINT.search(text) is None:
        return
    found = sorted(
        ((match.start(), match.end(), tell(match)) for rule, tell in _RULES for match in rule.finditer(text)),
        key=lambda one: (one[0], -one[1]),
    )
    free = 0
    for start, end, told in found:
        if start >= free:
            free = end
            yield start, end, told
