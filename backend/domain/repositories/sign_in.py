"""Port: browsers of officers, and their second factors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from backend.domain.sign_in import Stage, WebSession


class SignIns(Protocol):
    def password_hash(self, name: str) -> str:
        """Empty for an account that is unknown, locked or without a password."""

    def begin(
        self, token_hash: str, name: str, stage: Stage, agent: str, now: datetime, until: datetime
    ) -> int:
        """A new browser; returns its number."""

    def session(self, token_hash: str, now: datetime) -> WebSession | None:
        """An open session of an account that is not locked."""

    def advance(self, session_id: int, token_hash: str, now: datetime, until: datetime) -> None:
        """The second factor was right: the session is whole, under a new token."""

    def touch(self, session_id: int, now: datetime) -> None: ...
    def end(self, session_id: int, now: datetime) -> bool: ...
    def end_all(self, name: str, now: datetime) -> int: ...
    def open_sessions(self, name: str, now: datetime) -> Sequence[WebSession]:
        """The one seen last first."""

    def offer_secret(self, session_id: int, secret: str) -> None:
        """A second factor on trial; sealed. It counts once ``keep_secret`` was called."""

    def offered_secret(self, session_id: int) -> str: ...
    def keep_secret(self, name: str, secret: str, step: int, now: datetime) -> None:
        """The account's second factor from now on. ``step``: the 30-second step whose digits were used."""

    def secret(self, name: str) -> str:
        """Empty when the account has no second factor yet."""

    def use_step(self, name: str, step: int) -> bool:
        """Digits count once: False when those of this step, or later ones, were used before."""
