"""One person on several channels, on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.tables.links import link_codes as k
from backend.db.tables.links import person_settings as s
from backend.db.tables.people import identities as i
from backend.domain.messaging import Address, ChannelName
from backend.domain.person import LinkCode, LinkedIdentity, PersonSettings

_OF_PHONE = i.c.phone_print == bindparam("phone")
_LOCK = select(i.c.id).where(_OF_PHONE).order_by(i.c.id).with_for_update()
_LINKED = (
    select(i.c.id, i.c.channel, i.c.account, i.c.external_id, i.c.verified_at, i.c.linked_at)
    .where(_OF_PHONE)
    .order_by(i.c.verified_at, i.c.id)
)
_AT = (
    (i.c.channel == bindparam("at_channel"))
    & (i.c.account == bindparam("at_account"))
    & (i.c.external_id == bindparam("at_id"))
)
_NUMBER = select(i.c.phone_print, i.c.phone).where(_AT, i.c.phone_print.is_not(None))
_NO_NUMBER = {"phone_print": None, "phone": None, "verified_at": None, "linked_at": None}
_CODE = select(k).where(k.c.code_print == bindparam("code_print"))
_OPEN = (
    select(k)
    .where(k.c.phone_print == bindparam("phone"), k.c.used_at.is_(None), k.c.expires_at > bindparam("now"))
    .order_by(k.c.id)
)


def _place(address: Address) -> dict[str, str]:
    return {
        "at_channel": address.channel,
        "at_account": address.account,
        "at_id": address.external_id,
    }


class SqlPeople:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def lock(self, phone_print: str) -> None:
        self._db.execute(_LOCK, {"phone": phone_print}).all()

    def linked(self, phone_print: str) -> Sequence[LinkedIdentity]:
        return [
            LinkedIdentity(
                row.id,
                Address(ChannelName(row.channel), row.account, row.external_id),
                row.verified_at,
                vouched=row.linked_at is None,
            )
            for row in self._db.execute(_LINKED, {"phone": phone_print})
        ]

    def bind(self, address: Address, source: Address, now: datetime) -> bool:
        number = self._db.execute(_NUMBER, _place(source)).first()
        if number is None:
            return False
        row = {
            "phone_print": number.phone_print,
            "phone": number.phone,  # sealed for this column: it stays readable in another row
            "verified_at": now,
            "linked_at": now,
        }
        if self._db.execute(update(i).where(_AT).values(**row), _place(address)).rowcount == 0:
            place = {
                "channel": address.channel,
                "account": address.account,
                "external_id": address.external_id,
            }
            self._db.execute(insert(i), {**place, **row})
        return True

    def release(self, identity_id: int) -> None:
        mine = i.c.id == identity_id
        self._db.execute(update(i).where(mine, i.c.officer_id.is_not(None)).values(**_NO_NUMBER))
        self._db.execute(delete(i).where(mine, i.c.officer_id.is_(None)))

    def settings(self, phone_print: str) -> PersonSettings:
        row = self._db.execute(select(s).where(s.c.phone_print == phone_print)).first()
        return PersonSettings() if row is None else PersonSettings(row.preferred_channel, row.language)

    def put_settings(self, phone_print: str, settings: PersonSettings, now: datetime) -> None:
        chosen = {
            "preferred_channel": settings.preferred_channel,
            "language": settings.language,
            "updated_at": now,
        }
        kind: Any = postgresql if self._db.dialect.name == "postgresql" else sqlite
        self._db.execute(
            kind.insert(s)
            .values(phone_print=phone_print, **chosen)
            .on_conflict_do_update(index_elements=[s.c.phone_print], set_=chosen)
        )

    def drop_settings(self, phone_print: str) -> None:
        self._db.execute(delete(s).where(s.c.phone_print == phone_print))

    # --- codes -----------------------------------------------------------------------------------------------

    def add_code(
        self, code_print: str, phone_print: str, conversation_id: int, now: datetime, expires_at: datetime
    ) -> None:
        row = {
            "code_print": code_print,
            "phone_print": phone_print,
            "conversation_id": conversation_id,
            "made_at": now,
            "expires_at": expires_at,
        }
        self._db.execute(insert(k), row)

    def open_codes(self, phone_print: str, now: datetime) -> Sequence[LinkCode]:
        return [_code(row) for row in self._db.execute(_OPEN, {"phone": phone_print, "now": now})]

    def code(self, code_print: str) -> LinkCode | None:
        row = self._db.execute(_CODE, {"code_print": code_print}).first()
        return None if row is None else _code(row)

    def take_code(self, code_id: int, conversation_id: int, now: datetime) -> bool:
        fresh = update(k).where(k.c.id == code_id, k.c.used_at.is_(None), k.c.expires_at > now)
        return self._db.execute(fresh.values(used_at=now, used_by=conversation_id)).rowcount == 1

    def void_codes(self, code_ids: Sequence[int]) -> None:
        self._db.execute(delete(k).where(k.c.id.in_(list(code_ids))))

    def void_codes_of(self, conversation_id: int) -> None:
        self._db.execute(delete(k).where(k.c.conversation_id == conversation_id, k.c.used_at.is_(None)))


def _code(row: Row[Any]) -> LinkCode:
    return LinkCode(row.id, row.conversation_id, row.phone_print, row.expires_at, row.used_at is not None)
