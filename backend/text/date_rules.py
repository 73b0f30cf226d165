"""The shapes in which people write days and spans of days; what each means is in date_meanings."""

from __future__ import annotations

import re
from collections.abc import Callable

from backend.text.date_meanings import (
    Span,
    Words,
    bare_day,
    day_of_month,
    from_today,
    month_and_year,
    months_of_year,
    numbered_week,
    part_of_present,
    quarter,
    relative,
    weekday,
    whole_month,
    whole_week,
    whole_year,
    written_date,
)
from backend.text.date_numbers import WORDS_PATTERN

Rule = tuple[re.Pattern[str], Callable[[Words], Span | None]]

# Patterns read folded text (see fold_aligned); "sau" is sáu and sau, so the meanings look at what was typed.
_NUM = rf"(?:\d{{1,2}}(?!\d)|{WORDS_PATTERN})"
_FULL_YEAR = r"(?:19|20|21)\d\d"
_NEAR = r"(?:vua\s+(?:qua|roi)|nay|ni|sau|toi|truoc|trc|qua|roi)"
_NEAR_YEAR = r"(?P<near_year>nay|ni|sau|toi|ngoai|truoc|trc|qua|roi)"
_OF_YEAR = rf"(?:\s*[,/\-]?\s*(?:nam\s+)?(?P<year>{_FULL_YEAR})(?!\d)|\s+nam\s+{_NEAR_YEAR})?"
_PART = r"(?:(?P<part>dau|giua|cuoi)\s+)?"
_DAY, _MONTH = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})"
_ALONE = r"(?<![/.\-])"  # not the tail of a code or of a longer number
_NOT_MORE = r"(?!\s?[/.\-]\s?\d)"
_NO_TAIL = r"(?![/.\-]\w)"


def _rule(meaning: Callable[[Words], Span | None], *pieces: str) -> Rule:
    return re.compile(rf"(?<![a-z0-9]){''.join(pieces)}(?![a-z0-9])", re.ASCII), meaning


