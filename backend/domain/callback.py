"""Call-backs: somebody asks to be rung by a person (gọi lại)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime


class CallbackStatus(enum.StrEnum):
    WAITING = "waiting"
    DONE = "done"
    WITHDRAWN = "withdrawn"  # by the person


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """What the person said: sealed at rest. ``when`` and ``about`` are in their own words."""

    phone: str
    when: str = ""
    about: str = ""

    def as_json(self) -> dict[str, str]:
        return {"phone": self.phone, "when": self.when, "about": self.about}


@dataclass(frozen=True, slots=True)
class Callback:
    """``request`` is None once its time of keeping is over or the person had it erased."""

    code: str
    conversation_id: int | None
    status: CallbackStatus
    topic: str  # why: "voice" (a note that nobody could hear), "asked"
    created_at: datetime
    request: CallbackRequest | None = field(default=None, repr=False)
    closed_at: datetime | None = None
    closed_by: str = ""
    note: str = field(default="", repr=False)
    id: int = 0
