"""Ratings that people gave elsewhere (portal, device at the desk, paper); columns as the template (``docs/import.md``).

Nobody's name and nobody's words. A row is one rating of a dossier's result, one numbered sheet, or, with neither, how
many gave this value to this agency on this day by this way.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from backend.domain.dossier import Dossier
from backend.domain.ports import UnitOfWork
from backend.domain.rating import HIGHEST, LOWEST, OutsideRating
from backend.importers.base import Parsed, Report
from backend.importers.cells import read_whole
from backend.importers.desk_rows import DeskWriter, Done, RowRefused, settled
from backend.importers.desk_table import DeskTable
from backend.importers.dossier_feed import read_code
from backend.importers.office_table import Columns, OfficeRow
from backend.text.fold import fold

COLUMNS: Columns = {
    "on": (("Ngày đánh giá", "Ngày"), "20/11/2026"),
    "code": (("Mã hồ sơ", "Số hồ sơ"), "H50.34-261008-0975"),
    "sheet": (("Mã phiếu", "Số phiếu"), ""),
    "agency": (("Cơ quan", "Cơ quan được đánh giá"), "Sở Xây dựng"),
    "value": (("Mức đánh giá", "Mức độ hài lòng", "Điểm"), "Hài lòng"),
    "channel": (("Kênh", "Kênh đánh giá"), "Tại quầy"),
    "count": (("Số lượt",), ""),
}
_VALUES = {"rat hai long": 5, "hai long": 4, "binh thuong": 3, "khong hai long": 2, "rat khong hai long": 1}
_VALUES |= {f"{n}{tail}": n for n in range(LOWEST, HIGHEST + 1) for tail in ("", " sao", "/5", " diem")}
_CHANNELS = {
    "tai quay": "desk", "truc tiep": "desk", "may tinh bang": "desk", "kiosk": "desk", "phieu giay": "paper",
    "phieu": "paper", "cong dich vu cong": "portal", "cong dich vu cong quoc gia": "portal",
    "truc tuyen": "portal", "dien thoai": "phone", "zalo": "zalo", "tin nhan": "message", "khac": "other",
}  # fmt: skip
#: A device gives no more to one agency in a day; it would be a slip of the finger.
_MOST = 5000
_SHEET, _SUM = "phieu:", "luot:"
_LONGEST_SHEET = 50


@dataclass(frozen=True, slots=True)
class Row:
    """``code``: a dossier's, ``sheet``: a number of its own, both empty: ``count`` ratings of the same kind."""

    on: date
    value: int
    channel: str
    agency: str
    code: str = ""
    sheet: str = ""
    count: int = 1


def read_row(row: OfficeRow) -> Parsed[Row]:
    on = row.day("on", required=True)
    code, sheet = row.parsed("code", read_code), row.text("sheet", _LONGEST_SHEET + 1)
    if len(sheet) > _LONGEST_SHEET:
        row.refuse("sheet", f"dài quá {_LONGEST_SHEET} ký tự")
    if code and sheet:
        row.refuse("sheet", "chỉ ghi một trong “Mã hồ sơ” và “Mã phiếu”")
    value = row.choice("value", _VALUES, 0, required=True)
    channel = row.choice("channel", _CHANNELS, "other")
    count = row.parsed("count", read_whole)
    if count is not None and (code or sheet) and count != 1:
        row.refuse("count", "một hồ sơ hoặc một phiếu là một lượt")
    if count is not None and count > _MOST:
        row.refuse("count", f"nhiều hơn {_MOST} lượt trong một ngày")
    agency = row.text("agency", 300, required=not row.cells.get("code"))
    told = Row(on or date.min, value, channel, agency, code or "", fold(sheet), 1 if count is None else count)
    return settled(row, told)


class _Writer(DeskWriter[Row]):
    def __init__(self, source: str, report: Report) -> None:
        super().__init__(source, report)
        self._known: dict[str, tuple[OutsideRating, ...]] = {}
        self._dossiers: dict[str, Dossier] = {}

    def look(self, uow: UnitOfWork, rows: Sequence[Row]) -> None:
        self._dossiers = dict(uow.dossiers.by_codes({one.code for one in rows if one.code}))
        keys = {self._code(uow, one) for one in rows} - {""}
        found = sorted(uow.ratings.outside(keys), key=lambda one: (one.code, one.number))
        self._known = {code: tuple(own) for code, own in groupby(found, key=lambda one: one.code)}

    def key(self, uow: UnitOfWork, row: Row) -> tuple[str, Hashable]:
        if row.agency:
            self.agency(uow, row.agency)  # refuses one that is not known
        return "code" if row.code else "sheet" if row.sheet else "count", self._code(uow, row)

    def again(self, row: Row, first: int) -> str:
        if row.code or row.sheet:
            return ""
        return f"giống hệt dòng {first}; nhiều lượt như nhau thì ghi một dòng với “Số lượt”"

    def put(self, uow: UnitOfWork, row: Row) -> Done:
        if row.on > uow.today:
            raise RowRefused("on", "ngày đánh giá chưa đến")
        code = self._code(uow, row)
        one = OutsideRating(code, 1, row.value, row.on, self._whose(uow, row), row.channel)
        dossier = self._dossiers.get(row.code)
        if dossier is not None:
            one = replace(one, procedure_code=dossier.procedure_code)
        wanted = tuple(replace(one, number=number + 1) for number in range(row.count))
        known = self._known.get(code, ())
        if known == wanted:
            return "unchanged"
        uow.ratings.put_outside(code, wanted, uow.now)
        return "changed" if known else "created"

    def _whose(self, uow: UnitOfWork, row: Row) -> str:
        """The agency's name, by which ratings are counted."""
        if row.agency:
            return self.agency(uow, row.agency).name
        dossier = self._dossiers.get(row.code)
        if dossier is None or not dossier.agency_name:
            raise RowRefused("agency", "chưa rõ cơ quan của hồ sơ này, cần ghi cơ quan")
        return dossier.agency_name

    def _code(self, uow: UnitOfWork, row: Row) -> str:
        """What tells these ratings apart from others; "" where the agency is not known."""
        if row.code:
            return row.code
        agency = self.agencies.find(uow, row.agency)
        if agency is None:
            return ""
        if row.sheet:
            return _SHEET + row.sheet
        return f"{_SUM}{row.on:%Y%m%d}:{row.channel}:{row.value}:{agency.id}"


RATINGS = DeskTable("ratings", "Đánh giá", COLUMNS, ("on",), read_row, _Writer)
