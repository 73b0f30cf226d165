"""Access to a channel's interface that the office consented to, where it is renewed again and again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: A token is renewed when this share of its life is over.
RENEWED_AT = 0.8


@dataclass(frozen=True, slots=True)
class TokenPair:
    """As the channel gave it. ``refresh`` works once; using it ends both tokens that came before."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts_s: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair as it is kept. ``generation`` counts pairs; ``refused`` says why a person must consent again."""

    channel: str
    account: str
    generation: int
    access: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    refused: str = ""

    @property
    def needs_consent(self) -> bool:
        return bool(self.refused) or not self.refresh

    @property
    def renew_at(self) -> datetime | None:
        """When to renew, ahead of the end; None where there is nothing to renew."""
        if self.needs_consent or self.issued_at is None or self.expires_at is None:
            return None
        life: timedelta = self.expires_at - self.issued_at
        return self.issued_at + life * RENEWED_AT
