"""Tables of procedures that an office keeps itself."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from backend.domain.clock import VIETNAM
from backend.domain.procedure import FeeRule, FilingChannel, HandledBy, TimeUnit
from backend.importers.base import Item
from backend.importers.procedures_table import COLUMNS, read_row, write_template
from backend.importers.sheets import Cell, FormulaCell, read_sheet

AS_OF = datetime(2026, 11, 1, tzinfo=VIETNAM)
EXAMPLE: dict[str, Cell] = {name: example for name, (_headings, example) in COLUMNS.items()}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_imports_as_it_is(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"mau.{ending}"
    write_template(path)
    ((number, cells),) = read_sheet(path, {name: headings for name, (headings, _) in COLUMNS.items()})
    read = read_row(number, cells, "Sở Tư pháp", AS_OF)
    assert isinstance(read, Item)
    one = read.value
    assert (one.code, one.title, one.handled_by) == ("1.001193", "Đăng ký khai sinh", HandledBy.COMMUNE)
    assert one.valid_from == date(2026, 7, 1)
    assert [paper.name for case in one.papers for paper in case.items] == ["Tờ khai", "Giấy chứng sinh"]
    assert {channel.channel for channel in one.channels} == {FilingChannel.DIRECT, FilingChannel.ONLINE}
    assert one.channels[0].fee_rule is FeeRule.LOCAL
    assert one.channels[0].time is not None
    assert one.channels[0].time.unit is TimeUnit.SAME_DAY


@pytest.mark.parametrize(
    ("column", "cell", "heading"),
    [
        ("code", "12345", "Mã thủ tục"),
        ("title", "", "Tên thủ tục"),
        ("valid_from", "32/13/2026", "Hiệu lực từ"),
        ("valid_from", "", "Hiệu lực từ"),
        ("handled_by", "huyện", "Nơi giải quyết"),
        ("time_direct", "nhanh thôi", "Thời hạn trực tiếp"),
        ("papers", "Đơn | hai bản", "Giấy tờ"),
        ("source_url", "javascript:alert(1)", "Đường dẫn"),
        ("title", FormulaCell("=1+1"), "Tên thủ tục"),
    ],
)
def test_a_bad_cell_refuses_the_row_with_its_heading(column: str, cell: Cell, heading: str) -> None:
    read = read_row(2, {**EXAMPLE, column: cell}, "x", AS_OF)
    assert isinstance(read, tuple)
    assert [error.field for error in read] == [heading]
    assert read[0].row == 2


@pytest.mark.parametrize(
    ("cell", "rule", "sums"),
    [
        ("20.000 đồng", FeeRule.FIXED, [20000]),
        ("20000 (trực tiếp); 10.000", FeeRule.FIXED, [20000, 10000]),
        ("miễn phí", FeeRule.FREE, []),
        ("theo Thông tư 64/2025/TT-BTC", FeeRule.OTHER_RULE, []),
        ("do HĐND tỉnh quy định", FeeRule.LOCAL, []),
        ("", FeeRule.UNKNOWN, []),
    ],
)
def test_fees_as_people_write_them(cell: str, rule: FeeRule, sums: list[int]) -> None:
    read = read_row(2, {**EXAMPLE, "fee_direct": cell}, "x", AS_OF)
    assert isinstance(read, Item)
    channel = read.value.channels[0]
    assert (channel.fee_rule, [fee.vnd for fee in channel.fees]) == (rule, sums)


def test_a_line_with_a_colon_begins_a_case() -> None:
    read = read_row(2, {**EXAMPLE, "papers": "Cá nhân:\nĐơn | 1\nTổ chức:\nQuyết định | 0 | 1"}, "x", AS_OF)
    assert isinstance(read, Item)
    assert [(case.case, case.items[0].name) for case in read.value.papers] == [
        ("Cá nhân", "Đơn"),
        ("Tổ chức", "Quyết định"),
    ]
