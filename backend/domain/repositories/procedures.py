"""Port: procedures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from backend.domain.procedure import Procedure, ProcedureEntry


class Procedures(Protocol):
    def put(self, procedure: Procedure) -> str:
        """Insert or update the version (code, valid_from): "created", "changed" or "unchanged".

        A version that starts later closes the one before it the day before.
        """

    def by_code(self, code: str, on: date) -> Procedure | None:
        """The version in force that day; before the first version, or after the last one, None."""

    def version_for(self, code: str, valid_from: date) -> Procedure | None:
        """The very version that a dossier was received under."""

    def latest(self, codes: Collection[str]) -> Mapping[str, Procedure]:
        """The newest version of each code, in force or not yet."""

    def titles(self, codes: Collection[str], on: date) -> Mapping[str, str]:
        """Titles of the versions in force, by code."""

    def current(self, on: date) -> Sequence[ProcedureEntry]:
        """Every version in force that day, as the search needs it."""

    def catalogue_version(self) -> str:
        """Changes with every change of the catalogue; for caches of this process only."""

    def count(self) -> int: ...