RULES: tuple[Rule, ...] = (
    # 2026-11-24
    _rule(written_date, _ALONE, rf"(?P<year>{_FULL_YEAR})[\-/.]{_MONTH}[\-/.]{_DAY}", _NO_TAIL),
    # 24/11, 24/11/2026
    _rule(
        written_date,
        rf"{_ALONE}(?:ngay\s+)?{_DAY}\s?/\s?{_MONTH}(?:\s?/\s?(?P<year>\d{{4}}|\d\d))?(?!\s?/)",
    ),
    # 24-11-2026, 24.11.2026
    _rule(
        written_date,
        rf"{_ALONE}(?:ngay\s+)?{_DAY}\s?[\-.]\s?{_MONTH}\s?[\-.]\s?(?P<year>\d{{4}}){_NO_TAIL}",
    ),
    # ngày 24-11
    _rule(written_date, rf"(?:ngay|hom|mung|mong)\s+{_DAY}\s?[\-.]\s?{_MONTH}{_NO_TAIL}"),
    # ngày 24 tháng 11 năm 2026, 15 tháng sau
    _rule(
        day_of_month,
        rf"(?:ngay\s+)?(?:(?:mung|mong)\s+)?(?P<day>{_NUM})\s*[,/\-]?\s*thang\s+",
        rf"(?:(?P<near>nay|sau|toi|truoc|qua)|(?P<month>{_NUM})){_OF_YEAR}(?!\s+ngay){_NOT_MORE}",
    ),
    # ngày 24
    _rule(bare_day, rf"(?:ngay\s+(?=\d)|(?:mung|mong)\s+)(?P<day>{_NUM}){_NOT_MORE}(?!\s*(?:thang|ngay|%))"),
    # tháng này, cuối tháng 11 năm 2026
    _rule(
        whole_month,
        rf"{_PART}thang\s+(?:(?P<near>{_NEAR})|(?P<month>{_NUM})){_OF_YEAR}(?!\s+ngay){_NOT_MORE}",
    ),
    # 11/2026
    _rule(month_and_year, rf"{_ALONE}{_MONTH}\s?/\s?(?P<year>{_FULL_YEAR})(?!\s?[/\-]\s?\w)"),
    # thứ Năm tuần sau, chủ nhật này
    _rule(
        weekday,
        r"(?:thu\s+(?P<name>hai|ba|tu|nam|sau|bay|[2-7])|chu\s+nhat|cn(?=\s+tuan))",
        rf"(?:\s+(?:cua\s+|dau\s+|cuoi\s+)?tuan\s+(?P<week>{_NEAR})|\s+(?:dau|cuoi)\s+tuan|\s+(?P<near>{_NEAR}))?",
        r"(?!\s*(?:[.,]\d|trieu|nghin|ngan|dong|%))",
    ),
    # t5 tuần sau, sáng t3; t11 and t5/2026 are months
    _rule(
        weekday,
        r"(?:t(?P<name>[2-7])|(?P<sunday>cn))(?=\s+(?:cua\s+|dau\s+|cuoi\s+)?tuan)",
        rf"(?:\s+(?:cua\s+|dau\s+|cuoi\s+)?tuan\s+(?P<week>{_NEAR})|\s+(?:dau|cuoi)\s+tuan)",
    ),
    _rule(
        weekday, rf"(?:sang|trua|chieu|toi|thu)\s+(?:t(?P<name>[2-7])|cn)(?:\s+(?P<near>{_NEAR}))?{_NOT_MORE}"
    ),
    _rule(weekday, rf"t(?P<name>[2-7])(?:\s+(?P<near>{_NEAR}))?{_NOT_MORE}(?!\s*(?:trieu|k))"),
    _rule(whole_month, rf"{_PART}t(?P<month>8|9|1[0-2]){_OF_YEAR}{_NOT_MORE}"),
    _rule(whole_month, rf"{_PART}t(?P<month>\d{{1,2}})[/\-](?P<year>{_FULL_YEAR})"),
    # hôm nay, sáng mai, mốt
    _rule(
        relative,
        r"(?:(?P<time>sang|trua|chieu|toi|dem)\s+)?",
        r"(?P<day>(?:hom|bua)\s+(?:nay|ni|qua)|hnay|hqua|hom\s+kia|ngay\s+(?:mai|mot|kia)|mai\s+mot|mai|mot)",
    ),
    _rule(relative, r"(?P<time>sang|trua|chieu|toi)\s+(?P<day>nay|ni)"),
    # đêm qua, tối qua
    _rule(relative, r"(?P<time>dem|toi)\s+(?P<day>qua)"),
    # tuần này, cuối tuần
    _rule(whole_week, rf"{_PART}tuan\s+(?P<near>{_NEAR})"),
    _rule(whole_week, rf"(?P<part>dau|giua|cuoi)\s+tuan(?!\s+{_NEAR})"),
    # tuần 46, tuần thứ 3 của năm 2026
    _rule(
        numbered_week,
        rf"tuan\s+(?:thu\s+)?(?P<week>\d{{1,2}}){_OF_YEAR}{_NOT_MORE}(?!\s*(?:tuoi|thai|tuan|ngay))",
    ),
    # đầu tháng, cuối quý, giữa năm: of the present one
    _rule(part_of_present, r"(?P<part>dau|giua|cuoi|het)\s+(?P<unit>thang|quy|nam)"),
    # quý III, q4, quý 4/2026
    _rule(
        quarter, rf"quy\s+(?:(?P<near>{_NEAR})|(?P<quarter>iv|iii|ii|i|[1-4]|mot|hai|ba|bon|tu)){_OF_YEAR}"
    ),
    _rule(quarter, rf"{_ALONE}q(?P<quarter>iv|iii|ii|[1-4]){_OF_YEAR}{_NOT_MORE}"),
    # 6 tháng đầu năm, chín tháng cuối năm 2025
    _rule(
        months_of_year,
        rf"(?P<count>{_NUM})\s+thang\s+(?P<half>dau|cuoi)\s+nam(?:\s+(?P<year>{_FULL_YEAR})|\s+{_NEAR_YEAR})?",
    ),
    # năm nay, đầu năm 2026
    _rule(whole_year, rf"{_PART}nam\s+(?:(?P<year>{_FULL_YEAR})|{_NEAR_YEAR}){_NOT_MORE}"),
    # 3 ngày tới, hai tuần nữa
    _rule(
        from_today,
        rf"(?P<count>\d{{1,3}}|{WORDS_PATTERN})\s+(?P<unit>ngay|tuan|thang|nam)\s+",
        r"(?P<near>toi|nua|sau|truoc|qua|nay)",
    ),
)
