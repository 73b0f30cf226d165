"""Passwords and keys: what is stored can be checked, never read."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.domain.errors import InvalidInput

SHORTEST_PASSWORD = 10
#: Random bytes of a key. So long a secret needs no slow hash, and no comparison of ours could leak a part of it:
#: it is found by its hash in an index.
_KEY_BYTES = 32
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


def new_key() -> tuple[str, str]:
    """A new key to hand out once, and the hash to keep. Its beginning lets a scanner find one that leaked."""
    key = "mc_" + secrets.token_urlsafe(_KEY_BYTES)
    return key, key_hash(key)


def key_hash(key: str) -> str:
    """What is stored of a key (SHA-256 in hex digits)."""
    return hashlib.sha256(key.encode()).hexdigest()
