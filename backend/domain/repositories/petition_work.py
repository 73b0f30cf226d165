"""Port: open petitions as work. Every query is bound to a reach; an empty one matches no row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from backend.domain.petition_work import (
    PetitionFilter,
    PetitionGroup,
    PetitionReach,
    PetitionRow,
    PetitionTally,
    PetitionTimes,
    SealedCounts,
)


class PetitionWork(Protocol):
    """Nothing sealed is read: neither words, reporters and answers nor the lane of denunciations."""

    def tallies(
        self, reach: PetitionReach, which: PetitionFilter, times: PetitionTimes
    ) -> Sequence[PetitionTally]: ...
    def rows(
        self,
        reach: PetitionReach,
        which: PetitionFilter,
        group: PetitionGroup,
        times: PetitionTimes,
        limit: int,
        offset: int,
    ) -> Sequence[PetitionRow]:
        """The most urgent first."""

    def sealed(self) -> SealedCounts:
        """Counts alone; for accounts that are named for the sealed lane."""
