"""Who is responsible for a petition right now, and who comes next when they stay silent."""

from __future__ import annotations

from backend.domain.petition import DUTY, Petition, PetitionState
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account

_AGENCY_STATES = frozenset({PetitionState.ASSIGNED, PetitionState.IN_PROGRESS})
_HANDLERS = frozenset({"officer", "operator"})


def duty(uow: UnitOfWork) -> str:
    """Today's officer on duty, or :data:`DUTY` where the roster names nobody who can log in."""
    name = uow.petitions.duty(uow.today)
    account = uow.accounts.by_name(name) if name else None
    return account.name if account is not None and account.active else DUTY


def owner_of(uow: UnitOfWork, state: PetitionState, agency_id: int | None) -> str:
    """The agency's handler, else its head, else whoever is on duty."""
    if state in _AGENCY_STATES and agency_id is not None:
        there = _of_agency(uow, agency_id)
        handler = next((one for one in there if one.roles & _HANDLERS), None)
        chosen = handler or next((one for one in there if "leader" in one.roles), None)
        if chosen is not None:
            return chosen.name
    return duty(uow)


def next_above(uow: UnitOfWork, petition: Petition) -> str:
    """The head of the owner's agency, then whoever is on duty."""
    if petition.agency_id is not None:
        heads = [one for one in _of_agency(uow, petition.agency_id) if "leader" in one.roles]
        if heads and petition.owner not in {heads[0].name, DUTY}:
            return heads[0].name
    return duty(uow)


def _of_agency(uow: UnitOfWork, agency_id: int) -> list[Account]:
    return [one for one in uow.accounts.all() if one.active and one.agency_id == agency_id]
