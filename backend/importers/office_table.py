"""Tables that an office keeps itself (documents, calendars, rosters): columns with their headings, one row at a time,
and templates to fill in."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from backend.domain.agency import Agency
from backend.domain.ports import UnitOfWork
from backend.importers.base import Report, RowError, RunSlice, file_sha256
from backend.importers.dossier_feed import modified_at
from backend.importers.moments import looks_month_first, may_be_month_first, parse_day, parse_moment
from backend.importers.sheets import Cell, FormulaCell, Sheet
from backend.services.agencies.resolve import resolve_agency
from backend.text.fold import fold

T = TypeVar("T")

#: Column -> (headings that are understood, the first being the template's; example).
Columns = Mapping[str, tuple[tuple[str, ...], str]]
_DEGREE = r"(?:tuyệt mật|tối mật|mật)"
_STAMP = re.compile(rf"(?<!\w){_DEGREE.upper()}(?!\w)|(?i:[(\[]\s*{_DEGREE}\s*[)\]])")
_YES = frozenset({"x", "co", "yes", "true", "1", "v", "da", "phai"})
_NO = frozenset({"", "khong", "no", "false", "0", "chua", "-"})
_ORDER_UNSURE = "tệp có ngày viết tháng trước nên không chắc đâu là ngày, đâu là tháng"


@dataclass(slots=True)
class OfficeRow:
    """The cells of one row; what cannot be read is refused under the column's heading, and the rest is read on."""

    number: int
    cells: Mapping[str, Cell]
    columns: Columns
    order_unsure: bool = False
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, name: str, reason: str) -> None:
        self.errors.append(RowError(self.number, self.columns[name][0][0], reason))

    def text(self, name: str, most: int, *, required: bool = False) -> str:
        """The text, cut to ``most`` characters."""
        cell = self.cells.get(name, "")
        if isinstance(cell, FormulaCell):
            self.refuse(name, "ô chứa công thức, hãy dán giá trị")
            return ""
        found = cell if isinstance(cell, str) else f"{cell:%d/%m/%Y}"
        if required and not found.strip():
            self.refuse(name, f"thiếu “{self.columns[name][0][0]}”")
        return found.strip()[:most]

    def parsed(self, name: str, parse: Callable[[str], T], *, required: bool = False) -> T | None:
        """What ``parse`` makes of the text (it raises ValueError with the reason); None when the cell is empty."""
        said = self.text(name, 100, required=required)
        return self._read(name, lambda: parse(said)) if said else None

    def day(self, name: str, *, required: bool = False) -> date | None:
        cell = self.cells.get(name, "")
        if self._unsure(name, cell):
            return None
        found = self._read(name, lambda: parse_day(cell))
        if required and found is None and not self._refused(name):
            self.refuse(name, f"thiếu “{self.columns[name][0][0]}”")
        return found

    def moment(self, name: str) -> datetime | None:
        cell = self.cells.get(name, "")
        return None if self._unsure(name, cell) else self._read(name, lambda: parse_moment(cell))

    def flag(self, name: str) -> bool:
        said = fold(self.text(name, 40))
        if said not in _YES | _NO:
            self.refuse(name, f"“{said}” không hiểu; hãy ghi “x” hoặc “Có”, để trống là không")
        return said in _YES

    def choice(self, name: str, known: Mapping[str, T], usual: T, *, required: bool = False) -> T:
        """One of the known words, compared without marks; ``usual`` where the cell is empty."""
        said = self.text(name, 60, required=required)
        if not said:
            return usual
        if (found := known.get(fold(said))) is not None:
            return found
        self.refuse(name, f"“{said}” không hiểu; hãy ghi một trong: {', '.join(known)}")
        return usual

    def _read(self, name: str, parse: Callable[[], T]) -> T | None:
        try:
            return parse()
        except ValueError as error:
            self.refuse(name, str(error))
            return None

    def _unsure(self, name: str, cell: Cell) -> bool:
        if self.order_unsure and isinstance(cell, str) and "/" in cell:
            self.refuse(name, _ORDER_UNSURE)
            return True
        return False

    def _refused(self, name: str) -> bool:
        return any(one.field == self.columns[name][0][0] for one in self.errors)


