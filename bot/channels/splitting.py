"""A long text becomes several messages, cut where a reader would pause."""

from __future__ import annotations

import unicodedata

#: Where to cut, best first: between paragraphs, lines, sentences, words.
_BORDERS = ("\n\n", "\n", ". ", " ")
#: A cut earlier than this share of the room would leave a stump.
_EARLIEST = 0.4
_JOINER = "\u200d"


def units(text: str) -> int:
    """Length in UTF-16 units, as messengers count: most emoji are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, longest: int) -> list[str]:
    """Pieces of at most ``longest`` units; only white space at the cuts is lost. Empty for a blank text."""
    pieces = []
    rest = text.strip()
    while units(rest) > longest:
        cut = _cut(rest, longest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cut(text: str, longest: int) -> int:
    room = _fitting(text, longest)
    for border in _BORDERS:
        at = text.rfind(border, int(room * _EARLIEST), room + 1)
        if at > 0:
            return at + len(border.rstrip())
    return _before_a_character(text, room)


def _fitting(text: str, longest: int) -> int:
    """How many characters fit."""
    used = 0
    for index, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > longest:
            return index
    return len(text)


def _before_a_character(text: str, room: int) -> int:
    """A cut inside one endless word, but not between a letter and its marks."""
    for at in range(room, max(0, room - 20), -1):
        joined = unicodedata.combining(text[at]) or _JOINER in text[at - 1 : at + 1]
        if not joined:
            return at
    return room
