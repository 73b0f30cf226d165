"""What a pattern proves in a text: codes, telephone numbers, addresses of mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from backend.text.codes import find_codes
from backend.text.dates import find_dates
from backend.text.phones import find_phones
from bot.nlu.syllables import Syllable

Pattern = tuple[int, int, str]  # first and last+1 character of the text as received, entity
_ENTITY = {
    "dossier": "dossier_code",
    "complaint": "complaint_code",
    "task": "task_code",
    "document": "doc_code",
    "procedure": "proc_code_mention",
    "link": "link_code",
}
_MAIL = re.compile(r"[A-Za-z0-9][\w.+\-]{0,63}@[A-Za-z0-9][A-Za-z0-9\-]{0,62}(?:\.[A-Za-z0-9\-]{2,63}){1,4}")
_ANY_DAY = date(2026, 7, 1)
_MOST_CHARACTERS = 4000  # the longest message that a channel lets through


def find_patterns(text: str) -> list[Pattern]:
    """In order and without overlaps; a code wins over a number that could be a telephone's."""
    text = text[:_MOST_CHARACTERS]
    found: list[Pattern] = [(code.start, code.end, _ENTITY[code.kind]) for code in find_codes(text)]
    if "@" in text:
        found += _free(((m.start(), m.end(), "email") for m in _MAIL.finditer(text)), found)
    found += _free(((phone.start, phone.end, "phone") for phone in find_phones(text)), found)
    return sorted(found)


def find_date_words(text: str, syllables: Sequence[Syllable] = ()) -> list[tuple[int, int]]:
    """Where days and periods are named; which days is the app's business, it knows what today is.

    With ``syllables`` abbreviations and slips are read as the words they stand for ("hqua", "thnág 11").
    """
    if all(syllable.as_meant is None for syllable in syllables):
        return [(mention.start, mention.end) for mention in find_dates(text[:_MOST_CHARACTERS], _ANY_DAY)]
    written, borders = written_out(text[:_MOST_CHARACTERS], syllables)
    found = []
    for mention in find_dates(written, _ANY_DAY):
        inside = [
            s
            for s, (start, end) in zip(syllables, borders, strict=False)
            if start < mention.end and mention.start < end
        ]
        if inside:
            found.append((inside[0].start, inside[-1].end))
    return found


def as_meant(text: str, syllables: Sequence[Syllable]) -> str:
    """A stretch with its abbreviations and slips written out; "" where it says what it means already."""
    if all(syllable.as_meant is None for syllable in syllables):
        return ""
    start = syllables[0].start
    written, borders = written_out(text, syllables)
    return written[start : borders[-1][1]]


def written_out(text: str, syllables: Sequence[Syllable]) -> tuple[str, list[tuple[int, int]]]:
    """The text with what was meant in place of what was typed, and where each syllable stands in it."""
    pieces: list[str] = []
    borders: list[tuple[int, int]] = []
    done = length = 0
    for syllable in syllables:
        if syllable.end > len(text):
            break
        between, word = text[done : syllable.start], syllable.as_meant or text[syllable.start : syllable.end]
        length += len(between)
        borders.append((length, length + len(word)))
        length += len(word)
        pieces += [between, word]
        done = syllable.end
    return "".join([*pieces, text[done:]]), borders


def kind_of_each(syllables: Sequence[Syllable], patterns: Sequence[Pattern]) -> list[str]:
    """For each syllable the entity whose pattern covers it, or ""."""
    kinds = [""] * len(syllables)
    for start, end, name in patterns:
        for at, syllable in enumerate(syllables):
            if start <= syllable.start < end:
                kinds[at] = name
    return kinds


def _free(candidates: Iterable[Pattern], taken: Sequence[Pattern]) -> list[Pattern]:
    return [one for one in candidates if not any(one[0] < end and start < one[1] for start, end, _ in taken)]
