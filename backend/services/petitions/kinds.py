"""Which of the four legal kinds somebody means: by the name they call it, else by asking them back.

The words are an officers' file (nlu_data/lookups/petition_kinds.yml). A hint never decides: it only makes the bot ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.petition import PetitionKind
from backend.text.fold import fold, nfc


@dataclass(frozen=True, slots=True)
class KindWords:
    """Lower-case words with their marks, by kind."""

    said: Mapping[PetitionKind, tuple[str, ...]]
    hints: Mapping[PetitionKind, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class KindsMeant:
    """``said``: kinds called by their name; ``hinted``: kinds that some ``word`` of the text makes likely."""

    said: tuple[PetitionKind, ...]
    hinted: tuple[PetitionKind, ...]
    word: str = ""

    @property
    def mixed(self) -> bool:
        return (
            len(set(self.said) - {PetitionKind.FEEDBACK, PetitionKind.PROPOSAL})
            + bool(set(self.said) & {PetitionKind.FEEDBACK, PetitionKind.PROPOSAL})
            > 1
        )


_words = KindWords({}, {})


def use_kind_words(found: KindWords) -> None:
    """Let every later reading of this process use these words."""
    global _words
    _words = found


def kinds_meant(text: str) -> KindsMeant:
    said = tuple(kind for kind, words in _words.said.items() if _first(text, words))
    hints = {kind: word for kind, words in _words.hints.items() if (word := _first(text, words))}
    hinted = tuple(kind for kind in hints if kind not in said)
    return KindsMeant(said, hinted, next((hints[kind] for kind in hinted), ""))


def _first(text: str, words: tuple[str, ...]) -> str:
    """The first of the words that stands in the text: with its marks where the text has marks, else without."""
    lowered, folded = f" {_plain(nfc(text).lower())} ", f" {fold(text)} "
    bare = lowered == folded
    for word in words:
        if f" {fold(word) if bare else word} " in (folded if bare else lowered):
            return word
    return ""


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())
