"""Leaders' calendars as far as the asker may see them: what is hidden is not listed, not counted and not hinted at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.domain.clock import VIETNAM
from backend.domain.leader import THE_PUBLIC, EventFilter, Leader, LeaderEvent, Sight, Visibility
from backend.domain.ports import UnitOfWork

SHOWN = 5
_NOON, _EVENING = time(12), time(17)
#: A part of the day, as clock times from and to; midnight ends the day.
PARTS = {"morning": (time.min, _NOON), "afternoon": (_NOON, _EVENING), "evening": (_EVENING, time.min)}
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class EventView:
    leader: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    subject: str
    place: str
    others: str
    state: str
    public: bool
    whole_day: bool


@dataclass(frozen=True, slots=True)
class Clash:
    leader: str
    starts_at: datetime
    first: str
    second: str
    again_at: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """``withheld``: how many are not listed because this channel carries no single rows; ``clashing``: how many pairs
    overlap, of which ``clashes`` are those that may be listed here."""

    first: date
    last: date
    part: str
    leaders: tuple[Leader, ...]
    agency: str
    rows: tuple[EventView, ...]
    total: int
    off: int
    after: int
    withheld: int
    clashing: int
    clashes: tuple[Clash, ...]
    origin: str
    as_of: datetime | None

    @property
    def left(self) -> int:
        return max(0, self.total - self.withheld - self.after - len(self.rows))


def usual_span(today: date) -> tuple[date, date]:
    """Where no day is named: the rest of this week, on a Saturday or Sunday the next one."""
    monday = today - timedelta(days=today.weekday())
    if today.weekday() >= _SATURDAY:
        return monday + timedelta(days=7), monday + timedelta(days=13)
    return today, monday + timedelta(days=6)


def instants(span: tuple[date, date], part: str) -> tuple[datetime, datetime]:
    """The span's first and last moment; a part of the day counts on a single day."""
    opens, closes = PARTS.get(part, (time.min, time.min)) if span[0] == span[1] else (time.min, time.min)
    ends = span[1] if closes > time.min else span[1] + _ONE_DAY
    return datetime.combine(span[0], opens, VIETNAM), datetime.combine(ends, closes, VIETNAM)


def schedule(
    uow: UnitOfWork,
    sight: Sight,
    span: tuple[date, date],
    *,
    part: str = "",
    leaders: Sequence[Leader] = (),
    agency: int | None = None,
    after: int = 0,
    rows: bool = True,
) -> Schedule:
    """``rows`` False: only what is public is listed, the rest that the asker may see is counted."""
    since, until = instants(span, part)
    wanted = EventFilter(since, until, frozenset(one.id for one in leaders), agency)
    page = uow.leaders.find(sight, wanted, limit=SHOWN, after=after)
    if not page.total and part:  # "toi mai" may be tối mai, or tôi mai
        since, until = instants(span, "")
        wanted = EventFilter(since, until, wanted.leaders, agency)
        whole = uow.leaders.find(sight, wanted, limit=SHOWN, after=after)
        page, part = (whole, "") if whole.total else (page, part)
    seen = sight if rows else THE_PUBLIC
    shown = page if rows else uow.leaders.find(THE_PUBLIC, wanted, limit=SHOWN, after=after)
    pairs = uow.leaders.clashes(sight, since, until, wanted.leaders)
    told = pairs if rows else uow.leaders.clashes(seen, since, until, wanted.leaders)
    as_of = [one.as_of for one in shown.rows if one.as_of is not None]
    return Schedule(
        first=span[0],
        last=span[1],
        part=part,
        leaders=tuple(leaders),
        agency=uow.agencies.get(agency).name if agency is not None else "",
        rows=tuple(map(view, shown.rows)),
        total=page.total,
        off=page.off,
        after=after,
        withheld=0 if rows else page.total - page.public,
        clashing=len(pairs) if agency is None else 0,
        clashes=tuple(_clash(*pair) for pair in told[:SHOWN]) if agency is None else (),
        origin=", ".join(dict.fromkeys(one.origin for one in shown.rows if one.origin)),
        as_of=max(as_of, default=None),
    )


def view(event: LeaderEvent) -> EventView:
    lasts = event.ends_at is not None and event.ends_at - event.starts_at >= timedelta(hours=9)
    return EventView(
        leader=event.leader.name,
        title=event.leader.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        subject=event.subject,
        place=event.place,
        others=event.others,
        state=str(event.state),
        public=event.visibility is Visibility.PUBLIC,
        whole_day=lasts,
    )


def _clash(one: LeaderEvent, other: LeaderEvent) -> Clash:
    name = f"{one.leader.title} {one.leader.name}".strip()
    return Clash(name, one.starts_at, one.subject, other.subject, other.starts_at)
