"""pyvi's word segmentation, laid over the syllables: which of them make one word ("giấy chứng_nhận").

A feature beside the syllables, never in their place: pyvi's model was made for accented text and sometimes changes
punctuation, so offsets stay ours and text without accents gets no segmentation at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyvi import ViTokenizer

#: Longer texts are petitions' bodies; segmenting them would cost more than the parse.
_MOST_SYLLABLES = 80
ALONE, FIRST, INSIDE = "S", "B", "I"


def positions(surfaces: Sequence[str]) -> list[str]:
    """For each syllable: alone, first or inside of a word; "" where pyvi has nothing to say."""
    nothing = [""] * len(surfaces)
    if not surfaces or len(surfaces) > _MOST_SYLLABLES or all(one.isascii() for one in surfaces):
        return nothing
    if any(" " in one or "_" in one for one in surfaces):  # an abbreviation that stands for several syllables
        surfaces = [one.replace(" ", "").replace("_", "") or "-" for one in surfaces]
    return _aligned(ViTokenizer.tokenize(" ".join(surfaces)).split(), surfaces) or nothing


def _aligned(words: Sequence[str], surfaces: Sequence[str]) -> list[str] | None:
    """pyvi's words as positions of our syllables; None when its letters are not ours."""
    found: list[str] = []
    rest = ""
    for word in words:
        parts = [part for part in word.split("_") if part]
        for number, part in enumerate(parts):
            rest += part
            if len(found) == len(surfaces) or not surfaces[len(found)].startswith(rest):
                return None
            if rest == surfaces[len(found)]:
                found.append(ALONE if len(parts) == 1 else INSIDE if number else FIRST)
                rest = ""
    return found if len(found) == len(surfaces) and not rest else None
