"""Fees of dossiers from a CSV or XLSX table; the columns are those of the template (``docs/import.md``).

One fee is one dossier and the day on which it fell due: that is what is counted.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from backend.domain.dossier import Dossier
from backend.domain.figure_records import FeePayment
from backend.domain.ports import UnitOfWork
from backend.importers.base import Parsed, Report
from backend.importers.cells import read_vnd
from backend.importers.desk_rows import DeskWriter, Done, RowRefused, settled
from backend.importers.desk_table import DeskTable
from backend.importers.dossier_feed import read_code
from backend.importers.office_table import Columns, OfficeRow

COLUMNS: Columns = {
    "code": (("Mã hồ sơ", "Số hồ sơ"), "H50.34-261008-0975"),
    "agency": (("Cơ quan", "Cơ quan thu", "Cơ quan giải quyết"), "Sở Xây dựng"),
    "on": (("Ngày phát sinh", "Ngày phải nộp"), "08/10/2026"),
    "amount": (("Số tiền", "Số tiền (đồng)"), "20000"),
    "paid": (("Ngày nộp", "Ngày thanh toán"), "08/10/2026"),
    "online": (("Nộp trực tuyến", "Thanh toán trực tuyến"), "x"),
    "gone": (("Hủy", "Hủy bỏ"), ""),
}
_NOT_KNOWN = "hồ sơ của khoản phí chưa có trong hệ thống"


@dataclass(frozen=True, slots=True)
class Row:
    fee: FeePayment
    agency: str
    gone: bool


def read_row(row: OfficeRow) -> Parsed[Row]:
    code = row.parsed("code", read_code, required=True)
    on = row.day("on", required=True)
    amount = row.parsed("amount", read_vnd, required=True)
    paid, online = row.day("paid"), row.flag("online")
    if online and paid is None and not row.errors:
        row.refuse("paid", "nộp trực tuyến thì cần “Ngày nộp”")
    if paid is not None and on is not None and paid < on:
        row.refuse("paid", "trước ngày phát sinh")
    fee = FeePayment(code or "", None, on or date.min, amount or 0, paid, online)
    return settled(row, Row(fee, row.text("agency", 300), row.flag("gone")))


class _Writer(DeskWriter[Row]):
    def __init__(self, source: str, report: Report) -> None:
        super().__init__(source, report)
        self._known: dict[tuple[str, date], FeePayment] = {}
        self._dossiers: dict[str, Dossier] = {}

    def look(self, uow: UnitOfWork, rows: Sequence[Row]) -> None:
        codes = {one.fee.dossier_code for one in rows}
        self._known = {(one.dossier_code, one.on): one for one in uow.figures.fees_of(codes)}
        self._dossiers = dict(uow.dossiers.by_codes(codes))

    def key(self, uow: UnitOfWork, row: Row) -> tuple[str, Hashable]:
        return "code", (row.fee.dossier_code, row.fee.on)

    def put(self, uow: UnitOfWork, row: Row) -> Done:
        known = self._known.get((row.fee.dossier_code, row.fee.on))
        if row.gone:
            if known is None:
                return "unchanged"
            uow.figures.drop_fee(known.id)
            return "changed"
        if row.fee.paid_on is not None and row.fee.paid_on > uow.today:
            raise RowRefused("paid", "ngày nộp chưa đến")
        fee = replace(row.fee, agency_id=self._agency_id(uow, row), source=self.source)
        if row.fee.dossier_code not in self._dossiers:
            self.report.note(_NOT_KNOWN)
        if known is not None and replace(fee, id=known.id, source=known.source) == known:
            return "unchanged"
        uow.figures.put_fee(replace(fee, id=known.id if known is not None else 0))
        return "created" if known is None else "changed"

    def _agency_id(self, uow: UnitOfWork, row: Row) -> int:
        dossier = self._dossiers.get(row.fee.dossier_code)
        if row.agency:
            return self.agency(uow, row.agency).id
        if dossier is None or dossier.agency_id is None:
            raise RowRefused("agency", "chưa rõ cơ quan của hồ sơ này, cần ghi cơ quan")
        return dossier.agency_id


FEES = DeskTable("fees", "Phí, lệ phí", COLUMNS, ("on", "paid"), read_row, _Writer)
