"""Officers' accounts, channel identities and programs' keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from backend.db.crypto import Cipher
from backend.db.hot import Hot
from backend.db.tables.conversations import conversations as c
from backend.db.tables.people import accounts as a
from backend.db.tables.people import api_keys as k
from backend.db.tables.people import identities as i
from backend.domain.conversation import Identity
from backend.domain.messaging import Address, ChannelName
from backend.domain.running import Account, ApiKey

_IDENTITY = Hot(
    select(i.c.id, i.c.phone_print, a.c.name.label("officer"), a.c.roles)
    .select_from(i.outerjoin(a, (a.c.id == i.c.officer_id) & a.c.active))
    .where(
        i.c.channel == bindparam("channel"),
        i.c.account == bindparam("account"),
        i.c.external_id == bindparam("external_id"),
    )
)
_BY_NAME = select(a).where(a.c.name == bindparam("name"))
_KEY = select(k).where(k.c.key_hash == bindparam("key_hash"))


def _place(address: Address) -> dict[str, str]:
    return {"channel": address.channel, "account": address.account, "external_id": address.external_id}


def _at(address: Address) -> Any:
    return (
        (i.c.channel == address.channel)
        & (i.c.account == address.account)
        & (i.c.external_id == address.external_id)
    )


class SqlAccounts:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def identity(self, address: Address) -> Identity | None:
        row = _IDENTITY.first(self._db, _place(address))
        if row is None:
            return None
        return Identity(row.id, address, row.phone_print, row.officer, frozenset(row.roles or ()))

    def verify_phone(self, address: Address, phone: str, now: datetime) -> Identity:
        proof = {
            "phone_print": self._cipher.fingerprint(phone, "phone"),
            "phone": self._cipher.seal(phone.encode(), "identities.phone"),
            "verified_at": now,
            "linked_at": None,
        }
        known = self.identity(address)
        if known is None:
            self._db.execute(insert(i), {**_place(address), **proof})
        else:
            self._db.execute(update(i).where(i.c.id == known.id), proof)
        found = self.identity(address)
        if found is None:
            raise LookupError("the identity just written is not there")
        return found

    def note_phone(self, address: Address, phone: str) -> None:
        proof = {"phone_print": None, "phone": self._cipher.seal(phone.encode(), "identities.phone")}
        self._db.execute(insert(i), {**_place(address), **proof})

    def phone_of(self, address: Address) -> str:
        sealed = self._db.execute(select(i.c.phone).where(_at(address))).scalar()
        return "" if sealed is None else self._cipher.open(sealed, "identities.phone").decode()

    def conversations_of(self, phone_print: str) -> Sequence[tuple[int, Address]]:
        same = (
            (c.c.channel == i.c.channel) & (c.c.account == i.c.account) & (c.c.external_id == i.c.external_id)
        )
        wanted = (
            select(c.c.id, i.c.channel, i.c.account, i.c.external_id)
            .select_from(i.join(c, same))
            .where(i.c.phone_print == phone_print)
            .order_by(c.c.last_at.desc(), c.c.id.desc())
        )
        return [
            (row.id, Address(ChannelName(row.channel), row.account, row.external_id))
            for row in self._db.execute(wanted)
        ]

    def forget(self, address: Address) -> None:
        """Delete the identity, and with it the proof of the phone; an officer's binding stays."""
        known = self.identity(address)
        if known is None:
            return
        if known.officer is None:
            self._db.execute(delete(i).where(i.c.id == known.id))
        else:
            self._db.execute(update(i).where(i.c.id == known.id), {"phone_print": None, "phone": None})

    def by_name(self, name: str) -> Account | None:
        row = self._db.execute(_BY_NAME, {"name": name}).first()
        return account_of(row) if row is not None else None

    def add(self, account: Account, password_hash: str, now: datetime) -> None:
        self._db.execute(
            insert(a),
            {
                **_told(account),
                "name": account.name,
                "password_hash": password_hash,
                "active": account.active,
                "created_at": now,
                "demo": account.demo,
            },
        )

    def all(self) -> Sequence[Account]:
        return [account_of(row) for row in self._db.execute(select(a).order_by(a.c.name))]

    def set_password(self, name: str, password_hash: str) -> bool:
        done = self._db.execute(update(a).where(a.c.name == name).values(password_hash=password_hash))
        return done.rowcount == 1

    def change(self, account: Account) -> None:
        self._db.execute(update(a).where(a.c.name == account.name).values(**_told(account)))

    def set_active(self, name: str, active: bool) -> bool:
        return self._db.execute(update(a).where(a.c.name == name).values(active=active)).rowcount == 1

    def all_keys(self) -> Sequence[ApiKey]:
        return [_key(row) for row in self._db.execute(select(k).order_by(k.c.name))]

    def key(self, key_hash: str) -> ApiKey | None:
        row = self._db.execute(_KEY, {"key_hash": key_hash}).first()
        return None if row is None else _key(row)

    def add_key(self, name: str, key_hash: str, scopes: Sequence[str], now: datetime) -> None:
        self._db.execute(
            insert(k), {"name": name, "key_hash": key_hash, "scopes": list(scopes), "created_at": now}
        )

    def revoke_key(self, name: str, now: datetime) -> bool:
        done = self._db.execute(
            update(k).where(k.c.name == name, k.c.revoked_at.is_(None)).values(revoked_at=now)
        )
        return done.rowcount == 1


def _told(account: Account) -> dict[str, Any]:
    return {
        "full_name": account.full_name,
        "roles": sorted(account.roles),
        "agency_id": account.agency_id,
        "title": account.title,
        "fields": list(account.fields),
        "block": list(account.block),
    }


def account_of(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        full_name=row.full_name,
        roles=frozenset(row.roles),
        agency_id=row.agency_id,
        title=row.title,
        fields=tuple(row.fields),
        block=tuple(row.block),
        active=row.active,
        demo=row.demo,
    )


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(row.name, frozenset(row.scopes), row.revoked_at is not None)
