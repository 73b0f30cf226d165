"""Deadline rules, the duty roster and the sealed lane, on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.tables.petitions import deadline_rules as r
from backend.db.tables.petitions import duty_days as d
from backend.db.tables.petitions import sealed_reports as s
from backend.domain.errors import NotFound
from backend.domain.petition import DeadlineRule, PetitionKind, Unit

_CONTENT = "sealed_reports.content"
_RULE = (
    select(r)
    .where(r.c.kind == bindparam("kind"), r.c.step == bindparam("step"), r.c.valid_from <= bindparam("on"))
    .order_by(r.c.valid_from.desc())
    .limit(1)
)


class SqlPetitionRules:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self.__db = connection
        self.__cipher = cipher

    def rule(self, kind: PetitionKind, step: str, on: date) -> DeadlineRule | None:
        row = self.__db.execute(_RULE, {"kind": str(kind), "step": str(step), "on": on}).first()
        return None if row is None else _rule(row)

    def rules(self) -> Sequence[DeadlineRule]:
        rows = self.__db.execute(select(r).order_by(r.c.kind, r.c.step, r.c.valid_from))
        return [_rule(row) for row in rows]

    def put_rule(self, rule: DeadlineRule) -> None:
        row = {
            "kind": str(rule.kind),
            "step": str(rule.step),
            "amount": rule.amount,
            "unit": str(rule.unit),
            "valid_from": date.fromisoformat(rule.valid_from),
            "source": rule.source,
            "law": rule.law,
        }
        self.__put(r, row, ("kind", "step", "valid_from"))

    def duty(self, on: date) -> str | None:
        return self.__db.execute(select(d.c.account).where(d.c.on_date == on)).scalar()

    def put_duty(self, on: date, account: str) -> None:
        self.__put(d, {"on_date": on, "account": account}, ("on_date",))

    def seal_report(self, channel: str, content: Mapping[str, str], now: datetime) -> int:
        sealed = self.__cipher.seal_json(dict(content), _CONTENT)
        row = {"received_at": now, "channel": channel, "content": sealed, "read_by": ""}
        return int(self.__db.execute(insert(s).returning(s.c.id), row).scalar_one())

    def sealed_keys(self) -> frozenset[str]:
        contents = self.__db.execute(select(s.c.content)).scalars()
        keys = (self.__cipher.open_json(one, _CONTENT).get("key", "") for one in contents)
        return frozenset(filter(None, keys))

    def sealed(self) -> Sequence[tuple[int, datetime, str]]:
        rows = self.__db.execute(select(s.c.id, s.c.received_at, s.c.read_by).order_by(s.c.id))
        return [(row.id, row.received_at, row.read_by) for row in rows]

    def open_report(self, number: int, reader: str, now: datetime) -> Mapping[str, str]:
        content = self.__db.execute(select(s.c.content).where(s.c.id == number)).scalar()
        if content is None:
            raise NotFound()
        self.__db.execute(update(s).where(s.c.id == number).values(read_by=reader, read_at=now))
        found: Mapping[str, str] = self.__cipher.open_json(content, _CONTENT)
        return found

    def __put(self, table: Any, row: Mapping[str, Any], key: tuple[str, ...]) -> None:
        kind = postgresql if self.__db.dialect.name == "postgresql" else sqlite
        rest = {name: value for name, value in row.items() if name not in key}
        self.__db.execute(
            kind.insert(table).values(**row).on_conflict_do_update(index_elements=list(key), set_=rest)
        )


def _rule(row: Row[Any]) -> DeadlineRule:
    return DeadlineRule(
        PetitionKind(row.kind),
        row.step,
        row.amount,
        Unit(row.unit),
        row.valid_from.isoformat(),
        row.source,
        row.law,
    )
