"""Citizens received, as totals of a day and host, from a table; columns as the template (``docs/import.md``).

Nobody's name. A day whose visits were noted here one by one is refused: it would be counted twice.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from backend.domain.ports import UnitOfWork
from backend.domain.reception_total import DayTotal, NotCountable, Sitting, host_kind
from backend.importers.base import Parsed
from backend.importers.cells import read_whole
from backend.importers.desk_rows import DeskWriter, Done, RowRefused, settled
from backend.importers.desk_table import DeskTable
from backend.importers.office_table import Columns, OfficeRow
from backend.services.reception.totals import put_total

COLUMNS: Columns = {
    "on": (("Ngày tiếp", "Ngày"), "15/10/2026"),
    "agency": (("Cơ quan", "Cơ quan tiếp"), "Văn phòng UBND tỉnh"),
    "sitting": (("Loại", "Hình thức tiếp"), "Thường xuyên"),
    "visits": (("Số lượt",), "12"),
    "people": (("Số người",), "15"),
    "groups": (("Số đoàn đông người", "Số đoàn"), "1"),
    "in_groups": (("Số người trong đoàn",), "5"),
}
_SITTINGS = {
    "dinh ky": Sitting.REGULAR_DAY, "dot xuat": Sitting.EXTRAORDINARY, "thuong xuyen": Sitting.DESK,
}  # fmt: skip
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Row:
    agency: str
    sitting: Sitting
    total: DayTotal


def read_row(row: OfficeRow) -> Parsed[Row]:
    on = row.day("on", required=True)
    agency = row.text("agency", 300, required=True)
    sitting = row.choice("sitting", _SITTINGS, Sitting.DESK, required=True)
    visits, people = (row.parsed(name, read_whole, required=True) or 0 for name in ("visits", "people"))
    groups, in_groups = (row.parsed(name, read_whole) for name in ("groups", "in_groups"))
    total = DayTotal(on or date.min, visits, people, groups or 0, in_groups or 0)
    if groups and in_groups is None:
        row.refuse("in_groups", "có đoàn đông người thì cần số người trong đoàn")
    for name, most in (("visits", _MOST), ("people", 50 * _MOST)):
        if getattr(total, name) > most:
            row.refuse(name, f"nhiều hơn {most} trong một ngày")
    if not row.errors and (wrong := total.wrong()):
        row.refuse(*wrong)
    return settled(row, Row(agency, sitting, total))


class _Writer(DeskWriter[Row]):
    def key(self, uow: UnitOfWork, row: Row) -> tuple[str, Hashable]:
        agency = self.agency(uow, row.agency)
        return "on", (row.total.on, agency.id, host_kind(agency, row.sitting))

    def put(self, uow: UnitOfWork, row: Row) -> Done:
        try:
            return put_total(uow, self.agency(uow, row.agency), row.sitting, row.total)
        except NotCountable as error:
            raise RowRefused("on", str(error)) from None


VISITS = DeskTable("reception-visits", "Lượt tiếp công dân", COLUMNS, ("on",), read_row, _Writer)
