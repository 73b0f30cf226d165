"""Fields of petitions (lĩnh vực), what is suggested for one and what a person decided; how alike two are."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.petition import PetitionState, Story

#: The rule of petitions whose field nobody has settled yet.
ANY_FIELD = "any"


class Level(enum.StrEnum):
    """Who usually handles a field."""

    COMMUNE = "commune"
    DEPARTMENT = "department"
    POLICE = "police"
    TAX = "tax"
    SOCIAL_INSURANCE = "social_insurance"


@dataclass(frozen=True, slots=True)
class PetitionField:
    """``agency_words``: some of them stand in the name of the department. ``raised_by``: words of a story that lift it
    from the commune to the department ("quốc lộ"). Both folded when compared."""

    code: str
    name: str
    level: Level
    agency_words: tuple[str, ...] = ()
    raised_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """Two petitions of the field may be one matter within so many metres and days, alike by ``alike`` (0 to 1)."""

    field: str
    radius_m: int
    days: int
    alike: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``field`` is "" where the model does not know; ``decided_field`` is what a person settled."""

    field: str
    confidence: float
    second: str
    agency_id: int | None
    model: str
    at: datetime
    decided_field: str = ""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Counts of n-grams, by keyed hash, in what persons decided; ``totals`` by field."""

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    petitions: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A petition as duplicates are looked for. Degrees; metres are worked out from them."""

    code: str
    state: PetitionState
    received_at: datetime
    commune_id: int | None
    about_agency_id: int | None
    latitude: float | None
    longitude: float | None
    field_name: str
    story: Story = field(repr=False)


@dataclass(frozen=True, slots=True)
class Search:
    """Where candidates stand: in the commune, or in the box, or (where neither is known) in the field."""

    since: datetime
    until: datetime
    commune_id: int | None
    box: tuple[float, float, float, float] | None  # south, north, west, east
    field_name: str
    but: str  # not this code


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two are one matter, 0 to 1, and why: metres (None when unknown), days apart, likeness of words."""

    code: str
    state: PetitionState
    score: float
    words: float
    days: int
    metres: int | None
    same_commune: bool
    same_field: bool
    reasons: Sequence[str] = ()
