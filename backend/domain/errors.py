"""Refusals: a rule said no. Each border (chat, REST, console, terminal) has its own words for them.

Anything that is not a :class:`DomainError` is a bug: the outermost handler logs it with the turn's id,
rolls back, and tells the person that nothing was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A rule said no.

    ``key`` names the reply that explains it in chat (``bot/replies``); ``values`` fill that reply.
    """

    key = "errors/refused"

    def __init__(self, message: str = "", /, **values: Any) -> None:
        super().__init__(message or self.key)
        self.values: Mapping[str, Any] = values


class NotFound(DomainError):
    """No such thing, or not for this asker: never tell the two apart."""

    key = "errors/not_found"


class InvalidInput(DomainError):
    """What was given cannot be read as what was asked for; ``values['reason']`` says why, in Vietnamese."""

    key = "errors/invalid_input"


class NotAllowed(DomainError):
    """This officer's role may not do it."""

    key = "errors/not_allowed"


class TooManyGuesses(DomainError):
    """The asker used up the guesses allowed in the window; ``values['until']`` is the aware end of it."""

    key = "errors/too_many_guesses"


class Conflict(DomainError):
    """Somebody else changed it first, or it was already done."""

    key = "errors/conflict"
