"""Dossiers from CSV and XLSX with Vietnamese headings (``docs/import.md``)."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from backend.domain.dossier import Applicant, Channel, Details, Dossier, FeeDue, Filing, Stage
from backend.domain.dossier_clock import DAY_ENDS
from backend.importers.base import Item, Parsed, Report, RunSlice
from backend.importers.cells import read_phone, sum_of
from backend.importers.dossier_feed import (
    MOST_NAME,
    MOST_TITLE,
    Feed,
    RowReader,
    import_dossiers,
    modified_at,
    read_code,
)
from backend.importers.moments import (
    looks_month_first,
    may_be_month_first,
    parse_day,
    parse_moment,
    parse_stripped,
)
from backend.importers.sheets import Cell, FormulaCell, Sheet
from backend.importers.statuses import status_map
from backend.text.codes import check_code_pattern
from backend.text.fold import fold

KIND = "table"
#: A table tells what it has columns for; this is what each missing column means.
LACKS_WITHOUT = {
    "phone": "phone",
    "holder": "holder",
    "step": "step",
    "papers": "supplement",
    "fees": "fee",
    "collect_at": "collect",
    "reason": "reason",
    "channel": "channel",
}

#: Column -> (headings that are understood, the first being the template's; example).
COLUMNS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "code": (("Mã hồ sơ", "Số hồ sơ"), "H50.34-261008-0975"),
    "title": (("Tên thủ tục", "Tên hồ sơ", "Trích yếu"), "Đăng ký khai sinh"),
    "procedure_code": (("Mã thủ tục",), "1.001193"),
    "agency": (("Cơ quan giải quyết", "Đơn vị giải quyết"), "Ủy ban nhân dân xã An Lạc"),
    "status": (("Trạng thái", "Tình trạng"), "Đang xử lý"),
    "received": (("Ngày tiếp nhận",), "08/10/2026 09:15"),
    "due": (("Ngày hẹn trả",), "22/10/2026"),
    "finished": (("Ngày xử lý xong", "Ngày kết thúc"), ""),
    "returned": (("Ngày trả kết quả", "Ngày trả"), ""),
    "channel": (("Hình thức nộp",), "Trực tiếp"),
    "applicant": (("Chủ hồ sơ", "Người nộp"), "Nguyễn Văn A"),
    "phone": (("Số điện thoại",), "0912 345 678"),
    "holder": (("Đơn vị đang giữ", "Nơi đang giữ"), "Bộ phận Tư pháp - Hộ tịch"),
    "step": (("Bước xử lý",), "Thẩm định"),
    "papers": (("Giấy tờ cần bổ sung",), "Giấy chứng sinh; Tờ khai"),
    "asked": (("Ngày yêu cầu bổ sung",), "12/10/2026"),
    "supplement_by": (("Hạn bổ sung",), "30/10/2026"),
    "fees": (("Khoản phải nộp",), "Lệ phí: 20000"),
    "pay_at": (("Nơi nộp phí",), "Bộ phận Một cửa"),
    "collect_at": (("Nơi trả kết quả",), "Bộ phận Một cửa xã An Lạc"),
    "reason": (("Lý do",), ""),
    "note": (("Ghi chú",), ""),
    "parent": (("Mã hồ sơ liên thông", "Mã hồ sơ gốc"), ""),
    "as_of": (("Cập nhật lúc",), "20/11/2026 14:05"),
}
REQUIRED = ("code", "status", "agency")
_DATES = frozenset({"received", "due", "finished", "returned", "asked", "supplement_by", "as_of"})
_ENDS = {"due": DAY_ENDS}
_DETAILED = frozenset({"papers", "asked", "supplement_by", "pay_at", "collect_at", "reason", "note"})
_NO_DETAILS = Details()
_CHANNELS = {
    "truc tiep": Channel.DIRECT,
    "truc tuyen": Channel.ONLINE,
    "buu chinh": Channel.POSTAL,
    "buu chinh cong ich": Channel.POSTAL,
    "1": Channel.DIRECT,
    "2": Channel.ONLINE,
    "3": Channel.POSTAL,
}
_MOBILE = re.compile(
    r"0[35789]\d{8}", re.ASCII
)  # as most tables have it; other spellings take longer to read
_ORDER_UNSURE = "tệp có ngày viết tháng trước nên không chắc đâu là ngày, đâu là tháng"


def import_table(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a table. ``as_of`` is when the source made it; without it, when the file was written.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    sheet = Sheet(path, {name: headings for name, (headings, _example) in COLUMNS.items()})
    reader = _TableReader(report, source, as_of or modified_at(path), sheet.present)
    reader.order_unsure = _order_unsure(sheet)
    rows = (reader.parse(row, cells) for row, cells in sheet.rows())
    feed = Feed(source, KIND, reader.lacks)
    return import_dossiers(path, feed, rows, run_slice, report, dry_run=dry_run, progress=progress)


def _order_unsure(sheet: Sheet) -> bool:
    """Whether some date can only be month/day/year, so that 05/06/2026 beside it could be either."""
    if sheet.text and not may_be_month_first(sheet.text):
        return False
    return any(looks_month_first(cells.get(name)) for _row, cells in sheet.rows() for name in _DATES)


class _TableReader:
    def __init__(self, report: Report, source: str, as_of: datetime, present: frozenset[str]) -> None:
        self.lacks = frozenset(what for column, what in LACKS_WITHOUT.items() if column not in present)
        self._dates = tuple(_DATES & present)
        self._report = report
        self._source = source
        self._as_of = as_of
        self._rows: dict[str, int] = {}
        self._statuses = status_map(KIND)
        self.order_unsure = False

    def parse(self, row: int, cells: Mapping[str, Cell]) -> Parsed[Filing]:
        reader = RowReader(row)
        at = {name: self._moment(reader, name, cell) for name in self._dates if (cell := cells.get(name))}
        text = {
            name: cell if type(cell) is str else self._text(reader, name, cell)
            for name, cell in cells.items()
            if name not in at
        }
        for name in REQUIRED:
            if name not in text:
                reader.refuse(name, f"thiếu “{COLUMNS[name][0][0]}”")
        code: str | None = text.get("code")
        if code and not check_code_pattern(code):
            code = reader.read("code", read_code, code)
        if code is not None and self._rows.setdefault(code, row) != row:
            reader.refuse("code", f"mã này đã có ở dòng {self._rows[code]}")
        parent = reader.read("parent", read_code, text["parent"]) if "parent" in text else None
        phone: str | None = text.get("phone", "")
        if phone and not _MOBILE.fullmatch(phone):
            phone = reader.read("phone", read_phone, phone)
        fees = reader.read("fees", read_fees, text["fees"]) if "fees" in text else ()
        received, due = at.get("received"), at.get("due")
        if received and due and due < received:
            reader.refuse("due", "ngày hẹn trả trước ngày tiếp nhận")
        if reader.errors or code is None:
            return tuple(reader.errors)
        dossier = self._dossier(code, parent, fees, text, at)
        person = Applicant(text.get("applicant", ""), phone or "") if phone or "applicant" in text else None
        return Item(row, Filing(dossier, person, (), self.lacks))

    def _dossier(
        self,
        code: str,
        parent: str | None,
        fees: tuple[FeeDue, ...],
        text: Mapping[str, str],
        at: Mapping[str, Any],
    ) -> Dossier:
        stage = self._stage(text["status"])
        return Dossier(
            code=code,
            stage=stage,
            source=self._source,
            as_of=at.get("as_of") or self._as_of,
            raw_status=text["status"][:MOST_NAME],
            title=text.get("title", "")[:MOST_TITLE],
            procedure_code=text.get("procedure_code", "")[:40],
            agency_name=text["agency"][:MOST_NAME],
            holder=text.get("holder", "")[:MOST_NAME] or None,
            step=text.get("step", "")[:MOST_NAME] or None,
            received_at=at.get("received"),
            due_at=at.get("due"),
            finished_at=at.get("finished"),
            returned_at=at.get("returned"),
            channel=_channel(text.get("channel", "")),
            details=_details(fees, text, at),
            parent_code=parent,
        )

    def _stage(self, raw: str) -> Stage:
        stage = self._statuses.stage_of(raw)
        if stage is Stage.UNKNOWN:
            self._report.note(f"trạng thái lạ: {raw[:80]}")
        return stage

    def _text(self, reader: RowReader, name: str, cell: Cell) -> str:
        if isinstance(cell, FormulaCell):
            reader.refuse(name, "ô chứa công thức, hãy dán giá trị")
            return ""
        return cell if isinstance(cell, str) else f"{cell:%d/%m/%Y}"

    def _moment(self, reader: RowReader, name: str, cell: Cell) -> Any:
        if (
            type(cell) is str and not self.order_unsure and name != "supplement_by"
        ):  # nearly always, and well formed
            try:
                return parse_stripped(cell, _ENDS.get(name))
            except ValueError as error:
                reader.refuse(name, str(error))
                return None
        if self.order_unsure and isinstance(cell, str) and "/" in cell:
            reader.refuse(name, _ORDER_UNSURE)
            return None
        if name == "supplement_by":
            return reader.read(name, parse_day, cell)
        return reader.read(name, parse_moment, cell, _ENDS.get(name))


def _details(fees: tuple[FeeDue, ...], text: Mapping[str, str], at: Mapping[str, Any]) -> Details:
    if not fees and _DETAILED.isdisjoint(text) and _DETAILED.isdisjoint(at):
        return _NO_DETAILS
    papers = text.get("papers", "")
    return Details(
        papers=tuple(one.strip() for one in re.split(r"[;\n]", papers) if one.strip()) if papers else (),
        supplement_asked_at=at.get("asked"),
        supplement_by=at.get("supplement_by"),
        fees=fees,
        pay_at=text.get("pay_at", "")[:MOST_NAME],
        collect_at=text.get("collect_at", "")[:MOST_NAME],
        reason=text.get("reason", "")[:MOST_TITLE],
        note=text.get("note", "")[:MOST_TITLE],
    )


@lru_cache(maxsize=256)
def _channel(raw: str) -> Channel:
    return _CHANNELS.get(fold(raw), Channel.UNKNOWN)


def read_fees(raw: str) -> tuple[FeeDue, ...]:
    """ "Lệ phí: 20.000; Thuế" -> a fee of 20,000 đồng and one whose sum is not told.

    Raises:
        ValueError: what stands after the colon is no sum.
    """
    fees = []
    for piece in filter(None, (one.strip() for one in re.split(r"[;\n]", raw))):
        name, colon, amount = piece.rpartition(":")
        if not colon:
            fees.append(FeeDue(piece[:MOST_NAME]))
            continue
        due = sum_of(amount.strip())
        if due is None or not name.strip():
            raise ValueError(f"“{piece[:60]}”: cần dạng “Tên khoản: số tiền”")
        fees.append(FeeDue(name.strip()[:MOST_NAME], due))
    return tuple(fees)


def write_template(path: Path) -> None:
    """An empty table with every heading and one example row, as CSV or XLSX by the file's ending."""
    rows = [[headings[0] for headings, _example in COLUMNS.values()], [one for _h, one in COLUMNS.values()]]
    if path.suffix.lower() != ".xlsx":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hồ sơ")
    for row in rows:
        sheet.append(row)
    book.save(path)
