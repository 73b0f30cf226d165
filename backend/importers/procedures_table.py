"""Procedures from a CSV or XLSX table that an office keeps itself; the columns are those of the template.

Cells with several entries hold one a line (or separated by ";"). A paper is "name | originals | copies | form | note";
a line that ends with ":" begins a case.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.domain.clock import VIETNAM
from backend.domain.procedure import Procedure
from backend.domain.procedure_record import BadRecord, read_record
from backend.importers.base import Item, Parsed, Report, RowError, RunSlice, import_rows
from backend.importers.moments import BadMoment, parse_day
from backend.importers.procedure_feed import record_run, write_own
from backend.importers.sheets import Cell, FormulaCell, read_sheet
from backend.text.fold import fold

KIND = "table"
#: A table tells what it has columns for; nothing is lacking by nature.
LACKS: frozenset[str] = frozenset()

#: Column -> (headings that are understood, the first being the template's; example).
COLUMNS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "code": (("Mã thủ tục", "Mã TTHC"), "1.001193"),
    "title": (("Tên thủ tục", "Tên TTHC"), "Đăng ký khai sinh"),
    "field": (("Lĩnh vực",), "Hộ tịch"),
    "levels": (("Cấp thực hiện",), "Cấp xã"),
    "handled_by": (("Nơi giải quyết",), "xã"),
    "agency": (("Cơ quan thực hiện", "Cơ quan giải quyết"), "Ủy ban nhân dân cấp xã"),
    "department": (("Sở quản lý",), "Sở Tư pháp"),
    "audience": (("Đối tượng",), "Người dân"),
    "decision": (("Quyết định công bố", "Số quyết định"), "163/QĐ-BTP"),
    "valid_from": (("Hiệu lực từ", "Ngày hiệu lực"), "01/07/2026"),
    "source_url": (("Đường dẫn",), "https://dichvucong.gov.vn"),
    "online": (("Dịch vụ trực tuyến",), "Toàn trình"),
    "time_direct": (("Thời hạn trực tiếp", "Thời hạn"), "Trong ngày"),
    "fee_direct": (("Phí trực tiếp", "Phí, lệ phí"), "HĐND tỉnh quy định"),
    "time_online": (("Thời hạn trực tuyến",), "Trong ngày"),
    "fee_online": (("Phí trực tuyến",), "HĐND tỉnh quy định"),
    "time_postal": (("Thời hạn bưu chính",), ""),
    "fee_postal": (("Phí bưu chính",), ""),
    "papers": (
        ("Giấy tờ", "Thành phần hồ sơ"),
        "Tờ khai | 1 | 0 | Tờ khai đăng ký khai sinh\nGiấy chứng sinh | 1",
    ),
    "steps": (("Các bước", "Trình tự thực hiện"), "Nộp hồ sơ ở xã\nNhận Giấy khai sinh"),
    "conditions": (("Điều kiện", "Yêu cầu, điều kiện"), ""),
    "results": (("Kết quả",), "Giấy khai sinh | KQ.G15.000031"),
    "legal_basis": (("Căn cứ pháp lý",), "60/2014/QH13 | Luật Hộ tịch"),
    "related": (("Thủ tục liên quan",), "1.004884"),
    "common_names": (("Tên thường gọi",), "làm giấy khai sinh"),
}
_LEVELS = {"cap xa": "commune", "cap tinh": "province", "cap bo": "ministry", "co quan khac": "other"}
_HANDLED = {
    "xa": "commune", "cap xa": "commune", "so": "department", "tinh": "department", "cap tinh": "department",
    "cong an": "police", "thue": "tax", "bao hiem xa hoi": "social_insurance", "toa an": "court",
    "ngan hang": "bank", "hai quan": "customs", "bo": "ministry", "khac": "other",
}  # fmt: skip
_AUDIENCE = {
    "nguoi dan": "citizen", "cong dan": "citizen", "to chuc": "organisation", "doanh nghiep": "enterprise",
    "hop tac xa": "cooperative", "ho kinh doanh": "household_business", "nguoi nuoc ngoai": "foreigner",
}  # fmt: skip
_ONLINE = {"toan trinh": "full", "mot phan": "partial", "khong": "none", "": "unknown"}
_UNITS = (("ngay lam viec", "working_day"), ("ngay", "day"), ("gio", "hour"), ("thang", "month"))
_TIME = re.compile(r"(\d{1,3})\s*([a-z ]+?)(?:\s*[(;,.].*)?", re.ASCII)
_SUM = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(?:đ|đồng|vnd|vnđ)?\s*(?:\((.*)\))?", re.IGNORECASE)
_SET_BY_PROVINCE = re.compile(r"hdnd|hoi dong nhan dan|tinh quy dinh")


def import_procedures(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a table. ``as_of``: the state that it shows; without it, when the file was written.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    state = as_of or datetime.fromtimestamp(path.stat().st_mtime, VIETNAM)
    headings = {name: known for name, (known, _example) in COLUMNS.items()}
    rows = (read_row(number, cells, source, state) for number, cells in read_sheet(path, headings))
    report = import_rows(rows, write_own, run_slice, dry_run=dry_run, progress=progress)
    return record_run(path, KIND, report, run_slice)


def read_row(number: int, cells: Mapping[str, Cell], source: str, as_of: datetime) -> Parsed[Procedure]:
    """A row as a procedure, or every reason why it is none."""
    formulas = [name for name, cell in cells.items() if isinstance(cell, FormulaCell)]
    if formulas:
        return tuple(
            RowError(number, _heading(name), "ô chứa công thức, hãy dán giá trị") for name in formulas
        )
    body: dict[str, Any] = {}
    errors: list[RowError] = []
    for name, read in _READERS.items():
        try:
            body[name] = read(cells)
        except (ValueError, BadMoment) as error:
            field = error.field if isinstance(error, BadRecord) else name
            errors.append(RowError(number, _heading(field), str(error)))
    if errors:
        return tuple(errors)
    try:
        return Item(number, read_record(body, source=source, as_of=as_of))
    except BadRecord as error:
        return (RowError(number, _heading(error.field), error.reason),)


def write_template(path: Path) -> None:
    """An empty table with every heading and one example row, as CSV or XLSX by the file's ending."""
    rows = [
        [known[0] for known, _example in COLUMNS.values()],
        [example for _known, example in COLUMNS.values()],
    ]
    if path.suffix.lower() != ".xlsx":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Thủ tục")
    for row in rows:
        sheet.append(row)
    book.save(path)


