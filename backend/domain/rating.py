"""Ratings (đánh giá): what people think of a result or an answer that they were given."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from backend.domain.errors import DomainError

LOWEST, HIGHEST = 1, 5
#: So long a rating may be changed by whoever gave it.
CHANGEABLE = timedelta(days=1)
#: So low a rating of an answer is asked whether the matter is settled at all.
LOW = 2


#: In place of a person's keyed hash, with a number, where a rating was given elsewhere.
OUTSIDE = "import:"


class RatedKind(enum.StrEnum):
    DOSSIER = "dossier"  # its result
    PETITION = "petition"  # its answer


class Reason(enum.StrEnum):
    """Why, in the words of the buttons. ``ATTITUDE`` praises or blames, as the value does."""

    ATTITUDE = "attitude"  # thái độ
    ON_TIME = "on_time"  # đúng hẹn
    CLEAR = "clear"  # hướng dẫn rõ
    SIMPLE = "simple"  # thủ tục gọn
    LATE = "late"  # trễ hẹn, chờ lâu
    UNCLEAR = "unclear"  # hướng dẫn không rõ
    TRIPS = "trips"  # phải đi lại nhiều
    UNSOLVED = "unsolved"  # chưa giải quyết đúng việc


_GOOD = (Reason.ATTITUDE, Reason.ON_TIME, Reason.CLEAR, Reason.SIMPLE)
_BAD = (Reason.ATTITUDE, Reason.LATE, Reason.UNCLEAR, Reason.TRIPS, Reason.UNSOLVED)


def reasons_for(value: int) -> tuple[Reason, ...]:
    """The reasons that are offered beside this value."""
    return _GOOD if value > (LOWEST + HIGHEST) // 2 else _BAD


class NoResultYet(DomainError):
    """There is nothing to rate: no result was handed over, no answer was given."""

    key = "rating/not_yet"


class RatingFixed(DomainError):
    """The day in which the rating could be changed is over; ``values``: code, value."""

    key = "rating/fixed"


@dataclass(frozen=True, slots=True)
class RatedSubject:
    """What is rated. ``round`` counts the answers to a petition that was reopened, from 0."""

    kind: RatedKind
    code: str
    agency: str  # name; empty where the source does not tell
    procedure_code: str = ""
    title: str = ""
    round: int = 0


@dataclass(frozen=True, slots=True)
class Rating:
    """``comment`` is sealed at rest, and empty once erased. ``person`` is a keyed hash."""

    id: int
    subject: RatedSubject
    person: str = field(repr=False)
    conversation_id: int | None
    value: int
    reasons: tuple[Reason, ...]
    created_at: datetime
    changed_at: datetime
    comment: str = field(default="", repr=False)

    @property
    def fixed_at(self) -> datetime:
        return self.created_at + CHANGEABLE


@dataclass(frozen=True, slots=True)
class OutsideRating:
    """One that was given elsewhere (a portal, a device at the desk, paper), as an import tells it; nobody's name.

    ``code`` is the dossier's, or what else tells these ratings apart; ``number`` counts those of one code from 1.
    """

    code: str
    number: int
    value: int
    on: date
    agency: str  # name
    channel: str
    procedure_code: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Ratings counted: how many gave each value."""

    counts: Mapping[int, int]

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def average(self) -> float | None:
        """To two places; None where nobody rated."""
        if not self.count:
            return None
        return round(sum(value * how_many for value, how_many in self.counts.items()) / self.count, 2)

    @property
    def satisfied(self) -> float | None:
        """The share (0 to 1) of those who gave one of the two highest values."""
        if not self.count:
            return None
        return round(sum(n for value, n in self.counts.items() if value >= HIGHEST - 1) / self.count, 4)


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """What the statistics need, each list with the most ratings first; months ("2026-11") in order."""

    overall: Tally
    by_kind: Mapping[str, Tally]
    by_agency: Mapping[str, Tally]
    by_procedure: Mapping[str, Tally]
    by_month: Mapping[str, Tally]
    reasons: Mapping[str, int]
