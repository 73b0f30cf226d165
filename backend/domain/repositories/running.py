"""Ports: accounts and identities, audit, guesses, leases, sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from backend.domain.conversation import Identity
from backend.domain.messaging import Address
from backend.domain.running import Account, ApiKey, Source


class Accounts(Protocol):
    def identity(self, address: Address) -> Identity | None: ...
    def verify_phone(self, address: Address, phone: str, now: datetime) -> Identity:
        """Bind this channel identity to a number that the channel vouched for."""

    def note_phone(self, address: Address, phone: str) -> None:
        """A number that we write to and that nobody has proven here: it opens nothing."""

    def phone_of(self, address: Address) -> str:
        """The verified number of this channel identity, opened; empty when there is none."""

    def conversations_of(self, phone_print: str) -> Sequence[tuple[int, Address]]:
        """Conversations of everybody with this verified number, the last used first."""

    def by_name(self, name: str) -> Account | None: ...
    def add(self, account: Account, password_hash: str, now: datetime) -> None: ...
    def all(self) -> Sequence[Account]: ...
    def set_password(self, name: str, password_hash: str) -> bool:
        """False when there is no such account."""

    def change(self, account: Account) -> None:
        """Set full name, roles, agency, title, fields and block of the account of this name; nothing else."""

    def set_active(self, name: str, active: bool) -> bool: ...
    def all_keys(self) -> Sequence[ApiKey]: ...
    def key(self, key_hash: str) -> ApiKey | None: ...
    def add_key(self, name: str, key_hash: str, scopes: Sequence[str], now: datetime) -> None: ...
    def revoke_key(self, name: str, now: datetime) -> bool: ...
    def forget(self, address: Address) -> None: ...


class Audit(Protocol):
    def record(
        self, actor: str, action: str, subject: str, outcome: str, detail: Mapping[str, Any] | None = None
    ) -> None:
        """One audit row. ``detail`` holds codes and counts, never what people wrote."""


class Guesses(Protocol):
    def used(self, asker: str) -> int:
        """Wrong guesses of this asker in the present hour."""

    def count_wrong(self, asker: str) -> int: ...
    def window_end(self) -> datetime: ...


class Leases(Protocol):
    def take(self, name: str, holder: str, now: datetime, until: datetime) -> int | None:
        """The fencing token when ``holder`` has the lease now, else None."""

    def release(self, name: str, holder: str) -> None: ...
    def start_run(self, job: str, slot: datetime, holder: str, now: datetime, dead: datetime) -> bool:
        """True for the one who may run this job's slot; a run begun before ``dead`` and not ended is taken over."""

    def end_run(self, job: str, slot: datetime, now: datetime, outcome: str, count: int) -> None: ...


class Sources(Protocol):
    def get(self, name: str) -> Source | None: ...
    def put(self, source: Source) -> None: ...
    def all(self) -> Sequence[Source]: ...
    def add_run(
        self, kind: str, file_name: str, sha256: str, now: datetime, counts: Mapping[str, int]
    ) -> None: ...
