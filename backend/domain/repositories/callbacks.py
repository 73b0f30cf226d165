"""Port: call-backs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from backend.domain.callback import Callback, CallbackRequest, CallbackStatus


class Callbacks(Protocol):
    def add(self, conversation_id: int | None, topic: str, request: CallbackRequest, now: datetime) -> str:
        """The new request's code, such as GL-261121-0001."""

    def by_code(self, code: str) -> Callback | None: ...
    def waiting_of(self, conversation_id: int) -> Callback | None: ...
    def waiting(self, limit: int) -> Sequence[Callback]:
        """The oldest first."""

    def count_waiting(self) -> int: ...
    def close(self, code: str, status: CallbackStatus, now: datetime, by: str, note: str) -> bool:
        """False when it was not waiting any more."""

    def erase_requests(self, conversation_id: int) -> int:
        """Erase what this conversation's person said in any of them; returns how many."""