def _heading(name: str) -> str:
    return COLUMNS[name][0][0] if name in COLUMNS else name


def _plain(name: str) -> Callable[[Mapping[str, Cell]], str]:
    return lambda cells: str(cells.get(name, ""))


def _list(name: str) -> Callable[[Mapping[str, Cell]], list[str]]:
    return lambda cells: _entries(str(cells.get(name, "")))


def _entries(text: str) -> list[str]:
    parts = text.split("\n") if "\n" in text else text.split(";")
    return [part.strip(" -•\t") for part in parts if part.strip(" -•\t")]


def _pairs(name: str, first: str, second: str) -> Callable[[Mapping[str, Cell]], list[dict[str, str]]]:
    def read(cells: Mapping[str, Cell]) -> list[dict[str, str]]:
        split = (entry.partition("|") for entry in _entries(str(cells.get(name, ""))))
        return [{first: left.strip(), second: right.strip()} for left, _, right in split]

    return read


def _words(name: str, known: Mapping[str, str]) -> Callable[[Mapping[str, Cell]], list[str]]:
    return lambda cells: [
        _known(part, known) for part in re.split(r"[,;\n]", str(cells.get(name, ""))) if part.strip()
    ]


def _word(name: str, known: Mapping[str, str]) -> Callable[[Mapping[str, Cell]], str]:
    return lambda cells: _known(str(cells.get(name, "")), known)


