"""Programs' keys: who may call what."""

from __future__ import annotations

from backend.services.accounts.secrets import key_hash
from bot.app import Application
from bot.channels.rest import same


async def key_allowed(app: Application, key: str, scope: str) -> bool:
    """The setting's key, or one from the database with this scope. Only hashes are kept there."""
    if not key:
        return False
    if scope == "rest:chat" and same(app.settings.rest_key, key):
        return True
    hashed = key_hash(key)
    found = await app.db.read(lambda uow: uow.accounts.key(hashed))
    return found is not None and not found.revoked and scope in found.scopes
