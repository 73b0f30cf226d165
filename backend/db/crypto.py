"""Sealing of what people write: AES-256-GCM with keys that live outside the database.

A sealed value is ``version (1 byte) | key number (1 byte) | nonce (12 bytes) | ciphertext and tag``. The purpose
("inbox.body") is bound as associated data, so a value cannot be moved into another column.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = 1


class SealBroken(Exception):
    """The value was changed, moved to another column, or its key is not in the key file."""


class Cipher:
    """Seals and opens with the current key; opens with every key of the file."""

    def __init__(self, keys: Mapping[int, bytes], current: int) -> None:
        self._current = current
        self._aead = {number: AESGCM(key) for number, key in keys.items()}
        self._seal = self._aead[current].encrypt
        self._head = bytes((_VERSION, current))
        # Fingerprints must stay comparable when the sealing key is changed: they hang on the first key.
        self._print_key = hmac.digest(keys[min(keys)], b"motcua fingerprint", "sha256")

    def seal(self, plain: bytes, purpose: str) -> bytes:
        nonce = os.urandom(12)
        return self._head + nonce + self._seal(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """The plain bytes.

        Raises:
            SealBroken: changed, moved or sealed with an unknown key.
        """
        sealed = bytes(sealed)
        if len(sealed) < 30 or sealed[0] != _VERSION or sealed[1] not in self._aead:
            raise SealBroken(purpose)
        try:
            return self._aead[sealed[1]].decrypt(sealed[2:14], sealed[14:], purpose.encode())
        except InvalidTag:
            raise SealBroken(purpose) from None

    def seal_json(self, value: Any, purpose: str) -> bytes:
        return self.seal(msgspec.json.encode(value), purpose)

    def open_json(self, sealed: bytes, purpose: str) -> Any:
        return msgspec.json.decode(self.open(sealed, purpose))

    def fingerprint(self, text: str, purpose: str) -> str:
        """A keyed hash (64 hex digits; BLAKE2b, RFC 7693) that lets equal values be found without being readable."""
        told = f"{purpose}\0{text}".encode()
        return hashlib.blake2b(told, digest_size=32, key=self._print_key).hexdigest()


def read_keys(path: Path) -> Cipher:
    """The cipher of a key file: one ``number:base64`` line per key, the last line is the current one.

    The file is made (mode 0600) when there is none.

    Raises:
        ValueError: the file is damaged; the message names it.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write("1:" + base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
    keys: dict[int, bytes] = {}
    for line in path.read_text().split():
        number, _, value = line.partition(":")
        key = base64.b64decode(value, validate=True)
        if not number.isdigit() or not 0 < int(number) < 256 or len(key) != 32:
            raise ValueError(f"{path}: not a key file")
        keys[int(number)] = key
    if not keys:
        raise ValueError(f"{path}: holds no key")
    return Cipher(keys, current=list(keys)[-1])
