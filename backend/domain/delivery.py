"""What can go wrong when a message is sent, in the deliverer's words."""

from __future__ import annotations

import enum


class Next(enum.StrEnum):
    """What the deliverer does after a failed send."""

    RETRY = "retry"  # later, after ``after_s``
    GIVE_UP = "give_up"  # this message will never go: blocked, deleted, refused
    PAUSE = "pause"  # the whole account must wait (rate limit): nothing else is tried before ``after_s``


class SendFailed(Exception):
    """``after_s``: how long to wait, in seconds, as the channel asked; 0 lets the deliverer choose."""

    def __init__(self, reason: str, next_: Next, after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.next = next_
        self.after_s = after_s
