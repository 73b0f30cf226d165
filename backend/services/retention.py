"""Forgetting: what people wrote is deleted when the retention time is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from backend.domain.ports import UnitOfWork
from backend.domain.retention import Kept

#: Rows that one transaction deletes at most: a turn that waits behind it waits some milliseconds.
BATCH = 200
_SHORT = timedelta(days=1)
_OWN_TIME = frozenset(
    {Kept.BUTTONS, Kept.LINKS, Kept.GUESSES, Kept.BROWSERS}
)  # over a day after they stopped to count, whatever the setting


def cutoff(kind: Kept, now: datetime, days: int) -> datetime:
    """The instant before which rows of this kind are to be forgotten."""
    return now - (_SHORT if kind in _OWN_TIME else timedelta(days=days))


def count_old(uow: UnitOfWork, days: int) -> Mapping[Kept, int]:
    """What a run would delete now; nothing is changed."""
    return {kind: uow.retention.old(kind, cutoff(kind, uow.now, days)) for kind in Kept}


def forget_some(uow: UnitOfWork, kind: Kept, days: int, most: int = BATCH) -> int:
    """Delete the oldest rows of this kind, at most ``most``; 0 when there is nothing left to forget."""
    return uow.retention.drop(kind, cutoff(kind, uow.now, days), most)


def record(uow: UnitOfWork, actor: str, days: int, gone: Mapping[Kept, int]) -> None:
    """Leave a trace of a run: counts only."""
    detail = {"days": days, **{kind.value: count for kind, count in gone.items() if count}}
    uow.audit.record(actor, "retention", "messages", "ok", detail)
