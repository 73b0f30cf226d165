"""Copies of training sentences as hurried people would type them; the sentence decides, no chance."""

from __future__ import annotations

import copy
import random
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from backend.text.fold import fold_aligned

_LETTERS = re.compile(r"[^\W\d_]{3,}")
_KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _KEY_ROWS for at, key in enumerate(row)
}
Edit = tuple[int, int, str]  # characters start to end are replaced


def unaccented(text: str) -> list[Edit]:
    """Every mark lost: a third of what people send."""
    plain = fold_aligned(text)
    return [(0, len(text), plain)] if plain != text.lower() else []


def half_accented(text: str) -> list[Edit]:
    """Some syllables lose their marks, as when thumb and keyboard disagree."""
    chance = _chance(text)
    spans = [m.span() for m in _LETTERS.finditer(text) if chance.random() < 0.4]
    return [(start, end, fold_aligned(text[start:end])) for start, end in spans]


def mistyped(text: str) -> list[Edit]:
    """About every sixth syllable has one key wrong, lost, doubled or swapped."""
    chance = _chance(text)
    spans = [m.span() for m in _LETTERS.finditer(text) if chance.random() < 0.18]
    return [(start, end, _slip(text[start:end], chance)) for start, end in spans]


_KINDS: dict[str, Callable[[str], list[Edit]]] = {
    "unaccented": unaccented,
    "half_accented": half_accented,
    "mistyped": mistyped,
}


def copies_of(example: Message, kinds: Iterable[str]) -> list[Message]:
    """One copy a kind that changes something, with the example's intent and its moved entities."""
    text = example.get(TEXT)
    if not text or not example.get("intent"):
        return []
    copies = []
    seen = {text}
    for kind in kinds:
        edits = _KINDS[kind](text)
        new_text = _apply(text, edits)
        if new_text in seen:
            continue
        seen.add(new_text)
        twin = Message(copy.deepcopy(example.data), set(example.output_properties))
        twin.set(TEXT, new_text)
        twin.set("copied_as", kind)
        if example.get(ENTITIES):
            twin.set(ENTITIES, [_moved(entity, new_text, edits) for entity in example.get(ENTITIES)])
        copies.append(twin)
    return copies


def _chance(text: str) -> random.Random:
    return random.Random(zlib.crc32(text.encode()))


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    how = chance.randrange(4)
    if how == 0:
        near = _NEIGHBOURS.get(fold_aligned(word[at]), word[at])
        return word[:at] + chance.choice(near) + word[at + 1 :]
    if how == 1:
        return word[:at] + word[at + 1 :]
    if how == 2:
        return word[:at] + word[at] + word[at:]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def _apply(text: str, edits: Sequence[Edit]) -> str:
    pieces, done = [], 0
    for start, end, new in edits:
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def _moved(entity: dict[str, Any], text: str, edits: Sequence[Edit]) -> dict[str, Any]:
    start, end = (_shifted(entity[side], edits) for side in ("start", "end"))
    return {**entity, "start": start, "end": end, "value": text[start:end]}


def _shifted(offset: int, edits: Sequence[Edit]) -> int:
    """Where a border between syllables went: edits stay inside a syllable or keep the length."""
    return offset + sum(len(new) - (end - start) for start, end, new in edits if end <= offset)
