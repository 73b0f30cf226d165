"""Which agency is meant: by today's name, an alias, or a name from before the mergers ("huyện X", "Sở Giao thông")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from weakref import WeakKeyDictionary

from backend.domain.agency import Agency
from backend.domain.ports import Sealer, UnitOfWork
from backend.text.fold import words
from backend.text.places import Gazetteer, PlaceMention

#: Names less alike than this are different names.
_ALIKE = 0.86
#: So many words hold one typing mistake each before it is another name.
_MISTYPED_WORDS = 2


@dataclass(frozen=True, slots=True)
class AgencyMatch:
    """``matched`` is the name it was found by (the old one when ``old_name``); ``until`` is its last day.

    ``exact`` is false where letters had to be guessed or the kind word disagrees.
    """

    agency: Agency
    matched: str
    old_name: bool = False
    until: date | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Entry:
    agency: Agency
    name: str
    until: date | None  # set for a name that is no longer in use


class AgencyNames:
    """Every name of every agency in force, ready to be looked for. Immutable."""

    def __init__(self, agencies: Sequence[Agency]) -> None:
        self._entries: dict[str, _Entry] = {}
        spoken: list[tuple[str, str, tuple[str, ...]]] = []
        for agency in agencies:
            self._entries[agency.code] = _Entry(agency, agency.name, None)
            spoken.append((agency.code, agency.name, agency.aliases))
            for number, (name, until) in enumerate(agency.predecessors):
                key = f"{agency.code}#{number}"
                self._entries[key] = _Entry(agency, name, until)
                spoken.append((key, name, ()))
        self._gazetteer = Gazetteer(spoken)
        self._lengths = {len(words(entry.name)) for entry in self._entries.values()}

    def find(self, text: str) -> list[AgencyMatch]:
        """Agencies named in the text, in order; several for one name that is not unique or led to several."""
        mentions = self._gazetteer.find(text)
        found = [match for mention in mentions for match in self._of(mention)]
        return _once(found) or self._mistyped(text)

    def _of(self, mention: PlaceMention) -> list[AgencyMatch]:
        entries = [self._entries[one] for one in mention.ids]
        # A name in use today is meant as today's, even where an abolished unit bore it too.
        present = [one for one in entries if one.until is None] or entries
        return [AgencyMatch(e.agency, e.name, e.until is not None, e.until, mention.exact) for e in present]

    def _mistyped(self, text: str) -> list[AgencyMatch]:
        """A short text that is one name with slips of the finger; never a name with another word in it."""
        typed = words(text)
        if len(typed) < 2 or len(typed) not in self._lengths:
            return []
        near = [self._entries[key] for key, _likeness in self._gazetteer.closest(text, _ALIKE)]
        slips = [
            AgencyMatch(e.agency, e.name, e.until is not None, e.until, False)
            for e in near
            if _slip(typed, e)
        ]
        return slips if len({one.agency.code for one in slips}) == 1 else []


def resolve_agency(uow: UnitOfWork, text: str) -> list[AgencyMatch]:
    """The agencies that this text names; empty when it names none that is known.

    Several mean that the name is not unique, or that an abolished district led to several communes: ask.
    """
    return _names(uow).find(text)


_cache: WeakKeyDictionary[Sealer, tuple[str, AgencyNames]] = WeakKeyDictionary()


def _names(uow: UnitOfWork) -> AgencyNames:
    # The seal is the one thing that a process has once per database: agencies of two databases never mix.
    version = uow.agencies.version()
    known = _cache.get(uow.cipher)
    if known is None or known[0] != version:
        known = _cache[uow.cipher] = (version, AgencyNames(uow.agencies.all()))
    return known[1]


def _once(found: Sequence[AgencyMatch]) -> list[AgencyMatch]:
    return list({match.agency.code: match for match in reversed(found)}.values())[::-1]


def _slip(typed: Sequence[str], entry: _Entry) -> bool:
    wanted = words(entry.name)
    if len(wanted) != len(typed):
        return False
    wrong = [(a, b) for a, b in zip(typed, wanted, strict=True) if a != b]
    return len(wrong) <= _MISTYPED_WORDS and all(_one_letter(a, b) for a, b in wrong)


def _one_letter(one: str, other: str) -> bool:
    """The same letters but for one inserted, left out or exchanged; words of two letters must agree."""
    if min(len(one), len(other)) < 3 or abs(len(one) - len(other)) > 1:
        return False
    same = sum(
        block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    )
    return max(len(one), len(other)) - same <= 1
