"""Fees of dossiers, on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from backend.db.tables.figures import fee_payments as f
from backend.domain.figure_records import FeePayment

_COLUMNS = ("dossier_code", "agency_id", "on_date", "amount_vnd", "paid_on", "online", "source")


class SqlFees:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_fees(self, rows: Sequence[tuple[str, int | None, date, int, date | None, bool, str]]) -> int:
        if rows:
            self._db.execute(insert(f), [dict(zip(_COLUMNS, one, strict=True)) for one in rows])
        return len(rows)

    def fees_of(self, codes: Collection[str]) -> Sequence[FeePayment]:
        if not codes:
            return ()
        rows = self._db.execute(select(f).where(f.c.dossier_code.in_(sorted(codes))).order_by(f.c.id))
        return [
            FeePayment(
                row.dossier_code,
                row.agency_id,
                row.on_date,
                row.amount_vnd,
                row.paid_on,
                row.online,
                row.source,
                row.id,
            )
            for row in rows
        ]

    def put_fee(self, fee: FeePayment) -> None:
        told = (
            fee.dossier_code,
            fee.agency_id,
            fee.on,
            fee.amount_vnd,
            fee.paid_on,
            fee.online,
            fee.source,
        )
        row = dict(zip(_COLUMNS, told, strict=True))
        if fee.id:
            self._db.execute(update(f).where(f.c.id == fee.id).values(**row))
        else:
            self._db.execute(insert(f), row)

    def drop_fee(self, fee_id: int) -> None:
        self._db.execute(delete(f).where(f.c.id == fee_id))
