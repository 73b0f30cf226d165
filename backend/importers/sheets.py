"""Rows of CSV and XLSX files as text and dates, with what no importer should swallow refused."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from backend.importers.base import FileRefused
from backend.text.fold import nfc, words

#: A cell: text without surrounding space, or the date that the spreadsheet holds.
Cell = str | datetime | date
Row = tuple[int, dict[str, Cell]]

#: What an XLSX file may unpack to; more is taken for a bomb.
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_COLUMNS = 200
MOST_CELL_CHARS = 20_000


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


class FormulaCell(str):
    """A cell that holds a formula: its value is not known without a spreadsheet program."""


class Sheet:
    """A table under a heading line.

    ``columns`` names each column's headings ("Mã hồ sơ"), compared without accents and case; columns not named are
    skipped. ``present`` are those that the file has.

    Raises:
        FileRefused: not CSV or XLSX, damaged, wrongly encoded, or without a known heading.
    """

    def __init__(self, path: Path, columns: Mapping[str, Sequence[str]]) -> None:
        self._excel = path.suffix.lower() in {".xlsx", ".xlsm"}
        self._path = path
        #: The whole text of a CSV file; empty for a spreadsheet.
        self.text = "" if self._excel else _decoded(path)
        # Letters are composed in the whole text at once: that is many times cheaper than cell by cell.
        text_cell = _text_cell if "=" in self.text else str.strip
        self._clean: Callable[[Any], Cell] = _excel_cell if self._excel else text_cell
        for number, cells in self._numbered():
            if any(map(self._clean, cells)):
                self._heading = number
                self._places = _places([self._clean(cell) for cell in cells], columns)
                break
        else:
            raise FileRefused("Tệp trống, không có dòng tiêu đề.")
        self.present = frozenset(self._places)

    def rows(self) -> Iterator[Row]:
        """``(row number, {column: cell})`` of each non-empty row, without its empty cells; lines count from 1."""
        clean = self._clean
        places = list(self._places.items())
        for number, cells in self._numbered():
            if number <= self._heading:
                continue
            width = len(cells)
            row = {
                name: cell
                for name, at in places
                if at < width and (raw := cells[at]) and (cell := clean(raw)) != ""
            }
            if row:
                yield number, row

    def _numbered(self) -> Iterator[tuple[int, Sequence[Any]]]:
        return enumerate(_excel_rows(self._path) if self._excel else _text_rows(self.text), 1)


def read_sheet(path: Path, columns: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """The rows of :class:`Sheet`, with "" for the empty cells of the columns that the file has."""
    sheet = Sheet(path, columns)
    for number, row in sheet.rows():
        yield number, {name: row.get(name, "") for name in sheet.present}


def heading_key(text: str) -> str:
    """The same for "Mã hồ sơ (*)" and "ma  ho so"."""
    return " ".join(words(text.split("(")[0]))


def _places(cells: Sequence[Cell], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    wanted = {heading_key(heading): name for name, headings in columns.items() for heading in headings}
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = wanted.get(heading_key(cell)) if isinstance(cell, str) else None
        if name is None:
            continue
        if name in places:
            raise FileRefused(f"Cột “{cell}” xuất hiện hai lần trong dòng tiêu đề.")
        places[name] = at
    if not places:
        raise FileRefused("Dòng đầu không có tiêu đề cột nào như trong mẫu.")
    return places


# --- CSV -----------------------------------------------------------------------------------------------------


def _text_cell(raw: str) -> str:
    cell = raw.strip()
    # Text to us, but a formula in the spreadsheet of whoever opens the file next.
    return FormulaCell(cell) if cell.startswith("=") else cell


def _text_rows(text: str) -> Iterator[list[str]]:
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    csv.field_size_limit(MOST_CELL_CHARS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise FileRefused(f"Tệp CSV hỏng ở dòng {reader.line_num}: {error}.") from error


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    encoding = "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileRefused(
            f"Tệp không phải UTF-8 (chữ hỏng ở dòng {line}). Hãy lưu lại dạng “CSV UTF-8”."
        ) from error
    if "\0" in text:
        raise FileRefused("Tệp CSV có ký tự rỗng (NUL): tệp hỏng hoặc không phải CSV.")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text.replace("\u00a0", " ")))


# --- XLSX ----------------------------------------------------------------------------------------------------


def _excel_rows(path: Path) -> Iterator[Sequence[Any]]:
    from openpyxl import load_workbook  # slow to import, and only this format needs it
    from openpyxl.utils.exceptions import InvalidFileException

    _check_archive(path)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise FileRefused("Không mở được tệp XLSX: tệp hỏng hoặc có mật khẩu.") from error
    with closing(book):
        yield from _guarded(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS))


def _guarded(rows: Iterable[Any]) -> Iterator[Any]:
    try:
        yield from rows
    except (KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        raise FileRefused("Tệp XLSX hỏng giữa chừng.") from error


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefused("Không phải tệp XLSX (tệp XLS cũ hãy lưu lại dạng XLSX).") from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise FileRefused("Tệp XLSX bung ra quá lớn.")


def _excel_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FormulaCell(value)
    if isinstance(value, (datetime, date)):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return nfc(str(value)[:MOST_CELL_CHARS]).strip()
