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

_LISTED = 5


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


def mine(uow: UnitOfWork, viewer: Viewer) -> Sequence[Petition]:
    """The newest of this conversation and of this person's verified number."""
    return uow.petitions.of(viewer.conversation_id, sorted(viewer.phone_proofs), _LISTED)


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
    told = {PetitionState.DECLINED}
    return PetitionView(
        code=petition.code,
        kind=petition.kind,
        state=petition.state,
        received_at=petition.received_at,
        agency=uow.agencies.get(petition.agency_id).name if petition.agency_id else "",
        due_at=petition.due_at,
        late=petition.is_open and petition.due_at is not None and petition.due_at < uow.now,
        own=own,
        answer=petition.answer if own else "",
        reason=reason if own and petition.state in told else "",
        merged_into=petition.merged_into if own else "",
        help_only=petition.code.startswith("HT-"),
    )
