"""Who is responsible for a petition right now, who comes next when they stay silent, and who may never be.

Nobody whom a petition is about owns, reads or handles it: neither the agency itself nor what stands under it.
"""

from __future__ import annotations

from backend.domain.agency import Agency
from backend.domain.errors import InvalidInput
from backend.domain.petition import DUTY, Petition, PetitionState
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.domain.scope import HEADS

_AGENCY_STATES = frozenset({PetitionState.ASSIGNED, PetitionState.IN_PROGRESS})
_HANDLERS = frozenset({"officer", "operator"})
_DESK = frozenset({"operator", "reception", "administrator"})


def duty(uow: UnitOfWork, about_id: int | None = None) -> str:
    """Today's officer on duty, or :data:`DUTY` where the roster names nobody who can log in.

    Where it is about the officer's own agency, another of the desk takes it.
    """
    name = uow.petitions.duty(uow.today)
    account = uow.accounts.by_name(name) if name else None
    if account is not None and account.active and not concerned(uow, about_id, account.agency_id):
        return account.name
    if account is None or about_id is None:
        return DUTY
    others = (one for one in uow.accounts.all() if one.active and one.roles & _DESK)
    return next((one.name for one in others if not concerned(uow, about_id, one.agency_id)), DUTY)


def owner_of(
    uow: UnitOfWork, state: PetitionState, agency_id: int | None, about_id: int | None = None
) -> str:
    """The agency's handler, else its head, else whoever is on duty."""
    if state in _AGENCY_STATES and agency_id is not None:
        there = _of_agency(uow, agency_id)
        handler = next((one for one in there if one.roles & _HANDLERS), None)
        chosen = handler or next((one for one in there if one.roles & HEADS), None)
        if chosen is not None:
            return chosen.name
    return duty(uow, about_id)


def next_above(uow: UnitOfWork, petition: Petition) -> str:
    """The head of the owner's agency, then whoever is on duty."""
    if petition.agency_id is not None:
        heads = [one for one in _of_agency(uow, petition.agency_id) if one.roles & HEADS]
        if heads and petition.owner not in {heads[0].name, DUTY}:
            return heads[0].name
    return duty(uow, petition.about_agency_id)


def concerned(uow: UnitOfWork, about_id: int | None, agency_id: int | None) -> bool:
    """Whether a petition about the one is about the other: the same agency, or one that stands under it."""
    if about_id is None or agency_id is None:
        return False
    return _is_or_under(uow.agencies.get(agency_id), uow.agencies.get(about_id))


def about_all(uow: UnitOfWork, petition: Petition, given: int | None = None) -> set[int]:
    """Whom it is about, and whom those are about that were merged into it."""
    own = given or petition.about_agency_id
    merged = (one.about_agency_id for one in uow.petitions.all_merged_in(petition.id))
    return {one for one in (own, *merged) if one is not None}


def fit_to_handle(uow: UnitOfWork, agency: Agency, about_ids: set[int]) -> Agency:
    """Nobody judges a petition about themselves or about who stands above them. Raises InvalidInput."""
    for about in map(uow.agencies.get, sorted(about_ids)):
        if _is_or_under(agency, about):
            superior = uow.agencies.by_code(about.parent_code) if about.parent_code else None
            instead = f"; giao cho {superior.name}" if superior else ""
            raise InvalidInput(reason=f"đơn phản ánh chính {about.name}, không giao cho nơi này{instead}")
    return agency


def _is_or_under(agency: Agency, about: Agency) -> bool:
    return agency.id == about.id or agency.parent_code == about.code


def _of_agency(uow: UnitOfWork, agency_id: int) -> list[Account]:
    return [one for one in uow.accounts.all() if one.active and one.agency_id == agency_id]
