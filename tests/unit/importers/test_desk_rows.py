"""Rows of desks' tables as people fill them in: what is understood, and what is refused with column and reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from backend.domain.petition import PetitionKind, PetitionSource
from backend.domain.petition_paper import ForwarderKind
from backend.domain.reception_total import DayTotal, Sitting
from backend.domain.scope import ROLES
from backend.importers import accounts_table, fees_table, petitions_table, ratings_table, visits_table
from backend.importers.base import Item
from backend.importers.cells import read_phone, read_vnd, read_whole
from backend.importers.office_table import OfficeRow
from backend.importers.role_names import ROLE_NAMES
from backend.importers.sheets import FormulaCell

ACCOUNT = {"name": "binh", "full_name": "Trần Văn Bình", "agency": "Sở Xây dựng", "roles": "Cán bộ"}
FEE = {"code": "H50.34-261008-0975", "agency": "Sở Xây dựng", "on": "08/10/2026", "amount": "20000"}
RATING = {"on": "20/11/2026", "code": "H50.34-261008-0975", "value": "Hài lòng", "channel": "Tại quầy"}
VISIT = {
    "on": "15/10/2026", "agency": "Sở Xây dựng", "sitting": "Định kỳ", "visits": "3", "people": "7",
    "groups": "1", "in_groups": "5",
}  # fmt: skip
PETITION = {
    "number": "12", "received": "20/11/2026", "kind": "Kiến nghị", "way": "Bưu chính", "text": "Đề nghị sửa đường",
    "name": "Nguyễn Văn A", "phone": "912345678",
}  # fmt: skip
GOOD: dict[Any, dict[str, Any]] = {
    accounts_table: ACCOUNT,
    fees_table: FEE,
    ratings_table: RATING,
    visits_table: VISIT,
    petitions_table: PETITION,
}


def read(module: Any, **more: Any) -> Any:
    return module.read_row(OfficeRow(7, {**GOOD[module], **more}, module.COLUMNS))


def value(module: Any, **more: Any) -> Any:
    found = read(module, **more)
    assert isinstance(found, Item), found
    return found.value


def refused(module: Any, **more: Any) -> list[tuple[str, str]]:
    found = read(module, **more)
    assert not isinstance(found, Item), found
    assert {one.row for one in found} == {7}
    return [(one.field, one.reason) for one in found]


@pytest.mark.parametrize("module", GOOD, ids=lambda one: one.__name__)
def test_the_template_s_own_example_can_be_read(module: Any) -> None:
    example = {name: one for name, (_headings, one) in module.COLUMNS.items() if one}
    assert isinstance(module.read_row(OfficeRow(2, example, module.COLUMNS)), Item)


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module, row in GOOD.items() for name in row],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_a_formula_is_never_a_value(module: Any, name: str) -> None:
    reasons = refused(module, **{name: FormulaCell("=A1")})
    assert (module.COLUMNS[name][0][0], "ô chứa công thức, hãy dán giá trị") in reasons


def test_roles_in_vietnamese_or_by_name() -> None:
    assert value(accounts_table, roles="Văn thư; BỘ PHẬN MỘT CỬA, agency_head").roles == {
        "clerk",
        "one_stop",
        "agency_head",
    }
    assert set(ROLE_NAMES.values()) == set(ROLES)
    for role in ROLES:
        assert value(accounts_table, roles=role).roles == {role}


def test_an_empty_cell_tells_nothing_and_a_dash_empties() -> None:
    told = value(accounts_table)
    assert (told.title, told.fields, told.block, told.active) == (None, None, None, None)
    told = value(accounts_table, title="-", fields="Đất đai; Xây dựng", block="-", active="Khóa")
    assert (told.title, told.fields, told.block, told.active) == ("", ("Đất đai", "Xây dựng"), (), False)


@pytest.mark.parametrize(
    ("module", "change", "column", "why"),
    [
        (accounts_table, {"name": ""}, "Tên đăng nhập", "thiếu"),
        (accounts_table, {"full_name": ""}, "Họ tên", "thiếu"),
        (accounts_table, {"roles": ""}, "Vai trò", "thiếu"),
        (accounts_table, {"roles": "Chủ tịch"}, "Vai trò", "không phải vai trò"),
        (accounts_table, {"roles": "Cán bộ; Vua"}, "Vai trò", "“Vua”"),
        (accounts_table, {"active": "có lẽ"}, "Trạng thái", "không hiểu"),
        (fees_table, {"code": ""}, "Mã hồ sơ", "thiếu"),
        (fees_table, {"code": "261008-0975"}, "Mã hồ sơ", "không phải mã hồ sơ đầy đủ"),
        (fees_table, {"on": "08/10/26"}, "Ngày phát sinh", "bốn chữ số"),
        (fees_table, {"on": "46346"}, "Ngày phát sinh", "là số"),
        (fees_table, {"on": ""}, "Ngày phát sinh", "thiếu"),
        (fees_table, {"amount": ""}, "Số tiền", "thiếu"),
        (fees_table, {"amount": "-20000"}, "Số tiền", "âm"),
        (fees_table, {"amount": "(20.000)"}, "Số tiền", "âm"),
        (fees_table, {"amount": "20.000,50"}, "Số tiền", "không phải số tiền"),
        (fees_table, {"amount": "hai mươi nghìn"}, "Số tiền", "không phải số tiền"),
        (fees_table, {"amount": "20"}, "Số tiền", "hàng nghìn"),
        (fees_table, {"amount": "9" * 14}, "Số tiền", "không hợp lý"),
        (fees_table, {"online": "x"}, "Ngày nộp", "trực tuyến"),
        (fees_table, {"online": "qua ngân hàng"}, "Nộp trực tuyến", "không hiểu"),
        (fees_table, {"paid": "07/10/2026"}, "Ngày nộp", "trước ngày phát sinh"),
        (ratings_table, {"on": "20/11/26"}, "Ngày đánh giá", "bốn chữ số"),
        (ratings_table, {"value": ""}, "Mức đánh giá", "thiếu"),
        (ratings_table, {"value": "6"}, "Mức đánh giá", "không hiểu"),
        (ratings_table, {"value": "-1"}, "Mức đánh giá", "không hiểu"),
        (ratings_table, {"code": ""}, "Cơ quan", "thiếu"),
        (ratings_table, {"code": "HS 12"}, "Mã hồ sơ", "không phải mã hồ sơ"),
        (ratings_table, {"sheet": "P1"}, "Mã phiếu", "chỉ ghi một trong"),
        (ratings_table, {"count": "2"}, "Số lượt", "là một lượt"),
        (ratings_table, {"code": "", "agency": "Sở Xây dựng", "count": "9999"}, "Số lượt", "nhiều hơn"),
        (ratings_table, {"channel": "bồ câu"}, "Kênh", "không hiểu"),
        (visits_table, {"on": "15/10/26"}, "Ngày tiếp", "bốn chữ số"),
        (visits_table, {"sitting": ""}, "Loại", "thiếu"),
        (visits_table, {"sitting": "hằng ngày"}, "Loại", "không hiểu"),
        (visits_table, {"visits": ""}, "Số lượt", "thiếu"),
        (visits_table, {"visits": "-3"}, "Số lượt", "không phải số nguyên"),
        (visits_table, {"visits": "2,5"}, "Số lượt", "không phải số nguyên"),
        (visits_table, {"visits": "100000"}, "Số lượt", "nhiều hơn"),
        (visits_table, {"in_groups": ""}, "Số người trong đoàn", "cần số người"),
        (visits_table, {"in_groups": "8"}, "Số người trong đoàn", "nhiều hơn số người"),
        (visits_table, {"groups": "4"}, "Số đoàn đông người", "nhiều hơn số lượt"),
        (visits_table, {"groups": "0"}, "Số đoàn đông người", "không có đoàn"),
        (visits_table, {"groups": "3"}, "Số người", "chỉ có lượt của đoàn"),
        (visits_table, {"visits": "0", "people": "2", "groups": "", "in_groups": ""}, "Số người", "chỉ có lượt"),
        (petitions_table, {"number": ""}, "Số đơn", "thiếu"),
        (petitions_table, {"number": "1" * 61}, "Số đơn", "dài quá"),
        (petitions_table, {"received": "20/11/26"}, "Ngày nhận", "bốn chữ số"),
        (petitions_table, {"received": "11/20/2026"}, "Ngày nhận", "tháng 20"),
        (petitions_table, {"kind": ""}, "Loại đơn", "thiếu"),
        (petitions_table, {"kind": "Đơn nhiều nội dung"}, "Loại đơn", "không hiểu"),
        (petitions_table, {"way": "bồ câu"}, "Cách gửi", "không hiểu"),
        (petitions_table, {"text": ""}, "Nội dung", "thiếu"),
        (petitions_table, {"text": "Công văn (MẬT)"}, "Nội dung", "dấu mật"),
        (petitions_table, {"phone": "12345"}, "Điện thoại", "không phải số điện thoại"),
        (petitions_table, {"people": "hai"}, "Số người", "không phải số nguyên"),
        (petitions_table, {"answer": "Đã sửa"}, "Nội dung trả lời", "Giao giải quyết"),
        (petitions_table, {"outcome": "Thụ lý"}, "Hướng xử lý", "không hiểu"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_column_and_reason(
    module: Any, change: dict[str, str], column: str, why: str
) -> None:
    reasons = refused(module, **change)
    assert [field for field, _why in reasons] == [column]
    assert why in reasons[0][1]


def test_a_fee_with_its_day_of_payment() -> None:
    fee = value(fees_table, amount="1.250.000 đồng", paid=datetime(2026, 10, 9), online="Có").fee
    assert (fee.amount_vnd, fee.paid_on, fee.online) == (1_250_000, date(2026, 10, 9), True)
    assert value(fees_table, amount="0").fee.amount_vnd == 0


def test_values_of_ratings_in_words_stars_or_points() -> None:
    said = ("Rất hài lòng", "5", "5 sao", "5/5", "rat hai long")
    assert {value(ratings_table, value=one).value for one in said} == {5}
    one = value(ratings_table, code="", agency="Sở Xây dựng", count="12")
    assert (one.code, one.sheet, one.count, one.channel) == ("", "", 12, "desk")
    assert value(ratings_table, channel="").channel == "other"


def test_a_day_s_total() -> None:
    one = value(visits_table)
    assert (one.sitting, one.total) == (Sitting.REGULAR_DAY, DayTotal(date(2026, 10, 15), 3, 7, 1, 5))
    assert value(visits_table, groups="", in_groups="").total == DayTotal(date(2026, 10, 15), 3, 7)


def test_a_letter_with_its_forwarder() -> None:
    entry = value(
        petitions_table,
        kind="KHIẾU NẠI",
        way="Nơi khác chuyển đến",
        sender="Báo  An Hòa",
        sender_kind="Báo chí",
        sender_number="12/CV-BAH",
        sender_dated="18/11/2026",
        unsigned="x",
    ).entry
    assert (entry.new.kind, entry.new.source) == (PetitionKind.COMPLAINT, PetitionSource.FORWARDED)
    assert entry.new.reporter.phone == "0912345678"  # its zero was eaten
    assert (entry.origin.kind, entry.origin.place, entry.origin.dated) == (
        ForwarderKind.PRESS,
        "Báo An Hòa",
        date(2026, 11, 18),
    )
    assert not entry.paper.signed
    assert entry.register.place == "Sổ đơn thư 2026"


def test_no_refusal_repeats_what_a_person_wrote() -> None:
    told = refused(petitions_table, phone="0912 345 67x", text="Bà Lê Thị Kín (MẬT)", kind="")
    assert not [reason for _column, reason in told if "0912" in reason or "Kín" in reason]


@pytest.mark.parametrize("text", ["20000", "20.000", "20,000", "20.000đ", "20000 VND"])
def test_sums_as_they_are_written(text: str) -> None:
    assert read_vnd(text) == 20000


def test_whole_numbers_and_telephones() -> None:
    assert (read_whole("0"), read_whole("012")) == (0, 12)
    assert read_phone("912345678") == read_phone("+84 912 345 678") == "0912345678"
    for bad in ("", "-1", "1.0", "٣", "1" * 10):
        with pytest.raises(ValueError, match="số nguyên"):
            read_whole(bad)
