"""A conversation and its rows, as the dialogue floor handles them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.domain.messaging import Address, Incoming, Outgoing
from backend.domain.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Conversation:
    """``state`` is the opened JSON of form and context; ``epoch`` rises with each takeover."""

    id: int
    address: Address
    epoch: int
    owner: str
    state: Mapping[str, Any]
    last_seq: int
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One received message in its conversation's order (``seq`` from 1)."""

    id: int
    conversation_id: int
    seq: int
    status: str
    attempts: int
    incoming: Incoming
    understood: Understanding | None
    extracted: tuple[str, ...] = ()  # dossier codes read from photos
    received_at: datetime | None = None
    reason: str = ""  # why it was put aside


@dataclass(frozen=True, slots=True)
class OutboxRow:
    id: int
    conversation_id: int
    inbox_id: int | None
    address: Address
    kind: str  # reply | notice | person
    author: str
    body: Outgoing
    epoch: int
    status: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ButtonRow:
    id: str
    conversation_id: int
    inbox_id: int | None
    position: int
    epoch: int
    form_instance: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    single_use: bool = False
    expires_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A person on a channel. ``phone_print`` is set only after the channel vouched for the number."""

    id: int
    address: Address
    phone_print: str | None
    officer: str | None
    roles: frozenset[str] = frozenset()
