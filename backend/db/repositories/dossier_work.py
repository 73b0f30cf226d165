"""Open dossiers as work, on SQLAlchemy Core: counted and listed within the scope, by index over what is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)

from backend.db.hot import among
from backend.db.repositories.dossier_rows import dossier_from_row
from backend.db.repositories.figure_shapes import count
from backend.db.tables.dossiers import dossier_events as e
from backend.db.tables.dossiers import dossiers as d
from backend.db.tables.procedures import procedures
from backend.domain.dossier import Dossier, Stage
from backend.domain.dossier_work import (
    Corrections,
    DossierCounts,
    DossierFilter,
    DossierGroup,
    HeldCount,
    Holding,
    Stay,
    Tally,
    Times,
)
from backend.domain.scope import Scope


def _plain(stage: Stage) -> ColumnElement[int]:
    return literal_column(str(int(stage)))


#: Written out, so that both planners know the partial index ``ix_dossiers_open`` to fit.
OPEN = and_(d.c.finished_at.is_(None), d.c.stage.not_in([_plain(one) for one in Stage if one.ended]))
_WAITING = d.c.stage == _plain(Stage.SUPPLEMENT)
_REGISTERED = d.c.stage == _plain(Stage.REGISTERED)
#: Its clock runs.
_RUNNING = and_(~_WAITING, ~_REGISTERED)
_ASKED_FOR_PAPERS = exists().where(e.c.dossier_id == d.c.id, e.c.stage == _plain(Stage.SUPPLEMENT))
_HOLDER = func.nullif(d.c.holder, "")
_HELD: Mapping[Holding, ColumnElement[Any]] = {
    Holding.STEP: func.coalesce(func.nullif(d.c.step, ""), _HOLDER),
    Holding.HOLDER: _HOLDER,
}
_earlier = e.alias("earlier")


def _elsewhere(event: Any) -> ColumnElement[bool]:
    """An event of another stage, step or holder than the dossier has now; what it does not tell is no other."""
    told = or_(event.c.step != d.c.step, event.c.holder != d.c.holder)
    return or_(event.c.stage != d.c.stage, func.coalesce(told, false()))


#: When a dossier came to where it is now: the first event of here after the last one of elsewhere.
_LAST_ELSEWHERE = (
    select(func.max(_earlier.c.at))
    .where(_earlier.c.dossier_id == d.c.id, _elsewhere(_earlier))
    .correlate(d)
    .scalar_subquery()
)
_SINCE = (
    select(func.min(e.c.at))
    .where(e.c.dossier_id == d.c.id, ~_elsewhere(e), e.c.at >= func.coalesce(_LAST_ELSEWHERE, e.c.at))
    .correlate(d)
    .scalar_subquery()
)
#: All of a dossier but what is sealed.
_SHOWN = [column for column in d.c if column.name not in {"applicant", "phone_print"}]
_READ = select(*_SHOWN, null().label("phone_print"), null().label("parent_code"))


class SqlDossierWork:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._dialect = connection.dialect.name

    def by_agency(self, scope: Scope, which: DossierFilter, times: Times) -> Sequence[Tally]:
        keys = (d.c.agency_id, d.c.source)
        wanted = select(*keys, *_counts(times)).where(*self._of(scope, which)).group_by(*keys)
        rows = self._db.execute(wanted)
        return [Tally(_told(row), agency_id=row.agency_id, source=row.source) for row in rows]

    def by_procedure(self, scope: Scope, which: DossierFilter, times: Times) -> Sequence[Tally]:
        code = d.c.procedure_code
        wanted = select(code, *_counts(times)).where(*self._of(scope, which)).group_by(code)
        rows = self._db.execute(wanted).all()
        found = [Tally(_told(row), procedure=row.procedure_code) for row in rows if row.procedure_code]
        if len(found) == len(rows):
            return found
        codeless = (*self._of(scope, which), code == "")  # a source without codes: its titles tell them apart
        wanted = select(d.c.title, *_counts(times)).where(*codeless).group_by(d.c.title)
        return found + [Tally(_told(row), title=row.title) for row in self._db.execute(wanted)]

    def supplemented(self, scope: Scope, which: DossierFilter, times: Times) -> Sequence[Dossier]:
        where = (*self._of(scope, which), _RUNNING, d.c.due_at < times.end, _ASKED_FOR_PAPERS)
        return self._many(_READ.where(*where))

    def rows(
        self,
        scope: Scope,
        which: DossierFilter,
        group: DossierGroup,
        times: Times,
        corrected: Corrections,
        limit: int,
        offset: int,
    ) -> Sequence[Dossier]:
        fits = _fits(group, times)
        if corrected.out:
            fits = fits & ~among(self._dialect, d.c.id, "gone", BigInteger)
        if corrected.into:
            fits = or_(fits, among(self._dialect, d.c.id, "come", BigInteger))
        wanted = _READ.where(*self._of(scope, which), fits)
        promised = group in {
            DossierGroup.OVERDUE,
            DossierGroup.SOON,
        }  # all have a day: the index has their order
        last = () if promised else (d.c.due_at.is_(None),)
        ordered = wanted.order_by(*last, d.c.due_at, d.c.id)
        given = {"gone": sorted(corrected.out), "come": sorted(corrected.into)}
        return self._many(
            ordered.limit(limit).offset(offset), {name: ids for name, ids in given.items() if ids}
        )

    def held(
        self, scope: Scope, which: DossierFilter, times: Times, by: Holding, *, late_only: bool = False
    ) -> Sequence[HeldCount]:
        late = _fits(DossierGroup.OVERDUE, times)
        name = _HELD[by].label("held_by")
        wanted = (
            select(name, func.count(), count(late))
            .where(*self._of(scope, which), late if late_only else ~_WAITING)
            .group_by(name)
        )
        return [HeldCount(row[0], int(row[1]), int(row[2])) for row in self._db.execute(wanted)]

    def holders(self, scope: Scope, which: DossierFilter) -> Mapping[str | None, int]:
        wanted = select(_HOLDER, func.count()).where(*self._of(scope, which)).group_by(_HOLDER)
        return {row[0]: int(row[1]) for row in self._db.execute(wanted)}

    def stays(self, scope: Scope, which: DossierFilter, by: Holding) -> Mapping[str, Stay]:
        name = _HELD[by]
        came = (
            select(name.label("held_by"), _SINCE.label("since"))
            .where(*self._of(scope, which), ~_WAITING, name.is_not(None))
            .subquery()
        )
        place = func.row_number().over(partition_by=came.c.held_by, order_by=came.c.since)
        of = func.count().over(partition_by=came.c.held_by)
        known = came.c.since.is_not(None)
        ranked = select(came, place.label("place"), of.label("of")).where(known).subquery()
        middle = select(ranked).where(
            2 * ranked.c.place >= ranked.c.of, 2 * (ranked.c.place - 1) < ranked.c.of
        )
        return {row.held_by: Stay(row.since, int(row.of)) for row in self._db.execute(middle)}

    def _of(self, scope: Scope, which: DossierFilter) -> tuple[ColumnElement[bool], ...]:
        return (OPEN, _within(scope), *_meant(which))

    def _many(self, wanted: Select[Any], given: Mapping[str, Any] | None = None) -> list[Dossier]:
        return [dossier_from_row(row) for row in self._db.execute(wanted, given or {})]


def _within(scope: Scope) -> ColumnElement[bool]:
    """Rows of the scope; what belongs to no known agency is for who sees everything."""
    if scope.everything:
        return true()
    ways: list[ColumnElement[bool]] = []
    if scope.agencies:
        ways.append(d.c.agency_id.in_(sorted(scope.agencies)))
    if scope.fields:
        ways.append(and_(d.c.agency_id.is_not(None), _of_fields(scope.fields)))
    return or_(*ways) if ways else false()


def _of_fields(fields: Collection[str]) -> ColumnElement[bool]:
    return d.c.procedure_code.in_(select(procedures.c.code).where(procedures.c.field.in_(sorted(fields))))


def _meant(which: DossierFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.agencies:
        found.append(d.c.agency_id.in_(sorted(which.agencies)))
    if which.field:
        found.append(_of_fields((which.field,)))
    if which.procedures or which.titles:
        untold = and_(d.c.procedure_code == "", d.c.title.in_(sorted(which.titles)))
        found.append(or_(d.c.procedure_code.in_(sorted(which.procedures)), untold))
    if which.holders:
        found.append(d.c.holder.in_(sorted(which.holders)))
    if which.steps:
        found.append(_HELD[Holding.STEP].in_(sorted(which.steps)))
    return found


def _fits(group: DossierGroup, times: Times) -> ColumnElement[bool]:
    if group is DossierGroup.OVERDUE:
        return and_(_RUNNING, d.c.due_at < times.late)
    if group is DossierGroup.SOON:
        return and_(_RUNNING, d.c.due_at >= times.start, d.c.due_at < times.end)
    return {DossierGroup.WAITING: _WAITING, DossierGroup.REGISTERED: _REGISTERED}.get(group, true())


def _counts(times: Times) -> tuple[ColumnElement[int], ...]:
    return (
        func.count().label("n_open"),
        count(_fits(DossierGroup.OVERDUE, times)).label("n_overdue"),
        count(_fits(DossierGroup.SOON, times)).label("n_soon"),
        count(_WAITING).label("n_waiting"),
        count(_REGISTERED).label("n_registered"),
        count(_RUNNING & d.c.due_at.is_(None)).label("n_undated"),
    )


def _told(row: Any) -> DossierCounts:
    return DossierCounts(
        int(row.n_open),
        int(row.n_overdue),
        int(row.n_soon),
        int(row.n_waiting),
        int(row.n_registered),
        int(row.n_undated),
    )
