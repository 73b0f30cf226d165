"""Periodic reports and how they stand, on SQLAlchemy Core.

The wanted reports and periods are a table of values in the query; who owes them and what was handed in is joined to it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Row,
    Select,
    and_,
    case,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
    values,
)

from backend.db.crypto import Cipher
from backend.db.repositories.report_submissions import SqlSubmissions, receiving, within
from backend.db.tables.agencies import agencies as a
from backend.db.tables.report_duties import periodic_report_agencies as l
from backend.db.tables.report_duties import periodic_reports as r
from backend.db.tables.report_duties import report_submissions as s
from backend.db.types import BigId
from backend.domain.report_duty import (
    AgencyDuties,
    Duty,
    DutyCounts,
    DutyFilter,
    DutyState,
    PeriodDuties,
    PeriodicReport,
    ReportKind,
    SubmissionState,
    Wanted,
)
from backend.domain.scope import Scope

_receivers = a.alias("receivers")
_ALL = (
    select(r, _receivers.c.name.label("receiver_name"))
    .join(_receivers, _receivers.c.id == r.c.receiver_id)
    .order_by(r.c.short, r.c.code)
)
#: Written out, so that the planner knows the partial index to fit.
_STANDING: ColumnElement[bool] = literal_column("standing.state <> 'returned'")
_standing = s.alias("standing")
_WAITS = _standing.c.state == literal_column(f"'{SubmissionState.WAITING}'")
_ACCEPTED = _standing.c.state == literal_column(f"'{SubmissionState.ACCEPTED}'")
_WAITING = func.sum(case((_WAITS, 1), else_=0))


class SqlReportDuties(SqlSubmissions):
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        super().__init__(connection, cipher)

    def put(self, report: PeriodicReport, now: datetime) -> str:
        row = _row(report)
        known = self._db.execute(select(r).where(r.c.code == report.code)).first()
        if known is None:
            made = {**row, "code": report.code, "changed_at": now, "demo": report.demo}
            self._listed(int(self._db.execute(insert(r).returning(r.c.id), made).scalar_one()), report.listed)
            return "created"
        same = all(known._mapping[name] == value for name, value in row.items())
        if same and self._listed_of([known.id]).get(known.id, ()) == tuple(sorted(set(report.listed))):
            return "unchanged"
        self._db.execute(update(r).where(r.c.id == known.id).values(**row, changed_at=now))
        self._listed(known.id, report.listed)
        return "changed"

    def all(self) -> Sequence[PeriodicReport]:
        rows = list(self._db.execute(_ALL))
        listed = self._listed_of([row.id for row in rows]) if rows else {}
        return [_report(row, listed.get(row.id, ())) for row in rows]

    def receives(self, scope: Scope) -> bool:
        return bool(self._db.execute(select(exists().where(receiving(scope)))).scalar())

    def duties(
        self, scope: Scope, wanted: Wanted, which: DutyFilter, day: date, limit: int, offset: int = 0
    ) -> Sequence[Duty]:
        if not wanted:
            return []
        periods = _periods(wanted)
        shown = (
            *(periods.c.report_id, periods.c.period_last, a.c.id, a.c.name),
            *(_state(periods, day).label("duty_state"), _standing.c.handed_in_on, _standing.c.number),
            func.coalesce(_WAITS, False).label("waiting"),
        )
        wish = _meant(select(*shown), scope, periods, which, day)
        order = (periods.c.due_on, a.c.name, a.c.id, periods.c.report_id)
        rows = list(self._db.execute(wish.order_by(*order).limit(limit).offset(offset)))
        returned = self.why_returned({(x.report_id, x.period_last, x.id) for x in rows if not x.handed_in_on})
        known = {(report.id, period.last): (report, period) for report, period in wanted}
        return [
            Duty(
                *known[one.report_id, one.period_last],
                one.id,
                one.name,
                DutyState(one.duty_state),
                one.handed_in_on,
                one.number or "",
                bool(one.waiting),
                returned.get((one.report_id, one.period_last, one.id)),
            )
            for one in rows
        ]

    def by_agency(self, scope: Scope, wanted: Wanted, which: DutyFilter, day: date) -> Sequence[AgencyDuties]:
        if not wanted:
            return []
        rows = self._counted(scope, _periods(wanted), which, day, a.c.id, a.c.name)
        found: dict[tuple[int, str], list[Row[Any]]] = {}
        for one in rows:
            found.setdefault((one.id, one.name), []).append(one)
        told = [AgencyDuties(*key, _counts(rows)) for key, rows in found.items()]
        return sorted(told, key=lambda one: (-one.counts.of(DutyState.OWED), one.name))

    def by_period(self, scope: Scope, wanted: Wanted, which: DutyFilter, day: date) -> Sequence[PeriodDuties]:
        if not wanted:
            return []
        periods = _periods(wanted)
        found: dict[tuple[int, date], list[Row[Any]]] = {}
        for one in self._counted(scope, periods, which, day, periods.c.report_id, periods.c.period_last):
            found.setdefault((one.report_id, one.period_last), []).append(one)
        told = [
            PeriodDuties(report, period, _counts(found[report.id, period.last]))
            for report, period in wanted
            if (report.id, period.last) in found
        ]
        return sorted(told, key=lambda one: (one.period.due_on, one.report.title, one.report.code))

    def lock(self, report_id: int) -> None:
        self._db.execute(select(r.c.id).where(r.c.id == report_id).with_for_update())

    def _counted(
        self, scope: Scope, periods: FromClause, which: DutyFilter, day: date, *by: ColumnElement[Any]
    ) -> Sequence[Row[Any]]:
        state = _state(periods, day).label("duty_state")
        figures = (
            func.count().label("many"),
            _WAITING.label("waiting"),
            func.min(periods.c.due_on).label("first"),
        )
        wish = _meant(select(*by, state, *figures), scope, periods, which, day)
        return list(self._db.execute(wish.group_by(*by, state)))

    def _listed(self, report_id: int, agencies: Collection[int]) -> None:
        self._db.execute(delete(l).where(l.c.report_id == report_id))
        for one in sorted(set(agencies)):
            self._db.execute(insert(l), {"report_id": report_id, "agency_id": one})

    def _listed_of(self, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        for row in self._db.execute(select(l).where(l.c.report_id.in_(ids)).order_by(l.c.agency_id)):
            found[row.report_id] = (*found.get(row.report_id, ()), row.agency_id)
        return found


def _periods(wanted: Wanted) -> FromClause:
    """One row for each report and period; the days are worked out above, where the calendar is."""
    named = values(
        column("report_id", BigId), column("period_last", Date), column("due_on", Date), name="periods"
    )
    return named.data([(report.id, period.last, period.due_on) for report, period in wanted]).cte("periods")


def _meant(wish: Select[Any], scope: Scope, periods: FromClause, which: DutyFilter, day: date) -> Select[Any]:
    """Every duty of the periods with what stands for it; as ``PeriodicReport.owed_by`` says who owes."""
    owes = or_(
        and_(r.c.departments, a.c.kind == "department"),
        and_(r.c.communes, a.c.kind == "commune"),
        exists().where(l.c.report_id == r.c.id, l.c.agency_id == a.c.id),
    )
    there = and_(a.c.valid_to.is_(None), a.c.valid_from <= periods.c.due_on, a.c.id != r.c.receiver_id)
    handed_in = and_(
        _standing.c.report_id == r.c.id,
        _standing.c.period_last == periods.c.period_last,
        _standing.c.agency_id == a.c.id,
        _STANDING,
    )
    joined = periods.join(r, r.c.id == periods.c.report_id).join(a, and_(owes, there))
    narrowed: list[ColumnElement[bool]] = [within(scope, a.c.id)]
    if which.agencies:
        narrowed.append(a.c.id.in_(sorted(which.agencies)))
    if which.agency_kind:
        narrowed.append(a.c.kind == which.agency_kind)
    if which.states:
        narrowed.append(_state(periods, day).in_([str(one) for one in sorted(which.states)]))
    if which.unanswered:
        narrowed.append(or_(_standing.c.id.is_(None), _ACCEPTED))
    return wish.select_from(joined.outerjoin(_standing, handed_in)).where(true(), *narrowed)


def _state(periods: FromClause, day: date) -> ColumnElement[Any]:
    """The state as ``report_duty.state_of`` names it."""
    words: dict[DutyState, ColumnElement[str]] = {one: literal_column(f"'{one}'") for one in DutyState}
    return case(
        (and_(_ACCEPTED, _standing.c.handed_in_on > periods.c.due_on), words[DutyState.LATE]),
        (_ACCEPTED, words[DutyState.ON_TIME]),
        (periods.c.due_on < day, words[DutyState.OWED]),
        else_=words[DutyState.DUE],
    )


def _counts(rows: Sequence[Row[Any]]) -> DutyCounts:
    counts = {DutyState(one.duty_state): int(one.many) for one in rows}
    owed = [one.first for one in rows if one.duty_state == DutyState.OWED]
    return DutyCounts(counts, sum(int(one.waiting or 0) for one in rows), _day(owed[0]) if owed else None)


def _day(value: date | str) -> date:
    """SQLite may give the least of a table of values as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _row(report: PeriodicReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "short": report.short,
        "document_number": report.document_number,
        "document_on": report.document_on,
        "kind": str(report.kind),
        "only": ",".join(map(str, sorted(report.only))),
        "departments": report.departments,
        "communes": report.communes,
        "receiver_id": report.receiver_id,
        "field": report.field,
        "cutoff_day": report.cutoff_day,
        "due_day": report.due_day,
        "due_months": report.due_months,
        "due_moves": report.due_moves,
        "valid_from": report.valid_from,
        "valid_to": report.valid_to,
        "origin": report.origin,
    }


def _report(row: Row[Any], listed: tuple[int, ...]) -> PeriodicReport:
    return PeriodicReport(
        code=row.code,
        name=row.name,
        kind=ReportKind(row.kind),
        receiver_id=row.receiver_id,
        valid_from=row.valid_from,
        short=row.short,
        document_number=row.document_number,
        document_on=row.document_on,
        only=frozenset(int(one) for one in row.only.split(",") if one),
        departments=row.departments,
        communes=row.communes,
        listed=listed,
        field=row.field,
        cutoff_day=row.cutoff_day,
        due_day=row.due_day,
        due_months=row.due_months,
        due_moves=row.due_moves,
        valid_to=row.valid_to,
        origin=row.origin,
        id=row.id,
        receiver_name=row.receiver_name,
        demo=row.demo,
    )
