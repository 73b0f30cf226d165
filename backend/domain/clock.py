"""Time is always asked for, never taken. Dates of the office are dates in Asia/Ho_Chi_Minh."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware."""


def local_date(moment: datetime) -> date:
    """The office's calendar date at this aware instant."""
    return moment.astimezone(VIETNAM).date()
