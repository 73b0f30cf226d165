"""A petition as the reception desk's own register has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from backend.domain.agency import Agency
from backend.domain.petition import NewPetition
from backend.domain.petition_paper import Origin, Paper, key_of


@dataclass(frozen=True, slots=True)
class Disposal:
    """How the desk disposed of it: a move of the map, with what the law wants for it."""

    move: str  # assign, guide, forward, send_back, file_away, decline
    reason: str = field(default="", repr=False)
    agency: Agency | None = None
    body: str = ""  # the competent body where it is none of our agencies
    document: str = ""
    answer: str = field(default="", repr=False)  # of the agency that it was assigned to


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """``register`` is the petition's number in the register, ``origin`` that of who sent it on to us."""

    new: NewPetition
    paper: Paper
    register: Origin
    received_at: datetime
    origin: Origin | None = None
    disposal: Disposal | None = None

    @property
    def key(self) -> str:
        return f"{key_of(self.register.place)}|{key_of(self.register.number, spaces=False)}"
