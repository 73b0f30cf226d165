"""Port: delegation between officers, codes that bind a messenger to an account, own wishes for reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from backend.domain.messaging import Address
from backend.domain.officer import Delegation
from backend.domain.running import Account


class Officers(Protocol):
    def absent_for(self, name: str, day: date) -> Sequence[Account]:
        """Whose leave this officer covers on that day."""

    def standing_in(self, name: str, day: date) -> Sequence[Account]:
        """Who covers this officer's leave on that day."""

    def delegate(self, delegation: Delegation, by: str) -> int: ...
    def delegations(self) -> Sequence[Delegation]: ...
    def revoke(self, delegation_id: int, now: datetime) -> bool: ...
    def add_code(self, code_print: str, name: str, by: str, now: datetime, until: datetime) -> None:
        """A new code for the account; codes that it still had open are void."""

    def take_code(self, code_print: str, now: datetime, only: str = "") -> str | None:
        """The account whose open code this is; it is used up by this. ``only``: no other account's is taken."""

    def bind(self, address: Address, name: str, now: datetime) -> None:
        """This channel identity speaks for the account from now on."""

    def unbind(self, address: Address) -> bool: ...
    def unbind_all(self, name: str) -> int: ...
    def addresses(self, name: str) -> Sequence[Address]:
        """Where the officer can be written to, the one bound last first."""

    def settings(self, name: str) -> Mapping[str, Any]: ...
    def put_settings(self, name: str, settings: Mapping[str, Any], now: datetime) -> None: ...
