"""Programs' keys: shown once, kept as a hash."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.ports import UnitOfWork
from backend.domain.running import SCOPES
from backend.services.accounts.secrets import new_key


def add_key(uow: UnitOfWork, actor: str, name: str, scopes: Sequence[str]) -> str:
    """The new key itself; nobody can show it again.

    Raises:
        InvalidInput: unknown scope or unusable name. Conflict: a key of this name exists, revoked or not.
    """
    if not name.strip() or len(name) > 100:
        raise InvalidInput("name: 1 to 100 characters")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise InvalidInput(f"scope {', '.join(unknown) or 'missing'}: one of {', '.join(SCOPES)}")
    if any(known.name == name for known in uow.accounts.all_keys()):
        raise Conflict(f"key {name} exists already; names of revoked keys are not used again")
    key, hashed = new_key()
    uow.accounts.add_key(name, hashed, sorted(set(scopes)), uow.now)
    uow.audit.record(actor, "key_added", f"key:{name}", "ok", {"scopes": sorted(set(scopes))})
    return key


def revoke_key(uow: UnitOfWork, actor: str, name: str) -> None:
    """The key stops to work with the next request. Raises NotFound when there is none to revoke."""
    if not uow.accounts.revoke_key(name, uow.now):
        raise NotFound(f"no working key {name}")
    uow.audit.record(actor, "key_revoked", f"key:{name}", "ok")
