"""What Zalo's error codes mean to the deliverer: two tables, since the same number means different things in each.

HTTP says 200 even on an error; the code stands in the answer's ``error``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend.domain.delivery import Next


@dataclass(frozen=True, slots=True)
class Meaning:
    """``reason`` stands on the outbox row and in the log. ``after_s``: wait in seconds, 0 lets the deliverer choose."""

    reason: str
    next: Next
    after_s: float = 0.0
    renews: bool = False  # get a new token once, then try once more
    alerts: bool = False  # a person in the office has to do something
    plain: bool = False  # try again without buttons
    shorter: bool = False  # try again in shorter pieces
    uploads_again: bool = False
    at_dawn: bool = False  # not before the night is over


RATE_LIMIT_S = 60.0
#: While the office has to put something right nothing is lost: the whole account waits and looks again.
OFFICE_S = 300.0
CONTRACT_S = 3600.0


def _drop(reason: str) -> Meaning:
    return Meaning(reason, Next.GIVE_UP)


def _bug(reason: str) -> Meaning:
    return Meaning(reason, Next.GIVE_UP, alerts=True)


def _office(reason: str, after_s: float = OFFICE_S) -> Meaning:
    return Meaning(reason, Next.PAUSE, after_s, alerts=True)


_LIMIT = Meaning("rate limit", Next.PAUSE, RATE_LIMIT_S)
_TOKEN = Meaning("token refused", Next.PAUSE, RATE_LIMIT_S, renews=True)
_BLOCKED = _drop("the person does not take such messages")
_WINDOW = _drop("outside the 7-day window")

#: Messages and uploads of the Official Account.
OA: Mapping[int, Meaning] = {
    -32: _LIMIT,
    -216: _TOKEN,
    -220: _TOKEN,
    216: _TOKEN,
    401: _TOKEN,
    -401: _TOKEN,
    -100: Meaning("the attachment has expired", Next.RETRY, uploads_again=True),
    -200: Meaning("sending failed at Zalo", Next.RETRY),
    -201: Meaning("a field is refused", Next.GIVE_UP, plain=True),
    -204: _office("the account is switched off"),
    -205: _office("the account does not exist"),
    -209: _office("the app is not active"),
    -212: _office("the app may not use this interface"),
    -219: _office("the app was removed"),
    -223: _office("the account has not consented"),
    -210: Meaning("too long or too large", Next.GIVE_UP, shorter=True),
    -211: _office("the account's quota is used up", CONTRACT_S),
    -218: Meaning("the receiver's quota is used up", Next.RETRY, CONTRACT_S, alerts=True),
    -213: _drop("the person does not follow the account"),
    -217: _BLOCKED,
    -244: _BLOCKED,
    -221: _office("the account is not verified", CONTRACT_S),
    -224: _office("the account's tier does not include this", CONTRACT_S),
    -235: _office("the account's type does not include this", CONTRACT_S),
    -227: _drop("the person is banned, or was away for more than 45 days"),
    -230: _WINDOW,
    -232: _WINDOW,
    -233: Meaning("this kind of message is not supported", Next.GIVE_UP, plain=True),
    -234: Meaning("not at night", Next.RETRY, at_dawn=True),
    -240: _bug("an interface that was shut down"),
    -242: _office("the proof of the app's secret is refused"),
    -248: _office("against Zalo's rules"),
    -249: _bug("this template cannot be sent to a user's id"),
    -320: _office("no account for paying", CONTRACT_S),
    -321: _office("out of money", CONTRACT_S),
}

_NUMBER = {-108: "no phone number", -118: "no Zalo at this number", -119: "this number cannot receive"}
_REFUSES = {-139: "the person refuses this kind", -140: "the person may not receive this kind",
            -141: "the person refuses messages to the phone", -216: "the person has blocked the account"}  # fmt: skip
_APP = {-101: "the app is not valid", -102: "the app does not exist", -103: "the app is not active",
        -104: "the app's secret is refused", -105: "the app is not linked to the account",
        -125: "the account's id is refused", -1241: "the proof of the app's secret is refused"}  # fmt: skip
_TEMPLATE = {
    **dict.fromkeys((-109, -127, -131, -161, -162, -249), "the template cannot be used"),
    **dict.fromkeys((-111, -112, -113, -121, -122, -130, -132), "the template's values are refused"),
    **dict.fromkeys((-1121, -1122, -1124, -1131, -1132), "the template's values are refused"),
}
_RIGHTS = dict.fromkeys((-117, -120, -135, -136, -138, -145, -1351), "the account may not send this")
_MONEY = {
    **dict.fromkeys((-115, -137), "out of money"),
    **dict.fromkeys((-126, -144, -147, -1441, -1471, -1472), "the day's quota is used up"),
}

#: Template messages (ZNS). What the office has to put right does not hold the notice up: it goes on by another way.
ZNS: Mapping[int, Meaning] = {
    -32: _LIMIT,
    -124: _TOKEN,
    **{code: _drop(reason) for code, reason in (_NUMBER | _REFUSES).items()},
    **{code: _office(reason) for code, reason in _APP.items()},
    **{code: _bug(reason) for code, reason in (_TEMPLATE | _RIGHTS | _MONEY).items()},
}

_UNKNOWN = Meaning("refused", Next.RETRY, alerts=True)


def meaning_of(code: int, table: Mapping[int, Meaning]) -> Meaning:
    """What to do about this code; one that we do not know is tried again, and said."""
    known = table.get(code, _UNKNOWN)
    return replace(known, reason=f"{known.reason} ({code})")
