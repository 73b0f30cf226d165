"""Linking channels: a code made where the person is verified, typed where the person is not yet. Proof on both sides.

Refusals are results, not exceptions: their audit rows and guess counters must stay.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from backend.domain.messaging import Address, ChannelName
from backend.domain.notice import Notice
from backend.domain.person import (
    CODE_LASTS,
    LINKABLE,
    MOST_LINKED,
    MOST_OPEN,
    LinkCode,
    new_code,
)
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services import people
from backend.services.accounts.binding import bind
from backend.services.dossiers.access import blocked, count_wrong_guess
from backend.services.dossiers.views import Blocked

_PURPOSE = "link_code"


@dataclass(frozen=True, slots=True)
class Offered:
    """A code to type elsewhere; it is shown once and kept nowhere."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """This conversation has joined the person who made the code on ``channel``."""

    channel: ChannelName


@dataclass(frozen=True, slots=True)
class LinkedOfficer:
    """This conversation speaks for the officer whose code it was."""

    account: str


@dataclass(frozen=True, slots=True)
class Unlinked:
    """``here``: it was the channel that asked."""

    channel: ChannelName
    here: bool


@dataclass(frozen=True, slots=True)
class Channel:
    """A line of the list: never an id on the screen."""

    identity_id: int
    channel: ChannelName
    since: datetime | None
    here: bool


class NotLinked(enum.StrEnum):
    """Why a code did nothing."""

    WRONG = "wrong"  # unknown, used or out of time: one answer for all
    OWN = "own"  # typed where it was made
    ALREADY = "already"  # the same person already
    OTHER_NUMBER = "other_number"  # another number is verified here
    FULL = "full"


def may_link(viewer: Viewer) -> bool:
    return not viewer.group and viewer.address.channel in LINKABLE


def offer(uow: UnitOfWork, viewer: Viewer) -> Offered | None:
    """A fresh code; None where there is nothing to prove with: no verified number in this conversation."""
    proof = next(iter(viewer.phone_proofs), "")
    if not proof or not may_link(viewer):
        return None
    uow.people.lock(proof)
    standing = uow.people.open_codes(proof, uow.now)
    uow.people.void_codes([one.id for one in standing[: max(0, len(standing) - MOST_OPEN + 1)]])
    code, until = new_code(), uow.now + CODE_LASTS
    uow.people.add_code(uow.cipher.fingerprint(code, _PURPOSE), proof, viewer.conversation_id, uow.now, until)
    uow.audit.record(viewer.actor, "link_code_made", "person", "ok")
    return Offered(code, until)


def redeem(uow: UnitOfWork, viewer: Viewer, code: str) -> Linked | LinkedOfficer | NotLinked | Blocked:
    """Bind this conversation to the person who made the code.

    ``code`` is as ``person.read_code`` gives it, or "" for one that cannot be read: that is a wrong one, too.
    """
    if stop := blocked(uow, viewer):
        uow.audit.record(viewer.actor, "channel_link", "person", "blocked")
        return stop
    if code and (officer := bind(uow, viewer, code)) is not None:
        return LinkedOfficer(officer)
    known = uow.people.code(uow.cipher.fingerprint(code, _PURPOSE)) if code and may_link(viewer) else None
    maker = _maker(uow, known) if known is not None and known.open_at(uow.now) else None
    if known is None or maker is None:
        return _wrong(uow, viewer)
    if known.conversation_id == viewer.conversation_id:
        return NotLinked.OWN
    if viewer.phone_proofs:
        return NotLinked.ALREADY if known.phone_print in viewer.phone_proofs else NotLinked.OTHER_NUMBER
    uow.people.lock(known.phone_print)
    if len(uow.people.linked(known.phone_print)) >= MOST_LINKED:
        return NotLinked.FULL
    taken = uow.people.take_code(known.id, viewer.conversation_id, uow.now)
    if not taken or not uow.people.bind(viewer.address, maker, uow.now):
        return _wrong(uow, viewer)
    _join(uow, viewer, known)
    return Linked(maker.channel)


def channels(uow: UnitOfWork, viewer: Viewer) -> tuple[Channel, ...]:
    return tuple(
        Channel(one.identity_id, one.address.channel, one.since, one.address == viewer.address)
        for one in people.linked_of(uow, viewer)
    )


def unlink(uow: UnitOfWork, viewer: Viewer, identity_id: int | None = None) -> Unlinked | None:
    """Take the number from one of the person's channels, at once; from this one when none is named.

    None when there is no other channel, or no such channel of this person.
    """
    linked = people.linked_of(uow, viewer)
    here = [one for one in linked if one.address == viewer.address]
    chosen = here if identity_id is None else [one for one in linked if one.identity_id == identity_id]
    if len(linked) < 2 or not chosen:
        return None
    one = chosen[0]
    proof = next(iter(viewer.phone_proofs))
    gone, left = _part(uow, viewer, proof, one.identity_id, one.address)
    for number in {*left[:1], *gone} - {viewer.conversation_id}:
        key = f"unlinked:{one.identity_id}:{uow.now.isoformat()}"
        _tell(uow, people.UNLINKED, number, one.address.channel, key)
    return Unlinked(one.address.channel, one.address == viewer.address)


def forget(uow: UnitOfWork, viewer: Viewer) -> None:
    """This conversation's person wants to be forgotten here. Other channels of the person stay; what was chosen for
    the person goes with the last of them."""
    uow.people.void_codes_of(viewer.conversation_id)
    identity = uow.accounts.identity(viewer.address)
    if identity is not None and identity.phone_print:
        _part(uow, viewer, identity.phone_print, identity.id, viewer.address)
        people.forget_if_nobody_left(uow, identity.phone_print)


def _maker(uow: UnitOfWork, known: LinkCode) -> Address | None:
    """Where the code was made, if that channel is still the same person's."""
    address = uow.conversations.get(known.conversation_id).address
    identity = uow.accounts.identity(address)
    return address if identity is not None and identity.phone_print == known.phone_print else None


