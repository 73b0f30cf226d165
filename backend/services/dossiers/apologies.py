"""Broken promises: the apology is drafted before the due hour; a new date is told only with the signed form's number.

Until then the truth: "đang quá hạn". Form: Văn bản xin lỗi và đề nghị gia hạn (TT 03/2025/TT-VPCP, form 04).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.domain.apology import Apology, ApologyStatus
from backend.domain.clock import VIETNAM, local_date
from backend.domain.dossier import Dossier
from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.ports import UnitOfWork
from backend.services.dossiers.following import notify

_ACTOR = "job:apologies"
_AT_ONCE = 200
_LONGEST_NUMBER = 60
#: A promise broken longer ago is history: the first round on an old database must not apologise for years.
_FORGOTTEN = timedelta(days=3)


def draft_due(uow: UnitOfWork) -> int:
    """Draft an apology for every running dossier promised until the end of the next working day; how many."""
    until = datetime.combine(
        uow.calendar.next_working_day(local_date(uow.now)) + timedelta(days=1), datetime.min.time(), VIETNAM
    )
    soon = uow.apologies.running_due(uow.now - _FORGOTTEN, until, _AT_ONCE)
    return sum(_draft(uow, one) for one in soon)


def _draft(uow: UnitOfWork, dossier: Dossier) -> bool:
    if dossier.due_at is None:
        return False
    fresh = uow.apologies.draft(dossier.id, dossier.due_at, uow.now)
    if fresh:
        uow.audit.record(_ACTOR, "apology_draft", f"dossier:{dossier.code}", "drafted")
    return fresh


def tell_late(uow: UnitOfWork) -> int:
    """Tell of promises that have just been broken without a signed form; void those kept after all."""
    handled = 0
    for one in uow.apologies.untold(uow.now, _AT_ONCE):
        dossier = uow.dossiers.by_code(one.code)
        if dossier is None or dossier.stage.ended or dossier.due_at != one.due_at:
            uow.apologies.change(one.id, status=ApologyStatus.VOID)
        else:
            notify(uow, dossier, "notices/dossier_late", f"late:{one.due_at.isoformat()}")
            uow.apologies.change(one.id, told_at=uow.now)
        handled += 1
    return handled


def waiting(uow: UnitOfWork, limit: int = 200) -> Sequence[Apology]:
    """Drafts that wait for a signature, the most urgent first."""
    return uow.apologies.listed(ApologyStatus.DRAFTED, limit)


def sign(uow: UnitOfWork, actor: str, code: str, number: str, new_due_at: datetime, reason: str = "") -> int:
    """Record the signed form and tell those who follow; returns how many are told.

    Raises:
        NotFound: no such dossier, or nothing was promised.
        InvalidInput: no number, or a date that is not later than the promise and than now.
        Conflict: this promise has its signed form already.
    """
    dossier = uow.dossiers.by_code(code)
    if dossier is None or dossier.due_at is None or dossier.stage.ended:
        raise NotFound()
    number = number.strip()
    if not number or len(number) > _LONGEST_NUMBER:
        raise InvalidInput(reason="cần số của văn bản xin lỗi đã ký, không quá 60 ký tự")
    if new_due_at <= max(dossier.due_at, uow.now):
        raise InvalidInput(reason="ngày hẹn mới phải sau ngày hẹn cũ và sau hôm nay")
    if not uow.calendar.is_working(local_date(new_due_at)):
        raise InvalidInput(reason="ngày hẹn mới rơi vào ngày nghỉ")
    uow.apologies.draft(dossier.id, dossier.due_at, uow.now)
    known = uow.apologies.of(dossier.id, dossier.due_at)
    if known is None or known.status is ApologyStatus.SIGNED:
        raise Conflict()
    uow.apologies.change(
        known.id,
        status=ApologyStatus.SIGNED,
        number=number,
        new_due_at=new_due_at,
        reason=reason.strip()[:500],
        signed_by=actor[:100],
        signed_at=uow.now,
    )
    uow.audit.record(actor, "apology_sign", f"dossier:{code}", "signed", {"number": number})
    uow.notices.cancel_kind(f"dossier:{code}", "notices/dossier_late")
    return notify(
        uow,
        dossier,
        "notices/dossier_apology",
        f"apology:{dossier.due_at.isoformat()}",
        number=number,
        new_due_at=new_due_at.isoformat(),
        reason=reason.strip()[:500],
    )
