"""Port: ratings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from backend.domain.rating import OutsideRating, RatedSubject, Rating, Reason


class Ratings(Protocol):
    def of(self, subject: RatedSubject, persons: Sequence[str]) -> Rating | None:
        """What one of these persons (they are the same one) gave for exactly this result or answer."""

    def add(
        self,
        subject: RatedSubject,
        person: str,
        conversation_id: int,
        channel: str,
        value: int,
        now: datetime,
    ) -> bool:
        """False when this person has rated it already."""

    def change(self, rating_id: int, now: datetime, value: int) -> None: ...
    def explain(self, rating_id: int, now: datetime, reasons: Sequence[Reason], comment: str | None) -> None:
        """Set the reasons; a comment of None leaves the one that is there."""

    def outside(self, codes: Collection[str]) -> Sequence[OutsideRating]:
        """What was given elsewhere under these codes, numbers in order."""

    def put_outside(self, code: str, ratings: Sequence[OutsideRating], now: datetime) -> None:
        """These are all that was given elsewhere under this code."""

    def newest(self, limit: int) -> Sequence[Rating]: ...
    def counts(
        self, since: date | None, until: date | None
    ) -> Sequence[tuple[str, str, str, date, int, int]]:
        """(kind, agency, procedure code, day, value, how many), for days from ``since`` to ``until`` inclusive."""

    def reasons(self, since: date | None, until: date | None) -> Mapping[str, int]: ...
    def erase(self, persons: Sequence[str], conversation_id: int) -> int:
        """Erase words and person of what was rated here; the bare values stay for the count."""
