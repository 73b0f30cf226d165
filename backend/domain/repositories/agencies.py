"""Port: agencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from backend.domain.agency import Agency


class Agencies(Protocol):
    def put(self, agency: Agency) -> int:
        """Insert or update by code; returns the id."""

    def get(self, agency_id: int) -> Agency: ...
    def by_code(self, code: str) -> Agency | None: ...
    def all(self) -> Sequence[Agency]:
        """Every agency in force, with aliases and predecessors."""

    def version(self) -> str:
        """Changes whenever an agency changes; for caches."""
