"""The workbook as an officer's Excel reads it."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from backend.domain.figure import Origin, Unit
from backend.products.workbook import Rows, figure_workbook
from tests.unit.products.texts import WORDS, figure, figures


def read(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def table(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def head_row(sheet: Any) -> int:
    """The frozen head's number."""
    return int(sheet.freeze_panes[1:]) - 1


def test_each_sheet_has_its_part() -> None:
    book = read(figure_workbook(figures(), WORDS))
    assert book.sheetnames == ["Số liệu", "Theo đơn vị", "Định nghĩa"]
    assert all(sheet.freeze_panes for sheet in book)
    cells = table(book["Số liệu"])
    assert [cells[0][0], cells[1][0], cells[2][0]] == [
        "Giải quyết hồ sơ thủ tục hành chính",
        "Từ 01/01/2026 đến 14/11/2026",
        "Phạm vi: toàn tỉnh.",
    ]
    definitions = table(book["Định nghĩa"])
    assert definitions[1:] == [
        ["Hồ sơ tiếp nhận", "Đếm hồ sơ theo ngày.", "dossiers/received"],
        ["Hồ sơ trả quá hạn", "Đếm hồ sơ theo ngày.", "dossiers/late"],
    ]


def test_numbers_are_numbers_and_days_are_days() -> None:
    sheet = read(figure_workbook(figures(), WORDS))["Số liệu"]
    top = head_row(sheet)
    named = {str(cell.value): cell.column for cell in sheet[top]}
    late = {name: sheet.cell(top + 2, column) for name, column in named.items()}
    assert (late["Giá trị"].value, late["Giá trị"].number_format) == (1063, "#,##0")
    assert late["Mẫu số"].value == 65_761
    assert late["Tỷ lệ"].value == pytest.approx(1063 / 65_761)
    assert late["Tỷ lệ"].number_format == "0.00%"
    assert (late["Từ ngày"].value, late["Từ ngày"].number_format) == (datetime(2026, 1, 1), "dd/mm/yyyy")
    assert late["Nguồn cập nhật lúc"].value == datetime(2026, 11, 22, 9, 0)  # Vietnam's time
    received = {name: sheet.cell(top + 1, column).value for name, column in named.items()}
    assert received["Kỳ so sánh"] == 121_000


def test_not_known_stays_words_and_zero_a_number() -> None:
    sheet = read(figure_workbook(figures((128_063, 0, None)), WORDS))["Theo đơn vị"]
    assert [row[1] for row in table(sheet)[1:]] == [128_063, 0, "chưa có"]


HOSTILE = [
    "=1+1",
    "+84 912",
    "-5",
    "@SUM(A1)",
    '=HYPERLINK("http://example.vn","y")',
    "#REF!",
    "a\x00\x0bb",
    "https://example.vn",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_data_is_never_a_formula(text: str) -> None:
    rows = Rows(["Mã", "Hạn", "Số"], [[text, date(2026, 11, 22), None]])
    entered = figure("dossiers/received", 7, origin=Origin.ENTERED)
    book = read(figure_workbook(figures((1,), [text], figures=(entered,)), WORDS, rows))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    shown = "".join(one for one in text if ord(one) >= 32)
    assert book["Nhiệm vụ quá hạn"].cell(2, 1).value == shown
    assert book["Theo đơn vị"].cell(2, 1).value == shown
    assert book["Nhiệm vụ quá hạn"].cell(2, 2).value == datetime(2026, 11, 22)


def test_money_and_published_rates() -> None:
    given = (
        figure("dossiers/fees", Decimal("12985000000"), unit=Unit.DONG),
        figure("dossiers/rated", Decimal("99.5"), unit=Unit.PERCENT),
    )
    sheet = read(figure_workbook(figures(figures=given, lines=()), WORDS))["Số liệu"]
    top = head_row(sheet)
    assert sheet.cell(top + 1, 2).value == 12_985_000_000
    assert (sheet.cell(top + 2, 2).value, sheet.cell(top + 2, 2).number_format) == (0.995, "0.00%")
