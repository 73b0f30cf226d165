"""Telling people of changes: only those who gave the second factor may ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from backend.domain.clock import VIETNAM
from backend.domain.dossier import Change, Dossier
from backend.domain.ports import UnitOfWork
from backend.domain.running import Notice
from backend.domain.viewer import Viewer
from backend.services.dossiers.access import is_open
from backend.services.dossiers.listing import summaries
from backend.services.dossiers.views import NotEnough, Summary

NOTICE = "notices/dossier_changed"


def follow(uow: UnitOfWork, viewer: Viewer, code: str) -> Summary | NotEnough:
    """Tell this conversation of every later change of stage; asking twice changes nothing.

    ``NotEnough`` when the dossier is not open to the viewer, whether it exists or not.
    """
    dossier = uow.dossiers.by_code(code)
    if dossier is None or not is_open(viewer, dossier):
        return NotEnough()
    uow.dossiers.follow(dossier.id, viewer.conversation_id, uow.now)
    uow.audit.record(viewer.actor, "dossier.follow", f"dossier:{code}", "done")
    return summaries(uow, [dossier])[0]


def unfollow(uow: UnitOfWork, viewer: Viewer, code: str | None) -> tuple[str, ...]:
    """Stop for one dossier, or for all when ``code`` is None; at once. Returns the codes it stopped for."""
    followed = uow.dossiers.followed(viewer.conversation_id)
    stopped = [one for one in followed if code is None or one.code == code]
    for one in stopped:
        uow.dossiers.unfollow(one.id, viewer.conversation_id)
        uow.audit.record(viewer.actor, "dossier.unfollow", f"dossier:{one.code}", "done")
    return tuple(one.code for one in stopped)


def followed(uow: UnitOfWork, viewer: Viewer) -> tuple[Summary, ...]:
    return () if viewer.group else summaries(uow, uow.dossiers.followed(viewer.conversation_id))


def notify_changes(uow: UnitOfWork, changes: Iterable[Change]) -> int:
    """Write notices for those who follow a dossier whose stage changed; a part's change goes to the whole's
    followers.

    Not for a source's first load (``Source.loaded_at`` is None): history is no news.
    """
    news = [change.dossier for change in changes if change.stage_changed]
    loading = {name for name in {one.source for one in news} if _first_load(uow, name)}
    news = [one for one in news if one.source not in loading]
    if not news:
        return 0
    followers = uow.dossiers.followers({i for one in news for i in (one.id, one.parent_id) if i})
    return sum(
        uow.notices.add(_notice(uow, one, conversation_id))
        for one in news
        for conversation_id in _told(one, followers)
    )


def _first_load(uow: UnitOfWork, name: str) -> bool:
    source = uow.sources.get(name)
    return source is None or source.loaded_at is None


def _told(one: Dossier, followers: Mapping[int, Sequence[int]]) -> Sequence[int]:
    own, whole = followers.get(one.id, ()), followers.get(one.parent_id or 0, ())
    return sorted({*own, *whole})


def _notice(uow: UnitOfWork, one: Dossier, conversation_id: int) -> Notice:
    return Notice(
        kind=NOTICE,
        subject=f"dossier:{one.code}",
        conversation_id=conversation_id,
        due_at=uow.now,
        dedupe_key=f"dossier:{one.code}:{conversation_id}:{int(one.stage)}:{one.as_of.isoformat()}",
        values={
            "code": one.code,
            "title": one.title,
            "agency": one.agency_name,
            "stage": int(one.stage),
            "whole_code": one.parent_code or "",
            "source": one.source,
            "as_of": f"{one.as_of.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
        },
    )
