"""Rows of CSV and XLSX files as text and dates, with what no importer should swallow refused."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

from backend.importers.base import FileRefused
from backend.text.fold import nfc, words

#: A cell: text without surrounding space, or the date that the spreadsheet holds. Empty cells are "".
Cell = str | datetime | date

#: What an XLSX file may unpack to; more is taken for a bomb.
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_COLUMNS = 200
MOST_CELL_CHARS = 20_000

_STRIP = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff"


class FormulaCell(str):
    """A cell that holds a formula: its value is not known without a spreadsheet program."""


def read_sheet(path: Path, columns: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, dict[str, Cell]]]:
    """``(row number, {column name: cell})`` for each non-empty row; the heading is row 1.

    ``columns`` names each column's headings ("Mã hồ sơ"), compared without accents and case. Columns not
    named are skipped, missing ones are "".

    Raises:
        FileRefused: not CSV or XLSX, damaged, wrongly encoded, or without a known heading.
    """
    rows = _xlsx(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else _csv(path)
    numbered = enumerate(rows, 1)
    places: dict[str, int] | None = None
    for number, cells in numbered:
        if not any(cells):
            continue
        if places is None:
            places = _places(cells, columns)
            continue
        yield number, {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
    if places is None:
        raise FileRefused("Tệp trống, không có dòng tiêu đề.")


def heading_key(text: str) -> str:
    """ "Mã hồ sơ (*)" and "ma  ho so" are the same heading."""
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


def _clean(value: str) -> str:
    return nfc(value).strip(_STRIP)


def _csv(path: Path) -> Iterator[list[Cell]]:
    text = _decoded(path)
    if "\0" in text:
        raise FileRefused("Tệp CSV có ký tự rỗng (NUL): tệp hỏng hoặc không phải CSV.")
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    csv.field_size_limit(MOST_CELL_CHARS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            # A formula typed into CSV is text to us but would run in the reader's spreadsheet.
            yield [FormulaCell(cell) if cell.startswith("=") else _clean(cell) for cell in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise FileRefused(f"Tệp CSV hỏng ở dòng {reader.line_num}: {error}.") from error


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    encoding = "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileRefused(
            f"Tệp không phải UTF-8 (chữ hỏng ở dòng {line}). Hãy lưu lại dạng “CSV UTF-8”."
        ) from error


def _xlsx(path: Path) -> Iterator[list[Cell]]:
    from openpyxl import load_workbook  # slow to import, and only this format needs it
    from openpyxl.utils.exceptions import InvalidFileException

    _check_archive(path)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise FileRefused("Không mở được tệp XLSX: tệp hỏng hoặc có mật khẩu.") from error
    with closing(book):
        sheet = book.worksheets[0]
        yield from (_cells(row) for row in _guarded(sheet.iter_rows(max_col=MOST_COLUMNS)))


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


def _cells(row: Sequence[Any]) -> list[Cell]:
    cells = [_cell(cell) for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FormulaCell(value)
    if isinstance(value, (datetime, date)):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _clean(str(value)[:MOST_CELL_CHARS])
