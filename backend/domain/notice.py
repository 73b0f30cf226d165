"""Notices (thông báo): what a person is to be told, on which channels, and how far it has come."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class Rung(enum.StrEnum):
    """The ladder of channels, from the nearest to the last resort."""

    CHAT = "chat"  # the conversation itself
    ZNS = "zns"  # Zalo's template message to a phone
    SMS = "sms"
    CALL = "call"  # a person rings: for people without a smartphone


LADDER = tuple(Rung)


class NoticeStatus(enum.StrEnum):
    """``RENDERED`` is in the outbox: how far it came from there, its outbox row tells (queued … read)."""

    WAITING = "waiting"  # for its hour, or for the next rung
    RENDERED = "rendered"
    CALLED = "called"  # on the call list
    UNSEEN = "unseen"  # on a page that nobody opened for a day, and there is no number to ring
    FAILED = "failed"  # no rung reached the person
    MUTED = "muted"  # the person wants none
    OFF = "off"  # the office switched this kind off
    CANCELLED = "cancelled"  # no longer true


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is to be told, and when; words are found when it is due."""

    kind: str  # a key of the replies under notices/
    subject: str  # dossier:CODE, booking:CODE, petition:CODE
    conversation_id: int
    due_at: datetime
    dedupe_key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice whose hour has come. ``trail`` tells of the rungs tried before: ``{rung, at, reason}``."""

    id: int
    notice: Notice
    rung: int  # index into the route's ladder
    trail: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """How one kind of notice goes out. An administrator's choice, else the default of its kind.

    ``zns_values``: the template's parameter -> name of a value of the notice.
    """

    kind: str
    enabled: bool = True
    ladder: tuple[Rung, ...] = LADDER
    gathers: bool = True  # several at once become one digest
    applicants: bool = False  # also to the phone on the dossier, whether or not somebody follows it
    zns_template: str = ""
    zns_values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a notice has come on one channel: the status ladder, for lists and for the person who asks.

    ``status``: queued, sending, sent, delivered, read, failed, dead, cancelled.
    """

    notice_id: int
    kind: str
    subject: str
    notice_status: str
    channel: str
    status: str
    at: datetime | None
    reason: str
    trail: tuple[Mapping[str, str], ...] = ()
