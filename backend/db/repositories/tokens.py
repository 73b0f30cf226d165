"""Tokens of channels that rotate them, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.tables.tokens import channel_tokens as t
from backend.domain.tokens import TokenPair, Tokens

_ACCESS, _REFRESH, _VERIFIER = (f"channel_tokens.{name}" for name in ("access", "refresh", "verifier"))
_PLACE = (t.c.channel == bindparam("at_channel")) & (t.c.account == bindparam("at_account"))


class SqlTokens:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def get(self, channel: str, account: str) -> Tokens | None:
        row = self._db.execute(select(t).where(_PLACE), _at(channel, account)).first()
        return None if row is None else self._one(row)

    def all(self) -> Sequence[Tokens]:
        return [self._one(row) for row in self._db.execute(select(t).order_by(t.c.channel, t.c.account))]

    def put(self, channel: str, account: str, pair: TokenPair, now: datetime) -> int:
        values = self._sealed(pair, now)
        row = {"channel": channel, "account": account, "generation": 1, "verifier": None, **values}
        wanted = self._insert().values(row)
        stored = wanted.on_conflict_do_update(
            index_elements=[t.c.channel, t.c.account],
            set_={**values, "verifier": None, "generation": t.c.generation + 1},
        )
        return int(self._db.execute(stored.returning(t.c.generation)).scalar_one())

    def rotate(self, channel: str, account: str, generation: int, pair: TokenPair, now: datetime) -> bool:
        return self._change(
            channel, account, generation, {**self._sealed(pair, now), "generation": generation + 1}
        )

    def refuse(self, channel: str, account: str, generation: int, reason: str, now: datetime) -> bool:
        return self._change(channel, account, generation, {"refused": reason[:60], "updated_at": now})

    def begin(self, channel: str, account: str, verifier: str, now: datetime) -> None:
        sealed = {"verifier": self._cipher.seal(verifier.encode(), _VERIFIER), "updated_at": now}
        row = {"channel": channel, "account": account, "generation": 0, "refused": "", **sealed}
        wanted = self._insert().values(row)
        self._db.execute(wanted.on_conflict_do_update(index_elements=[t.c.channel, t.c.account], set_=sealed))

    def take_verifier(self, channel: str, account: str) -> str | None:
        sealed = self._db.execute(select(t.c.verifier).where(_PLACE), _at(channel, account)).scalar()
        self._db.execute(update(t).where(_PLACE).values(verifier=None), _at(channel, account))
        return None if sealed is None else self._cipher.open(sealed, _VERIFIER).decode()

    def _change(self, channel: str, account: str, generation: int, values: dict[str, Any]) -> bool:
        mine = update(t).where(_PLACE, t.c.generation == generation)
        return self._db.execute(mine.values(values), _at(channel, account)).rowcount == 1

    def _sealed(self, pair: TokenPair, now: datetime) -> dict[str, Any]:
        return {
            "access": self._cipher.seal(pair.access.encode(), _ACCESS),
            "refresh": self._cipher.seal(pair.refresh.encode(), _REFRESH),
            "issued_at": now,
            "expires_at": now + timedelta(seconds=pair.lasts_s),
            "refused": "",
            "updated_at": now,
        }

    def _insert(self) -> Any:
        return (postgresql if self._db.dialect.name == "postgresql" else sqlite).insert(t)

    def _one(self, row: Row[Any]) -> Tokens:
        return Tokens(
            row.channel,
            row.account,
            row.generation,
            self._cipher.open(row.access, _ACCESS).decode() if row.access else "",
            self._cipher.open(row.refresh, _REFRESH).decode() if row.refresh else "",
            row.issued_at,
            row.expires_at,
            row.refused,
        )


def _at(channel: str, account: str) -> dict[str, str]:
    return {"at_channel": channel, "at_account": account}
