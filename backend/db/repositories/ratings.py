"""Ratings on SQLAlchemy Core. What people wrote beside them is sealed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.tables.ratings import ratings as r
from backend.domain.clock import VIETNAM, local_date
from backend.domain.rating import OUTSIDE, OutsideRating, RatedKind, RatedSubject, Rating, Reason

_COMMENT = "ratings.comment"


class SqlRatings:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def of(self, subject: RatedSubject, persons: Sequence[str]) -> Rating | None:
        same = (r.c.kind == subject.kind) & (r.c.code == subject.code) & (r.c.round == subject.round)
        mine = select(r).where(same, r.c.person.in_(list(persons))).order_by(r.c.id).limit(1)
        row = self._db.execute(mine).first()
        return None if row is None else self._read(row)

    def add(
        self,
        subject: RatedSubject,
        person: str,
        conversation_id: int,
        channel: str,
        value: int,
        now: datetime,
    ) -> bool:
        row = {
            "kind": subject.kind,
            "code": subject.code,
            "round": subject.round,
            "person": person,
            "conversation_id": conversation_id,
            "channel": channel,
            "agency": subject.agency[:300],
            "procedure_code": subject.procedure_code,
            "value": value,
            "reasons": [],
            "on_date": local_date(now),
            "created_at": now,
            "changed_at": now,
        }
        kind: Any = postgresql if self._db.dialect.name == "postgresql" else sqlite
        once = kind.insert(r).values(row).on_conflict_do_nothing().returning(r.c.id)
        return self._db.execute(once).scalar() is not None

    def change(self, rating_id: int, now: datetime, value: int) -> None:
        self._db.execute(update(r).where(r.c.id == rating_id).values(value=value, changed_at=now))

    def explain(self, rating_id: int, now: datetime, reasons: Sequence[Reason], comment: str | None) -> None:
        said: dict[str, Any] = {"reasons": sorted({str(one) for one in reasons}), "changed_at": now}
        if comment is not None:
            said["comment"] = self._cipher.seal(comment.encode(), _COMMENT) if comment else None
        self._db.execute(update(r).where(r.c.id == rating_id).values(**said))

    def outside(self, codes: Collection[str]) -> Sequence[OutsideRating]:
        wanted = select(r).where(*_given_elsewhere(sorted(codes))).order_by(r.c.id)
        return [
            OutsideRating(
                row.code,
                int(row.person.removeprefix(OUTSIDE)),
                row.value,
                row.on_date,
                row.agency,
                row.channel,
                row.procedure_code,
            )
            for row in self._db.execute(wanted)
        ]

    def put_outside(self, code: str, ratings: Sequence[OutsideRating], now: datetime) -> None:
        self._db.execute(delete(r).where(*_given_elsewhere([code])))
        rows = [
            {
                "kind": RatedKind.DOSSIER,
                "code": code,
                "round": 0,
                "person": f"{OUTSIDE}{one.number}",
                "channel": one.channel,
                "agency": one.agency[:300],
                "procedure_code": one.procedure_code,
                "value": one.value,
                "reasons": [],
                "on_date": one.on,
                "created_at": datetime.combine(one.on, time.min, VIETNAM),
                "changed_at": now,
            }
            for one in ratings
        ]
        if rows:
            self._db.execute(insert(r), rows)

    def newest(self, limit: int) -> Sequence[Rating]:
        return [self._read(row) for row in self._db.execute(select(r).order_by(r.c.id.desc()).limit(limit))]

    def counts(
        self, since: date | None, until: date | None
    ) -> Sequence[tuple[str, str, str, date, int, int]]:
        alike = (r.c.kind, r.c.agency, r.c.procedure_code, r.c.on_date, r.c.value)
        rows = self._db.execute(_between(select(*alike, func.count()), since, until).group_by(*alike))
        return [(row[0], row[1], row[2], row[3], int(row[4]), int(row[5])) for row in rows]

    def reasons(self, since: date | None, until: date | None) -> Mapping[str, int]:
        # They are kept sorted, so that the same reasons are the same text: few rows come back, however many rated.
        alike = r.c.reasons
        found: dict[str, int] = {}
        for row in self._db.execute(_between(select(alike, func.count()), since, until).group_by(alike)):
            for name in row[0]:
                found[name] = found.get(name, 0) + int(row[1])
        return found

    def erase(self, persons: Sequence[str], conversation_id: int) -> int:
        mine = or_(r.c.person.in_(list(persons)), r.c.conversation_id == conversation_id)
        ids = list(self._db.execute(select(r.c.id).where(mine)).scalars())
        for one in ids:  # a unique name each: the row still says that somebody rated, once
            gone = {"person": f"erased:{one}", "conversation_id": None, "comment": None}
            self._db.execute(update(r).where(r.c.id == one).values(**gone))
        return len(ids)

    def _read(self, row: Row[Any]) -> Rating:
        return Rating(
            id=row.id,
            subject=RatedSubject(
                RatedKind(row.kind), row.code, row.agency, row.procedure_code, round=row.round
            ),
            person=row.person,
            conversation_id=row.conversation_id,
            value=row.value,
            reasons=tuple(Reason(one) for one in row.reasons),
            created_at=row.created_at,
            changed_at=row.changed_at,
            comment=self._cipher.open(row.comment, _COMMENT).decode() if row.comment else "",
        )


def _given_elsewhere(codes: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return r.c.kind == RatedKind.DOSSIER, r.c.code.in_(list(codes)), r.c.person.startswith(OUTSIDE)


def _between(query: Select[Any], since: date | None, until: date | None) -> Select[Any]:
    if since is not None:
        query = query.where(r.c.on_date >= since)
    return query if until is None else query.where(r.c.on_date <= until)
