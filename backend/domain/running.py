"""Small records of the running office: accounts, keys, feeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: What a program's key may do.
SCOPES = ("dossiers:write", "rest:chat", "reception:decide")


@dataclass(frozen=True, slots=True)
class Account:
    """An officer. ``roles`` are among ``scope.ROLES``.

    ``fields`` and ``block`` (codes of agencies) are what a vice-chairman or specialist follows.
    """

    name: str
    full_name: str
    roles: frozenset[str]
    agency_id: int | None = None
    title: str = ""
    fields: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    active: bool = True
    demo: str = ""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program's key. ``scopes`` are among ``SCOPES``."""

    name: str
    scopes: frozenset[str]
    revoked: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A feed of the province's systems.

    ``as_of`` is when it last spoke; ``lacks`` names what it never tells (phone, holder, step, supplement, fee).
    """

    name: str
    kind: str
    as_of: datetime | None
    loaded_at: datetime | None = None
    lacks: tuple[str, ...] = ()
    stale_after_h: int = 24

    def stale(self, now: datetime) -> bool:
        return self.as_of is not None and now - self.as_of > timedelta(hours=self.stale_after_h)
