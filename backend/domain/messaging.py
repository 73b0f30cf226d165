"""Shapes of what comes in from a channel and what goes out to one. No channel's own words in here."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class Kind(enum.StrEnum):
    """What a person sent."""

    TEXT = "text"
    BUTTON = "button"
    CONTACT = "contact"
    PHOTO = "photo"
    LOCATION = "location"
    VOICE = "voice"
    FILE = "file"
    OTHER = "other"
    EDITED = "edited"  # a later wording of a message that came before
    EVENT = "event"  # ours: the result of slow work, a notice that needs a turn


#: The web channel's account for browsers of officers who signed in: there, ``external_id`` is the account's name.
OFFICERS_ROOM = "officer"


class ChannelName(enum.StrEnum):
    TERMINAL = "terminal"
    WEB = "web"
    REST = "rest"
    TELEGRAM = "telegram"
    ZALO = "zalo"
    ZNS = "zns"  # notices by Zalo template to a phone; nobody can answer there
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number that came with a message.

    ``verified`` is true only where the channel vouches that the number is the sender's own.
    """

    phone: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent along; ``reference`` is what the channel needs to fetch it, or a blob id once fetched."""

    kind: Kind
    reference: str
    media_type: str = ""
    size_bytes: int = 0
    blob_id: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a conversation lives: channel, our account on it, and the person's id there."""

    channel: ChannelName
    account: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from a person, translated by its channel.

    ``event_id`` is unique per (channel, account) and makes a repeated delivery harmless.
    """

    address: Address
    event_id: str
    kind: Kind
    text: str = ""
    button: str = ""  # opaque id of a pressed button
    contact: Contact | None = None
    attachments: tuple[Attachment, ...] = ()
    location: tuple[float, float] | None = None  # latitude, longitude in degrees
    group: bool = False  # said in a group: only public facts may be answered
    edits: str = ""  # event id of the message that this one rewrites
    sent_at: datetime | None = None
    staff: str = ""  # officer's account name; only the local socket may set it
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutgoingButton:
    """A quick reply (``id``) or a link (``url``)."""

    title: str
    id: str = ""
    url: str = ""
    asks_contact: bool = False  # the channel should ask for the person's own number


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file of ours to send along; ``name`` has an extension that fits ``media_type``."""

    blob_id: int
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Template:
    """A message of fixed, approved wording (ZNS): the template's id at Zalo, and what fills it."""

    id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One physical message to send. ``text`` is plain, with line breaks.

    ``template`` is set where the channel takes nothing but templates; ``text`` then says the same in words.
    """

    text: str
    buttons: tuple[OutgoingButton, ...] = ()
    key: str = ""  # the reply key it was rendered from; for tests and statistics, never shown
    files: tuple[OutgoingFile, ...] = ()
    template: Template | None = None
    phone: str = field(
        default="", repr=False
    )  # to whom, on channels that know nothing but numbers (ZNS, SMS)


class Sight(enum.StrEnum):
    """What a channel tells of a message that it has taken."""

    DELIVERED = "delivered"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Receipt:
    """``message_ids`` are the channel's own, as it gave them when it took the messages."""

    channel: ChannelName
    account: str
    message_ids: tuple[str, ...]
    sight: Sight
    at: datetime
