"""Petitions as work to be done: who may see which, the groups that officers ask for, counts."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from backend.domain.petition import Petition, PetitionState
from backend.domain.scope import NO_SCOPE, Scope

#: What nobody has answered yet, and somebody of ours has to.
OWED = frozenset({
    PetitionState.RECEIVED, PetitionState.CLASSIFIED, PetitionState.ASSIGNED, PetitionState.IN_PROGRESS,
    PetitionState.EXTENSION_ASKED,
})  # fmt: skip
#: With the desk: no agency has it.
UNASSIGNED = frozenset({PetitionState.RECEIVED, PetitionState.CLASSIFIED})
#: The desk's queue: what is to be given out, and what was passed on and waits for another body's answer.
DESK_QUEUE = UNASSIGNED | {PetitionState.FORWARDED}
#: Who works on that queue (``operator``: the hotline, ``reception``: the board that receives citizens).
DESK_ROLES = frozenset({"operator", "reception"})


class PetitionGroup(enum.StrEnum):
    """Figures of an officer's work on petitions; one petition may be in several."""

    OPEN = "open"
    OVERDUE = "overdue"  # the answer's day is past; with no agency yet, the day to classify or assign it
    SOON = "soon"
    UNASSIGNED = "unassigned"  # no agency has it
    UNTAKEN = "untaken"  # an agency has it, nobody there has taken it up
    SLOW = "slow"  # a step's alarm has rung, the answer's day is not past
    ELSEWHERE = "elsewhere"  # waits for another body's or the reporter's word


@dataclass(frozen=True, slots=True)
class PetitionReach:
    """What an officer may see: rows of ``scope``; with ``desk`` that queue; what ``account`` owns.

    Never anything about an agency of ``concerned`` (ids): nobody reads what is about themselves.
    """

    scope: Scope = NO_SCOPE
    desk: bool = False
    account: str = ""
    concerned: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        return self.scope.empty and not self.desk


@dataclass(frozen=True, slots=True)
class PetitionFilter:
    """Empty members do not narrow. ``field`` is a field's code, ``owner`` an account, ``code`` a petition's."""

    agencies: frozenset[int] = frozenset()
    field: str = ""
    owner: str = ""
    queue: bool = False  # the desk's own queue only
    code: str = ""


@dataclass(frozen=True, slots=True)
class PetitionTimes:
    """Soon is due in ``start`` to before ``end``; ``start`` is not before ``now``."""

    now: datetime
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class PetitionCounts:
    open: int = 0
    overdue: int = 0
    soon: int = 0
    unassigned: int = 0
    untaken: int = 0
    slow: int = 0
    elsewhere: int = 0

    def __add__(self, other: PetitionCounts) -> PetitionCounts:
        return PetitionCounts(
            self.open + other.open,
            self.overdue + other.overdue,
            self.soon + other.soon,
            self.unassigned + other.unassigned,
            self.untaken + other.untaken,
            self.slow + other.slow,
            self.elsewhere + other.elsewhere,
        )

    def of(self, group: PetitionGroup) -> int:
        return int(getattr(self, group.value))


@dataclass(frozen=True, slots=True)
class PetitionTally:
    """Counts of one agency (None: no agency has them) and field ("" where nobody has settled it)."""

    agency_id: int | None
    field: str
    counts: PetitionCounts


@dataclass(frozen=True, slots=True)
class PetitionRow:
    """A petition without what was said and who said it. ``entered_at``: when it came to its present step."""

    petition: Petition
    entered_at: datetime
    agency: str  # "" while no agency has it


@dataclass(frozen=True, slots=True)
class SealedCounts:
    """Denunciations in the sealed lane that are not disposed of: how many, and how many nobody has opened."""

    open: int
    unread: int
    oldest: datetime | None
