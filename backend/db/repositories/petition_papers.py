"""The paper side of petitions, their outside numbers, the outcomes of sealed reports; on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.tables.petition_papers import petition_origins as o
from backend.db.tables.petition_papers import petition_papers as p
from backend.db.tables.petition_papers import sealed_outcomes as s
from backend.db.tables.petitions import petitions
from backend.domain.errors import Conflict
from backend.domain.petition import Reporter
from backend.domain.petition_paper import ForwarderKind, Origin, Outcome, Paper, SealedOutcome, key_of

_REPRESENTATIVE, _REASON = "petition_papers.representative", "sealed_outcomes.reason"


class SqlPetitionPapers:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def of(self, petition_id: int) -> Paper:
        row = self._db.execute(select(p).where(p.c.petition_id == petition_id)).first()
        if row is None:
            return Paper()
        return Paper(
            people=row.people,
            representative=self._person(row.representative),
            signed=row.signed,
            skips_level=row.skips_level,
            document=row.document,
            body=row.body,
            body_agency_id=row.body_agency_id,
            answer_number=row.answer_number,
            accepted_at=row.accepted_at,
            complex_case=row.complex_case,
            remote=row.remote,
        )

    def put(self, petition_id: int, paper: Paper) -> None:
        person = paper.representative
        row = {
            "petition_id": petition_id,
            "people": paper.people,
            "representative": None
            if person.anonymous
            else self._cipher.seal_json({"name": person.name, "phone": person.phone}, _REPRESENTATIVE),
            "signed": paper.signed,
            "skips_level": paper.skips_level,
            "document": paper.document,
            "body": paper.body,
            "body_agency_id": paper.body_agency_id,
            "answer_number": paper.answer_number,
            "accepted_at": paper.accepted_at,
            "complex_case": paper.complex_case,
            "remote": paper.remote,
        }
        kind = postgresql if self._db.dialect.name == "postgresql" else sqlite
        rest = {name: value for name, value in row.items() if name != "petition_id"}
        self._db.execute(
            kind.insert(p).values(**row).on_conflict_do_update(index_elements=["petition_id"], set_=rest)
        )

    def known(self, place: str, number: str) -> str | None:
        found = (
            select(petitions.c.code)
            .join(o, o.c.petition_id == petitions.c.id)
            .where(o.c.place_key == key_of(place), o.c.number_key == key_of(number, spaces=False))
        )
        return self._db.execute(found).scalar()

    def add_origin(self, petition_id: int, origin: Origin) -> None:
        number = key_of(origin.number, spaces=False)
        row = {
            "petition_id": petition_id,
            "kind": str(origin.kind),
            "place": origin.place,
            "number": origin.number,
            "place_key": key_of(origin.place),
            "number_key": number or None,
            "dated": origin.dated,
            "report_by": origin.report_by,
            "reported": origin.reported,
        }
        kind = postgresql if self._db.dialect.name == "postgresql" else sqlite
        made = kind.insert(o).values(**row).on_conflict_do_nothing().returning(o.c.id)
        if self._db.execute(made).scalar() is None:
            raise Conflict()

    def origins(self, petition_id: int) -> Sequence[Origin]:
        rows = self._db.execute(select(o).where(o.c.petition_id == petition_id).order_by(o.c.id))
        return [_origin(row) for row in rows]

    def to_report(self, limit: int) -> Sequence[tuple[str, Origin]]:
        rows = self._db.execute(
            select(o, petitions.c.code)
            .join(petitions, petitions.c.id == o.c.petition_id)
            .where(o.c.report_by.is_not(None), o.c.reported == "")
            .order_by(o.c.report_by, o.c.id)
            .limit(limit)
        )
        return [(row.code, _origin(row)) for row in rows]

    def report_by(self, origin_id: int, at: datetime) -> None:
        self._db.execute(update(o).where(o.c.id == origin_id).values(report_by=at))

    def reported(self, origin_id: int, document: str) -> None:
        self._db.execute(update(o).where(o.c.id == origin_id).values(reported=document))

    def close_sealed(self, number: int, outcome: SealedOutcome) -> None:
        row = {
            "report_id": number,
            "outcome": str(outcome.outcome),
            "at": outcome.at,
            "document": outcome.document,
            "reason": self._cipher.seal(outcome.reason.encode(), _REASON),
        }
        self._db.execute(insert(s), row)

    def sealed_outcomes(self) -> Mapping[int, SealedOutcome]:
        return {
            row.report_id: SealedOutcome(
                Outcome(row.outcome), row.at, row.document, self._cipher.open(row.reason, _REASON).decode()
            )
            for row in self._db.execute(select(s))
        }

    def _person(self, sealed: bytes | None) -> Reporter:
        return Reporter(**self._cipher.open_json(sealed, _REPRESENTATIVE)) if sealed else Reporter()


def _origin(row: Row[Any]) -> Origin:
    return Origin(
        ForwarderKind(row.kind),
        row.place,
        row.number,
        row.dated,
        row.report_by,
        row.reported,
        row.id,
        row.petition_id,
    )
