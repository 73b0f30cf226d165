"""Voice notes: what was heard is read back, and counts only once the person has said that it is right."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Button, Reply, Turn
from actions.callback import BUTTON as CALL_BACK
from backend.domain.conversation import InboxRow
from backend.domain.messaging import Kind
from backend.domain.understanding import Understanding
from backend.text.fold import fold
from bot.dialogue.state import State
from bot.dialogue.words import NO, YES

RIGHT = "voice:right"
WRONG = "voice:wrong"


def read_back(turn: Turn, row: InboxRow, state: State) -> Reply | None:
    """The question whether this was said; None when nothing was heard."""
    if row.incoming.kind is not Kind.VOICE or not turn.understood.heard:
        return None
    state.heard = turn.understood.as_json()
    return Reply(
        "media/heard",
        {"words": turn.understood.heard},
        buttons=(Button("@media/button_heard", RIGHT), Button("@media/button_not_heard", WRONG), CALL_BACK),
    )


def as_said(turn: Turn, waiting: list[object] | None) -> Turn | Reply | None:
    """After a reading back: the turn with the confirmed words, the reply to a "no", or None for anything else."""
    word = fold(turn.text)
    pressed = turn.intent if turn.intent in (RIGHT, WRONG) else ""
    if waiting is None:
        return Reply("button/expired") if pressed else None
    if pressed == RIGHT or (not pressed and word in YES):
        read = Understanding.from_json(waiting)
        return replace(turn, text=read.heard, understood=replace(read, heard=""), given={})
    if pressed == WRONG or word in NO:
        return Reply("media/say_again", buttons=(CALL_BACK,))
    return None
