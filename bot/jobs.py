"""Scheduled work of a serving process, each round behind a lease so that replicas do not double it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog

from backend.demo.load import is_empty, load_demo
from backend.jobs.retention import nightly
from backend.services.petitions.alarms import adopt_orphans, ring
from backend.services.procedures.search import warm_up
from backend.services.reception.board import erase_old_requests
from backend.services.reception.days import ensure_days
from bot.app import Application
from bot.notices.render import render_due
from bot.watched import sweep_watched_folder

log = structlog.get_logger(__name__)

#: How often each round runs, in seconds.
NOTICES_S = 20.0
DAYS_S = 6 * 3600.0
FOLDER_S = 10.0
RETENTION_S = 900.0
PETITIONS_S = 60.0


async def add_jobs(app: Application) -> None:
    """Fill an empty database with the demonstration (if wanted) and register the loops."""
    if app.settings.demo and await app.db.read(is_empty):
        log.info("loading_demonstration")
        await app.db.write(lambda uow: load_demo(uow, anchor=uow.now))
    app.loops["reception_days"] = lambda: _rounds(app, "reception_days", DAYS_S, ensure_days)
    await app.db.read(warm_up)
    app.loops["retention"] = lambda: _retention(app)
    app.loops["petitions"] = lambda: _petitions(app)
    app.loops["notices"] = lambda: _notices(app)
    if app.settings.watch_folder is not None:
        app.loops["watched_folder"] = lambda: _folder(app)


async def _leads(app: Application, job: str, for_s: float) -> bool:
    """Whether this process does the job's next round."""
    token = await app.db.write(
        lambda uow: uow.leases.take(f"job:{job}", app.holder, uow.now, uow.now + timedelta(seconds=for_s))
    )
    return token is not None


async def _rounds(app: Application, job: str, every_s: float, work: Callable[[Any], Any]) -> None:
    while True:
        if await _leads(app, job, min(every_s * 2, 120.0)):
            await app.db.write(work)
        await asyncio.sleep(every_s)


async def _notices(app: Application) -> None:
    while True:
        if await _leads(app, "notices", NOTICES_S * 3):
            while await app.db.write(lambda uow: render_due(uow, app.desk)):
                app.hub.outgoing.set()
        await asyncio.sleep(NOTICES_S)


async def _petitions(app: Application) -> None:
    """Alarms that have rung, and whatever lost its owner: the second must always be nothing."""
    while True:
        if await _leads(app, "petitions", PETITIONS_S * 2):
            while await app.db.write(ring):
                pass
            if orphans := await app.db.write(adopt_orphans):
                log.error("petitions_without_owner", count=len(orphans))
        await asyncio.sleep(PETITIONS_S)


async def _retention(app: Application) -> None:
    while True:
        if await nightly(app.db, app.holder, app.settings.retention_days) is not None:
            await app.db.write(erase_old_requests)
        await asyncio.sleep(RETENTION_S)


async def _folder(app: Application) -> None:
    while True:
        if await _leads(app, "watched_folder", FOLDER_S * 6):
            await asyncio.to_thread(sweep_watched_folder, app)
        await asyncio.sleep(FOLDER_S)
