"""One person on several channels: who may be linked, by what code, and what is kept for the person."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domain.messaging import Address, ChannelName
from backend.text.codes import find_codes
from backend.text.fold import fold

#: Channels that tell one person from another by a secret of their own. REST trusts its caller with the name, and the
#: terminal belongs to whoever sits at the machine: neither is ever somebody's channel.
LINKABLE = frozenset({ChannelName.TELEGRAM, ChannelName.ZALO, ChannelName.WEB})
#: Channels that find the person without being opened first: a page that nobody looks at tells nobody anything.
REACHING = frozenset({ChannelName.TELEGRAM, ChannelName.ZALO})

PREFIX = "LK-"
#: No vowels, no d and no w: a Vietnamese keyboard turns them into other letters. No look-alikes either (0 O, 1 I L, S,
#: Z, B, G, U). Twenty-one letters eight times are 35 bits, for ten minutes and ten guesses an hour.
ALPHABET = "23456789CFHJKMNPQRTVX"
LENGTH = 8
CODE_LASTS = timedelta(minutes=10)
#: Codes of one person that may be open at once; a further one voids the oldest.
MOST_OPEN = 3
#: Channels of one person. Every browser counts as one.
MOST_LINKED = 8
_TRIED = re.compile(r"(?<![A-Z0-9])LK(?:[\s.:_]*[\-–—]\s*[A-Z0-9]|\s*(?=[A-Z]*[0-9])[A-Z0-9]{4})")


def new_code() -> str:
    """A code with letters and digits, so that it is never taken for a plain number."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not (code.isdigit() or code.isalpha()):
            return PREFIX + code


def read_code(text: str) -> str | None:
    """The first link code in the text, in its proper form; small letters and a gap in the middle do not matter."""
    return next((one.value for one in find_codes(text) if one.kind == "link"), None)


def tries_code(text: str) -> bool:
    """Whether the text holds something meant as a link code, well typed or not."""
    return _TRIED.search(fold(text).upper()) is not None


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code that was given out; what is kept of it is a keyed hash."""

    id: int
    conversation_id: int  # where it was made
    phone_print: str
    expires_at: datetime
    used: bool

    def open_at(self, now: datetime) -> bool:
        return not self.used and now < self.expires_at


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """A channel identity that has the person's number. ``vouched``: the channel itself says so, not a code."""

    identity_id: int
    address: Address
    since: datetime | None
    vouched: bool


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """What the person chose, whatever the channel. Empty: nothing was chosen."""

    preferred_channel: str = ""
    language: str = ""
