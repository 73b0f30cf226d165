"""Officers' browsers and second factors on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from backend.db.crypto import Cipher
from backend.db.hot import Hot
from backend.db.tables.people import accounts as a
from backend.db.tables.sign_in import second_factors as f
from backend.db.tables.sign_in import web_sessions as s
from backend.domain.errors import NotFound
from backend.domain.sign_in import Stage, WebSession

_OFFERED, _KEPT = "web_sessions.offered_secret", "second_factors.secret"
_WITH_NAME = select(s, a.c.name).join(a, a.c.id == s.c.account_id)
_OPEN = Hot(
    _WITH_NAME.where(
        s.c.token_hash == bindparam("token_hash"),
        s.c.ended_at.is_(None),
        s.c.expires_at > bindparam("now"),
        a.c.active,
    )
)


class SqlSignIns:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def password_hash(self, name: str) -> str:
        wanted = select(a.c.password_hash).where(a.c.name == name, a.c.active)
        return str(self._db.execute(wanted).scalar() or "")

    def begin(
        self, token_hash: str, name: str, stage: Stage, agent: str, now: datetime, until: datetime
    ) -> int:
        row = {
            "token_hash": token_hash,
            "account_id": self._id(name),
            "stage": str(stage),
            "agent": agent,
            "begun_at": now,
            "seen_at": now,
            "expires_at": until,
        }
        return int(self._db.execute(insert(s).returning(s.c.id), row).scalar_one())

    def session(self, token_hash: str, now: datetime) -> WebSession | None:
        row = _OPEN.first(self._db, {"token_hash": token_hash, "now": now})
        return None if row is None else _session(row)

    def advance(self, session_id: int, token_hash: str, now: datetime, until: datetime) -> None:
        whole = {"token_hash": token_hash, "stage": str(Stage.FULL), "offered_secret": None}
        times = {"seen_at": now, "expires_at": until}
        self._db.execute(update(s).where(s.c.id == session_id), {**whole, **times})

    def touch(self, session_id: int, now: datetime) -> None:
        self._db.execute(update(s).where(s.c.id == session_id).values(seen_at=now))

    def end(self, session_id: int, now: datetime) -> bool:
        open_ = update(s).where(s.c.id == session_id, s.c.ended_at.is_(None))
        return self._db.execute(open_.values(ended_at=now)).rowcount == 1

    def end_all(self, name: str, now: datetime) -> int:
        open_ = update(s).where(
            s.c.account_id == self._id(name), s.c.ended_at.is_(None), s.c.expires_at > now
        )
        return self._db.execute(open_.values(ended_at=now)).rowcount

    def open_sessions(self, name: str, now: datetime) -> Sequence[WebSession]:
        of_account = _WITH_NAME.where(a.c.name == name, s.c.ended_at.is_(None), s.c.expires_at > now)
        return [_session(row) for row in self._db.execute(of_account.order_by(s.c.seen_at.desc()))]

    def offer_secret(self, session_id: int, secret: str) -> None:
        sealed = self._cipher.seal(secret.encode(), _OFFERED)
        self._db.execute(update(s).where(s.c.id == session_id).values(offered_secret=sealed))

    def offered_secret(self, session_id: int) -> str:
        sealed = self._db.execute(select(s.c.offered_secret).where(s.c.id == session_id)).scalar()
        return "" if sealed is None else self._cipher.open(sealed, _OFFERED).decode()

    def keep_secret(self, name: str, secret: str, step: int, now: datetime) -> None:
        account = self._id(name)
        self._db.execute(delete(f).where(f.c.account_id == account))
        sealed = self._cipher.seal(secret.encode(), _KEPT)
        row = {"account_id": account, "secret": sealed, "last_step": step, "set_at": now}
        self._db.execute(insert(f), row)

    def secret(self, name: str) -> str:
        wanted = select(f.c.secret).join(a, a.c.id == f.c.account_id).where(a.c.name == name)
        sealed = self._db.execute(wanted).scalar()
        return "" if sealed is None else self._cipher.open(sealed, _KEPT).decode()

    def use_step(self, name: str, step: int) -> bool:
        newer = update(f).where(f.c.account_id == self._id(name), f.c.last_step < step)
        return self._db.execute(newer.values(last_step=step)).rowcount == 1

    def _id(self, name: str) -> int:
        found = self._db.execute(select(a.c.id).where(a.c.name == name)).scalar()
        if found is None:
            raise NotFound(f"no account {name}")
        return int(found)


def _session(row: Row[Any]) -> WebSession:
    return WebSession(
        row.id, row.name, Stage(row.stage), row.begun_at, row.seen_at, row.expires_at, row.agent
    )
