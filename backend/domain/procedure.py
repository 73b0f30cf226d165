"""An administrative procedure (thủ tục hành chính) as published: what to bring, where, how long, how much.

Time and fee belong to a channel: they differ between the desk, the portal and the post (domain facts, section 4).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime


class Level(enum.StrEnum):
    COMMUNE = "commune"
    PROVINCE = "province"
    MINISTRY = "ministry"
    OTHER = "other"


class HandledBy(enum.StrEnum):
    """Whose work it is. Only the first two are the province's own."""

    COMMUNE = "commune"
    DEPARTMENT = "department"
    POLICE = "police"
    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"
    COURT = "court"
    BANK = "bank"
    CUSTOMS = "customs"
    MINISTRY = "ministry"
    OTHER = "other"

    @property
    def is_local(self) -> bool:
        return self in (HandledBy.COMMUNE, HandledBy.DEPARTMENT)


class FilingChannel(enum.StrEnum):
    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"


class Online(enum.StrEnum):
    FULL = "full"  # toàn trình
    PARTIAL = "partial"  # một phần
    NONE = "none"
    UNKNOWN = "unknown"


class TimeUnit(enum.StrEnum):
    SAME_DAY = "same_day"  # within the day; received after 15:00, the next working day
    WORKING_DAY = "working_day"
    DAY = "day"
    HOUR = "hour"
    MONTH = "month"


class FeeRule(enum.StrEnum):
    """Only FREE may be called free."""

    FREE = "free"
    FIXED = "fixed"
    LOCAL = "local"  # set by the province's People's Council (HĐND)
    OTHER_RULE = "other_rule"  # set by a circular or another text
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    amount: int
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class Fee:
    vnd: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to file, with its own time and fee. A channel may stand twice, once per case (see ``note``)."""

    channel: FilingChannel
    time: TimeLimit | None = None  # None where the publication gives none
    time_note: str = ""
    fee_rule: FeeRule = FeeRule.UNKNOWN
    fees: tuple[Fee, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """``form`` names the printed form to fill in, where there is one."""

    name: str
    form: str = ""
    originals: int = 0
    copies: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaperCase:
    """The papers of one case; ``case`` is empty where there is but one."""

    case: str
    items: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class LegalBasis:
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One effective version. ``valid_to`` is the last day in force, None while open; both are Vietnamese dates.

    ``agency`` decides; ``department`` is the provincial department that owns it, where named. ``decision`` is the
    publication decision. ``flags`` tell what an importer found odd ("district": the text still names a district).
    """

    code: str
    title: str
    field: str
    levels: tuple[Level, ...]
    handled_by: HandledBy
    agency: str
    valid_from: date
    source: str
    as_of: datetime
    department: str = ""
    audience: tuple[str, ...] = ()
    decision: str = ""
    valid_to: date | None = None
    source_url: str = ""
    online: Online = Online.UNKNOWN
    channels: tuple[Channel, ...] = ()
    papers: tuple[PaperCase, ...] = ()
    steps: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    related: tuple[str, ...] = ()
    common_names: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    demo: str = ""

    @property
    def is_local(self) -> bool:
        """Whether the province or one of its communes handles it."""
        return self.handled_by.is_local

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ProcedureEntry:
    """What the search needs of a version, without its text."""

    code: str
    title: str
    field: str
    handled_by: HandledBy
    levels: tuple[Level, ...] = ()
    audience: tuple[str, ...] = ()
    common_names: tuple[str, ...] = ()
    agency: str = ""
    last_resort: bool = False  # counts only where nothing else is as likely


def entry_of(procedure: Procedure) -> ProcedureEntry:
    return ProcedureEntry(
        code=procedure.code,
        title=procedure.title,
        field=procedure.field,
        handled_by=procedure.handled_by,
        levels=procedure.levels,
        audience=procedure.audience,
        common_names=procedure.common_names,
        agency=procedure.agency,
    )
