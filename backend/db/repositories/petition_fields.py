"""Fields of petitions, suggestions, what was learnt from persons, and candidates for duplicates; on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.db.crypto import Cipher
from backend.db.tables.petition_papers import duplicate_rules as d
from backend.db.tables.petition_papers import field_evidence as e
from backend.db.tables.petition_papers import petition_fields as f
from backend.db.tables.petition_papers import petition_suggestions as g
from backend.db.tables.petitions import petitions as p
from backend.domain.petition import PetitionState, Story
from backend.domain.petition_field import (
    ANY_FIELD,
    DuplicateRule,
    Learnt,
    Level,
    PetitionField,
    Search,
    Sighting,
    Suggestion,
)

_STORY = "petitions.story"
#: Rows of field_evidence that count a whole field: its n-grams, its petitions.
_SUM, _PETITIONS = 0, -1
_SIGHTING = (
    p.c.code,
    p.c.state,
    p.c.received_at,
    p.c.commune_id,
    p.c.about_agency_id,
    p.c.latitude,
    p.c.longitude,
    p.c.field_name,
    p.c.story,
)


class SqlPetitionFields:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def all(self) -> Sequence[PetitionField]:
        return [_field(row) for row in self._db.execute(select(f).order_by(f.c.code))]

    def get(self, code: str) -> PetitionField | None:
        row = self._db.execute(select(f).where(f.c.code == code)).first()
        return None if row is None else _field(row)

    def rule(self, field: str) -> DuplicateRule:
        rows = self._db.execute(select(d).where(d.c.field.in_([field, ANY_FIELD]))).all()
        row = next((one for one in rows if one.field == field), rows[0])
        return DuplicateRule(row.field, row.radius_m, row.days, row.alike)

    def put_rule(self, rule: DuplicateRule) -> None:
        rest = {"radius_m": rule.radius_m, "days": rule.days, "alike": rule.alike}
        self._put(d, {"field": rule.field, **rest}, ("field",), rest)

    # --- suggestions ---

    def suggest(self, petition_id: int, made: Suggestion) -> None:
        rest = {
            "field": made.field,
            "confidence": made.confidence,
            "second": made.second,
            "agency_id": made.agency_id,
            "model": made.model,
            "at": made.at,
            "decided_field": made.decided_field,
        }
        self._put(g, {"petition_id": petition_id, **rest}, ("petition_id",), rest)

    def suggested(self, petition_id: int) -> Suggestion | None:
        row = self._db.execute(select(g).where(g.c.petition_id == petition_id)).first()
        if row is None:
            return None
        return Suggestion(
            row.field, row.confidence, row.second, row.agency_id, row.model, row.at, row.decided_field
        )

    def decide(self, petition_id: int, field: str) -> None:
        self._db.execute(update(g).where(g.c.petition_id == petition_id).values(decided_field=field))

    def agreement(self) -> Mapping[str, tuple[int, int]]:
        agreed = func.sum(case((g.c.field == g.c.decided_field, 1), else_=0))
        counted = select(g.c.decided_field, func.count(), agreed).where(g.c.decided_field != "")
        rows = self._db.execute(counted.group_by(g.c.decided_field))
        return {row[0]: (int(row[1]), int(row[2] or 0)) for row in rows}

    def decided_agencies(self, field: str, commune_id: int | None, newest: int) -> Sequence[int]:
        where = [p.c.field_name == field, p.c.agency_id.is_not(None)]
        if commune_id is not None:
            where.append(p.c.commune_id == commune_id)
        newest_first = select(p.c.agency_id).where(*where).order_by(p.c.received_at.desc()).limit(newest)
        return [int(one) for one in self._db.execute(newest_first).scalars()]

    # --- what was learnt ---

    def learn(self, field: str, grams: Sequence[str]) -> None:
        counted = [(self._hash(one), 1) for one in grams]
        rows = [*dict(counted).items(), (_SUM, len(grams)), (_PETITIONS, 1)]
        kind = postgresql if self._db.dialect.name == "postgresql" else sqlite
        added = kind.insert(e)
        self._db.execute(
            added.on_conflict_do_update(
                index_elements=["gram", "field"], set_={"times": e.c.times + added.excluded.times}
            ),
            [{"gram": gram, "field": field, "times": times} for gram, times in sorted(rows)],
        )

    def learnt(self, grams: Sequence[str]) -> Learnt:
        by_hash = {self._hash(one): one for one in grams}
        totals = self._db.execute(select(e).where(e.c.gram.in_([_SUM, _PETITIONS]))).all()
        sums = {row.field: row.times for row in totals if row.gram == _SUM}
        petitions = sum(row.times for row in totals if row.gram == _PETITIONS)
        if not sums:
            return Learnt()
        counts: dict[str, dict[str, int]] = {}
        for row in self._db.execute(select(e).where(e.c.gram.in_(list(by_hash)))):
            counts.setdefault(by_hash[row.gram], {})[row.field] = row.times
        return Learnt(counts, sums, petitions)

    def _hash(self, gram: str) -> int:
        """Keyed, so that nobody can try out names; 60 bits, never one of the rows that count a whole field."""
        return int(self._cipher.fingerprint(gram, "field_evidence")[:15], 16) + 1

    # --- duplicates ---

    def sighting(self, code: str) -> Sighting | None:
        row = self._db.execute(select(*_SIGHTING).where(p.c.code == code)).first()
        return None if row is None else self._sighting(row)

    def near(self, search: Search, limit: int) -> Sequence[Sighting]:
        found: dict[str, Sighting] = {}
        for where in _places(search):
            for row in self._db.execute(_newest(search, where, limit)):
                if row.code not in found:
                    found[row.code] = self._sighting(row)
        return sorted(found.values(), key=lambda one: one.received_at, reverse=True)[:limit]

    def _sighting(self, row: Any) -> Sighting:
        return Sighting(
            code=row.code,
            state=PetitionState(row.state),
            received_at=row.received_at,
            commune_id=row.commune_id,
            about_agency_id=row.about_agency_id,
            latitude=row.latitude,
            longitude=row.longitude,
            field_name=row.field_name,
            story=Story(**self._cipher.open_json(row.story, _STORY)) if row.story else Story(""),
        )

    def _put(self, table: Any, row: Mapping[str, Any], key: tuple[str, ...], rest: Mapping[str, Any]) -> None:
        kind = postgresql if self._db.dialect.name == "postgresql" else sqlite
        self._db.execute(
            kind.insert(table).values(**row).on_conflict_do_update(index_elements=list(key), set_=rest)
        )


def _places(search: Search) -> list[ColumnElement[bool]]:
    """Each an index's own condition: asked one by one, so that no engine falls back to reading everything."""
    places: list[ColumnElement[bool]] = []
    if search.commune_id is not None:
        places.append(p.c.commune_id == search.commune_id)
    if search.box is not None:
        south, north, west, east = search.box
        places.append(and_(p.c.latitude.between(south, north), p.c.longitude.between(west, east)))
    if not places and search.field_name:
        places.append(p.c.field_name == search.field_name)
    return places or [p.c.commune_id.is_(None)]


def _newest(search: Search, where: ColumnElement[bool], limit: int) -> Select[*tuple[Any, ...]]:
    return (
        select(*_SIGHTING)
        .where(
            where,
            p.c.received_at.between(search.since, search.until),
            p.c.code != search.but,
            p.c.state != str(PetitionState.MERGED),
            p.c.story.is_not(None),
        )
        .order_by(p.c.received_at.desc())
        .limit(limit)
    )


def _field(row: Row[Any]) -> PetitionField:
    return PetitionField(row.code, row.name, Level(row.level), tuple(row.agency_words), tuple(row.raised_by))
