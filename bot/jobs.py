"""The scheduled work of a serving process: what runs how often, and what runs at which hour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from backend.demo.load import is_empty, load_demo
from backend.domain.ports import UnitOfWork
from backend.jobs import retention
from backend.jobs.schedule import Daily, Round, Schedule, Work
from backend.services.briefs.weekly import order_briefs
from backend.services.dossiers.apologies import draft_due, tell_late
from backend.services.notices.ladder import Reach, climb, climb_unseen
from backend.services.petitions.alarms import adopt_orphans, ring
from backend.services.petitions.suggesting import field_model
from backend.services.procedures.search import warm_up
from backend.services.reception.board import erase_old_requests
from backend.services.reception.days import ensure_days
from backend.services.tasks.reminding import Rung, escalate, tell_digests
from bot.app import Application
from bot.notices.render import render_due
from bot.photos import fetch_files
from bot.watched import sweep_watched_folder
from bot.wordings import watch_wordings

log = structlog.get_logger(__name__)


async def add_jobs(app: Application) -> None:
    """Fill an empty database with the demonstration (if wanted) and register the schedule."""
    if app.settings.demo and await app.db.read(is_empty):
        log.info("loading_demonstration")
        await app.db.write(lambda uow: load_demo(uow, anchor=uow.now))
    await app.db.read(warm_up)
    await asyncio.to_thread(field_model)  # so that the first petition of the day does not wait for it
    app.loops["schedule"] = Schedule(app.db, app.holder, jobs_of(app)).run
    app.loops["wordings"] = lambda: watch_wordings(app)


def jobs_of(app: Application) -> list[Round | Daily]:
    """Everything that happens by itself. Rounds look for due work; dailies have an hour."""
    jobs: list[Round | Daily] = [
        Round("notices", 20.0, lambda: _notices(app)),
        Round("petitions", 60.0, lambda: _petitions(app)),
        Round("petition_files", 30.0, lambda: fetch_files(app)),
        Round("reception_days", 6 * 3600.0, _once(app, ensure_days)),
        # drafts are for people at their desks; that a promise was broken is told in polite hours by its notice
        Daily("apologies", "*/30 7-16 * * *", _until_done(app, draft_due), working_days=True),
        Round("late_dossiers", 300.0, _until_done(app, tell_late)),
        Daily("unseen_notices", "15 8 * * *", _until_done(app, climb_unseen)),
        Daily("task_digests", "*/15 7-20 * * *", _once(app, tell_digests), working_days=True),
        Daily("task_ladder", "0 8 * * *", _once(app, _ladder(app)), working_days=True),
        Daily("week_brief", app.settings.brief_at, _until_done(app, order_briefs), working_days=True),
        Daily("retention", retention.CRON, lambda: _forget(app)),
    ]
    if app.settings.watch_folder is not None:
        jobs.append(Round("watched_folder", 10.0, lambda: asyncio.to_thread(sweep_watched_folder, app)))
    return jobs


def _ladder(app: Application) -> Callable[[UnitOfWork], int]:
    rungs = [Rung(days, role) for days, role in app.settings.task_ladder]
    return lambda uow: escalate(uow, rungs)


def _once(app: Application, work: Callable[[Any], Any]) -> Work:
    async def run() -> int:
        return int(await app.db.write(work) or 0)

    return run


def _until_done(app: Application, work: Callable[[Any], int]) -> Work:
    """Many small transactions until nothing is left."""

    async def run() -> int:
        total = 0
        while count := await app.db.write(work):
            total += count
        return total

    return run


async def _notices(app: Application) -> int:
    reach: Reach = app.reach
    await _until_done(app, climb)()
    total = 0
    while count := await app.db.write(lambda uow: render_due(uow, app.desk, reach)):
        app.hub.outgoing.set()
        total += count
    return total


async def _petitions(app: Application) -> int:
    """Alarms, and the list that must be empty: a petition without owner gets one and is told."""
    rung = await _until_done(app, ring)()
    orphans = await app.db.write(adopt_orphans)
    if orphans:
        log.error("petitions_without_owner", count=len(orphans))
    return rung + len(orphans)


async def _forget(app: Application) -> int:
    gone = await retention.forget(app.db, app.settings.retention_days, "job:retention")
    await app.db.write(erase_old_requests)
    return sum(gone.values())
