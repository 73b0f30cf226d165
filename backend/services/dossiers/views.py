"""What is told of a dossier. Refusals are results, not exceptions: their audit rows and counters must
stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.dossier import FeeDue, Stage
from backend.domain.dossier_clock import ClockView


@dataclass(frozen=True, slots=True)
class Place:
    """A desk. ``hours`` is the agency's own note, empty where it keeps the usual hours."""

    name: str
    address: str = ""
    phone: str = ""
    hours: str = ""
    opens_at: datetime | None = None  # when it opens next; None while it is open


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of an inter-agency dossier, at another agency and with a clock of its own."""

    code: str
    title: str
    agency: str
    stage: Stage
    clock: ClockView


@dataclass(frozen=True, slots=True)
class DossierView:
    """The public part, and what stands behind the second factor: that is empty while ``opened`` is false.

    ``next_step``: supplement, pay, collect, ask_late, wait_accept, wait, none. ``lacks`` names what the
    source never tells, so that silence is not taken for "nothing". ``raw_status`` is for officers only.
    """

    code: str
    title: str
    procedure_code: str
    stage: Stage
    agency: str
    clock: ClockView
    received_at: datetime | None
    ended_at: datetime | None
    next_step: str
    parts: tuple[PartView, ...]
    source: str
    as_of: datetime
    stale: bool
    demo: bool
    opened: bool
    can_open: bool
    whole_code: str = ""  # of the inter-agency dossier that this one is a part of
    place: Place | None = None
    # behind the second factor
    applicant: str = ""  # masked
    holder: str = ""
    step: str = ""
    papers: tuple[str, ...] = ()
    supplement_by: date | None = None
    fees: tuple[FeeDue, ...] = ()
    pay_at: str = ""
    reason: str = ""
    note: str = ""
    following: bool = False
    lacks: tuple[str, ...] = ()
    raw_status: str = ""

    @property
    def stage_name(self) -> str:
        return self.stage.name.lower()

    @property
    def waiting_parts(self) -> tuple[PartView, ...]:
        return tuple(part for part in self.parts if not part.stage.ended)

    @property
    def fee_total_vnd(self) -> int | None:
        """What is still to be paid; None where a sum is not told."""
        sums = [fee.amount_vnd for fee in self.fees if not fee.paid]
        known = [one for one in sums if one is not None]
        return sum(known) if sums and len(known) == len(sums) else None


@dataclass(frozen=True, slots=True)
class Explained:
    view: DossierView


@dataclass(frozen=True, slots=True)
class Unknown:
    """No dossier has this exact code, in the data that the sources have sent so far."""

    code: str


@dataclass(frozen=True, slots=True)
class NotEnough:
    """A part of a code or a wrong second factor. Always the same, whatever exists."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Too many wrong guesses; ``until`` is when the next are allowed."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """A line in the list of one's own dossiers."""

    code: str
    title: str
    stage: Stage
    due_at: datetime | None
    late: bool
