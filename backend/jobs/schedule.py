"""When scheduled work runs: APScheduler says when, rows in the database say who.

Each daily job's slot is a row that one replica writes first (``job_runs``, unique on job and slot), so it runs once
however many replicas there are. After downtime the last missed slot runs once, not every slot missed. A run whose
process died is taken up by the next one that looks. Frequent rounds have no slots: they look for work that is
itself claimed by rows, behind a lease.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from backend.domain.clock import VIETNAM, local_date
from backend.domain.ports import Transactions, UnitOfWork

log = structlog.get_logger(__name__)

Work = Callable[[], Awaitable[int]]
#: A run that has not ended after this long died with its process.
DEAD_AFTER = timedelta(minutes=30)
#: How far back a missed slot is looked for, at least; what is later than its ``late`` is let go in any case.
_REACH_BACK = timedelta(days=1)
#: Slots missed while the process runs are caught up this often, too (a replica that died had taken them).
_LOOK_S = 300


@dataclass(frozen=True, slots=True)
class Round:
    """Work that is looked for every ``every_s`` seconds by whoever holds the lease."""

    name: str
    every_s: float
    work: Work


@dataclass(frozen=True, slots=True)
class Daily:
    """Work at set times (Asia/Ho_Chi_Minh). ``cron`` is minute, hour, day of month, month, day of week.

    ``working_days``: not on days off. A slot missed by more than ``late`` is let go: what should have been said
    this morning need not be said tonight.
    """

    name: str
    cron: str
    work: Work
    working_days: bool = False
    late: timedelta = timedelta(hours=20)


class Schedule:
    """Runs until cancelled. ``holder`` names this process in leases and runs."""

    def __init__(self, db: Transactions, holder: str, jobs: Sequence[Round | Daily]) -> None:
        names = [one.name for one in jobs]
        if len(set(names)) != len(names):
            raise ValueError("two jobs with one name")
        self._db = db
        self._holder = holder
        self._jobs = jobs

    async def run(self) -> None:
        scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            timezone=VIETNAM,
            # one run at a time each; many missed firings are one; a late firing still counts
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        now = datetime.now(VIETNAM)
        for one in self._jobs:
            # each looks at once, too: what came due while nothing ran waits no longer
            if isinstance(one, Round):
                trigger = IntervalTrigger(seconds=one.every_s, timezone=VIETNAM)
                scheduler.add_job(self.round, trigger, args=[one], name=one.name, next_run_time=now)
            else:
                scheduler.add_job(self.catch_up, _trigger(one), args=[one], name=one.name, next_run_time=now)
        scheduler.add_job(
            self._look_back, IntervalTrigger(seconds=_LOOK_S, timezone=VIETNAM), name="look_back"
        )
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    async def round(self, one: Round) -> int:
        """Do it now, unless another process has the lease; returns what the work says."""
        try:
            if not await self._db.write(lambda uow: self._leads(uow, one)):
                return 0
            return await one.work()
        except Exception as error:  # the next round tries again
            log.error("round_failed", job=one.name, error=type(error).__name__, exc_info=error)
            return 0

    async def catch_up(self, one: Daily) -> int:
        """Run the latest slot that is over, if nobody did; returns what the work says."""
        try:
            slot = await self._db.write(lambda uow: self._begin(uow, one))
            if slot is None:
                return 0
            return await self._run(one, slot)
        except Exception as error:
            log.error("job_failed", job=one.name, error=type(error).__name__, exc_info=error)
            return 0

    async def _run(self, one: Daily, slot: datetime) -> int:
        """A run that fails is not ended: like one whose process died, it is tried again after ``DEAD_AFTER``."""
        count = await one.work()
        await self._db.write(lambda uow: uow.leases.end_run(one.name, slot, uow.now, "ok", count))
        return count

    async def _look_back(self) -> None:
        for one in self._jobs:
            if isinstance(one, Daily):
                await self.catch_up(one)

    def _leads(self, uow: UnitOfWork, one: Round) -> bool:
        # long enough that the same one goes on, short enough that a dead one is soon replaced
        until = uow.now + timedelta(seconds=max(60.0, min(600.0, 3 * one.every_s)))
        return uow.leases.take(f"job:{one.name}", self._holder, uow.now, until) is not None

    def _begin(self, uow: UnitOfWork, one: Daily) -> datetime | None:
        slot = last_slot(one, uow.now)
        if slot is None or uow.now - slot > one.late:
            return None
        if one.working_days and not uow.calendar.is_working(local_date(slot)):
            return None
        mine = uow.leases.start_run(one.name, slot, self._holder, uow.now, uow.now - DEAD_AFTER)
        return slot if mine else None


def last_slot(one: Daily, now: datetime) -> datetime | None:
    """The latest of the job's times that is not after ``now``."""
    trigger = _trigger(one)
    found = None
    at = trigger.get_next_fire_time(None, (now - max(one.late, _REACH_BACK)).astimezone(VIETNAM))
    while at is not None and at <= now:
        found = at
        at = trigger.get_next_fire_time(at, at + timedelta(seconds=1))
    return found


def _trigger(one: Daily) -> CronTrigger:
    return CronTrigger.from_crontab(one.cron, timezone=VIETNAM)
