"""How often one visitor may knock. A courtesy limit per process, not a record: losing it harms nobody."""

from __future__ import annotations

import time
from collections import OrderedDict


class RateLimit:
    """A token bucket per key, for the most recent ``keys`` keys."""

    def __init__(self, per_minute: float, burst: int, keys: int = 20_000) -> None:
        self._rate = per_minute / 60.0
        self._burst = float(burst)
        self._keys = keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, key: str) -> float:
        """0 when this knock is allowed, else the seconds until the next one would be."""
        now = time.monotonic()
        level, at = self._buckets.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        allowed = level >= 1.0
        self._buckets[key] = (level - 1.0 if allowed else level, now)
        while len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - level) / self._rate
