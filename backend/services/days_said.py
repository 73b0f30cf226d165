"""Days that a sentence names, as officers say them of documents and calendars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.text.dates import DateMention, find_dates
from backend.text.fold import fold, fold_aligned, nfc

Span = tuple[date, date]

#: "từ tháng 9" is from September on, not the fourth of September.
_FROM = re.compile(r"\btu(?=\s+(?:thang|quy|nam|tuan)\b)")
_FOURTH = re.compile(r"\b(?:ngay|mung|mong|hom|thu)\s+$")
#: English months that are Vietnamese words when typed without marks ("sep" is sếp).
_NO_DATES = frozenset({"sep", "sept", "may", "mar", "dec", "march", "jun", "sun", "sat", "mon"})
#: "sở tôi mai" is no evening: without its I, the day stands alone.
_I_SAID = re.compile(
    r"\btôi\b|(?<=\bso |\bxa )toi(?= (?:mai|nay)\b)|(?<=\bcua )toi(?= (?:mai|nay)\b)", re.IGNORECASE
)
_SINCE = re.compile(r"\b(?:tu|ke tu|sau)\s*(?:ngay\s*)?$")
_UNTIL = re.compile(r"^\s*(?:den|toi|-|–)\s*(?:het\s+|nam\s+)?$")
_UNTIL_YEAR = re.compile(r"^\s*(?:den|toi|-|–)\s*(?:nam\s+)?((?:19|20)\d\d)\b")
_YEAR = re.compile(r"(?<![\d/.\-])(20\d\d)(?![\d/.\-])")
_WRITTEN = re.compile(r"/|thang|ngay|nam|quy")
_WEEK = timedelta(days=7)
_PARTS = {"sang": "morning", "trua": "morning", "chieu": "afternoon", "toi": "evening", "dem": "evening"}
_PART = re.compile(r"\b(sang|chieu|toi|dem)\b")
_PART_SAID = {"sáng", "chiều", "chìu", "tối", "đêm"}


@dataclass(frozen=True, slots=True)
class Said:
    """``places``: where in the text the days stand."""

    mentions: tuple[DateMention, ...] = ()
    since: bool = False  # "từ …"
    until: date | None = None

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        return tuple((one.start, one.end) for one in self.mentions)


def days_said(text: str, today: date) -> Said:
    """The days of a sentence, in NFC; a bare year counts where nothing else is named."""
    folded = fold_aligned(text)
    plain = _FROM.sub(lambda match: match[0] if _FOURTH.search(folded[: match.start()]) else "  ", folded)
    looked = "".join(" " if new == " " and old != " " else old for old, new in zip(text, plain, strict=True))
    looked = _I_SAID.sub("   ", looked)
    found = [one for one in find_dates(looked, today) if fold(text[one.start : one.end]) not in _NO_DATES]
    if not found:
        found = [
            DateMention(*match.span(1), date(int(match[1]), 1, 1), date(int(match[1]), 12, 31))
            for match in _YEAR.finditer(folded)
        ][:1]
    if not found:
        return Said()
    since = _SINCE.search(folded[: found[0].start]) is not None
    until = None
    if year := _UNTIL_YEAR.match(folded[found[0].end :]):
        until = date(int(year[1]), 12, 31)
    elif len(found) > 1 and _UNTIL.match(folded[found[0].end : found[1].start]):
        until = found[1].last
    return Said(tuple(found), since, until)


def past_span(text: str, said: Said, today: date) -> Span | None:
    """The days that are meant of what has happened: "tháng 12" said in November is last year's, "t2" the last one."""
    if not said.mentions:
        return None
    one = said.mentions[0]
    first, last = one.first, said.until or (max(one.last, today) if said.since else one.last)
    weekly = not _WRITTEN.search(fold(text[one.start : one.end])) and (one.last - one.first).days < 7
    while first > today:
        first, last = (first - _WEEK, last - _WEEK) if weekly else (_year_before(first), _year_before(last))
    return (first, last) if first <= last else (last, first)


def coming_span(said: Said) -> Span | None:
    """The days that are meant of a plan; several single days span from the first to the last."""
    if not said.mentions:
        return None
    one = said.mentions[0]
    return one.first, max(one.last, said.until or one.last)


def part_said(text: str, said: Said) -> str:
    """ "morning", "afternoon", "evening" where one is named next to a day ("sáng mai", "chiều thứ tư"), else ""."""
    text = nfc(text)
    folded = fold_aligned(text)
    marked = folded != text.lower()
    for one in said.mentions:
        near = max(0, one.start - 6)
        for match in _PART.finditer(folded, near, min(len(folded), one.end)):
            typed = text[match.start() : match.end()].lower()
            if not marked or typed in _PART_SAID:
                return _PARTS[match[0]]
    return ""


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with spaces in these places."""
    for start, end in spans:
        if 0 <= start < end <= len(text):
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)
