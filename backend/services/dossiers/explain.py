"""Explain a dossier: where it is, how it stands against its promise, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.domain.dossier import Dossier, DossierEvent, Stage
from backend.domain.dossier_clock import ClockState, ClockView, clock_of
from backend.domain.ports import UnitOfWork
from backend.domain.running import Source
from backend.domain.viewer import Viewer
from backend.services.dossiers.access import blocked, count_wrong_code, is_open
from backend.services.dossiers.places import place_of
from backend.services.dossiers.views import (
    Blocked,
    DossierView,
    Explained,
    NotEnough,
    PartView,
    Unknown,
)
from backend.services.people import is_followed
from backend.text.mask import mask_name

_NEXT_STEP = {
    Stage.UNKNOWN: "ask_desk",
    Stage.REGISTERED: "wait_accept",
    Stage.SUPPLEMENT: "supplement",
    Stage.FEE_DUE: "pay",
    Stage.DONE: "collect",
}
#: Parts of an inter-agency dossier that are shown; more is a fault of the source.
MOST_PARTS = 6


def explain(uow: UnitOfWork, viewer: Viewer, code: str) -> Explained | Unknown | Blocked:
    """What this viewer may know of the dossier with exactly this code (canonical form)."""
    dossier = uow.dossiers.by_code(code)
    if dossier is not None and is_open(viewer, dossier):
        uow.audit.record(viewer.actor, "dossier.read", f"dossier:{code}", "opened")
        return Explained(_view(uow, viewer, dossier))
    stop = blocked(uow, viewer)
    if stop is not None:
        return stop
    if dossier is None:
        count_wrong_code(uow, viewer, code)
        return Unknown(code)
    return Explained(_view(uow, viewer, dossier))


def explain_partial(uow: UnitOfWork, viewer: Viewer, tail: str) -> Explained | NotEnough:
    """``tail`` (261008-0975) counts only among the dossiers of the viewer's verified phone."""
    found = [] if viewer.group else uow.dossiers.by_tail(tail, viewer.phone_proofs)
    if len(found) != 1:
        return NotEnough()
    uow.audit.record(viewer.actor, "dossier.read", f"dossier:{found[0].code}", "opened")
    return Explained(_view(uow, viewer, found[0]))


def _view(uow: UnitOfWork, viewer: Viewer, dossier: Dossier) -> DossierView:
    parts = list(uow.dossiers.children(dossier.id))[:MOST_PARTS]
    events = uow.dossiers.events([dossier.id, *(part.id for part in parts)])
    clock = clock_of(dossier, events[dossier.id], uow.now, uow.calendar)
    source = uow.sources.get(dossier.source)
    lacks = source.lacks if source is not None else ()
    opened = is_open(viewer, dossier)
    view = DossierView(
        code=dossier.code,
        title=dossier.title,
        procedure_code=dossier.procedure_code,
        stage=dossier.stage,
        agency=dossier.agency_name,
        clock=clock,
        received_at=dossier.received_at,
        ended_at=dossier.returned_at if dossier.stage is Stage.RETURNED else dossier.finished_at,
        next_step=_next_step(dossier, clock),
        parts=tuple(_part(uow, part, events[part.id]) for part in parts),
        source=dossier.source,
        as_of=dossier.as_of,
        stale=_is_stale(uow, dossier, source),
        demo=bool(dossier.demo),
        opened=opened,
        can_open=not opened and not viewer.group and "phone" not in lacks,
        whole_code=dossier.parent_code or "",
        place=place_of(uow, dossier),
        raw_status=dossier.raw_status if viewer.roles else "",
        lacks=tuple(lacks),
    )
    return _with_private(uow, viewer, dossier, view) if opened else view


def _with_private(uow: UnitOfWork, viewer: Viewer, dossier: Dossier, view: DossierView) -> DossierView:
    person = uow.dossiers.applicant(dossier.id)
    details = dossier.details
    return replace(
        view,
        applicant=mask_name(person.name) if person else "",
        holder=dossier.holder or "",
        step=dossier.step or "",
        papers=details.papers,
        supplement_by=details.supplement_by,
        fees=details.fees,
        pay_at=details.pay_at,
        reason=details.reason,
        note=details.note,
        following=is_followed(uow, viewer, dossier.id),
    )


def _part(uow: UnitOfWork, part: Dossier, events: Sequence[DossierEvent]) -> PartView:
    clock = clock_of(part, events, uow.now, uow.calendar)
    return PartView(part.code, part.title, part.agency_name, part.stage, clock)


def _next_step(dossier: Dossier, clock: ClockView) -> str:
    known = _NEXT_STEP.get(dossier.stage)
    if known is not None:
        return known
    if dossier.stage.ended:
        return "none"
    return "ask_late" if clock.state is ClockState.LATE else "wait"


def _is_stale(uow: UnitOfWork, dossier: Dossier, source: Source | None) -> bool:
    """A feed that has been silent too long; an ended dossier changes no more."""
    return not dossier.stage.ended and source is not None and source.stale(uow.now)
