"""What lies with another body (police, social insurance, tax, court, bank, utilities): its name, where to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.domain.procedure import HandledBy, ProcedureEntry

#: Codes of such matters among search hits; no procedure has one like it.
_PREFIX = "outside:"


def is_matter(code: str) -> bool:
    """Whether a hit's code is that of another body's matter, not of a procedure."""
    return code.startswith(_PREFIX)


@dataclass(frozen=True, slots=True)
class Body:
    """``where`` is a sentence part that follows "hỏi, nộp tại"."""

    name: str
    where: str
    url: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OutsideMatter:
    """Something people ask for that no procedure of ours covers; ``said`` is how they call it."""

    name: str
    body: Body
    said: tuple[str, ...]
    #: A matter of the province that a catalogue may lack: a procedure found for it goes before.
    when_missing: bool = False


@dataclass(frozen=True, slots=True)
class OutsideTable:
    bodies: Mapping[HandledBy, Body] = field(default_factory=dict)
    matters: tuple[OutsideMatter, ...] = ()

    def entries(self) -> list[ProcedureEntry]:
        """The matters as things to be found."""
        return [
            ProcedureEntry(
                f"{_PREFIX}{at}",
                one.name,
                "",
                HandledBy.OTHER,
                common_names=one.said,
                last_resort=one.when_missing,
            )
            for at, one in enumerate(self.matters)
        ]

    def matter(self, code: str) -> OutsideMatter | None:
        """The matter behind a hit's code; None for a procedure."""
        return self.matters[int(code.removeprefix(_PREFIX))] if is_matter(code) else None

    def body_of(self, handled_by: HandledBy) -> Body | None:
        """Who does it; None when the province or a commune does, or nothing is known."""
        return None if handled_by.is_local else self.bodies.get(handled_by)
