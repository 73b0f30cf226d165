"""Asking to be rung, and ticking it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.callback import Callback, CallbackRequest, CallbackStatus
from backend.domain.errors import InvalidInput, NotFound
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services.people import conversations_of


@dataclass(frozen=True, slots=True)
class Asked:
    """``already`` is true where this person was on the list before; nothing was added then."""

    code: str
    request: CallbackRequest
    already: bool


def subject(code: str) -> str:
    return f"callback:{code}"


def standing(uow: UnitOfWork, viewer: Viewer) -> Callback | None:
    """This person's request that nobody has rung yet, on whatever channel it was made."""
    found = (uow.callbacks.waiting_of(number) for number in conversations_of(uow, viewer))
    return next((one for one in found if one is not None), None)


def ask(uow: UnitOfWork, viewer: Viewer, topic: str, request: CallbackRequest) -> Asked:
    """Put a request on the list; one person has one waiting request."""
    mine = standing(uow, viewer)
    if mine is not None and mine.request is not None:
        return Asked(mine.code, mine.request, already=True)
    code = uow.callbacks.add(viewer.conversation_id, topic, request, uow.now)
    uow.audit.record(viewer.actor, "callback_ask", subject(code), "waiting", {"topic": topic})
    return Asked(code, request, already=False)


def withdraw(uow: UnitOfWork, viewer: Viewer) -> str:
    """Take this person's waiting request back; returns its code. Raises NotFound."""
    mine = standing(uow, viewer)
    if mine is None:
        raise NotFound()
    return _withdraw(uow, viewer, mine)


def _withdraw(uow: UnitOfWork, viewer: Viewer, mine: Callback) -> str:
    if not uow.callbacks.close(mine.code, CallbackStatus.WITHDRAWN, uow.now, viewer.actor, ""):
        raise NotFound()
    uow.audit.record(viewer.actor, "callback_withdraw", subject(mine.code), "withdrawn")
    return mine.code


def forget_callbacks(uow: UnitOfWork, viewer: Viewer) -> int:
    """Withdraw what waits and erase what was said in this conversation's requests; returns how many were erased."""
    mine = uow.callbacks.waiting_of(viewer.conversation_id)
    if mine is not None:
        _withdraw(uow, viewer, mine)
    return uow.callbacks.erase_requests(viewer.conversation_id)


def waiting(uow: UnitOfWork, actor: str, limit: int, *, shown: bool) -> Sequence[Callback]:
    """Who waits, the oldest first. Showing numbers and words leaves a trace."""
    found = uow.callbacks.waiting(limit)
    if shown:
        uow.audit.record(actor, "callbacks_shown", "callbacks", "ok", {"count": len(found)})
    return found


def tick_off(uow: UnitOfWork, actor: str, code: str, note: str) -> None:
    """The person was rung. Raises NotFound, or InvalidInput when it was closed before."""
    known = uow.callbacks.by_code(code.strip().upper())
    if known is None:
        raise NotFound()
    if not uow.callbacks.close(known.code, CallbackStatus.DONE, uow.now, actor, note.strip()):
        raise InvalidInput(reason=f"yêu cầu {known.code} đã được khép trước đó")
    uow.audit.record(actor, "callback_done", subject(known.code), "done")
