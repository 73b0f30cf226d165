"""Which dossier a message is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actions.base import Turn
from backend.text.codes import check_code_pattern, dossier_code_from_link, find_dossier_codes


@dataclass(frozen=True, slots=True)
class CodeSaid:
    """``value`` is canonical; ``partial``: day and serial without the agency."""

    value: str
    partial: bool = False


def code_from_value(value: str) -> CodeSaid:
    """A code that was canonical before: of a button or a form."""
    return CodeSaid(value, partial=not check_code_pattern(value))


def codes_said(turn: Turn) -> tuple[CodeSaid, ...]:
    """The codes of this message, each once: of the pressed button, else typed, understood or read from a photo."""
    given = turn.given.get("dossier_code")
    if given is not None:
        return (code_from_value(str(given)),)
    found = list(_in_text(turn.text)) or [
        one for entity in turn.understood.values("dossier_code") for one in _in_text(entity)
    ]
    found += [CodeSaid(code) for code in turn.codes_from_photo]
    return tuple(dict.fromkeys(found))


def _in_text(text: str) -> Iterator[CodeSaid]:
    for word in text.split():
        if "://" in word and (code := dossier_code_from_link(word)):
            yield CodeSaid(code)
    for mention in find_dossier_codes(text):
        yield CodeSaid(mention.value, mention.partial)


def code_talked_about(turn: Turn) -> CodeSaid | None:
    """The first code of this message, else the dossier that the conversation is about."""
    said = codes_said(turn)
    if said:
        return said[0]
    recalled = turn.recalled("dossier")
    return CodeSaid(str(recalled)) if recalled else None
