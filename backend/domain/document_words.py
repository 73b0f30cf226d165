"""The words of a document's subject, as they are indexed and as they are asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from backend.domain.document import Word
from backend.text.fold import fold, fold_aligned, nfc, place_tones

_WORD = re.compile(r"[^\W_]+")
#: Words of one subject that are indexed; more is a whole text pasted into the column.
MOST_WORDS = 120
#: BM25 with a fixed usual length: subjects are alike, and a weight then never has to be worked out anew.
_K1, _B, _USUAL_LENGTH = 1.2, 0.6, 22.0
#: A word of the field or kind beside the subject.
_BESIDE = 0.5
#: Before a word of the issuer's name, so that one index serves both.
ISSUER = "@"


def split(text: str) -> list[Word]:
    """Every word in order; ``marked`` is empty where the word has no marks."""
    plain = place_tones(nfc(text)).lower()
    return [
        Word(folded, "" if folded == found else found)
        for found in _WORD.findall(plain)[:MOST_WORDS]
        if (folded := fold_aligned(found))
    ]


def weights(subject: str, beside: str = "", issuer: str = "") -> Mapping[Word, float]:
    """What is indexed: each distinct word with its share of BM25, without the rarity."""
    said = split(subject)
    counts = Counter(said)
    norm = _K1 * (1 - _B + _B * len(said) / _USUAL_LENGTH)
    found = {word: count * (_K1 + 1) / (count + norm) for word, count in counts.items()}
    for word in split(beside):
        found.setdefault(word, _BESIDE)
    for word in split(issuer):
        found.setdefault(Word(ISSUER + word.folded, word.marked), _BESIDE)
    return {Word(fold(word.folded)[:40], word.marked[:40]): weight for word, weight in found.items()}
