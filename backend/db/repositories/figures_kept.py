"""Totals entered by hand, figures as submitted and reporting periods, on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from backend.db.tables.figures import entered_figures as n
from backend.db.tables.figures import figure_snapshots as s
from backend.db.tables.figures import reporting_regimes as g
from backend.domain.figure import Figure, FigureSet, Origin, Period, Unit
from backend.domain.figure_records import Entered, Regime, Snapshot


class SqlKeptFigures:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def enter(self, entered: Entered) -> int:
        same = (
            n.c.key == entered.key,
            n.c.first == entered.first,
            n.c.last == entered.last,
            _agency(n, entered.agency_id),
        )
        version = 1 + int(
            self._db.execute(select(func.coalesce(func.max(n.c.version), 0)).where(*same)).scalar_one()
        )
        row = {
            "key": entered.key,
            "agency_id": entered.agency_id,
            "first": entered.first,
            "last": entered.last,
            "value": str(entered.value),
            "of": None if entered.of is None else str(entered.of),
            "source": entered.source,
            "note": entered.note,
            "by": entered.by,
            "at": entered.at,
            "version": version,
            "demo": entered.demo,
        }
        self._db.execute(insert(n), row)
        return version

    def entered(self, topic: str, first: date, last: date) -> Sequence[Entered]:
        wanted = (
            select(n)
            .where(n.c.key.startswith(f"{topic}/"), n.c.first <= last, n.c.last >= first)
            .order_by(n.c.version, n.c.id)
        )
        newest: dict[Any, Entered] = {}
        for row in self._db.execute(wanted):
            newest[row.key, row.agency_id, row.first, row.last] = _entered(row)
        return list(newest.values())

    def all_entered(self, limit: int) -> Sequence[Entered]:
        return [_entered(row) for row in self._db.execute(select(n).order_by(n.c.id.desc()).limit(limit))]

    def _newest_entered(self, topic: str) -> date | None:
        wanted = select(func.max(n.c.last)).where(n.c.key.startswith(f"{topic}/"))
        found: date | None = self._db.execute(wanted).scalar()
        return found

    def freeze(self, snapshot: Snapshot) -> int:
        row = {
            "topic": snapshot.figures.topic,
            "agency_id": snapshot.agency_id,
            "first": snapshot.figures.period.first,
            "last": snapshot.figures.period.last,
            "figures": _plain(snapshot.figures),
            "frozen_at": snapshot.frozen_at,
            "by": snapshot.by,
            "source": snapshot.source,
        }
        return int(self._db.execute(insert(s).returning(s.c.id), row).scalar_one())

    def frozen(self, topic: str, first: date, last: date, agency_id: int | None) -> Snapshot | None:
        wanted = (
            select(s)
            .where(s.c.topic == topic, s.c.first == first, s.c.last == last, _agency(s, agency_id))
            .order_by(s.c.id.desc())
            .limit(1)
        )
        row = self._db.execute(wanted).first()
        return None if row is None else _snapshot(row)

    def all_frozen(self, limit: int) -> Sequence[Snapshot]:
        return [_snapshot(row) for row in self._db.execute(select(s).order_by(s.c.id.desc()).limit(limit))]

    def put_regime(self, regime: Regime, by: str, now: datetime) -> int:
        row = {
            "name": regime.name,
            "kind": regime.kind,
            "topic": regime.topic,
            "cutoff_day": regime.cutoff_day,
            "cutoff_month": regime.cutoff_month,
            "valid_from": regime.valid_from,
            "source": regime.source,
            "by": by,
            "at": now,
            "demo": regime.demo,
        }
        same = (g.c.kind == regime.kind, g.c.topic == regime.topic, g.c.valid_from == regime.valid_from)
        known = self._db.execute(select(g.c.id).where(*same)).scalar()
        if known is None:
            return int(self._db.execute(insert(g).returning(g.c.id), row).scalar_one())
        self._db.execute(update(g).where(g.c.id == known).values(**row))
        return int(known)

    def regimes(self) -> Sequence[Regime]:
        return [
            _regime(row) for row in self._db.execute(select(g).order_by(g.c.kind, g.c.valid_from, g.c.id))
        ]


def _agency(table: Any, agency_id: int | None) -> Any:
    return table.c.agency_id.is_(None) if agency_id is None else table.c.agency_id == agency_id


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _entered(row: Row[Any]) -> Entered:
    return Entered(
        key=row.key,
        first=row.first,
        last=row.last,
        value=Decimal(row.value),
        source=row.source,
        by=row.by,
        at=row.at,
        of=_number(row.of),
        note=row.note,
        agency_id=row.agency_id,
        version=row.version,
        id=row.id,
        demo=row.demo,
    )


def _regime(row: Row[Any]) -> Regime:
    return Regime(
        name=row.name,
        kind=row.kind,
        cutoff_day=row.cutoff_day,
        valid_from=row.valid_from,
        source=row.source,
        cutoff_month=row.cutoff_month,
        topic=row.topic,
        id=row.id,
        demo=row.demo,
    )


# --- figures as submitted --------------------------------------------------------------------------------------


def _plain(figures: FigureSet) -> dict[str, Any]:
    period = figures.period
    return {
        "kind": period.kind,
        "regime": period.regime,
        "scope": figures.scope,
        "taken_at": figures.taken_at.isoformat(),
        "figures": [
            {
                "key": one.key,
                "value": None if one.value is None else str(one.value),
                "of": None if one.of is None else str(one.of),
                "unit": one.unit.value,
                "source": one.source,
            }
            for one in figures.figures
        ],
    }


def _snapshot(row: Row[Any]) -> Snapshot:
    told: Mapping[str, Any] = row.figures
    figures = tuple(
        Figure(
            one["key"],
            _number(one["value"]),
            Unit(one["unit"]),
            _number(one["of"]),
            Origin.FROZEN,
            one["source"],
            row.frozen_at,
        )
        for one in told["figures"]
    )
    period = Period(row.first, row.last, told["kind"], told["regime"])
    taken = datetime.fromisoformat(told["taken_at"])
    made = FigureSet(row.topic, period, figures, taken, told["scope"], frozen_at=row.frozen_at)
    return Snapshot(made, row.frozen_at, row.by, row.source, row.agency_id, row.id)
