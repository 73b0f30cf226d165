"""Names of communes, wards and agencies found in free text, with or without marks and kind words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from backend.text.fold import fold_aligned, nfc, place_tones
from backend.text.spans import composed

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s.\-]{0,4}")
_KINDS = {
    ("xa",): "xa", ("x",): "xa", ("phuong",): "phuong", ("p",): "phuong", ("thi", "tran"): "thi tran",
    ("tt",): "thi tran", ("dac", "khu"): "dac khu", ("huyen",): "huyen", ("h",): "huyen", ("quan",): "quan",
    ("q",): "quan", ("thi", "xa"): "thi xa", ("tx",): "thi xa", ("thanh", "pho"): "thanh pho",
    ("tp",): "thanh pho", ("tinh",): "tinh",
}  # fmt: skip
_OFFICES = (("uy", "ban", "nhan", "dan"), ("ubnd",), ("uy", "ban"))
_LONGEST_KIND = 2


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place at text[start:end], kind words included; several ids where the name is not unique.

    `exact`: the marks, and the kind word if typed, agree with the name; else only the folded letters do.
    """

    start: int
    end: int
    ids: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class _Name:
    id: str
    kind: str | None
    marked: str  # lower case with marks, without the kind word
    bare_ok: bool  # may stand without its kind word


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    marked: str
    start: int
    end: int


class Gazetteer:
    """Places by name. Built once; `find` reads each word of the text a few times at most."""

    def __init__(self, entries: Iterable[tuple[str, str, Iterable[str]]]) -> None:
        """`entries` are (id, name, aliases); a leading kind word of a name is optional in the text."""
        self._names: dict[tuple[str, ...], list[_Name]] = {}
        self._lengths: dict[str, list[int]] = {}
        self._folded: list[tuple[str, str]] = []
        for place_id, name, aliases in entries:
            self._add(place_id, name, is_alias=False)
            for alias in aliases:
                self._add(place_id, alias, is_alias=True)
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)

    def _add(self, place_id: str, name: str, *, is_alias: bool) -> None:
        found = _words(nfc(name))
        kind, skipped = _kind(found, 0)
        core = found[skipped:]
        if not core:
            kind, core = None, found
        if not core:
            return
        key = tuple(word.folded for word in core)
        # A lone syllable ("xã Ba") or a number ("phường 1") is too common a word to stand without its kind.
        bare_ok = is_alias and kind is None or len(core) > 1
        entry = _Name(place_id, kind, " ".join(word.marked for word in core), bare_ok)
        self._names.setdefault(key, []).append(entry)
        lengths = self._lengths.setdefault(key[0], [])
        if len(key) not in lengths:
            lengths.append(len(key))
        self._folded.append((place_id, " ".join(key)))

    def find(self, text: str) -> list[PlaceMention]:
        """Places in order, the longest name first, without overlaps."""
        source = composed(text)
        found = _words(source.text)
        mentions: list[PlaceMention] = []
        at = 0
        while at < len(found):
            match = self._match(source.text, found, at)
            if match is None:
                at += 1
                continue
            length, ids, exact = match
            mentions.append(
                PlaceMention(*source.origin(found[at].start, found[at + length - 1].end), ids, exact)
            )
            at += length
        return mentions

    def closest(self, name: str, cutoff: float) -> list[tuple[str, float]]:
        """(id, likeness 0..1) of every place at least `cutoff` like the name, best first, each id once."""
        words = _words(nfc(name))
        core = words[_kind(words, 0)[1] :] or words
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(" ".join(word.folded for word in core))
        best: dict[str, float] = {}
        for place_id, folded in self._folded:
            matcher.set_seq1(folded)
            if matcher.real_quick_ratio() < cutoff or matcher.quick_ratio() < cutoff:
                continue
            score = matcher.ratio()
            if score >= cutoff and score > best.get(place_id, -1.0):
                best[place_id] = score
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))

    def _match(self, text: str, found: list[_Word], at: int) -> tuple[int, tuple[str, ...], bool] | None:
        """(words used, ids, exact) for the place that starts at this word."""
        office = _office(found, at)
        kind, skipped = _kind(found, at + office)
        for head in dict.fromkeys((office + skipped, 0)):
            typed_kind = kind if head else None
            for length in self._candidates(found, at + head):
                if not _unbroken(text, found, at, at + head + length):
                    continue
                chosen = self._choose(found[at + head : at + head + length], typed_kind, has_head=head > 0)
                if chosen is not None:
                    return head + length, *chosen
        return None

    def _candidates(self, found: list[_Word], at: int) -> Iterator[int]:
        if at < len(found):
            for length in self._lengths.get(found[at].folded, ()):
                key = tuple(word.folded for word in found[at : at + length])
                if len(key) == length and key in self._names:
                    yield length

    def _choose(
        self, core: list[_Word], kind: str | None, *, has_head: bool
    ) -> tuple[tuple[str, ...], bool] | None:
        names = self._names[tuple(word.folded for word in core)]
        names = [name for name in names if name.bare_ok or has_head]
        if not names:
            return None
        of_kind = [name for name in names if kind is None or name.kind == kind]
        names = of_kind or names
        marked = " ".join(word.marked for word in core)
        same = [name for name in names if name.marked == marked]
        return tuple(dict.fromkeys(name.id for name in same or names)), bool(same and of_kind)


def _words(text: str) -> list[_Word]:
    """Words of NFC text. Tone marks are placed alike, so that hoà and hòa are the same marks."""
    folded = fold_aligned(text)
    marked = place_tones(text).lower()
    if len(marked) != len(text):
        marked = folded
    return [
        _Word(folded[m.start() : m.end()], marked[m.start() : m.end()], *m.span())
        for m in _WORD.finditer(text)
    ]


def _kind(found: list[_Word], at: int) -> tuple[str | None, int]:
    """The kind word at this place and how many words it takes."""
    for length in range(_LONGEST_KIND, 0, -1):
        kind = _KINDS.get(tuple(word.folded for word in found[at : at + length]))
        if kind is not None:
            return kind, length
    return None, 0


def _office(found: list[_Word], at: int) -> int:
    """How many words of "UBND" stand here."""
    for office in _OFFICES:
        if tuple(word.folded for word in found[at : at + len(office)]) == office:
            return len(office)
    return 0


def _unbroken(text: str, found: list[_Word], start: int, end: int) -> bool:
    pairs = zip(found[start : end - 1], found[start + 1 : end], strict=True)
    return all(_GAP.fullmatch(text, left.end, right.start) for left, right in pairs)
