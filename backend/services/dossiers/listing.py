"""The dossiers of a verified phone."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.dossier import Dossier
from backend.domain.dossier_clock import ClockState, clock_of
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services.dossiers.views import Summary

#: As many as a list of buttons may hold.
MOST = 8


def my_dossiers(uow: UnitOfWork, viewer: Viewer) -> tuple[Summary, ...]:
    """Newest first, at most ``MOST``; none in a group or without a verified phone."""
    if viewer.group or not viewer.phone_proofs:
        return ()
    return summaries(uow, uow.dossiers.by_phone(viewer.phone_proofs, MOST))


def summaries(uow: UnitOfWork, dossiers: Sequence[Dossier]) -> tuple[Summary, ...]:
    events = uow.dossiers.events([one.id for one in dossiers])
    clocks = [clock_of(one, events[one.id], uow.now, uow.calendar) for one in dossiers]
    return tuple(
        Summary(one.code, one.title, one.stage, clock.due_at, clock.state is ClockState.LATE)
        for one, clock in zip(dossiers, clocks, strict=True)
    )
