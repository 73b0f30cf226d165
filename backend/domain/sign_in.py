"""An officer at a browser: a password, then a second factor, then a session that ends by itself."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Who got the password right has this long for the second factor.
HALF_WAY = timedelta(minutes=10)
#: Wrong passwords, codes or digits within an hour: for one account from one place, for the account from everywhere, and
#: from one place for all accounts (an office behind one address).
WRONG_HERE, WRONG_EVERYWHERE, WRONG_FROM = 5, 30, 60


class Stage(enum.StrEnum):
    """How far somebody has got."""

    CODE = "code"  # the password was right; the digits of the second factor are asked for
    DEVICE = "device"  # came with an administrator's code; the second factor is being set up
    FULL = "full"


@dataclass(frozen=True, slots=True)
class WebSession:
    """One browser. Only a hash of its token is kept; ``agent`` is the browser's own name for itself, cut short."""

    id: int
    account: str
    stage: Stage
    begun_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a browser stays signed in: without a request of its person (``idle``), and at the most."""

    idle: timedelta
    most: timedelta
