"""Slow work: what is too slow for a turn (charts, Word, Excel) is ordered in it and delivered later."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Work that failed this often is given up, and whoever asked is told.
MOST_TRIES = 3
#: Orders of one conversation that may be open at the same time.
MOST_OPEN = 5


class WorkStatus(enum.StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """One product ordered in a conversation. ``args`` hold JSON types only: they are sealed.

    ``account`` is the officer who asked; how far they may look is worked out again when the work runs. ``tries``
    counts the claims, the present one included.
    """

    id: int
    kind: str
    conversation_id: int
    account: str
    args: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 0


def event_id(order_id: int) -> str:
    """The inbox event by which the result of this order comes back: unique, so it comes once."""
    return f"work:{order_id}"