def _wrong(uow: UnitOfWork, viewer: Viewer) -> NotLinked:
    count_wrong_guess(uow, viewer)
    uow.audit.record(viewer.actor, "channel_link", "person", "wrong_code")
    return NotLinked.WRONG


def _join(uow: UnitOfWork, viewer: Viewer, known: LinkCode) -> None:
    channel = viewer.address.channel
    uow.audit.record(
        viewer.actor,
        "channel_link",
        f"conversation:{known.conversation_id}",
        "linked",
        {"channel": str(channel)},
    )
    _tell(uow, people.LINKED, known.conversation_id, channel, f"linked:{known.id}")
    others = [number for number, _address in uow.accounts.conversations_of(known.phone_print)]
    people.settle_follows(uow, [known.conversation_id, *others])
    if language := uow.people.settings(known.phone_print).language:
        uow.conversations.speak(viewer.conversation_id, language)


def _part(
    uow: UnitOfWork, viewer: Viewer, proof: str, identity_id: int, address: Address
) -> tuple[list[int], list[int]]:
    """Take the number from this channel; what it followed by the number alone goes on at another of the person's.

    Returns its conversation, if it has one, and the conversations that are left, the last used first.
    """
    uow.people.release(identity_id)
    gone = uow.conversations.find(address)
    left = [number for number, _address in uow.accounts.conversations_of(proof)]
    detail = {"channel": str(address.channel)}
    uow.audit.record(viewer.actor, "channel_unlink", f"identity:{identity_id}", "unlinked", detail)
    if gone is None:
        return [], left
    uow.people.void_codes_of(gone.id)
    for dossier in uow.dossiers.followed(gone.id) if left else ():
        if dossier.phone_print == proof:
            uow.dossiers.unfollow(dossier.id, gone.id)
            uow.dossiers.follow(dossier.id, left[0], uow.now)
    return [gone.id], left


def _tell(uow: UnitOfWork, kind: str, conversation_id: int, channel: ChannelName, key: str) -> None:
    """Due at once: it may be somebody else who did it."""
    dedupe_key = f"{key}:{conversation_id}"
    uow.notices.add(Notice(kind, "person", conversation_id, uow.now, dedupe_key, {"channel": str(channel)}))
