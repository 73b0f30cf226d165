"""Follow-ups without a verb: "còn của Sở Xây dựng thì sao", "tuần sau?", "what about a birth certificate".

Such a sentence names a value and nothing else: it asks the last question again, about that value. What is left when
the values are taken out must be nothing but the few words that join sentences; so this is grammar, not a keyword rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.base import Turn
from backend.text.fold import fold, words

#: Under which name the conversation remembers what was asked last.
ASKED = "asked"
#: Under which name an answer that ends with a yes-or-no question leaves what each would mean:
#: {"affirm": [intent, values], "deny": …}. It holds for the very next message.
WHETHER = "whether"
#: Words that say "and now the same for …".
_AGAIN = frozenset({"con", "the", "vay", "sao", "about", "and", "also"})
#: Words that join or are polite, and ask nothing themselves.
_JOINING = _AGAIN | {
    "thi", "nao", "cua", "o", "va", "a", "ah", "ha", "nhi", "nhe", "nha", "nghen", "voi", "cho", "tai", "ben", "them",
    "nua", "so", "day", "em", "anh", "chi", "ban", "ad", "oi", "ngay", "vao", "trong", "rang", "ri", "hen", "hi",
    "what", "how", "for", "of", "in", "on", "at", "is", "it", "then", "or", "same", "me",
}  # fmt: skip
#: Values that may stand alone; a procedure's bare name is a question of its own.
_ALONE = frozenset({"date", "agency", "person", "field"})
_FIRST = re.compile(
    r"^(?:the |cai |viec |nhiem vu |ho so |bo |don |phan anh |muc |nut |dong |lua chon |phuong an |option |number )+"
)
#: What stands in a list of rows, and never in a menu.
_ROWS = re.compile(r"^(?:viec|nhiem vu|ho so|bo|don|phan anh)\b")
_ORDINALS = {
    "dau": 1, "dau tien": 1, "thu nhat": 1, "so mot": 1, "first": 1, "first one": 1, "tren": 1, "tren cung": 1,
    "thu hai": 2, "thu 2": 2, "so hai": 2, "second": 2, "second one": 2,
    "thu ba": 3, "thu 3": 3, "so ba": 3, "third": 3, "third one": 3,
    "thu tu": 4, "thu 4": 4, "so bon": 4, "fourth": 4, "fourth one": 4,
    "thu nam": 5, "thu 5": 5, "so nam": 5, "fifth": 5, "fifth one": 5,
    "cuoi": -1, "cuoi cung": -1, "duoi cung": -1, "last": -1, "last one": -1,
}  # fmt: skip


def whether(turn: Turn, asked: Mapping[str, Any] | None) -> Turn:
    """A yes or a no to the question that the last answer ended with is the press of its button."""
    if not asked or turn.given or turn.understood.intent not in asked:
        return turn
    intent, values = asked[turn.understood.intent]
    read = replace(turn.understood, intent=intent, confidence=1.0, ranking=((intent, 1.0),))
    return replace(turn, understood=read, given=dict(values))


def of_a_row(text: str) -> bool:
    """Whether "hồ sơ thứ hai" asks for a row: a menu's button, which stands for nothing in particular, is none."""
    return _ROWS.match(fold(text).strip()) is not None


def nth_said(text: str, offered: int) -> int | None:
    """Which of the ``offered`` buttons "cái thứ hai", "mục cuối", "the first one" is, from 1; None for other words.

    "thứ hai" without a noun is Monday.
    """
    folded = fold(text).strip(" .!?")
    rest, nouns = _FIRST.subn("", folded)
    if not nouns or (number := _ORDINALS.get(rest)) is None:
        return None
    number = offered if number < 0 else number
    return number if 1 <= number <= offered else None


def again(turn: Turn, uses: Mapping[str, frozenset[str]]) -> Turn:
    """The turn as the last question about the values named now, where the sentence is nothing but a follow-up."""
    last = turn.recalled(ASKED)
    read = turn.understood
    if not last or read.source != "model" or not read.entities:
        return turn
    named = {entity.name for entity in read.entities}
    if not named <= uses.get(last, frozenset()):
        return turn
    left = words(_without_values(turn))
    if not set(left) <= _JOINING or not (set(left) & _AGAIN or named <= _ALONE):
        return turn
    read = replace(read, intent=last, confidence=1.0, ranking=((last, 1.0),))
    return replace(turn, understood=read, again=True)


def _without_values(turn: Turn) -> str:
    text = turn.text
    for entity in sorted(turn.understood.entities, key=lambda one: -one.start):
        text = f"{text[: entity.start]} {text[entity.end :]}"
    return text
