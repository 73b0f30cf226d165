"""Which report a sentence names: by what officers call it ("CCHC"), by its name, or by a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from backend.domain.report_duty import PeriodicReport
from backend.text.fold import fold, nfc, words

#: What every report's name may begin with; it names nothing.
_OPENING = re.compile(
    r"^(?:bao cao|bc|ve|dinh ky|cong tac|tinh hinh|ket qua|thuc hien|viec|hang (?:thang|quy|nam))\s+"
)
_SAID = (["bao", "cao"], ["bc"])
_WORD = re.compile(r"[^\W_]+")
#: Words of questions: no report is named by one of them alone, and a name that no report bears ends before them.
_OTHER = re.compile(
    r"(?:ai|anh|bao|ben|cac|cai|can|cham|chi|chot|chu|chua|co|con|cua|da|de|den|di|dinh|do|du|dung|em|gi|gui|goi|gom|han|hang"
    r"|hay|het|hom|kia|khi|khong|ky|la|lai|lam|loai|luc|may|minh|mot|muon|nam|nao|nay|ngay|nhan|nhat|no|nop|o|phai"
    r"|qua|quy|ra|roi|sau|sap|so|sot|tat|theo|thang|thi|thieu|thuong|tinh|toi|tre|trong|truoc|tu|tuan|vao|va|vay|ve|vua|xa"
    r"|xong|xem|a|e|k|oi|r|z)"
)
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Named:
    """``reports`` that are meant, all of them where nothing was named; ``among``: names that it may be, to choose from;
    ``unknown``: words after "báo cáo" that no report bears."""

    reports: Sequence[PeriodicReport]
    titles: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    unknown: str = ""


def named(reports: Sequence[PeriodicReport], text: str, said: Sequence[str] = ()) -> Named:
    """``said``: further words that the language side took for a subject ("cải cách hành chính")."""
    whole = _longest(reports, words(text))
    if whole:
        return _chosen(whole)
    after = _after(text)
    for phrase in (*map(words, said), *_beginnings([fold(one) for one in after])):
        if phrase and (found := [one for one in reports if _holds(_core(one), phrase)]):
            titles = _titles(found)
            return _chosen(found) if len(titles) == 1 else Named(reports, among=titles)
    return Named(reports, unknown=next(iter(said), "") or _unknown(after))


def by_codes(reports: Sequence[PeriodicReport], codes: Iterable[str]) -> Named:
    """As a button or the conversation kept them."""
    wanted = frozenset(codes)
    found = [one for one in reports if one.code in wanted]
    return _chosen(found) if found else Named(reports)


def _chosen(found: Sequence[PeriodicReport]) -> Named:
    return Named(found, _titles(found))


def _titles(found: Iterable[PeriodicReport]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.title for one in found))


def _longest(reports: Sequence[PeriodicReport], said: Sequence[str]) -> list[PeriodicReport]:
    """Reports named in full; a name within a longer one that was said, too, is not meant."""
    found: dict[str, tuple[str, ...]] = {}
    for one in reports:
        for name in (words(one.short), _core(one)):
            if name and _holds(said, name) and len(name) > len(found.get(one.code, ())):
                found[one.code] = tuple(name)
    names = set(found.values())
    meant = {name for name in names if not any(name != other and _holds(other, name) for other in names)}
    return [one for one in reports if found.get(one.code) in meant]


def _core(report: PeriodicReport) -> list[str]:
    return _without_opening(words(report.name))


def _without_opening(said: Sequence[str]) -> list[str]:
    """A name without what every report's name begins with."""
    name = " ".join(said)
    while (shorter := _OPENING.sub("", name)) != name:
        name = shorter
    return name.split()


def _after(text: str) -> list[str]:
    """What follows "báo cáo", as it was typed."""
    typed = _WORD.findall(nfc(text))
    folded = [fold(one) for one in typed]
    begins = next(
        (at + len(one) for at in range(len(folded)) for one in _SAID if folded[at : at + len(one)] == one), -1
    )
    if begins < 0:
        return []
    rest = folded[begins : begins + 2 * _LONGEST]
    opening = len(rest) - len(_without_opening(rest))
    return typed[begins + opening : begins + opening + _LONGEST]


def _beginnings(said: Sequence[str]) -> Iterator[Sequence[str]]:
    """The longest first; a single word only where it is none of every question."""
    for length in range(len(said), 0, -1):
        if length > 1 or not _OTHER.fullmatch(said[0]):
            yield said[:length]


def _unknown(said: Sequence[str]) -> str:
    """One word alone may be anything; two that follow "báo cáo" are the name of something."""
    name = list(takewhile(lambda word: not _OTHER.fullmatch(fold(word)) and not word.isdigit(), said))
    return " ".join(name) if len(name) > 1 else ""


def _holds(row: Sequence[str], part: Sequence[str]) -> bool:
    return any(list(row[at : at + len(part)]) == list(part) for at in range(len(row) - len(part) + 1))
