"""Passwords and keys: what is stored can be checked, never read."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.domain.errors import InvalidInput

SHORTEST_PASSWORD = 10
_HASHER = PasswordHasher()  # argon2id with the library's own cost, which it raises over the years


def hash_password(password: str) -> str:
    """Raises InvalidInput when it is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(
            f"a password needs at least {SHORTEST_PASSWORD} characters",
            reason=f"mật khẩu cần ít nhất {SHORTEST_PASSWORD} ký tự",
        )
    return _HASHER.hash(password)


def password_fits(password_hash: str, password: str) -> bool:
    """False for an account without a password, whatever is typed."""
    if not password_hash:
        return False
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def new_key() -> str:
    """256 random bits; recognisable, so that a secret scanner finds one that leaked."""
    return "motcua_" + secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """What is stored of a key: a plain hash is enough for 256 random bits."""
    return hashlib.sha256(key.encode()).hexdigest()
