"""Keys of programs that call ``/api/v1``. Only a key's SHA-256 is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from aiohttp import web

from backend.domain.ports import UnitOfWork
from backend.domain.running import ApiKey
from backend.services.accounts.secrets import key_hash

T = TypeVar("T")


class Database(Protocol):
    """Runs jobs in transactions: ``backend.db.engine.Database``."""

    async def read(self, job: Callable[[Any], T]) -> T: ...
    async def write(self, job: Callable[[Any], T]) -> T: ...


#: The application's database, set where the site is put together.
DATABASE: web.AppKey[Database] = web.AppKey("database")


def json_error(status: int, message: str, **more: Any) -> web.Response:
    """``{"error": message, …}``; the message is Vietnamese, for the log of the calling system."""
    return web.json_response({"error": message, **more}, status=status)


async def require_key(request: web.Request, scope: str) -> ApiKey | web.Response:
    """The caller's key when it may do this, else the refusal to answer with (401 or 403)."""
    given = _given_key(request.headers)
    if not given:
        return json_error(401, "Thiếu khóa API: gửi tiêu đề Authorization: Bearer …")
    hashed = key_hash(given)
    key = await request.app[DATABASE].read(lambda uow: _find(uow, hashed))
    if key is None:
        return json_error(401, "Khóa API không đúng hoặc đã bị thu hồi.")
    if scope not in key.scopes:
        return json_error(403, f"Khóa API này không có quyền {scope}.")
    return key


def _find(uow: UnitOfWork, hashed: str) -> ApiKey | None:
    key = uow.accounts.key(hashed)
    return key if key is not None and not key.revoked else None


def _given_key(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return headers.get("X-Api-Key", "").strip()
