"""No more notices, at once, for as long as the person wants."""

from __future__ import annotations

from backend.domain.messaging import Address, ChannelName
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services.notices.ladder import PHONE_ACCOUNT
from backend.services.people import conversations_of


def stop(uow: UnitOfWork, viewer: Viewer) -> bool:
    """Stop every notice to this person, on whatever channel, also what waits; False when they were stopped before."""
    fresh = False
    for number in conversations_of(uow, viewer):
        uow.notices.cancel_for(number)
        fresh |= uow.notices.stop(number, uow.now)
    if fresh:
        uow.audit.record(viewer.actor, "notices_stop", "notices", "stopped")
    return fresh


def resume(uow: UnitOfWork, viewer: Viewer) -> bool:
    """Notices may come again: the person has just asked for one."""
    back = [number for number in conversations_of(uow, viewer) if uow.notices.resume(number)]
    if back:
        uow.audit.record(viewer.actor, "notices_resume", "notices", "resumed")
    return bool(back)


def stop_phone(uow: UnitOfWork, actor: str, phone: str) -> None:
    """Stop every notice to this number and to whoever verified it; somebody asked at a desk or by phone."""
    mark = uow.cipher.fingerprint(phone, "phone")
    bare = uow.conversations.lock_or_start(Address(ChannelName.SMS, PHONE_ACCOUNT, mark), uow.now)
    for conversation in {bare, *(one for one, _ in uow.accounts.conversations_of(mark))}:
        uow.notices.cancel_for(conversation)
        uow.notices.stop(conversation, uow.now)
    uow.audit.record(actor, "notices_stop", "phone", "stopped")
