"""What may be said now, to whom and by which channel; everything else waits, and says until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backend.domain.conversation import Conversation
from backend.domain.notice import DueNotice, NoticeStatus, Route, Rung
from backend.domain.ports import UnitOfWork
from backend.services.notices.ladder import PATIENCE, NoWay, Reach, Way, find_way
from backend.services.notices.routes import route_of
from backend.services.people import NEVER_REROUTED
from backend.services.quiet import polite

#: From so many at once on, they come as one message.
DIGEST_FROM = 3
#: Somebody who filled a form this lately is still at it.
_AT_IT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Speech:
    """Notices that go out as one message: one, or a digest of several."""

    way: Way
    route: Route
    notices: tuple[DueNotice, ...]

    @property
    def is_digest(self) -> bool:
        return len(self.notices) > 1


def plan(uow: UnitOfWork, reach: Reach, most: int) -> tuple[Sequence[Speech], int]:
    """What to say now, and how many notices were looked at (0: nothing is due)."""
    due = uow.notices.due(uow.now, most)
    later = polite(uow.now)
    if later != uow.now:  # due before the quiet hours, found in them: after a time without power, say
        for one in due:
            uow.notices.move(one.id, later, one.rung)
        return (), len(due)
    stopped = uow.notices.stopped([one.notice.conversation_id for one in due])
    ready: dict[tuple[int, Rung, str], list[tuple[DueNotice, Way, Route]]] = {}
    for one in due:
        found = _ready(uow, reach, one, stopped)
        if found is not None:
            ready.setdefault((found[1].conversation.id, found[1].by, found[1].phone), []).append(found)
    return [speech for group in ready.values() for speech in _gathered(group)], len(due)


def _ready(
    uow: UnitOfWork, reach: Reach, one: DueNotice, stopped: frozenset[int]
) -> tuple[DueNotice, Way, Route] | None:
    """The notice with the way it takes now; None when it ended or waits."""
    route = route_of(uow, one.notice.kind)
    always = one.notice.kind in NEVER_REROUTED  # somebody else may be at the person's data: told in any case
    if one.notice.conversation_id in stopped and not always:
        uow.notices.end(one.id, NoticeStatus.MUTED)
        return None
    if not route.enabled:
        uow.notices.end(one.id, NoticeStatus.OFF)
        return None
    way, trail = find_way(uow, reach, route, one)
    if isinstance(way, NoWay):
        uow.notices.end(one.id, NoticeStatus.FAILED, trail)
        return None
    if not always and way.conversation.id in uow.notices.stopped([way.conversation.id]):
        uow.notices.end(one.id, NoticeStatus.MUTED)
        return None
    if way.by is Rung.CHAT and _busy(way.conversation, uow.now):
        uow.notices.move(one.id, uow.now + PATIENCE, way.rung, trail)
        return None
    if way.rung != one.rung:
        uow.notices.move(one.id, one.notice.due_at, way.rung, trail)
    return replace(one, rung=way.rung, trail=trail), way, route


def _busy(conversation: Conversation, now: datetime) -> bool:
    """A person of the office is talking there, or somebody is in the middle of a form."""
    if conversation.owner != "bot":
        return True
    at = conversation.state.get("at")
    return (
        bool(conversation.state.get("forms")) and at is not None and now - datetime.fromisoformat(at) < _AT_IT
    )


def _gathered(group: list[tuple[DueNotice, Way, Route]]) -> list[Speech]:
    """One digest for those that may be gathered, when they are many; templates speak for one at a time."""
    may = [route.gathers and way.by in {Rung.CHAT, Rung.CALL} for _, way, route in group]
    if sum(may) < DIGEST_FROM:
        return [Speech(way, route, (one,)) for one, way, route in group]
    alone = [Speech(way, route, (one,)) for (one, way, route), yes in zip(group, may, strict=True) if not yes]
    together = [one for one, yes in zip(group, may, strict=True) if yes]
    _, way, route = together[0]
    return [*alone, Speech(way, route, tuple(one for one, _, _ in together))]
