"""Leaders' calendars (lịch công tác): who is where when, and who may know it; the duty roster (lịch trực)."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.scope import NO_SCOPE, Scope


class Visibility(enum.StrEnum):
    PUBLIC = "public"  # anybody, as on the province's web site
    PROVINCE = "province"  # every officer of the province who has a reach
    AGENCIES = "agencies"  # the leader's own agency and those named
    PRIVATE = "private"  # the leader, whoever stands in, and for leaders of the province the office leader


class EventState(enum.StrEnum):
    PLANNED = "planned"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Leader:
    """``account`` is the leader's own account, "" without one. ``top``: of the province itself, not of an agency."""

    agency_id: int
    name: str
    title: str
    account: str = ""
    id: int = 0
    agency_name: str = ""
    top: bool = False
    demo: str = ""


@dataclass(frozen=True, slots=True)
class LeaderEvent:
    """One entry of a calendar. Instants are aware; ``ends_at`` None where the calendar does not say.

    ``agencies`` are ids of those that take part or that it is shown to. ``key`` names the entry across imports.
    ``changes`` counts how often it was told anew.
    """

    leader: Leader
    key: str
    starts_at: datetime
    subject: str
    ends_at: datetime | None = None
    place: str = ""
    others: str = ""  # who else takes part, in words
    visibility: Visibility = Visibility.AGENCIES
    state: EventState = EventState.PLANNED
    agencies: tuple[int, ...] = ()
    changes: int = 0
    origin: str = ""
    as_of: datetime | None = None
    id: int = 0
    demo: str = ""

    @property
    def held(self) -> bool:
        return self.state is EventState.PLANNED

    def clashes_with(self, other: LeaderEvent) -> bool:
        """Both are held by one leader, and their times overlap. Without an end an event is but its first moment."""
        if self.leader.id != other.leader.id or self.id == other.id or not (self.held and other.held):
            return False
        if self.starts_at == other.starts_at:
            return True
        first, later = sorted((self, other), key=lambda one: one.starts_at)
        return first.ends_at is not None and later.starts_at < first.ends_at


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks at calendars. ``names``: the own account and those stood in for today.

    ``keeps``: an office leader, who keeps the calendar of the province's leaders. The empty sight is the public's.
    """

    scope: Scope = NO_SCOPE
    names: frozenset[str] = frozenset()
    keeps: bool = False


THE_PUBLIC = Sight()


def may_see(sight: Sight, event: LeaderEvent) -> bool:
    """The rule in plain words; the queries say the same in SQL, and a property test holds them against each other."""
    if event.leader.account and event.leader.account in sight.names:
        return True
    if event.visibility is Visibility.PUBLIC:
        return True
    if event.visibility is Visibility.PRIVATE:
        return sight.keeps and event.leader.top
    if sight.scope.everything:
        return True
    if event.visibility is Visibility.PROVINCE:
        return not sight.scope.empty
    return bool(sight.scope.agencies & {event.leader.agency_id, *event.agencies})


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are meant: those that go on at some time from ``since`` to before ``until`` (aware). Empty members
    do not narrow.

    ``agency``: of its leaders, or with it among those who take part.
    """

    since: datetime
    until: datetime
    leaders: frozenset[int] = frozenset()
    agency: int | None = None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some of the events by time; ``total`` counts all of them, ``public`` those that anybody may see, ``off`` those
    that will not be held."""

    rows: Sequence[LeaderEvent]
    total: int
    public: int = 0
    off: int = 0


class DutySession(enum.StrEnum):
    ALL = "all"  # cả ngày đêm
    DAY = "day"  # ban ngày
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


#: Which sessions cover a part of the day that somebody asks for.
COVERS = {
    "morning": frozenset({DutySession.ALL, DutySession.DAY, DutySession.MORNING}),
    "afternoon": frozenset({DutySession.ALL, DutySession.DAY, DutySession.AFTERNOON}),
    "evening": frozenset({DutySession.ALL, DutySession.EVENING, DutySession.NIGHT}),
}


@dataclass(frozen=True, slots=True)
class DutyShift:
    """Who is on duty where. ``place_in_row`` tells several of one position apart."""

    agency_id: int
    on: date
    session: DutySession
    name: str
    position: str = ""
    title: str = ""
    phone: str = ""
    place: str = ""
    note: str = ""
    province_wide: bool = False
    place_in_row: int = 0
    origin: str = ""
    as_of: datetime | None = None
    id: int = 0
    agency_name: str = ""
    demo: str = ""
