"""Periodic reports and their rules, from a CSV or XLSX table; columns as in the template (``docs/import.md``).

What the table says is the rule: days of closing and of sending are data of each report, none is built in but the
closing day of Nghị định 09/2019/NĐ-CP, which holds where the cell is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backend.domain.ports import UnitOfWork
from backend.domain.report_duty import MOST_DUE_MONTHS, PeriodicReport, ReportKind
from backend.importers.base import Item, Parsed, Report, RowError, RunSlice, Tally, import_rows
from backend.importers.office_table import (
    Columns,
    KnownAgencies,
    OfficeRow,
    is_stamped,
    names_in,
    office_rows,
    record_run,
    write_table,
)
from backend.text.fold import fold

KIND = "report-duties"
COLUMNS: Columns = {
    "code": (("Mã báo cáo", "Mã"), "BC-CCHC-QUY"),
    "name": (("Tên báo cáo",), "Báo cáo công tác cải cách hành chính quý"),
    "short": (("Tên gọi tắt", "Viết tắt"), "CCHC"),
    "number": (("Số văn bản",), "12/QĐ-UBND"),
    "dated": (("Ngày văn bản",), "05/01/2026"),
    "kind": (("Định kỳ", "Kỳ báo cáo"), "Quý"),
    "only": (("Chỉ các kỳ",), "1; 3"),
    "who": (("Nơi nộp", "Cơ quan nộp"), "Các sở, ngành; UBND cấp xã"),
    "receiver": (("Nơi nhận", "Cơ quan nhận"), "Sở Nội vụ"),
    "field": (("Lĩnh vực",), "Cải cách hành chính"),
    "cutoff": (("Ngày chốt số liệu", "Ngày chốt"), "14"),
    "due": (("Ngày hạn gửi", "Hạn gửi"), "16"),
    "months": (("Hạn sau kỳ (tháng)",), "0"),
    "moves": (("Dời nếu ngày nghỉ",), "x"),
    "from": (("Áp dụng từ",), "01/01/2026"),
    "to": (("Áp dụng đến",), ""),
}
_KINDS = {
    "thang": ReportKind.MONTH, "hang thang": ReportKind.MONTH,
    "quy": ReportKind.QUARTER, "hang quy": ReportKind.QUARTER,
    "6 thang": ReportKind.HALF, "nua nam": ReportKind.HALF, "9 thang": ReportKind.NINE_MONTHS,
    "nam": ReportKind.YEAR, "hang nam": ReportKind.YEAR,
}  # fmt: skip
_DEPARTMENTS = frozenset({"cac so, nganh", "cac so nganh", "so, nganh", "cac so", "cac so, ban, nganh"})
_COMMUNES = frozenset(
    {"ubnd cap xa", "cac xa, phuong", "ubnd cac xa, phuong", "ubnd cac xa", "cac xa", "ubnd cac xa, phuong, dac khu"}
)  # fmt: skip
_MONTH_END, _CLOSES = 31, 14


@dataclass(frozen=True, slots=True)
class Row:
    report: PeriodicReport
    receiver: str
    listed: tuple[str, ...]


def import_report_duties(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import the rules; safe to repeat.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    rows = (read_row(row, source) for row in office_rows(path, COLUMNS, ("dated", "from", "to")))
    import_rows(rows, _Writer().write, run_slice, report=report, dry_run=dry_run, progress=progress)
    return record_run(path, KIND, report, run_slice)


def write_template(path: Path) -> None:
    write_table(path, COLUMNS, "Chế độ báo cáo")


def read_row(row: OfficeRow, source: str) -> Parsed[Row]:
    name = row.text("name", 300, required=True)
    if is_stamped(name):
        row.refuse("name", "báo cáo có dấu mật không được đưa vào hệ thống này")
    code, receiver = row.text("code", 40, required=True), row.text("receiver", 300, required=True)
    if "|" in code:
        row.refuse("code", "mã không được chứa dấu “|”")
    if not row.text("kind", 60):
        row.refuse("kind", "thiếu “Định kỳ”")
    kind = row.choice("kind", _KINDS, ReportKind.MONTH)
    departments, communes, listed = _who(row)
    begins, ends = row.day("from", required=True), row.day("to")
    if begins and ends and ends < begins:
        row.refuse("to", "trước “Áp dụng từ”")
    closes = _day(row, "cutoff", _CLOSES)
    due = _day(row, "due", None)
    months = _number(row, "months", 0, MOST_DUE_MONTHS, 0)
    if (months, due) < (0, closes) and not row.errors:
        row.refuse("due", "hạn gửi trước ngày chốt số liệu")
    only, moves, dated = _only(row, kind), row.flag("moves"), row.day("dated")
    if row.errors or begins is None:
        return tuple(row.errors)
    report = PeriodicReport(
        code=code,
        name=name,
        kind=kind,
        receiver_id=0,
        valid_from=begins,
        short=row.text("short", 60),
        document_number=row.text("number", 60),
        document_on=dated,
        only=only,
        departments=departments,
        communes=communes,
        field=row.text("field", 100),
        cutoff_day=closes,
        due_day=due,
        due_months=months,
        due_moves=moves,
        valid_to=ends,
        origin=source[:100],
    )
    return tuple(row.errors) if row.errors else Item(row.number, Row(report, receiver, listed))


def _who(row: OfficeRow) -> tuple[bool, bool, tuple[str, ...]]:
    names = names_in(row.text("who", 4000, required=True))
    groups = {fold(one) for one in names}
    listed = tuple(one for one in names if fold(one) not in _DEPARTMENTS | _COMMUNES)
    return bool(groups & _DEPARTMENTS), bool(groups & _COMMUNES), listed


def _day(row: OfficeRow, name: str, usual: int | None) -> int:
    """A day of the month; "cuối tháng" is its last."""
    if fold(row.text(name, 40)) in {"cuoi thang", "cuoi ky"}:
        return _MONTH_END
    return _number(row, name, 1, _MONTH_END, usual)


def _number(row: OfficeRow, name: str, least: int, most: int, usual: int | None) -> int:
    said = row.text(name, 40).removesuffix(".0")
    if not said and usual is not None:
        return usual
    if said.isascii() and said.isdigit() and len(said) <= 2 and least <= int(said) <= most:
        return int(said)
    heading = row.columns[name][0][0]
    row.refuse(name, f"“{said}” không hiểu; cần số từ {least} đến {most}" if said else f"thiếu “{heading}”")
    return most


def _only(row: OfficeRow, kind: ReportKind) -> frozenset[int]:
    found = set()
    for one in row.text("only", 100).replace(",", ";").split(";"):
        said = one.strip().removesuffix(".0")
        if not said:
            continue
        if not (said.isascii() and said.isdigit() and len(said) <= 2 and 1 <= int(said) <= kind.in_a_year):
            row.refuse("only", f"“{said}” không phải số thứ tự kỳ từ 1 đến {kind.in_a_year}")
            continue
        found.add(int(said))
    return frozenset(found)


class _Writer:
    def __init__(self) -> None:
        self._agencies = KnownAgencies()

    def write(self, uow: UnitOfWork, items: Sequence[Item[Row]]) -> Tally:
        tally = Tally()
        for item in items:
            report = self._settled(uow, item, tally)
            if report is None:
                continue
            done = uow.report_duties.put(report, uow.now)
            tally.created += done == "created"
            tally.changed += done == "changed"
            tally.unchanged += done == "unchanged"
        return tally

    def _settled(self, uow: UnitOfWork, item: Item[Row], tally: Tally) -> PeriodicReport | None:
        receiver = self._agencies.find(uow, item.value.receiver)
        listed, unknown = self._agencies.find_all(uow, item.value.listed)
        wrong = [("receiver", item.value.receiver)] if receiver is None else []
        wrong += [("who", name) for name in unknown]
        for column, name in wrong:
            reason = f"“{name}” không phải một cơ quan có trong danh mục"
            tally.refused.append(RowError(item.row, COLUMNS[column][0][0], reason))
        if receiver is None or unknown:
            return None
        return replace(item.value.report, receiver_id=receiver.id, listed=listed)
