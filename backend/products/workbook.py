"""Figures as a workbook: the figures, the table by agency, what each figure counts, and rows where they may be shown.

Numbers are numbers and days are days, so that the office can go on counting. What came from data is always text: a
cell that begins with "=" is no formula.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.domain.clock import VIETNAM
from backend.domain.figure import Figure, FigureSet, Unit
from backend.products.chart import earlier, footnotes
from backend.products.words import ORIGINS, UNITS, Words, remark, span

_WHOLE = "#,##0"
_FRACTION = "#,##0.##"
_RATE = "0.00%"
_DAY = "dd/mm/yyyy"
_MOMENT = "dd/mm/yyyy hh:mm"
#: Excel's own limit for one cell.
_LONGEST = 32_000
_WIDEST = 60

Value = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Rows:
    """Single rows behind the figures, in the words of the table's head. Only where rows may be shown."""

    head: Sequence[str]
    rows: Sequence[Sequence[Value]]


def figure_workbook(figures: FigureSet, words: Words, rows: Rows | None = None) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    say = words.say
    _figures(_first(book, say("product/sheet_figures")), figures, words)
    if figures.lines:
        _lines(book.create_sheet(say("product/sheet_lines")), figures, words)
    _definitions(book.create_sheet(say("product/sheet_definitions")), figures, words)
    if rows is not None:
        _table(book.create_sheet(say("product/sheet_rows")), rows.head, rows.rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _first(book: Any, title: str) -> Any:
    sheet = book.worksheets[0]
    sheet.title = title
    return sheet


def _figures(sheet: Any, figures: FigureSet, words: Words) -> None:
    say = words.say
    head = [say(one) for one in _COLUMNS]
    rows = [_row(one, figures, words) for one in figures.figures]
    title = [words.title(figures.topic), span(figures.period, say), figures.scope]
    _table(sheet, head, rows, above=[one for one in title if one], below=footnotes(figures, words))


_COLUMNS = (
    "product/column_name",
    "product/column_value",
    "product/column_unit",
    "product/column_of",
    "product/column_rate",
    "product/column_before",
    "product/column_first",
    "product/column_last",
    "product/column_origin",
    "product/column_source",
    "product/column_as_of",
    "product/column_remark",
)


def _row(one: Figure, figures: FigureSet, words: Words) -> list[Value]:
    say = words.say
    period = one.period or figures.period
    was = earlier(figures, one.key)
    return [
        words.define(one).name,
        _number(one, say("product/unknown")),
        say(UNITS[one.unit]),
        one.of,
        _Rate(one.rate / 100) if one.rate is not None else None,
        _number(was, say("product/unknown")) if was else None,
        period.first,
        period.last,
        say(ORIGINS[one.origin]),
        one.source,
        one.as_of,
        remark(one, say),
    ]


class _Rate(Decimal):
    """A share of one, shown in per cent."""


def _number(one: Figure, unknown: str) -> Value:
    if one.value is None:
        return unknown
    return _Rate(Decimal(one.value) / 100) if one.unit is Unit.PERCENT else one.value


def _lines(sheet: Any, figures: FigureSet, words: Words) -> None:
    """A column for each figure that some line has, in the order they come."""
    named: dict[str, Figure] = {}
    for line in figures.lines:
        for one in line.figures:
            named.setdefault(one.key, one)
    unknown = words.say("product/unknown")
    head = [words.say("product/column_place")]
    for one in named.values():
        name = words.define(one).name
        head.append(f"{name} ({words.say('product/unit_dong')})" if one.unit is Unit.DONG else name)
        head += [f"{name}: {words.say('product/column_of').lower()}"] if _has_rate(figures, one.key) else []
    rows: list[list[Value]] = []
    for line in figures.lines:
        found = {one.key: one for one in line.figures}
        row: list[Value] = [line.name]
        for key in named:
            cell = found.get(key)
            row.append(_number(cell, unknown) if cell else None)
            row += [cell.of if cell else None] if _has_rate(figures, key) else []
        rows.append(row)
    _table(sheet, head, rows)


def _has_rate(figures: FigureSet, key: str) -> bool:
    return any(one.key == key and one.of is not None for line in figures.lines for one in line.figures)


def _definitions(sheet: Any, figures: FigureSet, words: Words) -> None:
    every = {one.key: one for one in figures.figures}
    for line in figures.lines:
        for one in line.figures:
            every.setdefault(one.key, one)
    head = [
        words.say("product/column_name"),
        words.say("product/column_meaning"),
        words.say("product/column_code"),
    ]
    rows = [[words.define(one).name, words.define(one).meaning, one.key] for one in every.values()]
    _table(sheet, head, rows)


def _table(
    sheet: Any,
    head: Sequence[str],
    rows: Sequence[Sequence[Value]],
    above: Sequence[str] = (),
    below: Sequence[str] = (),
) -> None:
    """The head is bold and stays in sight."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for index, text in enumerate(above, 1):
        _put(sheet.cell(index, 1), text).font = Font(bold=index == 1, size=14 if index == 1 else 11)
    top = len(above) + 1
    for column, text in enumerate(head, 1):
        cell = _put(sheet.cell(top, column), text)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE5EE")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            _put(sheet.cell(number, column), value)
    for number, text in enumerate(below, top + len(rows) + 2):
        _put(sheet.cell(number, 1), text).font = Font(italic=True)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    _widths(sheet, head, rows)
    _printed(sheet, top)


def _printed(sheet: Any, head_row: int) -> None:
    """On paper: as wide as the page, lying, with the head on each page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head_row}:{head_row}"


def _put(cell: Any, value: Value) -> Any:
    """Write one value with its type; text is never read as a formula, a link or an error."""
    if isinstance(value, datetime):
        cell.value = value.astimezone(VIETNAM).replace(tzinfo=None)
        cell.number_format = _MOMENT
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = _DAY
    elif isinstance(value, _Rate):
        cell.value = float(value)
        cell.number_format = _RATE
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        cell.value = value
        cell.number_format = _WHOLE if value == int(value) else _FRACTION
    elif value is not None:
        cell.value = _text(str(value))
        cell.data_type = "s"
        cell.quotePrefix = cell.value[:1] in ("=", "+", "-", "@")
    return cell


def _text(value: str) -> str:
    """Without what a workbook cannot hold."""
    kept = "".join(one for one in value if ord(one) >= 32 or one in "\t\n")
    return kept[:_LONGEST]


def _widths(sheet: Any, head: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    from openpyxl.utils import get_column_letter

    for column, text in enumerate(head):
        longest = max((_length(row[column]) for row in rows[:500]), default=0)
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(
            _WIDEST, max(12, longest + 2, min(len(text), 24) + 2)
        )


def _length(value: Value) -> int:
    """About how many characters stand in the cell."""
    if value is None or isinstance(value, _Rate):
        return 0
    return 16 if isinstance(value, date) else len(str(value))
