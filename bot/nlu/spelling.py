"""Slips of the keyboard in unmarked syllables: leftovers of Telex typing and one wrong key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

_ONSET = "b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|q|r|s|t|th|tr|v|x"
_VOWELS = (
    "a|ai|ao|au|ay|e|eo|eu|i|ia|ie|ieu|iu|o|oa|oai|oao|oay|oe|oeo|oi|u|ua|uay|ue|ui|uo|uoi|uou|uu|uy|uya|uye|uyu"
    "|y|ya|ye|yeu|io|iua|iay|iau|iao|ioi|iuong|ia"
)
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_VOWELS})(?:c|ch|m|n|ng|nh|p|t)?")
_DOUBLED = re.compile(r"([aeod])\1")
_TONE_KEY = re.compile(r"(?<=.)[sfrxj](?=$|c$|ch$|m$|n$|ng$|nh$|p$|t$|[aeiouy])")
_OFTEN, _VERY_OFTEN = 2, 5
_LETTERS = re.compile(r"[a-z]{3,10}")


class Speller:
    """Knows the syllables of the training sentences and of the lexicon, with how often they came."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self.known = dict(known)
        self._near: dict[str, list[str]] = {}
        for word in self.known:
            for shorter in _shortened(word):
                self._near.setdefault(shorter, []).append(word)
        self.correct = lru_cache(maxsize=8192)(self._correct)

    @classmethod
    def learn(cls, syllables: Iterable[str], sure: Iterable[str]) -> Speller:
        """From sentences, where what looks misspelt must come often to be a word, and from the lexicon."""
        counts: dict[str, int] = {}
        for syllable in syllables:
            if _LETTERS.fullmatch(syllable):
                counts[syllable] = counts.get(syllable, 0) + 1
        kept = {
            word: count
            for word, count in sorted(counts.items())
            if count >= (_OFTEN if _SYLLABLE.fullmatch(word) else _VERY_OFTEN)
        }
        for word in sure:
            if _LETTERS.fullmatch(word):
                kept[word] = kept.get(word, 0) + _OFTEN
        return cls(kept)

    def _correct(self, folded: str) -> str:
        """The likeliest intended syllable; the same one where nothing looks wrong or nothing is near."""
        if folded in self.known or not _LETTERS.fullmatch(folded):
            return folded
        if _SYLLABLE.fullmatch(folded):
            return folded  # a name or a rare word, well formed
        typed_out = _TONE_KEY.sub("", _DOUBLED.sub(r"\1", folded)).replace("w", "")
        if typed_out in self.known:
            return typed_out
        return max(self._candidates(folded), key=lambda word: (self.known[word], word), default=folded)

    def _candidates(self, folded: str) -> Iterator[str]:
        """Known syllables one key away: lost, doubled, wrong or swapped."""
        for at in range(len(folded) - 1):
            swapped = folded[:at] + folded[at + 1] + folded[at] + folded[at + 2 :]
            if swapped in self.known:
                yield swapped
        yield from self._near.get(folded, ())
        for shorter in _shortened(folded):
            if shorter in self.known:
                yield shorter
            for word in self._near.get(shorter, ()):
                if len(word) == len(folded):
                    yield word


def _shortened(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}
