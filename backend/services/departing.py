"""People who go: who unfollow the office's account, and who take back their consent."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.messaging import Address
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services import linking, ratings
from backend.services.callbacks import forget_callbacks
from backend.services.dossiers.following import unfollow
from backend.services.reception.booking import forget_bookings


def leave(uow: UnitOfWork, address: Address) -> bool:
    """This person cannot be written to: no more notices, until they ask for them again. False when unknown."""
    conversation = uow.conversations.find(address)
    if conversation is None:
        return False
    uow.notices.stop(conversation.id, uow.now)
    cancelled = uow.notices.cancel_for(conversation.id) + uow.outbox.cancel_notices(conversation.id)
    uow.audit.record(_actor(conversation.id), "left", "conversation", "ok", {"notices": cancelled})
    return True


def forget_person(uow: UnitOfWork, viewer: Viewer) -> None:
    """Erase a conversation and what hangs on it: words, files, the verified number, bookings, call-backs.

    Dossiers are not followed any more, waiting notices are dropped. Filed petitions and the audit stay: the law keeps
    them. Other channels of the same person stay as they are.
    """
    ratings.forget(uow, viewer)
    linking.forget(uow, viewer)
    viewer = replace(viewer, phone_proofs=frozenset())
    forget_bookings(uow, viewer)
    forget_callbacks(uow, viewer)
    unfollow(uow, viewer, None)
    uow.notices.cancel_for(viewer.conversation_id)
    uow.conversations.erase(viewer.conversation_id)
    uow.accounts.forget(viewer.address)
    uow.audit.record(viewer.actor, "conversation_erased", "conversation", "ok")


def withdraw_consent(uow: UnitOfWork, address: Address) -> bool:
    """As ``forget_person``, and the channel's id of the person goes, too: nothing can be sent any more.

    False when unknown: there is nothing to erase.
    """
    found = uow.conversations.find(address)
    if found is None:
        return False
    conversation = uow.conversations.lock(found.id)  # a turn under way ends first
    forget_person(uow, Viewer(conversation.id, address))
    uow.notices.stop(conversation.id, uow.now)
    uow.conversations.anonymise(conversation.id)
    uow.audit.record(_actor(conversation.id), "consent_withdrawn", "conversation", "ok")
    return True


def person_answered(uow: UnitOfWork, address: Address) -> bool:
    """An officer wrote to this person in the channel's own tool. False when unknown."""
    conversation = uow.conversations.find(address)
    if conversation is None:
        return False
    uow.audit.record(f"channel:{address.channel}", "person_answered", f"conversation:{conversation.id}", "ok")
    return True


def _actor(conversation_id: int) -> str:
    return f"conversation:{conversation_id}"
