"""Which language a conversation is answered in: the one asked for, else the one that is written."""

from __future__ import annotations

from actions.languages import SPOKEN
from backend.domain.conversation import Conversation
from backend.domain.understanding import Understanding
from bot.dialogue.state import State

#: Fewer words do not change the language: many who write Vietnamese say "hello" and "ok bye".
WORDS_TO_CHANGE = 3


def answered_in(conversation: Conversation, state: State, read: Understanding, text: str) -> str:
    """One of :data:`SPOKEN`."""
    if (chosen := state.context.get("language")) in SPOKEN:
        return str(chosen)
    words = sum(any(char.isalpha() for char in word) for word in text.split())  # a telephone number has none
    if read.language in SPOKEN and words >= WORDS_TO_CHANGE:
        return read.language
    return conversation.language if conversation.language in SPOKEN else SPOKEN[0]


def is_strange(read: Understanding) -> bool:
    """Surely in a language that there are no replies in."""
    return bool(read.language) and read.language not in SPOKEN
