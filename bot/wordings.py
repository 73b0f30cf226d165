"""Officers' wordings take effect in a running process: each process looks for new versions by itself."""

from __future__ import annotations

import asyncio

import structlog

from backend.domain.wording import Wording
from bot.app import Application
from bot.replies.renderer import Replies

log = structlog.get_logger(__name__)

#: How soon a new wording is used, in seconds.
LOOK_S = 5.0


def apply(replies: Replies, wordings: list[Wording]) -> int:
    """Use these wordings; one that no longer fits its key is left out and told. Returns how many are used."""
    used = 0
    for one in wordings:
        if one.template and (fault := replies.fault(one.language, one.key, one.template)):
            log.warning("wording_not_used", key=one.key, language=one.language, fault=fault)
            replies.override(one.language, one.key, "")
            continue
        replies.override(one.language, one.key, one.template)
        used += bool(one.template)
    return used


async def watch_wordings(app: Application) -> None:
    """Until cancelled."""
    seen = 0
    while True:
        newest = await app.db.read(lambda uow: uow.wordings.newest())
        if newest != seen:
            apply(app.desk.replies, list(await app.db.read(lambda uow: uow.wordings.present())))
            seen = newest
        await asyncio.sleep(LOOK_S)
