"""What an officer's account has besides a name: who stands in for whom, and codes that bind a messenger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: Codes handed out by an administrator, on paper or by telephone.
OFFICER_CODE_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Delegation:
    """``to`` has the reach of ``from_`` from ``starts_on`` to ``ends_on``, both included. ``source``: the document."""

    from_: str
    to: str
    starts_on: date
    ends_on: date
    source: str
    revoked: bool = False
    id: int = 0
