"""Who is watching which conversation in this process: typing signs and wake-ups, never the words themselves.

Only a hint. Whoever misses one finds everything in the database, where other processes write, too.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    conversation_id: int
    typing: bool | None = None  # None: something new may be read


class Hub:
    """Fan-out of signals to the open pages and the deliveries of this process."""

    def __init__(self) -> None:
        self._watchers: dict[int, set[asyncio.Queue[Signal]]] = defaultdict(set)
        self.outgoing = asyncio.Event()  # set when something was queued for a channel that is pushed to

    @contextmanager
    def watch(self, conversation_id: int) -> Iterator[asyncio.Queue[Signal]]:
        signals: asyncio.Queue[Signal] = asyncio.Queue(maxsize=100)
        self._watchers[conversation_id].add(signals)
        try:
            yield signals
        finally:
            self._watchers[conversation_id].discard(signals)
            if not self._watchers[conversation_id]:
                del self._watchers[conversation_id]

    def tell(self, signal: Signal) -> None:
        for signals in self._watchers.get(signal.conversation_id, ()):
            if not signals.full():  # a page that does not read gets its words from the database later
                signals.put_nowait(signal)
