"""What figures are called: read from the officers' file, matched in whatever order and spelling people type.

Nothing here knows a sentence. Each topic and figure has its name and everyday names; the topic whose names weigh most
in a sentence is meant, and of its figures those that are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from backend.services.figures.definitions import FIGURES, TOPICS
from backend.text.fold import fold, nfc, place_tones

#: A topic's own name says more about the topic than the name of one of its figures.
_TOPIC_WEIGHT = 2.0
#: "How many dossiers" asks for the main figure only where nothing else is named.
_COUNTING = frozenset({"bao", "may", "tong", "so"})
_WORD = re.compile(r"[^\W_]+")
#: Names of so many words may have one other word in between.
_LOOSE_FROM = 3


@dataclass(frozen=True, slots=True)
class Named:
    """``said`` are everyday names beside the name; ``meaning`` is its definition, for tables and reports."""

    name: str
    said: tuple[str, ...] = ()
    meaning: str = ""

    @property
    def spoken(self) -> tuple[str, ...]:
        return (self.name, *self.said)


@dataclass(frozen=True, slots=True)
class FigureWords:
    """``topics`` and ``figures`` by key, ``givers`` of tasks by their value, ``by_agency`` asks for lines."""

    topics: Mapping[str, Named] = field(default_factory=dict)
    figures: Mapping[str, Named] = field(default_factory=dict)
    givers: Mapping[str, Named] = field(default_factory=dict)
    by_agency: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A name found at words[start:end] of the sentence."""

    key: str
    start: int
    end: int
    weak: bool = False  # only asks how many there are of the topic

    @property
    def weight(self) -> float:
        return float((self.end - self.start) ** 1.5)


@dataclass(frozen=True, slots=True)
class Meant:
    """``topic`` "" when nothing was named; ``measures`` in the order in which they were said."""

    topic: str = ""
    measures: tuple[str, ...] = ()
    giver: str = ""
    by_agency: bool = False
    others: tuple[str, ...] = ()  # topics that the sentence could mean just as well


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is compared: ``marked`` is empty where it bears no marks."""

    folded: str
    marked: str

    def is_(self, other: _Word) -> bool:
        """ "dựng" is not "dừng", but whoever types "dung" may mean either."""
        return self.folded == other.folded and (
            not self.marked or not other.marked or self.marked == other.marked
        )


def _read(text: str) -> tuple[_Word, ...]:
    return tuple(_Word(one, marked if marked != one else "") for one, marked in _pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for marked in _WORD.findall(place_tones(nfc(text)).lower()):
        if folded := fold(marked):
            yield folded, marked


_words = FigureWords()
_index: Mapping[str, Sequence[tuple[str, tuple[_Word, ...]]]] = {}


def use_figure_words(found: FigureWords) -> None:
    """Let every later reading of this process use these names."""
    global _words, _index
    _words = found
    index: dict[str, list[tuple[str, tuple[_Word, ...]]]] = {}
    for key, one in {**found.topics, **found.figures}.items():
        for name in one.spoken:
            if spelled := _read(name):
                index.setdefault(spelled[0].folded, []).append((key, spelled))
    _index = index


def name_of(key: str) -> str:
    """The Vietnamese name of a topic or figure; the key itself while no names are known."""
    known = _words.figures.get(key) or _words.topics.get(key)
    return known.name if known else key


def meaning_of(key: str) -> str:
    known = _words.figures.get(key) or _words.topics.get(key)
    return known.meaning if known else ""


def topics_offered() -> Sequence[str]:
    return [key for key in TOPICS if key in _words.topics]


def without(text: str, *names: str) -> str:
    """The text without these names (of agencies, fields): their words say nothing about what is counted."""
    said = _read(text)
    gone: set[int] = set()
    for name in names:
        spelled = _read(name)
        for start in range(len(said) - len(spelled) + 1):
            if spelled and all(one.folded == said[start + at].folded for at, one in enumerate(spelled)):
                gone.update(range(start, start + len(spelled)))
    return " ".join("|" if at in gone else one.marked or one.folded for at, one in enumerate(said))


def meant(text: str) -> Meant:
    """What a sentence asks about."""
    said = _read(text)
    found = list(_found(said))
    weights = {topic: _weight(topic, found) for topic in TOPICS}
    best = max(weights.values(), default=0.0)
    giver = next((key for key, one in _words.givers.items() if _any(said, one.spoken)), "")
    lines = _any(said, _words.by_agency)
    if not best:
        return Meant(giver=giver, by_agency=lines)
    close = tuple(topic for topic, weight in weights.items() if weight == best)
    return Meant(close[0], measures_of(close[0], text), giver, lines, close[1:])


def measures_of(topic: str, text: str) -> tuple[str, ...]:
    """The figures of this topic that the sentence names: of names that overlap the longer counts, of equal ones not
    the topic's main figure, which "how many" alone may stand for."""
    own = [one for one in _found(_read(text)) if one.key in FIGURES and FIGURES[one.key].topic == topic]
    taken: set[int] = set()
    kept: list[Match] = []
    for one in sorted(own, key=lambda m: (-m.weight, m.key == TOPICS[topic].main, m.start)):
        if taken.isdisjoint(range(one.start, one.end)):
            taken.update(range(one.start, one.end))
            kept.append(one)
    named = [one for one in kept if not one.weak] or kept
    return tuple(dict.fromkeys(one.key for one in sorted(named, key=lambda m: m.start)))


def _weight(topic: str, found: Sequence[Match]) -> float:
    """Each word of the sentence counts once for the topic, and once for the best figure that it names."""
    total = 0.0
    taken: set[int] = set()
    for one in sorted((m for m in found if m.key == topic), key=lambda m: -m.weight):
        if taken.isdisjoint(range(one.start, one.end)):
            taken.update(range(one.start, one.end))
            total += _TOPIC_WEIGHT * one.weight
    taken.clear()
    own = [one for one in found if one.key in FIGURES and FIGURES[one.key].topic == topic]
    for one in sorted(own, key=lambda m: -m.weight):
        if taken.isdisjoint(range(one.start, one.end)):
            taken.update(range(one.start, one.end))
            total += one.weight
    return total


def _found(said: Sequence[_Word]) -> Iterator[Match]:
    for start, first in enumerate(said):
        for key, spelled in _index.get(first.folded, ()):
            end = _fits(said, start, spelled)
            if end:
                counting = spelled[0].folded in _COUNTING and key == TOPICS[key.split("/")[0]].main
                yield Match(key, start, end, counting)


def _fits(said: Sequence[_Word], start: int, spelled: Sequence[_Word]) -> int:
    """Where the name that begins here ends; 0 where it does not stand here."""
    at, spare = start, 1 if len(spelled) >= _LOOSE_FROM else 0
    for word in spelled:
        if at < len(said) and said[at].is_(word):
            at += 1
        elif spare and at > start and at + 1 < len(said) and said[at + 1].is_(word):
            spare, at = 0, at + 2
        else:
            return 0
    return at


def _any(said: Sequence[_Word], names: Sequence[str]) -> bool:
    spelled = [_read(name) for name in names]
    return any(_fits(said, at, one) for at in range(len(said)) for one in spelled if one)
