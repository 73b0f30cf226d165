"""Who may learn what of a dossier.

An exact code gives stage, agency and due time. A second factor (a phone that the channel verified, or the
last four digits of the phone on the dossier) opens the rest. In a group only the public part is told,
whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.dossier import Dossier
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services.dossiers.views import Blocked, NotEnough
from backend.text.phones import last_digits_match

#: Wrong codes and digits that one asker may give in an hour.
GUESSES_PER_ASKER = 10
#: Wrong digits for one dossier in an hour, whoever gives them: 10,000 combinations must outlast patience.
GUESSES_PER_DOSSIER = 5
#: How many of the phone's last digits are asked for.
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Opening:
    """The dossier is open to this viewer now; keep ``code`` in what the conversation has opened."""

    code: str


def is_open(viewer: Viewer, dossier: Dossier) -> bool:
    """Whether this viewer has given a second factor for the dossier."""
    if viewer.group:
        return False
    return dossier.code in viewer.opened or dossier.phone_print in viewer.phone_proofs


def blocked(uow: UnitOfWork, viewer: Viewer) -> Blocked | None:
    if uow.guesses.used(_asker(uow, viewer)) < GUESSES_PER_ASKER:
        return None
    return Blocked(uow.guesses.window_end())


def count_wrong_guess(uow: UnitOfWork, viewer: Viewer) -> None:
    uow.guesses.count_wrong(_asker(uow, viewer))


def count_wrong_code(uow: UnitOfWork, viewer: Viewer, code: str) -> None:
    count_wrong_guess(uow, viewer)
    uow.audit.record(viewer.actor, "dossier.look_up", f"dossier:{code}", "unknown")


def open_with_digits(
    uow: UnitOfWork, viewer: Viewer, code: str, digits: str
) -> Opening | NotEnough | Blocked:
    """Check the last four digits of the applicant's phone.

    An unknown code, a dossier without a phone and wrong digits give the same answer and count the same.
    """
    per_dossier = f"digits:{code}"
    stop = blocked(uow, viewer)
    if stop is None and uow.guesses.used(per_dossier) >= GUESSES_PER_DOSSIER:
        stop = Blocked(uow.guesses.window_end())
    if stop is not None:
        uow.audit.record(viewer.actor, "dossier.open", f"dossier:{code}", "blocked")
        return stop
    if not viewer.group and _right(uow, code, digits):
        uow.audit.record(viewer.actor, "dossier.open", f"dossier:{code}", "opened", {"factor": "digits"})
        return Opening(code)
    uow.guesses.count_wrong(_asker(uow, viewer))
    uow.guesses.count_wrong(per_dossier)
    uow.audit.record(viewer.actor, "dossier.open", f"dossier:{code}", "refused")
    return NotEnough()


def _right(uow: UnitOfWork, code: str, digits: str) -> bool:
    dossier = uow.dossiers.by_code(code)
    applicant = uow.dossiers.applicant(dossier.id) if dossier is not None else None
    if applicant is None or not applicant.phone or len(digits) != DIGITS:
        return False
    return last_digits_match(applicant.phone, digits)


def _asker(uow: UnitOfWork, viewer: Viewer) -> str:
    asker = f"{viewer.address.channel}:{viewer.address.external_id}"
    return asker if len(asker) <= 100 else uow.cipher.fingerprint(asker, "asker")
