"""Port: tokens of channels that rotate them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from backend.domain.tokens import TokenPair, Tokens


class TokenStore(Protocol):
    def get(self, channel: str, account: str) -> Tokens | None: ...
    def all(self) -> Sequence[Tokens]: ...
    def put(self, channel: str, account: str, pair: TokenPair, now: datetime) -> int:
        """A new consent's pair, whatever there was before; returns its generation."""

    def rotate(self, channel: str, account: str, generation: int, pair: TokenPair, now: datetime) -> bool:
        """The pair that this generation's was exchanged for; False when another one took its place meanwhile."""

    def refuse(self, channel: str, account: str, generation: int, reason: str, now: datetime) -> bool:
        """This generation's pair is not renewed any more: a person must consent. False as for ``rotate``."""

    def begin(self, channel: str, account: str, verifier: str, now: datetime) -> None:
        """Keep the secret half of a consent that was begun; an earlier one is void."""

    def take_verifier(self, channel: str, account: str) -> str | None:
        """The secret half, once."""
