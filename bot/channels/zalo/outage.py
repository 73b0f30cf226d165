"""Is it Zalo that is out of reach, or one message that it never answers?

In the first case the whole account waits, however long, and no message is charged for it. In the second only that
message is tried less and less often, so that it does not hold up everybody else.
"""

from __future__ import annotations

import time
from collections import OrderedDict

from backend.domain.delivery import Next, SendFailed

FIRST_WAIT_S = 1.0
_MOST = 2000


class Outage:
    """``longest_s``: how long the account waits at most before it tries again."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._answers = 0
        self._wait_s = 0.0
        self._wait_ends = 0.0
        self._silent: OrderedDict[object, int] = OrderedDict()  # message -> answers to others by then

    def answered(self, message: object) -> None:
        """Zalo said something, were it a refusal."""
        self._answers += 1
        self._wait_s = 0.0
        self._silent.pop(message, None)

    def silence(self, message: object) -> SendFailed:
        """Zalo did not answer this message."""
        before = self._silent.get(message)
        self._silent[message] = self._answers
        while len(self._silent) > _MOST:
            self._silent.popitem(last=False)
        if before is not None and self._answers > before:
            return SendFailed("no answer to this message", Next.RETRY)
        return SendFailed("Zalo is out of reach", Next.PAUSE, self._next_wait())

    def _next_wait(self) -> float:
        """Messages that were under way together meet one outage, and make it wait longer once."""
        now = time.monotonic()
        if now >= self._wait_ends:
            self._wait_s = min(self._longest_s, max(FIRST_WAIT_S, self._wait_s * 2))
            self._wait_ends = now + self._wait_s
        return max(0.1, self._wait_ends - now)
