"""Days and spans of days in what people type: "24/11", "thứ Năm tuần sau", "cuối tháng 11", "quý III"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from backend.text.date_english import english_dates
from backend.text.date_meanings import NotADate, Span, Words
from backend.text.date_rules import RULES
from backend.text.fold import fold_aligned
from backend.text.spans import composed


@dataclass(frozen=True, slots=True)
class DateMention:
    """Days first..last (both included) named at text[start:end]; one day where both are equal."""

    start: int
    end: int
    first: date
    last: date


_HINT = re.compile(
    r"\d|\b(?:nay|ni|mai|mot|kia|qua|tuan|thang|quy|nam|thu|nhat|ngay|mung|mong|hnay|hqua|cn)\b"
)
# Typed without marks amid text with marks, only these are sure to be dates ("nam nay" may be a place).
_CLEAR_BARE = re.compile(
    r"\d|[tq]\d|hnay|hqua|ngay|hom|bua|mai|tuan|thang|chu\s|(?:dau|giua|cuoi)\s|(?:sang|trua|chieu)\s|\w+\s(?:\w+\s)?(?:tuan|thang)"
)
# In a stretch with marks these folded words count only when typed so.
_SPELLINGS = {
    "thu": {"thứ"}, "thang": {"tháng"}, "tuan": {"tuần"}, "quy": {"quý", "quí"}, "nam": {"năm"},
    "toi": {"tới", "tối"}, "sau": {"sau", "sáu"}, "truoc": {"trước"}, "nay": {"nay", "này"}, "qua": {"qua"},
    "ngay": {"ngày"}, "dau": {"đầu"}, "cuoi": {"cuối"}, "giua": {"giữa"}, "mai": {"mai"}, "chu": {"chủ"},
    "nhat": {"nhật"}, "nua": {"nữa"}, "het": {"hết"}, "dem": {"đêm"},
    "roi": {"rồi"}, "vua": {"vừa"}, "hom": {"hôm"}, "bua": {"bữa"}, "mung": {"mùng", "mồng"},
}  # fmt: skip
_WORD = re.compile(r"[a-z]+")


def find_dates(text: str, today: date) -> list[DateMention]:
    """Days and spans in order, without overlaps, for a speaker on `today` (Asia/Ho_Chi_Minh).

    A day without a year is the first such day from 60 days back on; impossible ones (31/2) are left out.
    """
    source = composed(text)
    english = list(_english(source.text, today))
    folded = fold_aligned(source.text)
    if _HINT.search(folded) is None and not english:
        return []
    candidates = sorted([*english, *_candidates(source.text, folded, today)], key=lambda c: (c[0], -c[1]))
    mentions: list[tuple[int, int, Span]] = []
    free = 0
    for start, end, span in candidates:
        if start < free:
            continue
        free = end
        if span is not None:
            mentions.append((start, end, span))
    return [DateMention(*source.origin(s, e), *span) for s, e, span in _weekday_with_date(folded, mentions)]


def _english(text: str, today: date) -> Iterator[tuple[int, int, Span | None]]:
    for start, end, told in english_dates(text):
        for mention in find_dates(told, today):
            yield start, end, (mention.first, mention.last)


def _candidates(text: str, folded: str, today: date) -> Iterator[tuple[int, int, Span | None]]:
    lowered = text.lower()
    typed = lowered if len(lowered) == len(folded) else folded
    marked = typed != folded
    for pattern, meaning in RULES:
        for match in pattern.finditer(folded):
            words = Words(match, typed, text, today)
            if not (_spelled_right(words) if words.marked else _CLEAR_BARE.match(match[0]) or not marked):
                continue
            try:
                span = meaning(words)
            except NotADate:
                continue
            except (ValueError, OverflowError):  # no such day, or beyond the calendar
                span = None
            yield match.start(), match.end(), span


def _spelled_right(words: Words) -> bool:
    typed = words.as_typed()
    return all(
        typed[m.start() : m.end()] in _SPELLINGS.get(m[0], (typed[m.start() : m.end()],))
        for m in _WORD.finditer(words.match[0])
    )


def _weekday_with_date(folded: str, mentions: list[tuple[int, int, Span]]) -> Iterator[tuple[int, int, Span]]:
    """ "thứ Năm, ngày 26/11" is one mention: the written date counts."""
    at = 0
    while at < len(mentions):
        start, end, span = mentions[at]
        follows = mentions[at + 1] if at + 1 < len(mentions) else None
        single = follows is not None and follows[2][0] == follows[2][1]
        if (
            follows
            and single
            and _WEEKDAY_START.match(folded, start)
            and _JOINT.fullmatch(folded, end, follows[0])
        ):
            start, end, span = start, follows[1], follows[2]
            at += 1
        yield start, end, span
        at += 1


_WEEKDAY_START = re.compile(r"thu\s|chu nhat")
_JOINT = re.compile(r"[\s,(]{1,3}")
