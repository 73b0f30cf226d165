"""Figures on SQLAlchemy Core: rows counted within the scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select, update

from backend.db.repositories.fees import SqlFees
from backend.db.repositories.figure_counts import COUNTED
from backend.db.repositories.figure_dossiers import judged_singly
from backend.db.repositories.figure_rows import FIELDS, LISTED
from backend.db.repositories.figure_shapes import Counted, instant
from backend.db.repositories.figures_kept import SqlKeptFigures
from backend.db.tables.documents import documents
from backend.db.tables.dossiers import dossier_events as e
from backend.db.tables.dossiers import dossiers as d
from backend.db.tables.figures import fee_payments
from backend.db.tables.notices import notices
from backend.db.tables.petition_papers import sealed_outcomes as outcomes
from backend.db.tables.petitions import petitions
from backend.db.tables.petitions import sealed_reports as sealed
from backend.db.tables.procedures import procedures
from backend.db.tables.ratings import ratings
from backend.db.tables.reception import reception_visits
from backend.db.tables.tasks import tasks
from backend.domain.clock import local_date
from backend.domain.dossier import Stage
from backend.domain.figure_records import FigureRow, Slice
from backend.domain.on_time import Course, supplements_of

#: Where a topic's rows are, and the day that each belongs to.
_PLACES: Mapping[str, Any] = {
    "dossiers": d.c.received_at,
    "on_time": d.c.received_at,
    "tasks": tasks.c.assigned_on,
    "programme": tasks.c.assigned_on,
    "petitions": petitions.c.received_at,
    "feedback": petitions.c.received_at,
    "reception": reception_visits.c.at,
    "satisfaction": ratings.c.on_date,
    "fees": fee_payments.c.on_date,
    "documents": documents.c.issued_on,
    "procedures": procedures.c.valid_from,
    "notices": notices.c.rendered_at,
}
_SLICE = 500
_NOT_ELIGIBLE = ("file_away", "decline")


class SqlFigures(SqlKeptFigures, SqlFees):
    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._dialect = connection.dialect.name

    def totals(self, topic: str, part: Slice) -> Mapping[str, int]:
        if topic not in COUNTED or not self._anything(topic):
            return {}
        found: dict[str, int] = {}
        for make in COUNTED[topic]:
            made = make(part, self._dialect)
            row = self._db.execute(_select(made)).one()
            found |= {name: int(value or 0) for name, value in row._mapping.items()}
        if topic == "petitions":
            found = _with_sealed(found, self._denunciations(part))
        return found

    def by_agency(self, topic: str, part: Slice) -> Mapping[int | None, Mapping[str, int]]:
        found: dict[int | None, dict[str, int]] = {}
        for make in COUNTED.get(topic, ()):
            made = make(part, self._dialect)
            if made.agency is None:
                continue
            wanted = _select(made).add_columns(made.agency.label("agency_id_")).group_by(made.agency)
            for row in self._db.execute(wanted):
                told = {name: int(value or 0) for name, value in row._mapping.items() if name != "agency_id_"}
                found.setdefault(row.agency_id_, {}).update(told)
        if topic == "petitions" and (secret := self._denunciations(part)) is not None and secret[0]:
            found[None] = _with_sealed(found.get(None, {}), secret)
        return found

    def _anything(self, topic: str) -> bool:
        table = _PLACES[topic].table
        found = self._db.execute(select(table.c[0].is_not(None)).limit(1)).first() is not None
        return found or (
            topic == "petitions" and self._db.execute(select(sealed.c.id).limit(1)).first() is not None
        )

    def rows(self, topic: str, name: str, part: Slice, limit: int, offset: int) -> Sequence[FigureRow]:
        listed = LISTED.get(topic)
        if listed is None:
            return ()
        made = COUNTED[topic][0](part, self._dialect)
        which = made.which(name)
        if which is None:
            return ()
        wanted = select(*listed.columns).where(*made.where, which).order_by(*listed.order)
        found = self._db.execute(wanted.limit(limit).offset(offset))
        return [listed.read(row) for row in found]

    def fields(self, topic: str) -> Sequence[str]:
        column = FIELDS.get(topic)
        if column is None:
            return ()
        return list(
            self._db.execute(select(column).where(column != "").distinct().order_by(column)).scalars()
        )

    def oldest_day(self, topic: str) -> date | None:
        return self._edge(func.min, topic)

    def newest_day(self, topic: str) -> date | None:
        days = (self._edge(func.max, topic), self._newest_entered(topic))
        return max((one for one in days if one is not None), default=None)

    def _edge(self, which: Any, topic: str) -> date | None:
        place = _PLACES.get(topic)
        found = self._db.execute(select(which(place))).scalar() if place is not None else None
        return local_date(found) if isinstance(found, datetime) else found

    def _denunciations(self, part: Slice) -> tuple[int, int] | None:
        """How many came, and how many of them were eligible; only for who sees the whole province, and whole."""
        if not part.scope.everything or part.agencies is not None or part.field:
            return None
        wanted = (
            select(func.count(), func.count().filter(outcomes.c.outcome.in_(_NOT_ELIGIBLE)))
            .select_from(sealed.outerjoin(outcomes, outcomes.c.report_id == sealed.c.id))
            .where(sealed.c.received_at >= instant(part.first), sealed.c.received_at < instant(part.after))
        )
        total, not_eligible = self._db.execute(wanted).one()
        return int(total), int(total) - int(not_eligible)

    def courses(self, part: Slice) -> Iterable[tuple[int | None, str, date | None, Course]]:
        rows = self._db.execute(judged_singly(part)).all()
        for start in range(0, len(rows), _SLICE):
            few = rows[start : start + _SLICE]
            told = self._events([one.id for one in few], instant(part.after))
            for row in few:
                finished = row.finished_at
                if finished is not None and finished >= instant(part.after):
                    finished = None
                course = Course(row.received_at, row.due_at, finished, supplements_of(told.get(row.id, ())))
                yield row.agency_id, row.procedure_code, row.procedure_from, course

    def _events(self, ids: Sequence[int], before: datetime) -> Mapping[int, Sequence[tuple[bool, datetime]]]:
        wanted = (
            select(e.c.dossier_id, e.c.stage, e.c.at)
            .where(e.c.dossier_id.in_(ids), e.c.at < before)
            .order_by(e.c.dossier_id, e.c.at, e.c.id)
        )
        rows = self._db.execute(wanted).all()
        return {
            one: [(row.stage == Stage.SUPPLEMENT, row.at) for row in own]
            for one, own in groupby(rows, key=lambda row: row.dossier_id)
        }

    def own(self, find: Mapping[str, int], by_name: bool) -> int:
        head = func.substr(d.c.code, 1, func.length(d.c.code) - func.length(d.c.tail) - 1)
        told = d.c.agency_name if by_name else head
        done = 0
        for name, agency_id in find.items():
            wanted = update(d).where(d.c.agency_id.is_(None), told == name).values(agency_id=agency_id)
            done += self._db.execute(wanted).rowcount
        return done

    def ownerless(self) -> Sequence[tuple[str, str, int]]:
        head = func.substr(d.c.code, 1, func.length(d.c.code) - func.length(d.c.tail) - 1)
        wanted = (
            select(d.c.agency_name, head, func.count())
            .where(d.c.agency_id.is_(None))
            .group_by(d.c.agency_name, head)
            .order_by(func.count().desc())
        )
        return [(row[0], row[1], int(row[2])) for row in self._db.execute(wanted)]


def _select(made: Counted) -> Any:
    columns = [value.label(name) for name, value in made.figures.items()]
    return select(*columns).select_from(made.rows).where(*made.where)


def _with_sealed(found: Mapping[str, int], secret: tuple[int, int] | None) -> dict[str, int]:
    """Denunciations stand apart and have no agency; only those who see everything are told how many there are."""
    if secret is None:
        return dict(found)
    total, eligible = secret
    return {
        **found,
        "received": found.get("received", 0) + total,
        "denunciations": total,
        "eligible": found.get("eligible", 0) + eligible,
        "eligible_denunciations": eligible,
    }
