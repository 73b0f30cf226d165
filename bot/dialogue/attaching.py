"""Photos, files and places that come while a form is open: taken by a form that has a use for them."""

from __future__ import annotations

from collections.abc import Mapping

from actions.base import Form, Turn
from bot.dialogue.state import State


def attach(turn: Turn, forms: Mapping[str, Form], state: State) -> bool:
    """Give what came with this message to the open form; True when the form took it."""
    at = state.form
    form = forms.get(at.name) if at else None
    if at is None or form is None or form.attach is None or not (turn.attachments or turn.location):
        return False
    found = form.attach(turn, at.values)
    at.values.update(found)
    return bool(found)
