"""Petitions as the reception desk's own register has them: taken over once, corrected until somebody takes them up.

What was settled here is never undone by a register: it corrects words and numbers of people while the petition still
waits to be looked at, and says how the desk disposed of it as long as nobody has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from backend.domain.errors import Conflict, InvalidInput
from backend.domain.petition import Petition, PetitionKind, PetitionSource, PetitionState
from backend.domain.petition_register import Disposal, RegisterEntry
from backend.domain.ports import UnitOfWork
from backend.services.petitions.entering import enter, link
from backend.services.petitions.moving import Mover, move
from backend.services.petitions.telling import subject

_AT_DESK = frozenset({PetitionState.RECEIVED, PetitionState.CLASSIFIED})
_AT_AGENCY = frozenset({PetitionState.ASSIGNED, PetitionState.IN_PROGRESS})
_SENT_ON = frozenset({PetitionSource.FORWARDED, PetitionSource.PORTAL})
#: A register is kept by the desk, and tells what agencies answered.
_DESK = frozenset({"administrator"})


def take_over(
    uow: UnitOfWork, actor: str, entry: RegisterEntry, sealed: frozenset[str]
) -> Literal["created", "changed", "unchanged"]:
    """Enter it, or correct what was entered before under its number. ``sealed``: keys of the sealed lane.

    Raises:
        InvalidInput: what the law wants is missing, or the number is that of something else; ``about`` names the
            place in the register (number, kind, outcome …), where it is told. Nothing was written.
    """
    code = uow.petition_papers.known(entry.register.place, entry.register.number)
    secret = entry.new.kind is PetitionKind.DENUNCIATION
    if (secret and code) or (not secret and entry.key in sealed):
        raise InvalidInput(about="number", reason="số này trong sổ đã nhập với loại đơn khác")
    if secret and entry.key in sealed:
        return "unchanged"
    if secret and entry.disposal is not None:
        reason = "đơn tố cáo: kết quả xử lý ghi bằng lệnh riêng, không nhập từ tệp"
        raise InvalidInput(about="outcome", reason=reason)
    try:
        with uow.savepoint():
            if code is None:
                return _enter(uow, actor, entry)
            petition = uow.petitions.lock(code)
            corrected = _correct(uow, actor, petition, entry)
            disposed = _dispose(uow, actor, petition, entry.disposal)
    except Conflict:
        reason = "số văn bản của nơi chuyển đã là của đơn khác"
        raise InvalidInput(about="sender_number", reason=reason) from None
    return "changed" if corrected or disposed else "unchanged"


def _enter(uow: UnitOfWork, actor: str, entry: RegisterEntry) -> Literal["created", "changed", "unchanged"]:
    # Our own number is not that of who sent it on: where the law asks for theirs, ours is no answer.
    own = entry.register if entry.new.source not in _SENT_ON else None
    received_at = min(entry.received_at, uow.now)
    entered = enter(
        uow, actor, entry.new, entry.paper, entry.origin or own, received_at=received_at, key=entry.key
    )
    if entered.petition is None:
        return "created"
    if entry.origin is not None:
        link(uow, actor, entered.petition.code, entry.register)
    disposed = _dispose(uow, actor, entered.petition, entry.disposal)
    if not entered.known:
        return "created"
    return "changed" if disposed or entry.origin is not None else "unchanged"


def _correct(uow: UnitOfWork, actor: str, petition: Petition, entry: RegisterEntry) -> bool:
    """While nobody has taken it up. What was erased stays erased."""
    if petition.state is not PetitionState.RECEIVED or petition.story is None:
        return False
    new = entry.new
    kept = (petition.kind, petition.source, petition.commune_id, petition.about_agency_id)
    if kept != (new.kind, new.source, new.commune_id, new.about_agency_id):
        reason = "đơn đã nhập với loại, cách gửi hoặc nơi khác; hãy sửa trong hệ thống"
        raise InvalidInput(about="kind", reason=reason)
    paper = uow.petition_papers.of(petition.id)
    wanted = replace(
        paper,
        people=entry.paper.people,
        representative=entry.paper.representative,
        signed=entry.paper.signed,
        remote=entry.paper.remote,
    )
    words = (petition.story, petition.reporter) != (
        new.story,
        None if new.reporter.anonymous else new.reporter,
    )
    if not words and wanted == paper:
        return False
    if words:
        phone = new.reporter.phone
        print_ = uow.cipher.fingerprint(phone, "phone") if phone else None
        uow.petitions.take_over_reporter(petition.id, new.story, new.reporter)
        uow.petitions.change(petition.id, phone_print=print_)
    uow.petition_papers.put(petition.id, wanted)
    uow.audit.record(actor, "petition_corrected", subject(petition.code), "ok")
    return True


def _dispose(uow: UnitOfWork, actor: str, petition: Petition, disposal: Disposal | None) -> bool:
    """Once; what was disposed of here is not touched."""
    if disposal is None:
        return False
    try:
        return _moved(uow, Mover(actor, _DESK), petition, disposal)
    except InvalidInput as error:
        raise InvalidInput(about="outcome", reason=error.values.get("reason", "")) from None


def _moved(uow: UnitOfWork, by: Mover, petition: Petition, disposal: Disposal) -> bool:
    moved = False
    state = petition.state
    if state in _AT_DESK:
        state = move(
            uow,
            by,
            petition.code,
            disposal.move,
            reason=disposal.reason,
            agency=disposal.agency,
            body=disposal.body,
            document=disposal.document,
        ).state
        moved = True
    if disposal.answer and state in _AT_AGENCY:
        move(uow, by, petition.code, "answer", answer=disposal.answer, document=disposal.document)
        moved = True
    return moved
