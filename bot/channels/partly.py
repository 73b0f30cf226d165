"""Messages that went out in part: what was sent stays sent when the rest is tried again."""

from __future__ import annotations

import time
from collections import OrderedDict

from backend.domain.messaging import Outgoing

#: A message that failed half-way goes on from there when it is tried again within this time, in seconds.
REMEMBERED_S = 900.0
_MOST = 1000
_Key = tuple[str, Outgoing]


class Partly:
    """How many pieces of a message went out. In memory: after a restart a half-sent message begins again."""

    def __init__(self) -> None:
        self._sent: OrderedDict[_Key, tuple[int, float]] = OrderedDict()

    def sent(self, to: str, body: Outgoing) -> int:
        pieces, at = self._sent.get((to, body), (0, 0.0))
        return pieces if time.monotonic() - at < REMEMBERED_S else 0

    def remember(self, to: str, body: Outgoing, pieces: int) -> None:
        self._sent[to, body] = (pieces, time.monotonic())
        while len(self._sent) > _MOST:
            self._sent.popitem(last=False)

    def forget(self, to: str, body: Outgoing) -> None:
        self._sent.pop((to, body), None)