def _known(text: str, known: Mapping[str, str]) -> str:
    value = known.get(fold(text))
    if value is None:
        raise ValueError(
            f"“{text.strip()[:40]}” không hiểu; hãy ghi một trong: {', '.join(k for k in known if k)}"
        )
    return value


def _day(cells: Mapping[str, Cell]) -> str:
    day = parse_day(cells.get("valid_from", ""))
    if day is None:
        raise ValueError("thiếu ngày hiệu lực")
    return day.isoformat()


def _channels(cells: Mapping[str, Cell]) -> list[dict[str, Any]]:
    found = []
    for channel in ("direct", "online", "postal"):
        time, fee = str(cells.get(f"time_{channel}", "")), str(cells.get(f"fee_{channel}", ""))
        if time or fee:
            found.append({"channel": channel, **_time(time, f"time_{channel}"), **_fee(fee)})
    return found


def _time(text: str, column: str) -> dict[str, Any]:
    folded = fold(text)
    if not folded:
        return {"time": None}
    if folded.startswith("trong ngay"):
        return {"time": {"amount": 1, "unit": "same_day"}}
    match = _TIME.fullmatch(folded)
    unit = next((unit for name, unit in _UNITS if match and match[2].startswith(name)), None)
    if match is None or unit is None:
        raise BadRecord(column, f"“{text[:40]}” không hiểu; hãy ghi như “5 ngày làm việc”, “Trong ngày”")
    return {"time": {"amount": int(match[1]), "unit": unit}}


def _fee(text: str) -> dict[str, Any]:
    folded = fold(text)
    if not folded:
        return {"fee_rule": "unknown"}
    if folded in {"khong", "khong thu", "mien phi", "0", "khong co"}:
        return {"fee_rule": "free"}
    sums = [_SUM.fullmatch(entry) for entry in _entries(text)]
    if all(sums):
        fees = [{"vnd": int(re.sub(r"[.,]", "", one[1])), "note": one[2] or ""} for one in sums if one]
        return {"fee_rule": "fixed", "fees": fees}
    return {"fee_rule": "local" if _SET_BY_PROVINCE.search(folded) else "other_rule", "note": text}


def _papers(cells: Mapping[str, Cell]) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = []
    for entry in _entries(str(cells.get("papers", ""))):
        if entry.endswith(":") and "|" not in entry:
            cases.append({"case": entry.rstrip(": "), "items": []})
            continue
        if not cases:
            cases.append({"case": "", "items": []})
        name, originals, copies, form, note = ([part.strip() for part in entry.split("|")] + [""] * 5)[:5]
        if not all(count.isascii() and (count.isdigit() or not count) for count in (originals, copies)):
            raise ValueError(
                f"giấy tờ “{entry[:40]}”: hãy ghi “tên | số bản chính | số bản sao | mẫu | ghi chú”"
            )
        paper = {"name": name, "originals": int(originals or 0), "copies": int(copies or 0)}
        cases[-1]["items"].append({**paper, "form": form, "note": note})
    return cases


_READERS: Mapping[str, Callable[[Mapping[str, Cell]], Any]] = {
    "code": _plain("code"),
    "title": _plain("title"),
    "field": _plain("field"),
    "levels": _words("levels", _LEVELS),
    "handled_by": _word("handled_by", _HANDLED),
    "agency": _plain("agency"),
    "department": _plain("department"),
    "audience": _words("audience", _AUDIENCE),
    "decision": _plain("decision"),
    "valid_from": _day,
    "source_url": _plain("source_url"),
    "online": _word("online", _ONLINE),
    "channels": _channels,
    "papers": _papers,
    "steps": _list("steps"),
    "conditions": _list("conditions"),
    "results": _pairs("results", "name", "code"),
    "legal_basis": _pairs("legal_basis", "number", "name"),
    "related": _list("related"),
    "common_names": _list("common_names"),
}
