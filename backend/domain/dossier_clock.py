"""How a dossier stands against its promise: days left or late, or what stopped the clock.

Rule of the national measurement (QĐ 766, indicator 2.1): finished no later than the promised instant, minus
the time that the citizen spent supplementing. Days are working days; the first counted day is the day after.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from backend.domain.calendar import WorkingCalendar
from backend.domain.clock import VIETNAM, local_date
from backend.domain.dossier import Dossier, DossierEvent, Stage

#: A promise given as a bare date ends when the office closes (Vietnam clock time).
DAY_ENDS = time(17, 0)


class ClockState(enum.StrEnum):
    RUNNING = "running"
    LATE = "late"
    PAUSED = "paused"  # waits for the citizen (supplement)
    ENDED = "ended"  # finished, withdrawn, refused, stopped
    UNKNOWN = "unknown"  # no promise was told, or not accepted yet


@dataclass(frozen=True, slots=True)
class ClockView:
    """``due_at`` is the instant that counts; ``promised_at`` what the receipt says (earlier after a pause).

    ``working_days``: left (RUNNING; 0 is today), late (LATE; 0 is later the same day or over a weekend),
    left when it stopped (PAUSED), late at the end (ENDED; 0 is in time; None where it cannot be told).
    """

    state: ClockState
    due_at: datetime | None = None
    promised_at: datetime | None = None
    working_days: int | None = None
    since: datetime | None = None
    paused_working_days: int = 0
    uncertain_years: tuple[int, ...] = ()


def clock_of(
    dossier: Dossier, events: Sequence[DossierEvent], now: datetime, calendar: WorkingCalendar
) -> ClockView:
    """``events`` are the dossier's own, oldest first."""
    since = _paused_since(dossier, events)
    if dossier.due_at is None or dossier.stage in {Stage.REGISTERED, Stage.REFUSED}:
        state = ClockState.ENDED if dossier.stage.ended else ClockState.UNKNOWN
        return ClockView(ClockState.PAUSED if since else state, since=since)
    paused = 0 if dossier.details.due_moved else _paused_days(events, calendar)
    due = _later(dossier.due_at, paused, calendar)
    unsure = calendar.uncertain([local_date(now), local_date(due)])
    if since is not None:
        left = max(0, _between(since, due, calendar))
        return ClockView(ClockState.PAUSED, due, dossier.due_at, left, since, paused, unsure)
    if dossier.stage.ended:
        end = dossier.finished_at or dossier.returned_at
        late = None if end is None else _days_late(end, due, calendar)
        return ClockView(ClockState.ENDED, due, dossier.due_at, late, None, paused, unsure)
    if now > due:
        late = _days_late(now, due, calendar)
        return ClockView(ClockState.LATE, due, dossier.due_at, late, None, paused, unsure)
    left = _between(now, due, calendar)
    return ClockView(ClockState.RUNNING, due, dossier.due_at, left, None, paused, unsure)


def _between(start: datetime, end: datetime, calendar: WorkingCalendar) -> int:
    return calendar.working_days_between(local_date(start), local_date(end))


def _days_late(end: datetime, due: datetime, calendar: WorkingCalendar) -> int:
    return _between(due, end, calendar) if end > due else 0


def _later(due: datetime, working_days: int, calendar: WorkingCalendar) -> datetime:
    if not working_days:
        return due
    local = due.astimezone(VIETNAM)
    return datetime.combine(calendar.add_working_days(local.date(), working_days), local.time(), VIETNAM)


def _paused_since(dossier: Dossier, events: Sequence[DossierEvent]) -> datetime | None:
    if dossier.stage is not Stage.SUPPLEMENT:
        return None
    since = dossier.details.supplement_asked_at
    if since is None:
        for event in reversed(events):
            if event.stage is not Stage.SUPPLEMENT:
                break
            since = event.at
    return since or dossier.as_of


def _paused_days(events: Sequence[DossierEvent], calendar: WorkingCalendar) -> int:
    """Working days that finished supplement requests took."""
    return sum(
        max(0, _between(one.at, following.at, calendar))
        for one, following in pairwise(events)
        if one.stage is Stage.SUPPLEMENT
    )
