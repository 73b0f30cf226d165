"""The desk where a dossier's result lies."""

from __future__ import annotations

from backend.domain.calendar import OfficeHours
from backend.domain.dossier import Dossier
from backend.domain.ports import UnitOfWork
from backend.services.dossiers.views import Place


def place_of(uow: UnitOfWork, dossier: Dossier) -> Place | None:
    """The desk of the agency that the dossier names, with what is known of it."""
    name = dossier.details.collect_at or dossier.agency_name
    if not name:
        return None
    desk = OfficeHours(uow.calendar)
    opens_at = None if desk.is_open(uow.now) else desk.next_opening(uow.now)
    for code in agency_codes(dossier.code):
        agency = uow.agencies.by_code(code)
        if agency is not None and agency.name == dossier.agency_name:
            hours = str(agency.hours.get("note", ""))
            return Place(name, agency.address, agency.phone, hours, None if hours else opens_at)
    return Place(name)


def agency_codes(dossier_code: str) -> tuple[str, ...]:
    """The agency part of a code; for the old form also its new spelling (000.21.31.H50: H50.31.21, H50.31)."""
    head = dossier_code.split("-", 1)[0]
    pieces = head.split(".")
    if not pieces[0].isdigit():
        return (head,)
    turned = [piece for piece in reversed(pieces) if piece.strip("0")]
    return (head, ".".join(turned), ".".join(turned[:2]))
