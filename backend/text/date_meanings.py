"""What the words of a date mean for a speaker on a given day; the patterns are in date_rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from backend.text.date_numbers import NUMBER_WORDS, add_months, month_span, next_yearless, number

_LOOK_BACK = timedelta(days=60)  # a day without a year may lie this far back
_YEARS = range(1900, 2200)

Span = tuple[date, date]


class NotADate(Exception):
    """The words mean something else: leave them to other rules."""


@dataclass(frozen=True, slots=True)
class Words:
    """One match of a rule: its folded groups, empty where it has none, and the same stretch as typed."""

    match: re.Match[str]
    typed: str  # the whole message, lower case where that keeps the length
    original: str
    today: date

    def __getitem__(self, group: str) -> str:
        return self.match.groupdict().get(group) or ""

    @property
    def marked(self) -> bool:
        """Whether the stretch has Vietnamese marks, so that its words without them mean what they say."""
        return self.as_typed() != self.match[0]

    def as_typed(self, group: str | int = 0) -> str:
        return self.typed[slice(*self.match.span(group))]

    def before(self) -> str:
        """The folded word in front."""
        words = self.match.string[max(0, self.match.start() - 12) : self.match.start()].split()
        return words[-1].strip(".,;:!?()\"'") if words else ""


def _refuse_duration(words: Words) -> None:
    """ "ba tháng rồi", "cả tuần nay": how long, not when."""
    before = words.before()
    if words["near"] in {"roi", "nay", "qua"} and (
        before.isdecimal() or before in NUMBER_WORDS or before in _SOME
    ):
        raise NotADate


_SOME = {"may", "ca", "hon", "gan", "vai", "nua", "dam", "chuc", "hang", "suot"}


def _shift(near: str) -> int:
    """-1, 0 or 1 for last, this, next."""
    if near in {"truoc", "trc", "qua", "roi", "ngoai"} or near.startswith("vua"):
        return -1
    return 1 if near in {"sau", "toi"} else 0


def _one(day: date | None) -> Span | None:
    return (day, day) if day else None


def _full(year: str, month: str, day: str) -> Span | None:
    """Two-digit years: 00-49 are of this century."""
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    return _one(date(full_year, int(month), int(day))) if full_year in _YEARS else None


_SERVED = {"viec", "truc", "dong", "tro", "tuc", "vu", "dai", "nhan", "van", "hanh", "online"}


def written_date(words: Words) -> Span | None:
    if words["year"]:
        return _full(words["year"], words["month"], words["day"])
    if words.match[0].replace(" ", "") == "24/7" and words.before() in _SERVED:
        raise NotADate  # round the clock
    return _one(next_yearless(int(words["day"]), int(words["month"]), words.today - _LOOK_BACK))


def day_of_month(words: Words) -> Span | None:
    """ "ngày 24 tháng 11 năm 2026", "24 tháng 11", "15 tháng sau"."""
    day = number(words["day"])
    if words["near"] and not _is_june(words):
        if day <= 12 and words["near"] != "nay" and not words.match[0].startswith(("ngay", "mung", "mong")):
            raise NotADate  # "3 tháng sau": so many months
        first, _ = month_span(words.today.year, words.today.month + _shift(words["near"]))
        return _one(first.replace(day=day))
    month = 6 if words["near"] else number(words["month"])
    year = _year_of(words)
    if year is None:
        return _one(next_yearless(day, month, words.today - _LOOK_BACK))
    return _one(date(year, month, day))


def _is_june(words: Words) -> bool:
    """ "tháng sáu", not "tháng sau"."""
    return words["near"] == "sau" and words.as_typed("near") == "sáu"


def _year_of(words: Words) -> int | None:
    if words["near_year"]:
        return words.today.year + _shift(words["near_year"])
    return int(words["year"]) if words["year"] else None


def bare_day(words: Words) -> Span | None:
    """ "ngày 24": the next one, today included."""
    day = number(words["day"])
    for months in range(3):
        first, last = month_span(words.today.year, words.today.month + months)
        if day <= last.day and first.replace(day=day) >= words.today:
            return _one(first.replace(day=day))
    return None


def whole_month(words: Words) -> Span | None:
    if words["near"] and not _is_june(words):
        _refuse_duration(words)
        span = month_span(words.today.year, words.today.month + _shift(words["near"]))
    else:
        month = 6 if words["near"] else number(words["month"])
        year = _year_of(words)
        if not 1 <= month <= 12:
            return None
        floor = words.today - _LOOK_BACK
        span = month_span(floor.year if year is None else year, month)
        if year is None and span[1] < floor:
            span = month_span(floor.year + 1, month)
    return _part_of_month(words["part"], span)


_NUMBERED = {"so", "dinh", "tu", "luat", "nd", "qd", "nq", "tt", "ct"}


def month_and_year(words: Words) -> Span | None:
    """ "11/2026", but not the number and year of "nghị định 118/2025"."""
    if words.before() in _NUMBERED or not 1 <= int(words["month"]) <= 12:
        raise NotADate
    return month_span(int(words["year"]), int(words["month"]))


def _part_of_month(part: str, span: Span) -> Span:
    first, last = span
    if part == "dau":
        return first, first.replace(day=10)
    if part == "giua":
        return first.replace(day=11), first.replace(day=20)
    return (first.replace(day=21), last) if part == "cuoi" else span


_WEEKDAYS = {
    "hai": 0,
    "ba": 1,
    "tu": 2,
    "nam": 3,
    "sau": 4,
    "bay": 5,
    "2": 0,
    "3": 1,
    "4": 2,
    "5": 3,
    "6": 4,
    "7": 5,
}
_COUNTED = {
    "lan",
    "nguoi",
    "dot",
    "con",
    "cai",
    "ky",
    "vong",
    "bac",
    "tap",
    "buoc",
    "phan",
    "nha",
    "so",
    "nam",
    "thang",
    "cap",
    "hang",
    "loai",
}


def weekday(words: Words) -> Span | None:
    if words["name"] in _WEEKDAYS and words.before() in _COUNTED:
        raise NotADate  # "lần thứ hai": an ordinal
    if words.marked and words["name"] == "sau" and words.as_typed("name") != "sáu":
        raise NotADate
    weekday = _WEEKDAYS.get(words["name"], 6)
    monday = words.today - timedelta(days=words.today.weekday())
    if words["week"]:
        return _one(monday + timedelta(weeks=_shift(words["week"]), days=weekday))
    ahead = (weekday - words.today.weekday()) % 7
    if words["near"] and _shift(words["near"]) < 0:
        return _one(words.today - timedelta(days=(words.today.weekday() - weekday) % 7 or 7))
    if words["near"] == "sau":
        return _one(monday + timedelta(weeks=1, days=weekday))
    return _one(words.today + timedelta(days=(ahead or 7) if words["near"] == "toi" else ahead))


_RELATIVE = {"hom nay": 0, "bua nay": 0, "ngay mai": 1, "mai": 1, "ngay mot": 2, "mot": 2, "ngay kia": 2,
             "mai mot": 2, "hom qua": -1, "bua qua": -1, "hom kia": -2, "nay": 0, "ni": 0, "hom ni": 0, "bua ni": 0,
             "hnay": 0, "hqua": -1, "qua": -1}  # fmt: skip
_NAMED = {"thi", "ten", "hoang", "khai", "quynh", "tuyet", "phuong", "ngoc"}


def relative(words: Words) -> Span | None:
    name = " ".join(words["day"].split())
    if name in {"mai", "mot"}:
        _refuse_other_mai(words, name)
    if words.marked and name == "ngay mot" and not words.as_typed("day").endswith("mốt"):
        raise NotADate  # "ngày một tốt hơn"
    if name in {"nay", "ni", "qua"} and words["time"] == "toi" and words.as_typed("time") != "tối":
        raise NotADate  # "tôi nay đã già", "toi qua phuong": only marks tell the evening
    return _one(words.today + timedelta(days=_RELATIVE[name]))


def _refuse_other_mai(words: Words, name: str) -> None:
    start, end = words.match.span("day")
    if name == "mot" and words.as_typed("day") != "mốt":
        raise NotADate  # "một": the number
    if name == "mai" and not words["time"]:
        capital = words.original[start].isupper() and bool(words.original[:start].strip(" .,!?:;\n-"))
        if capital or words.before() in _NAMED or re.match(r"\s+tang", words.match.string[end : end + 6]):
            raise NotADate  # a name, or "mai táng"


def whole_week(words: Words) -> Span | None:
    _refuse_duration(words)
    monday = words.today - timedelta(days=words.today.weekday()) + timedelta(weeks=_shift(words["near"]))
    first, last = {"dau": (0, 1), "giua": (2, 3), "cuoi": (4, 6)}.get(words["part"], (0, 6))
    return monday + timedelta(days=first), monday + timedelta(days=last)


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def quarter(words: Words) -> Span | None:
    today = words.today
    if words["near"]:
        wanted = (today.month - 1) // 3 + 1 + _shift(words["near"])
        year = today.year
    else:
        wanted = _ROMAN.get(words["quarter"]) or number(words["quarter"])
        year = _year_of(words) or today.year
        if not 1 <= wanted <= 4:
            raise NotADate
    return month_span(year, wanted * 3 - 2)[0], month_span(year, wanted * 3)[1]


def whole_year(words: Words) -> Span | None:
    year = words.today.year + _shift(words["near_year"]) if words["near_year"] else int(words["year"])
    months = {"dau": (1, 3), "giua": (5, 8), "cuoi": (10, 12)}.get(words["part"], (1, 12))
    return month_span(year, months[0])[0], month_span(year, months[1])[1]


def months_of_year(words: Words) -> Span | None:
    """ "9 tháng đầu năm": January to September; "3 tháng cuối năm": October to December."""
    year, count = _year_of(words) or words.today.year, number(words["count"])
    if not 1 <= count <= 12:
        raise NotADate
    first, last = (1, count) if words["half"] == "dau" else (13 - count, 12)
    return month_span(year, first)[0], month_span(year, last)[1]


def numbered_week(words: Words) -> Span | None:
    """ "tuần 46": the ISO week, Monday to Sunday, which offices number their weeks by."""
    if words.before() in _COUNTED_WEEKS:
        raise NotADate
    try:
        monday = date.fromisocalendar(_year_of(words) or words.today.year, int(words["week"]), 1)
    except ValueError:  # no year has a week 54
        raise NotADate from None
    return monday, monday + timedelta(days=6)


_COUNTED_WEEKS = {"thai", "duoc", "may", "moi", "trong"}


def part_of_present(words: Words) -> Span | None:
    """ "cuối quý", "đầu năm", without saying which: the one that today lies in; "hết tháng": up to its end."""
    today, unit, part = words.today, words["unit"], words["part"]
    if unit == "thang":
        span = month_span(today.year, today.month)
        return (today, span[1]) if part == "het" else _part_of_month(part, span)
    if unit == "quy":
        first = (today.month - 1) // 3 * 3 + 1
        months = {"dau": (first, first), "giua": (first + 1, first + 1), "cuoi": (first + 2, first + 2)}
    else:
        first, months = 1, {"dau": (1, 3), "giua": (5, 8), "cuoi": (10, 12)}
    if part == "het":
        return today, month_span(today.year, first + (2 if unit == "quy" else 11))[1]
    return month_span(today.year, months[part][0])[0], month_span(today.year, months[part][1])[1]


def from_today(words: Words) -> Span | None:
    """ "3 ngày nữa" is a day, "3 ngày tới" and "3 ngày qua" are the days up to it."""
    count, near = number(words["count"]), words["near"]
    if words.marked and near == "nay" and words.as_typed("near") != "nay":
        raise NotADate
    if words.marked and near == "sau" and words.as_typed("near") != "sau":
        raise NotADate
    back = near in {"truoc", "qua", "nay"}
    reached = _moved(words.today, -count if back else count, words["unit"])
    if near in {"toi", "qua", "nay"}:
        return min(words.today, reached), max(words.today, reached)
    return _one(reached)


def _moved(day: date, count: int, unit: str) -> date:
    if unit == "ngay":
        return day + timedelta(days=count)
    if unit == "tuan":
        return day + timedelta(weeks=count)
    return add_months(day, count * (12 if unit == "nam" else 1))
