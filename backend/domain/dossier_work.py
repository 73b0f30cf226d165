"""Dossiers as work to be done: which group an open one is in, what a question is narrowed to, counts and lines."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.domain.dossier import Dossier
from backend.domain.dossier_clock import ClockState, ClockView


class DossierGroup(enum.StrEnum):
    """Figures of an agency's work. ``OPEN`` holds all others; a dossier is in one of the others at the most."""

    OPEN = "open"  # received or sent in, and not ended
    OVERDUE = "overdue"  # past the appointed instant, time that the citizen took for papers left out
    SOON = "soon"  # due in the time asked about
    WAITING = "waiting"  # papers were asked for: its clock stands still, so it is never late
    REGISTERED = "registered"  # sent in, nobody has accepted it yet


class Holding(enum.StrEnum):
    """By what a bottleneck is told."""

    STEP = "step"  # the source's step, else who holds it
    HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class DossierFilter:
    """What a question is narrowed to; empty members do not narrow.

    ``titles`` names procedures of rows whose source gives no code. ``holders`` and ``steps`` are the
    source's own words.
    """

    agencies: frozenset[int] = frozenset()
    field: str = ""
    procedures: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Times:
    """Instants that decide the groups: late when due before ``late``, soon when due in ``start`` to before ``end``.

    ``late`` is ``now``, or earlier where only what is late by so many days is asked for. ``start`` is never before
    ``now``.
    """

    now: datetime
    late: datetime
    start: datetime
    end: datetime

    def promised(self, due_at: datetime | None) -> DossierGroup | None:
        """The group of a running dossier by its due instant."""
        if due_at is None:
            return None
        if due_at < self.late:
            return DossierGroup.OVERDUE
        return DossierGroup.SOON if self.start <= due_at < self.end else None

    def judged(self, clock: ClockView) -> DossierGroup | None:
        """The group by the clock, which knows the time that supplements took."""
        return self.promised(clock.due_at) if clock.state in {ClockState.LATE, ClockState.RUNNING} else None


@dataclass(frozen=True, slots=True)
class DossierCounts:
    """``undated``: running without an appointed day."""

    open: int = 0
    overdue: int = 0
    soon: int = 0
    waiting: int = 0
    registered: int = 0
    undated: int = 0

    def __add__(self, other: DossierCounts) -> DossierCounts:
        return DossierCounts(
            self.open + other.open,
            self.overdue + other.overdue,
            self.soon + other.soon,
            self.waiting + other.waiting,
            self.registered + other.registered,
            self.undated + other.undated,
        )

    def of(self, group: DossierGroup) -> int:
        return {
            DossierGroup.OPEN: self.open,
            DossierGroup.OVERDUE: self.overdue,
            DossierGroup.SOON: self.soon,
            DossierGroup.WAITING: self.waiting,
            DossierGroup.REGISTERED: self.registered,
        }[group]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one agency and source, or of one procedure: its code, or its ``title`` where the source gives none."""

    counts: DossierCounts
    agency_id: int | None = None
    source: str = ""
    procedure: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A dossier that stands elsewhere than its promised instant alone would say: supplements took time."""

    dossier: Dossier
    promised: DossierGroup | None
    judged: DossierGroup | None


@dataclass(frozen=True, slots=True)
class Corrections:
    """Ids that a group loses and gains by what supplements took."""

    out: frozenset[int] = frozenset()
    into: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class HeldCount:
    """Running dossiers of one step (or holder); ``name`` None where the source tells neither."""

    name: str | None
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Stay:
    """At least half of the ``of`` dossiers there have been there since ``since``, or longer."""

    since: datetime
    of: int


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One step with what is stuck in it. ``days``: working days of the median stay, None where no event tells."""

    name: str
    open: int
    overdue: int
    days: int | None = None


Stays = Mapping[str, Stay]


def held_by(dossier: Dossier, by: Holding) -> str | None:
    """The step or holder that a dossier is counted under."""
    if by is Holding.HOLDER:
        return dossier.holder or None
    return dossier.step or dossier.holder or None
