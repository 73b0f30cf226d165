"""From an event of Zalo's webhook to what happened.

Event ids. A message's is its ``msg_id``; what has none (follow, a submitted form) is known by a hash of the body. The
order of events is not documented and a repeated one comes up to an hour later, so nothing here looks at the time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backend.domain.messaging import Address, ChannelName, Incoming, Kind, Receipt, Sight
from bot.channels.raw import Raw, Unreadable, part, text
from bot.channels.zalo.contents import Contents, contents_of, submitted
from bot.channels.zalo.events import Does, meaning_of

LONGEST_ID = 190
_MOST_IDS = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A person said something, or came."""

    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Left:
    address: Address


@dataclass(frozen=True, slots=True)
class Withdrew:
    address: Address


@dataclass(frozen=True, slots=True)
class Sighted:
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class PersonAnswered:
    """An officer wrote to this person in Zalo's own tool."""

    address: Address


Happening = Said | Left | Withdrew | Sighted | PersonAnswered


def translate(event: Any, raw: bytes, oa: str) -> Happening | None:
    """None for what is not ours to act on: another account's, or deliberately ignored (``events.py`` says why).

    Raises:
        Unreadable: not a shape that Zalo sends.
    """
    if not isinstance(event, dict):
        raise Unreadable("event")
    name = text(event, "event_name", 60)
    does, _ = meaning_of(name)
    if does is Does.ASKS:
        return _said(event, name, raw, oa)
    if does is Does.STARTS:
        return _came(event, raw, oa)
    if does is Does.LEAVES:
        return Left(_at(oa, _id(part(event, "follower")))) if _ours(event, oa) else None
    if does is Does.WITHDRAWS:
        return Withdrew(_at(oa, _id(event, "user_id"))) if _ours(event, oa) else None
    if does is Does.SIGHTED:
        return _sighted(event, name, oa)
    if does is Does.PERSON:
        return _person(event, oa)
    return None


def _said(event: Raw, name: str, raw: bytes, oa: str) -> Said | None:
    if _id(part(event, "recipient")) != oa:
        return None
    address = _at(oa, _id(part(event, "sender")))
    if name == "user_submit_info":
        return Said(_incoming(address, _hashed(raw), submitted(part(event, "info")), event))
    message = part(event, "message")
    event_id = text(message, "msg_id", LONGEST_ID) or _hashed(raw)
    return Said(_incoming(address, event_id, contents_of(name, message), event))


def _incoming(address: Address, event_id: str, contents: Contents, event: Raw) -> Incoming:
    return Incoming(
        address=address,
        event_id=event_id,
        kind=contents.kind,
        text=contents.text,
        button=contents.button,
        contact=contents.contact,
        attachments=contents.attachments,
        location=contents.location,
        sent_at=_moment(event, "timestamp"),
        metadata=dict(contents.metadata),
    )


def _came(event: Raw, raw: bytes, oa: str) -> Said | None:
    """As if the person had chosen "start" from a menu."""
    if not _ours(event, oa):
        return None
    address = _at(oa, _id(part(event, "follower")))
    metadata = {"command": "start", "source": text(event, "source", 60)}
    sent_at = _moment(event, "timestamp")
    return Said(Incoming(address, _hashed(raw), Kind.TEXT, "/start", sent_at=sent_at, metadata=metadata))


def _sighted(event: Raw, name: str, oa: str) -> Sighted | None:
    message = part(event, "message")
    tracking = text(message, "tracking_id", LONGEST_ID)  # only template messages carry one
    if not tracking and _id(part(event, "sender")) != oa:
        return None
    at = _moment(message, "delivery_time") or _moment(event, "timestamp")
    if at is None:
        raise Unreadable("timestamp")
    ids = [text(message, "msg_id", LONGEST_ID), tracking, *_list(message, "msg_ids")]
    told = tuple(dict.fromkeys(one for one in ids if one))
    if not told:
        return None
    sight = Sight.READ if name == "user_seen_message" else Sight.DELIVERED
    channel = ChannelName.ZNS if tracking else ChannelName.ZALO
    return Sighted(Receipt(channel, oa, told, sight, at))


def _person(event: Raw, oa: str) -> PersonAnswered | None:
    sender = part(event, "sender")
    if not sender.get("admin_id") or _id(sender) != oa:
        return None  # what we sent ourselves
    return PersonAnswered(_at(oa, _id(part(event, "recipient"))))


def _ours(event: Raw, oa: str) -> bool:
    """``oa_id`` or ``oaid``: both were seen. Without either it can only be meant for us: it was signed for our app."""
    return all(str(event[name]) == oa for name in ("oa_id", "oaid") if event.get(name))


def _at(oa: str, person: str) -> Address:
    return Address(ChannelName.ZALO, oa, person)


def _id(of: Raw, name: str = "id") -> str:
    """Ids are text; a number is taken, too."""
    found = of.get(name)
    told = str(found).strip() if isinstance(found, str | int) and not isinstance(found, bool) else ""
    if not told or len(told) > LONGEST_ID or not told.isprintable():
        raise Unreadable(name)
    return told


def _list(of: Raw, name: str) -> list[str]:
    found = of.get(name) or []
    if not isinstance(found, list):
        raise Unreadable(name)
    return [one for one in found[:_MOST_IDS] if isinstance(one, str) and len(one) <= LONGEST_ID]


def _moment(of: Raw, name: str) -> datetime | None:
    """Milliseconds since 1970, as text; None when there are none that can be read."""
    told = str(of.get(name, ""))
    if not (told.isascii() and told.isdigit() and len(told) <= 14):
        return None
    try:
        return datetime.fromtimestamp(int(told) / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _hashed(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
