"""Files that people sent, sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from backend.db.crypto import Cipher
from backend.db.tables.conversations import blobs
from backend.domain.errors import NotFound

_CONTENT = "blobs.content"


class SqlBlobs:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, conversation_id: int | None, media_type: str, content: bytes, now: datetime) -> int:
        row = {
            "conversation_id": conversation_id,
            "media_type": media_type,
            "size_bytes": len(content),
            "content": self._cipher.seal(content, _CONTENT),
            "created_at": now,
        }
        return int(self._db.execute(insert(blobs).returning(blobs.c.id), row).scalar_one())

    def read(self, blob_id: int) -> bytes:
        sealed = self._db.execute(select(blobs.c.content).where(blobs.c.id == blob_id)).scalar()
        if sealed is None:
            raise NotFound()
        return self._cipher.open(sealed, _CONTENT)
