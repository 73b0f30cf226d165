"""An officer's own wording of a reply, in place of the file's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Wording:
    """One version. An empty ``template`` gives the key back to the file."""

    id: int
    language: str
    key: str
    template: str
    by: str
    at: datetime
