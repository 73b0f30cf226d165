"""Files of petitions that still lie with a messenger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from backend.db.crypto import Cipher
from backend.db.repositories.petitions import REFERENCE
from backend.db.tables.petitions import petition_files as f
from backend.domain.petition import UnfetchedFile

#: A file that could not be had so often is gone at its channel.
MOST_TRIES = 8


class SqlPetitionFiles:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def unfetched(self, limit: int) -> Sequence[UnfetchedFile]:
        wanted = (
            select(f)
            .where(f.c.blob_id.is_(None), f.c.tries < MOST_TRIES, f.c.channel != "")
            .order_by(f.c.tries, f.c.id)
            .limit(limit)
        )
        return [
            UnfetchedFile(
                row.id, row.channel, self._cipher.open(row.reference, REFERENCE).decode(), row.media_type
            )
            for row in self._db.execute(wanted)
        ]

    def fetched(self, file_id: int, blob_id: int) -> bool:
        fresh = update(f).where(f.c.id == file_id, f.c.blob_id.is_(None)).values(blob_id=blob_id)
        return self._db.execute(fresh).rowcount == 1

    def missed(self, file_id: int) -> None:
        self._db.execute(update(f).where(f.c.id == file_id).values(tries=f.c.tries + 1))
