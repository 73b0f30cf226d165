"""Port: open dossiers as work. Every query is bound to a scope; an empty one matches no row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from backend.domain.dossier import Dossier
from backend.domain.dossier_work import (
    Corrections,
    DossierFilter,
    DossierGroup,
    HeldCount,
    Holding,
    Stay,
    Tally,
    Times,
)
from backend.domain.scope import Scope


class DossierWork(Protocol):
    """A dossier without a known agency is seen by who sees the whole province, and by nobody else."""

    def by_agency(self, scope: Scope, which: DossierFilter, times: Times) -> Sequence[Tally]:
        """Counts by agency and source, as the promised instants alone have it."""

    def by_procedure(self, scope: Scope, which: DossierFilter, times: Times) -> Sequence[Tally]:
        """Counts by procedure, as the promised instants alone have it."""

    def supplemented(self, scope: Scope, which: DossierFilter, times: Times) -> Sequence[Dossier]:
        """Running dossiers late or soon by their promise that were asked for papers before: to be judged singly."""

    def rows(
        self,
        scope: Scope,
        which: DossierFilter,
        group: DossierGroup,
        times: Times,
        corrected: Corrections,
        limit: int,
        offset: int,
    ) -> Sequence[Dossier]:
        """The dossiers of a group, the earliest promise first; without what is sealed."""

    def held(
        self, scope: Scope, which: DossierFilter, times: Times, by: Holding, *, late_only: bool = False
    ) -> Sequence[HeldCount]:
        """By step or holder, as the promised instants alone have it. ``late_only``: of the overdue ones."""

    def holders(self, scope: Scope, which: DossierFilter) -> Mapping[str | None, int]:
        """Open dossiers by who holds them, in the source's words; None where it does not tell."""

    def stays(self, scope: Scope, which: DossierFilter, by: Holding) -> Mapping[str, Stay]:
        """How long those that are there now have been there, by step or holder."""
