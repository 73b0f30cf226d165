"""The nightly round that forgets: many small transactions, so that conversations go on beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from backend.domain.ports import Transactions
from backend.domain.retention import Kept
from backend.services.retention import forget_some, record

#: When the day's round begins: the quiet hour (cron, Asia/Ho_Chi_Minh).
CRON = "0 2 * * *"


async def forget(db: Transactions, days: int, actor: str) -> Mapping[Kept, int]:
    """Delete everything that is over its time; returns how many rows of each kind."""
    gone = dict.fromkeys(Kept, 0)
    for kind in Kept:
        while count := await db.write(partial(forget_some, kind=kind, days=days)):
            gone[kind] += count
    if any(gone.values()):
        await db.write(lambda uow: record(uow, actor, days, gone))
    return gone
