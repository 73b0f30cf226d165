"""Whether an event was signed by Zalo. One function: to be confirmed on the first real event."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

HEADER = "X-ZEvent-Signature"
_PREFIX = "mac="


def signature(app_id: str, body: bytes, timestamp: str, key: str) -> str:
    """Plain SHA-256 over the app's id, the body as it came, its ``timestamp`` and the account's secret key: no HMAC."""
    return hashlib.sha256(b"".join((app_id.encode(), body, timestamp.encode(), key.encode()))).hexdigest()


def is_genuine(header: str, app_id: str, body: bytes, timestamp: Any, key: str) -> bool:
    """In constant time; never without a key. ``timestamp`` is the body's own field, as it stands there."""
    given = header.strip().removeprefix(_PREFIX)
    if not key or not given or not isinstance(timestamp, str | int) or isinstance(timestamp, bool):
        return False
    stamp = str(timestamp).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    wanted = signature(app_id, body, stamp, key)
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())
