"""Words that no procedure knows, read as the nearest one: typing slips, undecoded Telex, words run together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from backend.services.procedures.lexicon import Word
from backend.text.syllables import is_syllable

#: How Telex spells a letter with marks: "dduowcj" is được, "tams" is tám.
_DOUBLED = re.compile(r"(aa|ee|oo|dd|uu|ii|yy|[uoa]w|ww)")
_SHORTEST = 3  # below, every syllable is one slip away from many others


class Spelling:
    """Immutable. ``counts`` are the known folded syllables with how many titles have them."""

    def __init__(self, counts: Mapping[str, int], pairs: Iterable[str]) -> None:
        self._counts = counts
        self._pairs = frozenset(pairs)
        self._by_length: dict[int, list[str]] = {}
        for word in counts:
            self._by_length.setdefault(len(word), []).append(word)

    def knows(self, word: str) -> bool:
        return word in self._counts

    def correct(self, found: Sequence[Word]) -> list[Word]:
        """The words with unknown ones replaced where exactly one reading stands out; others stay."""
        out: list[Word] = []
        for at, word in enumerate(found):
            if word.folded in self._counts or not word.folded.isalpha() or _meant(word):
                out.append(word)
                continue
            before = out[-1].folded if out else ""
            after = found[at + 1].folded if at + 1 < len(found) else ""
            out += self._read(word, before, after)
        return out

    def _read(self, word: Word, before: str, after: str) -> list[Word]:
        if split := self._split(word.folded):
            return [Word(split[0], split[0], word.joined), Word(split[1], split[1])]
        near = [
            (self._fits(one, before, after), -distance, self._counts[one], one)
            for one, distance in self._near(word.folded)
        ]
        if is_syllable(word.folded):  # well spelt: a slip only where its neighbours say so
            near = [one for one in near if one[0]]
        if not near:
            return [word]
        best = max(near)[3]
        return [Word(best, best, word.joined)]

    def _near(self, word: str) -> list[tuple[str, int]]:
        """Known words with their distance: the Telex reading is none, a slip is one."""
        out = [(one, 0) for one in _telex(word) if one in self._counts]
        if len(word) < _SHORTEST:
            return out
        lengths = (len(word) - 1, len(word), len(word) + 1)
        known = [one for length in lengths for one in self._by_length.get(length, ())]
        found = process.extract(word, known, scorer=OSA.distance, score_cutoff=1, limit=12)
        return out + [(one, int(distance)) for one, distance, _ in found]

    def _fits(self, word: str, before: str, after: str) -> int:
        return (f"{before} {word}" in self._pairs) + (f"{word} {after}" in self._pairs)

    def _split(self, word: str) -> tuple[str, str] | None:
        for cut in range(2, len(word) - 1):
            left, right = word[:cut], word[cut:]
            if f"{left} {right}" in self._pairs:
                return left, right
        return None


def _meant(word: Word) -> bool:
    """Typed with its marks and well spelt: a word that no procedure has ("rồng", "chim"), not a slip of one."""
    return word.marked != word.folded and is_syllable(word.folded)


def _telex(word: str) -> list[str]:
    plain = _DOUBLED.sub(lambda match: match[0][0] if match[0] != "ww" else "u", word)
    out = [plain] if plain != word else []
    for at in range(len(plain) - 1, 0, -1):
        if plain[at] in "sfrxjw" and len(plain) > 2:
            out.append(plain[:at] + plain[at + 1 :])
    return out
