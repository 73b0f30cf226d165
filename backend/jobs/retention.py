"""The nightly round that forgets: many small transactions, so that conversations go on beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from functools import partial

from backend.domain.clock import VIETNAM
from backend.domain.ports import Transactions, UnitOfWork
from backend.domain.retention import Kept
from backend.services.retention import forget_some, record

JOB = "retention"
#: When the day's round begins: the quiet hour (Asia/Ho_Chi_Minh).
AT = time(2, 0)


def slot_of(now: datetime) -> datetime | None:
    """The instant that names today's round; None before its hour."""
    local = now.astimezone(VIETNAM)
    slot = datetime.combine(local.date(), AT, VIETNAM)
    return slot if local >= slot else None


async def forget(db: Transactions, days: int, actor: str) -> Mapping[Kept, int]:
    """Delete everything that is over its time; returns how many rows of each kind."""
    gone = dict.fromkeys(Kept, 0)
    for kind in Kept:
        while count := await db.write(partial(forget_some, kind=kind, days=days)):
            gone[kind] += count
    if any(gone.values()):
        await db.write(lambda uow: record(uow, actor, days, gone))
    return gone


async def nightly(db: Transactions, holder: str, days: int) -> Mapping[Kept, int] | None:
    """Today's round, once over all processes; None when it is too early or already done."""
    slot = await db.write(lambda uow: _begin(uow, holder))
    if slot is None:
        return None
    gone = await forget(db, days, f"job:{JOB}")
    total = sum(gone.values())
    await db.write(lambda uow: uow.leases.end_run(JOB, slot, uow.now, "ok", total))
    return gone


def _begin(uow: UnitOfWork, holder: str) -> datetime | None:
    slot = slot_of(uow.now)
    if slot is None or not uow.leases.start_run(JOB, slot, holder, uow.now):
        return None
    return slot
