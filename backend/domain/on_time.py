"""When a dossier counts as on time nationally (QĐ 766/QĐ-TTg, indicator 2.1), where a plain look cannot tell.

On time means that processing ended no later than the appointed instant, the time that the citizen spent supplementing
taken out. Whoever is stuck at a single request for papers ended at that request; asked more than once and unfinished
is overdue. What is not finished ends on the last day of the reporting period. Without an appointed instant, the
procedure's longest time counts.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.clock import local_date


class Verdict(enum.StrEnum):
    IN_TIME = "in_time"
    LATE = "late"
    UNKNOWN = "unknown"  # neither an appointed instant nor a longest time is known


@dataclass(frozen=True, slots=True)
class Supplement:
    """Papers asked for; ``done_at`` None while they have not come."""

    asked_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A dossier's way as far as the rule looks at it. ``allowed`` is the procedure's longest time, None: not known."""

    received_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    supplements: Sequence[Supplement] = ()
    allowed: timedelta | None = None


def verdict(course: Course, period_end: datetime) -> Verdict:
    """``period_end`` is the beginning of the period's last day: what is unfinished by then ends on it."""
    finished = course.finished_at
    waiting = finished is None and bool(course.supplements) and course.supplements[-1].done_at is None
    if waiting and len(course.supplements) > 1:
        return Verdict.LATE
    end = course.supplements[-1].asked_at if waiting else finished or period_end
    stood_still = sum(
        (one.done_at - one.asked_at for one in course.supplements if one.done_at is not None), timedelta()
    )
    if course.due_at is not None:
        in_time = end - stood_still <= course.due_at
    elif course.allowed is not None:
        in_time = end - course.received_at - stood_still <= course.allowed
    else:
        return Verdict.UNKNOWN
    if not in_time and finished is None and not waiting and course.due_at is not None:
        in_time = local_date(end - stood_still) <= local_date(course.due_at)
    return Verdict.IN_TIME if in_time else Verdict.LATE


def supplements_of(events: Sequence[tuple[bool, datetime]]) -> tuple[Supplement, ...]:
    """From events in order: (is a request for papers, when). The next other event says that the papers came."""
    found: list[Supplement] = []
    asked: datetime | None = None
    for is_request, at in events:
        if is_request and asked is None:
            asked = at
        elif not is_request and asked is not None:
            found.append(Supplement(asked, at))
            asked = None
    if asked is not None:
        found.append(Supplement(asked))
    return tuple(found)
