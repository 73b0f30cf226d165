"""What a sentence shows the intent model: words and letters, as written and without marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from backend.text.fold import fold
from bot.nlu.syllables import Syllable, masked

BLOCKS = ("written", "folded", "letters", "ideas")
_LETTER_GRAMS = (2, 3, 4, 5)
_WORD_GRAMS = (1, 2, 3)
_MOST_SYLLABLES = 400  # a petition of 4,000 characters has said what it wants by then


def sentence_features(
    syllables: Sequence[Syllable], marks: Sequence[str], kinds: Sequence[str], ideas: Sequence[str]
) -> tuple[set[str], ...]:
    """Blocks, each weighed alone: words as written, words without marks, letters without marks, ideas.

    `kinds` names for each syllable the entity whose pattern covers it, or "": the code's kind tells the
    intent, its digits do not.
    """
    written = list(_words([s.surface for s in syllables], kinds))
    folded = list(_words([s.folded for s in syllables], kinds))
    listed = {f"list:{mark[2:]}" for mark in marks if mark.startswith("B-")}
    length = f"len:{min(len(written), 12) // 2}"
    pairs = {f"{one}+{other}" for one, other in combinations(ideas, 2)}
    words = set(_word_grams(folded)) | listed | {length}
    return set(_word_grams(written)), words, set(_letter_grams(folded)), pairs | set(ideas)


def language_features(forms: Sequence[str]) -> tuple[set[str], ...]:
    """Blocks for telling a language: words, and letters without marks; marks themselves say Vietnamese."""
    words = [masked(form) for form in forms[:_MOST_SYLLABLES]]
    folded = [fold(word) or word for word in words]
    return {*words, *(f"marked:{one != other}" for one, other in zip(words, folded, strict=True))}, set(
        _letter_grams(folded)
    )


def _words(forms: Sequence[str], kinds: Sequence[str]) -> Iterator[str]:
    before = ""
    for form, kind in zip(forms[:_MOST_SYLLABLES], kinds, strict=False):
        if kind and kind != before:
            yield f"<{kind}>"
        elif not kind:
            yield from masked(form).split()
        before = kind


def _word_grams(words: Sequence[str]) -> Iterator[str]:
    padded = ["^", *words, "$"]
    for size in _WORD_GRAMS:
        for at in range(len(padded) - size + 1):
            yield " ".join(padded[at : at + size])


def _letter_grams(words: Sequence[str]) -> Iterator[str]:
    text = f" {' '.join(words)} "
    for size in _LETTER_GRAMS:
        for at in range(len(text) - size + 1):
            yield text[at : at + size]
