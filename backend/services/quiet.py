"""Quiet hours: nobody is rung out of bed by a notice."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from backend.domain.clock import VIETNAM

#: No notice is sent from the first to the second (Asia/Ho_Chi_Minh).
QUIET_FROM, QUIET_TO = time(21, 0), time(7, 0)
#: Changes come in bursts (an import, an officer who corrects): so long one waits for the rest of it.
SETTLING = timedelta(minutes=1)


def polite(moment: datetime) -> datetime:
    """``moment``, or the next morning when it lies in the quiet hours; aware."""
    local = moment.astimezone(VIETNAM)
    if QUIET_TO <= local.time() < QUIET_FROM:
        return moment
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_TO, VIETNAM)


def is_quiet(moment: datetime) -> bool:
    return polite(moment) != moment


def settled(now: datetime) -> datetime:
    """When to tell of something that has just changed: after the changes that come with it, in polite hours."""
    return polite(now + SETTLING)
