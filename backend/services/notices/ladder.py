"""Which channel a notice takes now, and what happens when that channel does not reach the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from backend.domain.conversation import Conversation
from backend.domain.messaging import ChannelName
from backend.domain.notice import DueNotice, NoticeStatus, Route, Rung
from backend.domain.ports import UnitOfWork
from backend.services.notices.routes import route_of
from backend.services.people import never_rerouted, preferred_conversation
from backend.services.quiet import polite

#: The account under which a phone stands that nobody chats from: the person is known by their number alone.
PHONE_ACCOUNT = "phone"
#: After a takeover, or while somebody fills a form, a notice looks again this much later.
PATIENCE = timedelta(minutes=5)
#: A message on a page that nobody opened for so long counts as not received.
UNSEEN = timedelta(hours=24)
_NOT_CHATS = frozenset({ChannelName.ZNS, ChannelName.SMS})
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reach:
    """What this installation can reach; an empty account means that the channel is not set up."""

    zns: str = ""
    sms: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """The rung to take: the conversation to speak in, and the number for rungs that need one."""

    rung: int
    by: Rung
    conversation: Conversation
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NoWay:
    """Every rung is used up; ``trail`` says why each was."""

    trail: tuple[Mapping[str, str], ...]


def find_way(
    uow: UnitOfWork, reach: Reach, route: Route, due: DueNotice
) -> tuple[Way | NoWay, tuple[Mapping[str, str], ...]]:
    """The first rung from ``due.rung`` on that can be tried, and the trail with those skipped."""
    conversation = uow.conversations.get(due.notice.conversation_id)
    phone = uow.accounts.phone_of(conversation.address)
    stays = never_rerouted(due.notice.kind)
    trail = list(due.trail)
    for index in range(due.rung, len(route.ladder)):
        by = route.ladder[index]
        chat = _chat_of(uow, conversation, phone, stays) if by is Rung.CHAT else conversation
        reason = _obstacle(reach, route, by, chat, phone)
        if chat is not None and not reason:
            return Way(index, by, chat, "" if by is Rung.CHAT else phone), tuple(trail)
        trail.append(_mark(uow, by, reason))
    return NoWay(tuple(trail)), tuple(trail)


def _chat_of(uow: UnitOfWork, conversation: Conversation, phone: str, stays: bool) -> Conversation | None:
    """Where the person behind this conversation, or behind a bare number, wants to be told things."""
    start = conversation.id
    if stays:
        return conversation
    if conversation.address.channel in _NOT_CHATS:
        known = uow.accounts.conversations_of(uow.cipher.fingerprint(phone, "phone")) if phone else ()
        chats = [one for one, address in known if address.channel not in _NOT_CHATS]
        if not chats:
            return None
        start = chats[0]
    chosen = preferred_conversation(uow, start)
    return conversation if chosen == conversation.id else uow.conversations.get(chosen)


def _obstacle(reach: Reach, route: Route, by: Rung, chat: Conversation | None, phone: str) -> str:
    if by is Rung.CHAT:
        return "" if chat is not None else "no chat"
    if not phone:
        return "no verified number"
    if by is Rung.ZNS:
        return "" if reach.zns and route.zns_template else "not set up"
    if by is Rung.SMS:
        return "" if reach.sms else "not set up"
    return ""


def _mark(uow: UnitOfWork, by: Rung, reason: str) -> dict[str, str]:
    return {"by": str(by), "at": uow.now.isoformat(timespec="seconds"), "reason": reason[:200]}


def climb(uow: UnitOfWork) -> int:
    """Give every notice whose message will not go its next rung; returns how many.

    What a person's takeover cancelled comes again in the same way, later.
    """
    lost = uow.notices.lost(_AT_ONCE)
    for due, channel, status, reason in lost:
        if status == "cancelled":
            uow.notices.move(due.id, polite(uow.now + PATIENCE), due.rung)
        else:
            _next(uow, due, f"{channel}: {reason}")
    return len(lost)


def climb_unseen(uow: UnitOfWork) -> int:
    """Where nobody opened the page for a day, those with a number hear it otherwise; the page keeps it, too."""
    unseen = uow.notices.unseen(uow.now - UNSEEN, _AT_ONCE)
    for due in unseen:
        address = uow.conversations.get(due.notice.conversation_id).address
        if uow.accounts.phone_of(address):
            _next(uow, due, "not opened")
        else:  # told where the person will look; there is no other way
            uow.notices.end(due.id, NoticeStatus.UNSEEN)
    return len(unseen)


def _next(uow: UnitOfWork, due: DueNotice, reason: str) -> None:
    ladder = route_of(uow, due.notice.kind).ladder
    by = ladder[min(due.rung, len(ladder) - 1)]
    trail = (*due.trail, _mark(uow, by, reason))
    if due.rung + 1 >= len(ladder):
        uow.notices.end(due.id, NoticeStatus.FAILED, trail)
    else:
        uow.notices.move(due.id, polite(uow.now), due.rung + 1, trail)


def retry(uow: UnitOfWork, actor: str, notice_id: int) -> None:
    """Try a failed notice again from the first rung, in polite hours. Raises NotFound unless it failed."""
    uow.notices.again(notice_id, polite(uow.now))
    uow.audit.record(actor, "notice_retry", f"notice:{notice_id}", "waiting")
