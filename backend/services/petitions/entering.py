"""Petitions on paper or by word of mouth: entered once however often they come, reported back to who sent them on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from backend.domain.errors import Conflict, InvalidInput
from backend.domain.petition import NewPetition, Petition, PetitionKind, PetitionSource
from backend.domain.petition_paper import (
    LONGEST_NUMBER,
    LONGEST_PLACE,
    PORTAL,
    TOLD_BACK,
    ForwarderKind,
    Origin,
    Outcome,
    Paper,
    SealedOutcome,
    lawful,
)
from backend.domain.ports import UnitOfWork
from backend.services.petitions.filing import file, seal
from backend.services.petitions.sealed import READER
from backend.services.petitions.telling import subject

#: So many about one matter are a delegation, which names who speaks for it (Luật Tiếp công dân Đ7, Luật Khiếu nại Đ8).
DELEGATION_FROM = 2


@dataclass(frozen=True, slots=True)
class Entered:
    """``petition`` is None for a denunciation, which has no code; ``known``: it had been entered before."""

    petition: Petition | None
    known: bool = False


def enter(
    uow: UnitOfWork,
    actor: str,
    new: NewPetition,
    paper: Paper,
    origin: Origin | None = None,
    *,
    received_at: datetime | None = None,
    key: str = "",
) -> Entered:
    """File what came by hand; what has the same number from the same place is the present one.

    ``received_at`` None: it came this moment. ``key`` is sealed with a denunciation.

    Raises:
        InvalidInput: what the law wants of its source is missing.
    """
    _check(new, paper, origin)
    if new.kind is PetitionKind.DENUNCIATION:
        seal(uow, str(new.source), _sealed_words(new, paper, origin), received_at, key)
        return Entered(None)
    if origin is not None and (there := _present(uow, origin)) is not None:
        uow.audit.record(actor, "petition_entered_again", subject(there.code), "known")
        return Entered(there, known=True)
    try:
        with uow.savepoint():
            kept = file(uow, actor, new, received_at)
            uow.petition_papers.put(kept.id, paper)
            if origin is not None:
                uow.petition_papers.add_origin(kept.id, _named(origin))
    except Conflict:  # somebody else entered it this very moment
        there = _present(uow, origin) if origin is not None else None
        if there is None:
            raise
        return Entered(there, known=True)
    return Entered(kept)


def link(uow: UnitOfWork, actor: str, code: str, origin: Origin) -> Petition:
    """Another copy of the same petition, that came by another way with a number of its own.

    Raises:
        NotFound: no such petition.
        Conflict: that number is another petition's.
        InvalidInput: place or number is missing.
    """
    petition = uow.petitions.lock(code)
    if not (origin.place.strip() and origin.number.strip()):
        raise InvalidInput(reason="cần ghi nơi gửi và số văn bản của nơi đó")
    _fits(origin)
    if uow.petition_papers.known(_named(origin).place, origin.number) == petition.code:
        return petition
    uow.petition_papers.add_origin(petition.id, _named(origin))
    uow.audit.record(actor, "petition_link", subject(petition.code), "ok", {"kind": str(origin.kind)})
    return petition


def report_back(uow: UnitOfWork, actor: str, code: str, document: str) -> int:
    """Who forwarded it was told by this document; returns how many were. Raises NotFound, InvalidInput."""
    petition = uow.petitions.lock(code)
    if not document.strip():
        raise InvalidInput(reason="cần số văn bản báo lại")
    waiting = [
        one
        for one in uow.petition_papers.origins(petition.id)
        if one.kind in TOLD_BACK and one.report_by is not None and not one.reported
    ]
    for one in waiting:
        uow.petition_papers.reported(one.id, document.strip()[:LONGEST_NUMBER])
    uow.audit.record(actor, "petition_reported_back", subject(petition.code), "ok", {"told": len(waiting)})
    return len(waiting)


def close_sealed(
    uow: UnitOfWork, number: int, reader: str, outcome: Outcome, document: str, reason: str
) -> bool:
    """How a denunciation was disposed of; False for an unknown number or for anybody who is not named for it.

    Each try is audited.

    Raises:
        InvalidInput: the law does not know this outcome, or wants a number or a reason.
        Conflict: it was disposed of before.
    """
    account = uow.accounts.by_name(reader)
    allowed = account is not None and account.active and READER in account.roles
    known = number in {one for one, _at, _reader in uow.petitions.sealed()}
    result = "ok" if allowed and known else "refused"
    uow.audit.record(f"account:{reader}"[:100], "sealed_outcome", f"sealed:{number}", result)
    if not (allowed and known):
        return False
    rule = lawful(PetitionKind.DENUNCIATION, outcome, PetitionSource.LETTER, skips_level=False)
    if rule is None:
        raise InvalidInput(reason="pháp luật không cho cách xử lý này với tố cáo")
    if not reason.strip() or (rule.document and not document.strip()):
        raise InvalidInput(reason=f"cần ghi lý do và số văn bản ({rule.law})")
    if number in uow.petition_papers.sealed_outcomes():
        raise Conflict()
    document = document.strip()[:LONGEST_NUMBER]
    uow.petition_papers.close_sealed(number, SealedOutcome(outcome, uow.now, document, reason.strip()))
    return True


def _check(new: NewPetition, paper: Paper, origin: Origin | None) -> None:
    if paper.people < 1:
        raise InvalidInput(reason="số người phải từ 1")
    group = new.source is PetitionSource.DELEGATION
    if group and (paper.people < DELEGATION_FROM or not paper.representative.name):
        raise InvalidInput(reason="đoàn đông người: cần số người và họ tên người đại diện")
    if new.source is PetitionSource.FORWARDED and (origin is None or not origin.place.strip()):
        raise InvalidInput(reason="đơn do nơi khác chuyển đến: cần ghi nơi chuyển")
    if new.source is PetitionSource.PORTAL and (origin is None or not origin.number.strip()):
        raise InvalidInput(reason="đơn từ Cổng quốc gia: cần ghi mã trên Cổng")
    if origin is not None:
        _fits(origin)


def _fits(origin: Origin) -> None:
    if len(origin.place) > LONGEST_PLACE or len(origin.number) > LONGEST_NUMBER:
        raise InvalidInput(reason="tên nơi gửi hoặc số văn bản quá dài")


def _named(origin: Origin) -> Origin:
    """The portal is one place, however it was typed."""
    return replace(origin, place=PORTAL) if origin.kind is ForwarderKind.PORTAL else origin


def _present(uow: UnitOfWork, origin: Origin) -> Petition | None:
    if not origin.number.strip():
        return None
    code = uow.petition_papers.known(_named(origin).place, origin.number)
    return uow.petitions.by_code(code) if code else None


def _sealed_words(new: NewPetition, paper: Paper, origin: Origin | None) -> str:
    told = [f"{new.reporter.name} {new.reporter.phone}".strip(), new.story.place, new.story.text]
    if not paper.representative.anonymous:
        told.append(f"{paper.people}: {paper.representative.name} {paper.representative.phone}")
    if origin is not None:
        told.append(f"{origin.kind} {origin.place} {origin.number} {origin.dated or ''}".strip())
    return "\n".join(one for one in told if one)
