"""One person on several channels: everybody with the same verified number is the same person.

A number is verified by the channel itself (a Telegram contact whose user is the sender) or by a code that was made in
a conversation where it is verified and typed into another (``linking``). Groups are nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backend.domain.conversation import Identity
from backend.domain.messaging import Address, ChannelName
from backend.domain.person import REACHING, LinkedIdentity
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer

#: Notices about the link itself: told in the very conversation they are about, never sent on to another channel.
LINKED, UNLINKED = "notices/channel_linked", "notices/channel_unlinked"
NEVER_REROUTED = frozenset({LINKED, UNLINKED})
#: What an officer is told as an officer stays where the account is bound: their private channels are no business of it.
_OFFICE = ("task_", "meeting_", "leader_")


def never_rerouted(kind: str) -> bool:
    return kind in NEVER_REROUTED or kind.partition("/")[2].startswith(_OFFICE)


def conversations_of(uow: UnitOfWork, viewer: Viewer) -> tuple[int, ...]:
    """This conversation first, then the others of the same person, the last used first."""
    own = viewer.conversation_id
    if viewer.group:
        return (own,)
    linked = (one for proof in sorted(viewer.phone_proofs) for one in uow.accounts.conversations_of(proof))
    return tuple(dict.fromkeys((own, *(number for number, _address in linked))))


def preferred_conversation(uow: UnitOfWork, conversation_id: int) -> int:
    """Where the person behind this conversation is told things: on the channel that the person named, else on the
    messenger used last, else where it was used last. A conversation of nobody in particular stays itself.

    Raises:
        NotFound: there is no such conversation.
    """
    identity = uow.accounts.identity(uow.conversations.get(conversation_id).address)
    if identity is None or not identity.phone_print:
        return conversation_id
    linked = uow.accounts.conversations_of(identity.phone_print)
    named = uow.people.settings(identity.phone_print).preferred_channel
    by_wish = [number for number, address in linked if address.channel == named]
    reaching = [number for number, address in linked if address.channel in REACHING]
    return next(iter((*by_wish, *reaching, *(number for number, _address in linked))), conversation_id)


def prefer(uow: UnitOfWork, viewer: Viewer, channel: ChannelName) -> bool:
    """Tell this person things on that channel from now on; False when none of theirs is there."""
    proof = _proof(viewer)
    if not proof or channel not in {one.address.channel for one in uow.people.linked(proof)}:
        return False
    settings = uow.people.settings(proof)
    uow.people.put_settings(proof, replace(settings, preferred_channel=str(channel)), uow.now)
    uow.audit.record(viewer.actor, "channel_preferred", "person", "ok", {"channel": str(channel)})
    return True


def speak(uow: UnitOfWork, viewer: Viewer, language: str) -> None:
    """The language this person asked for, on every channel of theirs; nothing to do where nobody is verified."""
    proof = _proof(viewer)
    if not proof:
        return
    settings = uow.people.settings(proof)
    uow.people.put_settings(proof, replace(settings, language=language), uow.now)
    for number in conversations_of(uow, viewer):
        uow.conversations.speak(number, language)


def vouch(uow: UnitOfWork, address: Address, phone: str) -> Identity:
    """The channel vouches that this number is the sender's own.

    A number has one holder on a channel. When the channel vouched for another account before, it has changed hands:
    whatever was linked to it loses it, or the new holder would share a stranger's dossiers.
    """
    before = uow.accounts.identity(address)
    identity = uow.accounts.verify_phone(address, phone, uow.now)
    proof = identity.phone_print or ""
    others = [one for one in uow.people.linked(proof) if one.identity_id != identity.id]
    if any(one.vouched and _same_place(one.address, address) for one in others):
        for one in others:
            uow.people.release(one.identity_id)
            uow.audit.record("bot", "phone_moved", f"identity:{one.identity_id}", "released")
        uow.people.drop_settings(proof)
    if before is not None and before.phone_print and before.phone_print != proof:
        forget_if_nobody_left(uow, before.phone_print)
    settle_follows(uow, [number for number, _address in uow.accounts.conversations_of(proof)])
    return identity


def is_followed(uow: UnitOfWork, viewer: Viewer, dossier_id: int) -> bool:
    """Whether this person is told of the dossier's changes, on whatever channel it was asked for."""
    followers = uow.dossiers.followers([dossier_id]).get(dossier_id, ())
    return bool(followers) and not set(followers).isdisjoint(conversations_of(uow, viewer))


def settle_follows(uow: UnitOfWork, conversations: Sequence[int]) -> None:
    """One person follows a dossier once, however many channels asked before they were known to be one person's."""
    seen: set[int] = set()
    for number in dict.fromkeys(conversations):
        for dossier in uow.dossiers.followed(number):
            if dossier.id in seen:
                uow.dossiers.unfollow(dossier.id, number)
            seen.add(dossier.id)


def linked_of(uow: UnitOfWork, viewer: Viewer) -> Sequence[LinkedIdentity]:
    """The channels of this person, this one among them; none where nobody is verified."""
    proof = _proof(viewer)
    return uow.people.linked(proof) if proof else ()


def forget_if_nobody_left(uow: UnitOfWork, phone_print: str) -> None:
    """What was chosen for a person whom no channel knows any more is deleted."""
    if not uow.people.linked(phone_print):
        uow.people.drop_settings(phone_print)


def _proof(viewer: Viewer) -> str:
    return "" if viewer.group else next(iter(viewer.phone_proofs), "")


def _same_place(one: Address, other: Address) -> bool:
    return (one.channel, one.account) == (other.channel, other.account)
