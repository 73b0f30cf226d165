"""Port: slow work ordered in conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from backend.domain.work import WorkOrder, WorkStatus


class Works(Protocol):
    def add(
        self, kind: str, conversation_id: int, account: str, args: Mapping[str, Any], now: datetime
    ) -> int:
        """The new order's id."""

    def open_of(self, conversation_id: int) -> Sequence[WorkOrder]:
        """Orders of this conversation that are neither done nor given up, the oldest first."""

    def since(self, conversation_id: int, after: int) -> Sequence[int]:
        """Ids of this conversation's orders after this one, whatever became of them."""

    def asked_since(self, conversation_id: int, since: datetime) -> Sequence[WorkOrder]:
        """Orders made from this instant on, whatever became of them."""

    def asked_at(self, order_id: int) -> datetime: ...
    def claim(self, holder: str, now: datetime, lease_until: datetime) -> WorkOrder | None:
        """The oldest order that nobody is at, now leased to ``holder`` and its try counted."""

    def again(self, order: WorkOrder, holder: str, not_before: datetime, reason: str) -> bool:
        """Let it be tried again, not before this instant; False when it is no longer this holder's try."""

    def end(self, order: WorkOrder, holder: str, status: WorkStatus, now: datetime, reason: str = "") -> bool:
        """Done, or given up; False when it is no longer this holder's try: then nothing may be delivered."""
