"""What a reporter, or somebody who has only the code, may learn of a petition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.domain.petition import Petition, PetitionKind, PetitionState
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services.dossiers.access import blocked
from backend.services.dossiers.views import Blocked
from backend.services.people import conversations_of

_LISTED = 5
#: How it ended, whose reason its reporter is told.
_REASON_SHOWN = frozenset({
    PetitionState.DECLINED, PetitionState.GUIDED, PetitionState.RETURNED, PetitionState.FILED
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class PetitionView:
    """``own`` opens the answer and the reasons; without it only state, agency and due day are told."""

    code: str
    kind: PetitionKind
    state: PetitionState
    received_at: datetime
    agency: str
    due_at: datetime | None
    late: bool
    own: bool
    answer: str = ""
    reason: str = ""
    merged_into: str = ""
    help_only: bool = False
    body: str = ""  # where it was passed on, or the sender was sent
    document: str = ""
    skips_level: bool = False


def mine(uow: UnitOfWork, viewer: Viewer) -> Sequence[Petition]:
    """The newest of this person: of this and the linked conversations, and of the verified number."""
    found: dict[int, Petition] = {}
    for number in conversations_of(uow, viewer):
        found |= {one.id: one for one in uow.petitions.of(number, sorted(viewer.phone_proofs), _LISTED)}
    return [found[number] for number in sorted(found, reverse=True)[:_LISTED]]


def is_own(viewer: Viewer, petition: Petition, found: Sequence[Petition]) -> bool:
    return not viewer.group and petition.code in {one.code for one in found}


def look_up(uow: UnitOfWork, viewer: Viewer, code: str) -> PetitionView | Blocked | None:
    """None for an unknown code; wrong codes are counted as those of dossiers are."""
    if stop := blocked(uow, viewer):
        return stop
    petition = uow.petitions.by_code(code)
    if petition is None:
        uow.guesses.count_wrong(f"{viewer.address.channel}:{viewer.address.external_id}"[:100])
        uow.audit.record(viewer.actor, "petition.look_up", f"petition:{code}"[:200], "unknown")
        return None
    return view(uow, petition, own=is_own(viewer, petition, mine(uow, viewer)))


def view(uow: UnitOfWork, petition: Petition, *, own: bool) -> PetitionView:
    history = uow.petitions.history(petition.id) if own else ()
    reason = next((one.reason for one in reversed(history) if one.to == petition.state and one.reason), "")
    goes_on = _goes_on_in(uow, petition) if own else petition
    paper = uow.petition_papers.of(petition.id)
    return PetitionView(
        code=petition.code,
        kind=petition.kind,
        state=petition.state,
        received_at=petition.received_at,
        agency=uow.agencies.get(goes_on.agency_id).name if goes_on.agency_id else "",
        due_at=goes_on.due_at,
        late=petition.is_open and petition.due_at is not None and petition.due_at < uow.now,
        own=own,
        answer=goes_on.answer if own else "",
        reason=reason if own and petition.state in _REASON_SHOWN else "",
        merged_into=petition.merged_into if own else "",
        help_only=petition.code.startswith("HT-"),
        body=paper.body if own else "",
        document=paper.document if own else "",
        skips_level=paper.skips_level,
    )


def _goes_on_in(uow: UnitOfWork, petition: Petition) -> Petition:
    """The one that a merged petition goes on in: its agency, its answer."""
    seen = {petition.code}
    while petition.state is PetitionState.MERGED and petition.merged_into not in seen:
        into = uow.petitions.by_code(petition.merged_into)
        if into is None:
            break
        petition = into
        seen.add(petition.code)
    return petition