def office_rows(path: Path, columns: Columns, dates: Sequence[str]) -> Iterator[OfficeRow]:
    """Every row of the table. Raises FileRefused when it cannot be read as one."""
    sheet = Sheet(path, {name: headings for name, (headings, _example) in columns.items()})
    unsure = False
    if not sheet.text or may_be_month_first(sheet.text):
        unsure = any(looks_month_first(cells.get(name)) for _row, cells in sheet.rows() for name in dates)
    for number, cells in sheet.rows():
        yield OfficeRow(number, cells, columns, unsure)


def as_of_file(path: Path, told: datetime | None) -> datetime:
    """When the source spoke: what it says itself, else when the file was written."""
    return told or modified_at(path)


class KnownAgencies:
    """Agencies by what a table calls them, or by code. Anything but one sure agency is none: nothing is guessed."""

    def __init__(self) -> None:
        self._found: dict[str, Agency | None] = {}

    def find(self, uow: UnitOfWork, name: str) -> Agency | None:
        key = fold(name)
        if key not in self._found:
            matches = [one for one in resolve_agency(uow, name) if one.exact]
            one = matches[0].agency if len(matches) == 1 else None
            self._found[key] = one or (_in_force(uow, name) if not matches else None)
        return self._found[key]

    def find_all(self, uow: UnitOfWork, names: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Ids of those that are known, and the names that are not."""
        found = {name: self.find(uow, name) for name in names}
        ids = dict.fromkeys(one.id for one in found.values() if one is not None)
        return tuple(ids), tuple(name for name, one in found.items() if one is None)


def _in_force(uow: UnitOfWork, code: str) -> Agency | None:
    found = uow.agencies.by_code(code.strip().upper())
    return found if found is not None and found.valid_to is None else None


def told_again(
    seen: Callable[[Sequence[int], datetime], None], rows: Sequence[tuple[int, datetime | None]]
) -> None:
    """Let rows that did not change know when the source last spoke of them."""
    by_time: dict[datetime, list[int]] = {}
    for number, as_of in rows:
        if as_of is not None:
            by_time.setdefault(as_of, []).append(number)
    for as_of, ids in by_time.items():
        seen(ids, as_of)


def is_stamped(text: str) -> bool:
    """Whether a text bears the stamp of a degree of secrecy: written large or in brackets, unlike "mật ong"."""
    return _STAMP.search(text) is not None


def names_in(text: str) -> tuple[str, ...]:
    """Names separated by semicolons or line ends."""
    return tuple(dict.fromkeys(one.strip() for one in text.replace("\n", ";").split(";") if one.strip()))


def record_run(path: Path, kind: str, report: Report, run_slice: RunSlice) -> Report:
    """Leave a trace of a real run; a dry run leaves none."""
    if not report.dry_run:
        digest, counts = file_sha256(path), dict(report.counts())
        run_slice(lambda uow: uow.sources.add_run(kind, path.name, digest, uow.now, counts))
    return report


def write_table(path: Path, columns: Columns, title: str) -> None:
    """An empty table with every heading and one example row, as CSV or XLSX by the file's ending."""
    rows = [
        [headings[0] for headings, _one in columns.values()],
        [one for _headings, one in columns.values()],
    ]
    if path.suffix.lower() != ".xlsx":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for at, heading in enumerate(rows[0], 1):
        sheet.cell(1, at).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = max(12, min(40, len(heading) + 6))
    for cells in sheet.iter_rows(min_row=2, max_row=2):
        for one in cells:
            one.number_format = "@"
    sheet.freeze_panes = "A2"
    book.save(path)
