"""How officers name the time of a report: "9 tháng", "từ đầu năm đến nay", "2022-2023", "quý II so với cùng kỳ".

What reports alone say is read here; all other days are read as everywhere (``backend.text.dates``). Reports are of
what was: a day without a year that would lie ahead is last year's.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from backend.services.figures.periods import Spoken
from backend.text.dates import find_dates
from backend.text.fold import fold_aligned, nfc

Span = tuple[date, date]
_COUNTS = {"hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
_COUNT = r"(?P<count>\d{1,2}|" + "|".join(_COUNTS) + ")"
_YEAR = r"(?:\s*,?\s*(?:nam\s+)?(?P<year>(?:19|20)\d\d))"
_OLD_YEAR = re.compile(r"(?<![\d/.\-])(?:19|20)\d\d(?![\d/.\-])")
_COMPARED = re.compile(r"\bso (?:voi|sanh)\b|\bdoi chieu\b|\btang hay giam\b|\bchenh\b")
_LAST_YEAR = re.compile(r"\bcung ky\b|\bcung thoi (?:diem|gian)\b")
_PREVIOUS = re.compile(r"\b(?:thang|quy|ky|tuan|nam) (?:truoc|lien truoc|vua roi)\b")
_AND = re.compile(r"[\s,]*(?:va|voi|so voi|,)[\s]*")
_UNTIL = re.compile(r"[\s,]*(?:den|toi|-|–)\s*(?:het|ngay|cuoi)?\s*")
_TILL_NOW = re.compile(r"(?:den|toi|cho den|cho toi)\s+(?:nay|hom nay|gio|hien tai)\b|\bden chu\b")


#: "kỳ trước chuyển sang" names a figure, not a time.
_CARRIED = re.compile(r"\b(?:nam|ky|quy|thang)\s+truoc(?=\s+(?:chuyen|con\s+lai|ton))")


def _without_carried(text: str) -> str:
    kept = list(text)
    for one in _CARRIED.finditer(fold_aligned(text).lower()):
        kept[one.start() : one.end()] = " " * (one.end() - one.start())
    return "".join(kept)


@dataclass(frozen=True, slots=True)
class _Said:
    start: int
    end: int
    span: Span


def read_periods(text: str, today: date) -> Spoken:
    """The span that is asked about, and what it is to be compared with."""
    text = nfc(text)
    text = _without_carried(text)
    folded = fold_aligned(text).lower()
    said = _joined(folded, [*_own(folded, text, today)], today)
    same = _LAST_YEAR.search(folded)
    if same is not None:  # "cùng kỳ năm 2021": the year only says once more which it is
        kept = [one for one in said if one.start < same.start()]
        return Spoken(kept[0].span if kept else None, "year")
    against = _COMPARED.search(folded)
    if against is not None and (previous := _PREVIOUS.search(folded, against.end())) is not None:
        before = [one for one in said if one.end <= against.start()]
        if before and not re.search(r"\d", previous[0]):
            return Spoken(before[0].span, "before")
    if len(said) > 1 and (against is not None or _AND.fullmatch(folded, said[0].end, said[1].start)):
        return Spoken(said[0].span, "span", said[1].span)
    if against is not None and len(said) == 1 and said[0].start >= against.end():
        return Spoken(None, "span", said[0].span)
    return Spoken(said[0].span if said else None)


def _own(folded: str, text: str, today: date) -> Iterator[_Said]:
    """Shapes of reports first; what is left is read for days."""
    rest = list(text)
    found: list[_Said] = []
    for shape, meaning in _SHAPES:
        for match in shape.finditer("".join(fold_aligned("".join(rest)).lower())):
            span = meaning(match, today)
            if span is None:
                continue
            found.append(_Said(match.start(), match.end(), span))
            rest[match.start() : match.end()] = " " * (match.end() - match.start())
    left = "".join(rest)
    for one in find_dates(left, today):
        found.append(_Said(one.start, one.end, _past(one.first, one.last, left[one.start : one.end], today)))
    for year in _OLD_YEAR.finditer(folded):
        if not any(one.start <= year.start() < one.end for one in found):
            found.append(_Said(year.start(), year.end(), _years(int(year[0]), int(year[0]))))
    return iter(sorted(found, key=lambda one: one.start))


def _joined(folded: str, said: list[_Said], today: date) -> list[_Said]:
    """ "từ 15/10 đến 14/11" is one span, and so is "từ 1/7 đến nay"."""
    joined: list[_Said] = []
    for one in said:
        if (
            joined
            and _UNTIL.fullmatch(folded, joined[-1].end, one.start)
            and one.span[1] >= joined[-1].span[0]
        ):
            before = joined.pop()
            one = _Said(before.start, one.end, (before.span[0], one.span[1]))
        joined.append(one)
    now = _TILL_NOW.search(folded)
    if now is not None and joined:
        first = joined[-1]
        joined[-1] = _Said(first.start, max(first.end, now.end()), (min(first.span[0], today), today))
    return joined


def _past(first: date, last: date, said: str, today: date) -> Span:
    if first <= today or re.search(r"(?:19|20)\d\d", said):
        return first, last
    return _year_back(first), _year_back(last)


def _year_back(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, calendar.monthrange(day.year - 1, day.month)[1]))


def _years(first: int, last: int) -> Span:
    return date(first, 1, 1), date(last, 12, 31)


def _number(match: re.Match[str]) -> int:
    said = match["count"]
    return int(said) if said.isdigit() else _COUNTS[said]


def _months_of_year(match: re.Match[str], today: date) -> Span | None:
    count = _number(match)
    year = int(match["year"]) if match["year"] else today.year
    if not 2 <= count <= 12:
        return None
    return date(year, 1, 1), _month_end(year, count)


def _recent(match: re.Match[str], today: date) -> Span | None:
    count = _number(match)
    if match["unit"] == "ngay":
        return today - timedelta(days=count - 1), today
    if match["unit"] == "tuan":
        return today - timedelta(days=7 * count - 1), today
    months = count * (3 if match["unit"] == "quy" else 1)
    whole = today.year * 12 + today.month - 1 - months
    last = today.replace(day=1) - timedelta(days=1)
    return date(whole // 12, whole % 12 + 1, 1), last


def _year_to_now(match: re.Match[str], today: date) -> Span | None:
    year = int(match["year"]) if match["year"] else today.year
    return date(year, 1, 1), today if year == today.year else date(year, 12, 31)


def _months(match: re.Match[str], today: date) -> Span | None:
    first, last = int(match["first"]), int(match["last"])
    year = int(match["year"]) if match["year"] else today.year
    if not 1 <= first <= last <= 12:
        return None
    return date(year, first, 1), _month_end(year, last)


def _year_span(match: re.Match[str], _today: date) -> Span | None:
    first, last = int(match["first"]), int(match["last"])
    return (date(first, 1, 1), date(last, 12, 31)) if first < last else None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


_Meaning = Callable[[re.Match[str], date], Span | None]
_SHAPES: tuple[tuple[re.Pattern[str], _Meaning], ...] = (
    # 2022-2023, từ năm 2021 đến 2023
    (
        re.compile(
            r"(?<![\d/.])(?:tu\s+)?(?:nam\s+)?(?P<first>20\d\d)\s*(?:[-–]|den|toi)\s*(?:het\s+)?(?:nam\s+)?(?P<last>20\d\d)(?![\d/.])"
        ),
        _year_span,
    ),
    # từ tháng 1 đến tháng 6 năm 2023
    (
        re.compile(
            rf"(?:tu\s+)?thang\s+(?P<first>\d{{1,2}})\s*(?:[-–]|den|toi)\s*(?:het\s+)?(?:thang\s+)?(?P<last>\d{{1,2}})(?!\s*[/\d]){_YEAR}?"
        ),
        _months,
    ),
    # ba tháng gần đây, 2 quý gần nhất
    (
        re.compile(rf"\b{_COUNT}\s+(?P<unit>ngay|tuan|thang|quy)\s+(?:gan\s+(?:day|nhat)|vua\s+qua|qua)\b"),
        _recent,
    ),
    # từ đầu năm 2023 đến nay
    (re.compile(rf"\b(?:tu\s+)?dau\s+nam{_YEAR}?\s+(?:den|toi)\s+(?:nay|gio|chu|hom\s+nay)\b"), _year_to_now),
    # 9 tháng đầu năm 2022, 9 tháng năm 2022, 9 tháng
    (re.compile(rf"\b{_COUNT}\s+thang(?:\s+dau)?\s+nam{_YEAR}"), _months_of_year),
    (
        re.compile(rf"\b{_COUNT}\s+thang\s+dau\s+nam\b(?!\s+(?:ngoai|truoc|nay|qua|sau|toi)){_YEAR}?"),
        _months_of_year,
    ),
    (
        re.compile(rf"\b{_COUNT}\s+thang\b(?!\s+(?:dau|cuoi|nua|toi|sau|truoc|nay|nam|\d|lam|tuoi)){_YEAR}?"),
        _months_of_year,
    ),
    # từ đầu năm
    (re.compile(rf"\b(?:tu\s+)dau\s+nam{_YEAR}?"), _year_to_now),
)
