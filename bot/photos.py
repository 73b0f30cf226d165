"""Photos and files of petitions are fetched from the messenger and kept here, sealed: there they do not last."""

from __future__ import annotations

import structlog

from backend.domain.messaging import Attachment, ChannelName, Kind
from backend.domain.petition import UnfetchedFile
from backend.domain.ports import UnitOfWork
from bot.app import Application

log = structlog.get_logger(__name__)

_AT_ONCE = 20


async def fetch_files(app: Application) -> int:
    """Fetch some of what still lies outside; returns how many lie here now."""
    waiting = await app.db.read(lambda uow: list(uow.petition_files.unfetched(_AT_ONCE)))
    return sum([await _fetch(app, one) for one in waiting])


async def _fetch(app: Application, one: UnfetchedFile) -> bool:
    try:
        fetch = app.fetch[ChannelName(one.channel)]
        content = await fetch(Attachment(Kind.FILE, one.reference, one.media_type))
    except (
        OSError,
        TimeoutError,
        KeyError,
        ValueError,
    ) as error:  # gone, too large, or a channel switched off
        log.warning("petition_file_not_fetched", file=one.id, error=type(error).__name__)
        await app.db.write(lambda uow: uow.petition_files.missed(one.id))
        return False

    def keep(uow: UnitOfWork) -> bool:
        blob = uow.blobs.add(None, one.media_type, content, uow.now)
        return uow.petition_files.fetched(one.id, blob)

    return await app.db.write(keep)
