"""An agency (cơ quan) of the province or a commune."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Agency:
    """``kind``: province, department, commune, police, tax, social_insurance, other.

    ``valid_to`` set means that the agency no longer exists; ``predecessors`` are dated old names.
    """

    code: str
    name: str
    kind: str
    parent_code: str | None = None
    address: str = ""
    phone: str = ""
    hours: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    predecessors: tuple[tuple[str, date], ...] = ()
    valid_from: date = date(2025, 7, 1)
    valid_to: date | None = None
    id: int = 0
    demo: str = ""
