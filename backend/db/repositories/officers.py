"""Delegations, codes and wishes of officers on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from backend.db.repositories.accounts import account_of
from backend.db.tables.officers import delegations as d
from backend.db.tables.officers import officer_codes as k
from backend.db.tables.officers import officer_settings as s
from backend.db.tables.people import accounts as a
from backend.db.tables.people import identities as i
from backend.domain.errors import NotFound
from backend.domain.messaging import Address, ChannelName
from backend.domain.officer import Delegation
from backend.domain.running import Account

_from, _to = a.alias("absent"), a.alias("deputy")


class SqlOfficers:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def absent_for(self, name: str, day: date) -> Sequence[Account]:
        return self._covered(_from, _to.c.name == name, day)

    def standing_in(self, name: str, day: date) -> Sequence[Account]:
        return self._covered(_to, _from.c.name == name, day)

    def _covered(self, wanted: Any, which: Any, day: date) -> Sequence[Account]:
        both = _from.join(d, d.c.from_id == _from.c.id).join(_to, _to.c.id == d.c.to_id)
        present = which & d.c.revoked_at.is_(None) & (d.c.starts_on <= day) & (d.c.ends_on >= day)
        found = select(wanted).select_from(both).where(present, _from.c.active, _to.c.active)
        return [account_of(row) for row in self._db.execute(found.order_by(d.c.id))]

    def delegate(self, delegation: Delegation, by: str) -> int:
        row = {
            "from_id": self._id(delegation.from_),
            "to_id": self._id(delegation.to),
            "starts_on": delegation.starts_on,
            "ends_on": delegation.ends_on,
            "source": delegation.source,
            "by": by,
        }
        return int(self._db.execute(insert(d).returning(d.c.id), row).scalar_one())

    def delegations(self) -> Sequence[Delegation]:
        both = d.join(_from, d.c.from_id == _from.c.id).join(_to, _to.c.id == d.c.to_id)
        names = (_from.c.name.label("absent"), _to.c.name.label("deputy"))
        found = select(d, *names).select_from(both).order_by(d.c.starts_on.desc(), d.c.id.desc())
        return [_delegation(row) for row in self._db.execute(found)]

    def revoke(self, delegation_id: int, now: datetime) -> bool:
        open_ = update(d).where(d.c.id == delegation_id, d.c.revoked_at.is_(None))
        return self._db.execute(open_.values(revoked_at=now)).rowcount == 1

    def add_code(self, code_print: str, name: str, by: str, now: datetime, until: datetime) -> None:
        account = self._id(name)
        self._db.execute(delete(k).where(k.c.account_id == account, k.c.used_at.is_(None)))
        row = {"code_print": code_print, "account_id": account, "by": by, "made_at": now, "expires_at": until}
        self._db.execute(insert(k), row)

    def take_code(self, code_print: str, now: datetime, only: str = "") -> str | None:
        open_ = (k.c.code_print == code_print) & k.c.used_at.is_(None) & (k.c.expires_at > now)
        if only:
            open_ &= k.c.account_id.in_(select(a.c.id).where(a.c.name == only))
        taken = self._db.execute(update(k).where(open_).values(used_at=now).returning(k.c.account_id)).first()
        if taken is None:
            return None
        wanted = select(a.c.name).where(a.c.id == taken.account_id, a.c.active)
        return self._db.execute(wanted).scalar()

    def bind(self, address: Address, name: str, now: datetime) -> None:
        account = self._id(name)
        if self._db.execute(update(i).where(_at(address)).values(officer_id=account)).rowcount == 0:
            place = {"channel": address.channel, "account": address.account}
            row = {**place, "external_id": address.external_id, "officer_id": account}
            self._db.execute(insert(i), row)

    def unbind(self, address: Address) -> bool:
        bound = update(i).where(_at(address), i.c.officer_id.is_not(None))
        return self._db.execute(bound.values(officer_id=None)).rowcount == 1

    def unbind_all(self, name: str) -> int:
        return self._db.execute(
            update(i).where(i.c.officer_id == self._id(name)).values(officer_id=None)
        ).rowcount

    def addresses(self, name: str) -> Sequence[Address]:
        wanted = select(i).join(a, a.c.id == i.c.officer_id).where(a.c.name == name, a.c.active)
        found = self._db.execute(wanted.order_by(i.c.id.desc()))
        return [Address(ChannelName(row.channel), row.account, row.external_id) for row in found]

    def settings(self, name: str) -> Mapping[str, Any]:
        wanted = select(s.c.settings).join(a, a.c.id == s.c.account_id).where(a.c.name == name)
        return dict(self._db.execute(wanted).scalar() or {})

    def put_settings(self, name: str, settings: Mapping[str, Any], now: datetime) -> None:
        account, row = self._id(name), {"settings": dict(settings), "updated_at": now}
        if self._db.execute(update(s).where(s.c.account_id == account).values(**row)).rowcount == 0:
            self._db.execute(insert(s), {"account_id": account, **row})

    def _id(self, name: str) -> int:
        found = self._db.execute(select(a.c.id).where(a.c.name == name)).scalar()
        if found is None:
            raise NotFound(f"no account {name}")
        return int(found)


def _at(address: Address) -> Any:
    return (
        (i.c.channel == address.channel)
        & (i.c.account == address.account)
        & (i.c.external_id == address.external_id)
    )


def _delegation(row: Row[Any]) -> Delegation:
    return Delegation(
        row.absent,
        row.deputy,
        row.starts_on,
        row.ends_on,
        row.source,
        row.revoked_at is not None,
        row.id,
    )
