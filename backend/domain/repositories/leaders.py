"""Ports: leaders' calendars and the duty roster. Every reading method takes who looks, and finds nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from backend.domain.leader import DutyShift, EventFilter, EventPage, Leader, LeaderEvent, Sight
from backend.domain.scope import Scope


class Leaders(Protocol):
    def all(self) -> Sequence[Leader]:
        """Everybody with a calendar: that they have one is public, what stands in it is not."""

    def put(self, leader: Leader) -> int:
        """Add, or change title and account; one name is one leader within an agency."""

    def find(self, sight: Sight, wanted: EventFilter, *, limit: int = 5, after: int = 0) -> EventPage: ...
    def clashes(
        self, sight: Sight, since: datetime, until: datetime, leaders: Collection[int] = ()
    ) -> Sequence[tuple[LeaderEvent, LeaderEvent]]:
        """Pairs of one leader that overlap, of which this asker sees both; of all leaders when none is named."""

    # for importers: nobody asks, everything is seen
    def known(self, keys: Sequence[str]) -> Mapping[str, LeaderEvent]: ...
    def add(self, event: LeaderEvent) -> int: ...
    def change(self, event: LeaderEvent) -> None:
        """Replace the row of this id, with its ``changes``."""

    def seen(self, ids: Collection[int], as_of: datetime) -> None:
        """The source told these again, unchanged, at that time."""

    def overlapping(self, event: LeaderEvent) -> Sequence[LeaderEvent]:
        """Other events of the same leader that clash with this one."""

    def between(
        self, leaders: Collection[int], since: datetime, until: datetime
    ) -> Sequence[LeaderEvent]: ...


class DutyShifts(Protocol):
    def find(
        self, scope: Scope, days: tuple[date, date], agency: int | None = None, *, desks: bool = False
    ) -> Sequence[DutyShift]:
        """By day, agency and position; what is open to the province is seen with any scope but an empty one.

        ``desks``: whatever the scope, what is open to the province and nothing else.
        """

    # for importers
    def on(self, agency_id: int, days: Collection[date]) -> Sequence[DutyShift]: ...
    def add(self, shift: DutyShift) -> int: ...
    def change(self, shift: DutyShift) -> None: ...
    def seen(self, ids: Collection[int], as_of: datetime) -> None:
        """The source told these again, unchanged, at that time."""

    def drop(self, ids: Collection[int]) -> int: ...
