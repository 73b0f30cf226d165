"""The national catalogue's flattened texts come apart where their cells met."""

from __future__ import annotations

import pytest

from backend.domain.procedure import FeeRule, FilingChannel, TimeLimit, TimeUnit
from backend.importers.catalogue_fees import channels
from backend.importers.catalogue_text import (
    agencies,
    clean,
    legal_texts,
    lines,
    names_district,
    paper_cases,
    results,
)

HEAD = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"


def test_papers_end_at_their_quantity() -> None:
    (case,) = paper_cases(
        f"--{HEAD}- Đơn xin phép.1 bản chínhẢnh chụp hiện trạng2 bản chính,1 bản saoBản vẽ0 bản chính,3 bản sao"
    )
    assert [(p.name, p.originals, p.copies) for p in case.items] == [
        ("Đơn xin phép.", 1, 0),
        ("Ảnh chụp hiện trạng", 2, 1),
        ("Bản vẽ", 0, 3),
    ]


def test_a_heading_stands_before_its_table() -> None:
    cases = paper_cases(f"a) Cá nhân{HEAD}Đơn1 bản chínhb) Tổ chức{HEAD}Quyết định1 bản sao")
    assert [(one.case, [p.name for p in one.items]) for one in cases] == [
        ("a) Cá nhân", ["Đơn"]),
        ("b) Tổ chức", ["Quyết định"]),
    ]


def test_quantities_inside_a_name_do_not_end_it() -> None:
    (case,) = paper_cases(f"--{HEAD}Hồ sơ (gồm 01 bản chính; 02 bản sao).1 bản chính")
    assert [p.name for p in case.items] == ["Hồ sơ (gồm 01 bản chính; 02 bản sao)."]


def test_the_form_is_the_file_that_runs_on() -> None:
    (case,) = paper_cases(f"--{HEAD}Đơn theo Nghị định số 258/2025/NĐ-CPMẫu số 01.docx1 bản chính")
    assert (case.items[0].name, case.items[0].form) == ("Đơn theo Nghị định số 258/2025/NĐ-CP", "Mẫu số 01")


def test_papers_without_a_table_are_kept_whole() -> None:
    (case,) = paper_cases("Theo hướng dẫn của cơ quan")
    assert [p.name for p in case.items] == ["Theo hướng dẫn của cơ quan"]
    assert paper_cases("Không có thông tin") == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Tên văn bản pháp lýMã văn bảnLuật Đất31/2024/QH15Về đất101/2024/NĐ-CP", ["31/2024/QH15", "101/2024/NĐ-CP"]),
        ("Nghị định 101/2024/NĐ-CP101/2024/NĐ-CPThông tư quy định08/2025/TT-BTP", ["101/2024/NĐ-CP", "08/2025/TT-BTP"]),
        ("quy định phân cấp140/2025/NĐ-CPsửa đổi14/2026/NĐ-CP", ["140/2025/NĐ-CP", "14/2026/NĐ-CP"]),
        ("Luật 60/2014/QH1360/2014/QH13", ["60/2014/QH13"]),
        ("Quyết định29/2026/QĐ-TTgLuật Hộ tịch60/2014/QH13", ["29/2026/QĐ-TTg", "60/2014/QH13"]),
    ],
)  # fmt: skip
def test_numbers_end_where_the_next_name_begins(text: str, numbers: list[str]) -> None:
    assert [one.number for one in legal_texts(text)] == numbers


def test_results_lose_their_codes_into_the_code() -> None:
    found = results("Thông báo.Mã: KQ.G10.000921Giấy chứng nhậnMã: G19-KQ0060102")
    assert [(one.name, one.code) for one in found] == [
        ("Thông báo", "KQ.G10.000921"),
        ("Giấy chứng nhận", "G19-KQ0060102"),
    ]


def test_steps_are_lines_and_never_lead_to_a_district() -> None:
    assert lines(
        "- Bước 1: Nộp hồ sơ ở xã. Bước 2: Chờ.\n+ Nộp tại UBND cấp huyện nơi có đất\nNhận kết quả"
    ) == (
        "Bước 1: Nộp hồ sơ ở xã.",
        "Bước 2: Chờ.",
        "Nhận kết quả",
    )


def test_agencies_of_abolished_districts_are_left_out() -> None:
    assert agencies("Bảo hiểm xã hội cấp Tỉnh, Bảo hiểm xã hội cấp huyện") == "Bảo hiểm xã hội cấp Tỉnh"
    assert names_district("nộp ở UBND huyện")
    assert not names_district("nộp ở xã")


def test_the_portals_empty_value_is_empty_and_marks_are_composed() -> None:
    assert clean("Không có thông tin") == ""
    assert clean("Hô\u0323 ti\u0323ch") == "Hộ tịch"


def _row(**more: object) -> dict[str, object]:
    return {
        "kenh": "Trực tiếp",
        "so": "5",
        "don_vi": "Ngày làm việc",
        "phi": [],
        "ghi_mien_phi": True,
        "mo_ta": "Miễn phí",
    } | more


@pytest.mark.parametrize(
    ("told", "legal", "steps", "rule"),
    [
        ("Miễn phí", "", "", FeeRule.FREE),
        ("Miễn phí(Không)", "", "", FeeRule.FREE),
        ("Miễn phí(Theo quy định của Hội đồng nhân dân cấp tỉnh)", "", "", FeeRule.LOCAL),
        ("Miễn phí(do Ủy ban nhân dân cấp tỉnh quy định.)", "", "", FeeRule.LOCAL),
        ("Miễn phí(Thông tư số 60/2023/TT-BTC quy định mức thu)", "", "", FeeRule.OTHER_RULE),
        ("Miễn phí(Không quy định)", "", "", FeeRule.UNKNOWN),
        ("Miễn phí", "85/2019/TT-BTC", "", FeeRule.LOCAL),
        ("Miễn phí", "", "người yêu cầu nộp lệ phí theo quy định", FeeRule.UNKNOWN),
        ("Miễn phí05 ngày làm việc, kể từ ngày nhận đủ hồ sơ", "", "", FeeRule.FREE),
    ],
)  # fmt: skip
def test_free_is_believed_only_where_nothing_speaks_against_it(
    told: str, legal: str, steps: str, rule: FeeRule
) -> None:
    (channel,) = channels([_row(mo_ta=told)], legal, steps)
    assert channel.fee_rule is rule


def test_foreign_currency_is_told_in_words() -> None:
    (channel,) = channels(
        [_row(ghi_mien_phi=False, mo_ta="10 USD(/bản)Tại cơ quan đại diện: 10 USD/bản.")], "", ""
    )
    assert channel.fee_rule is FeeRule.OTHER_RULE
    assert "10 USD" in channel.note


def test_amounts_are_fixed_fees() -> None:
    row = _row(
        ghi_mien_phi=False, phi=[{"vnd": 20000, "ghi_chu": "/lần"}], mo_ta="20,000 Việt Nam Đồng(/lần)"
    )
    (channel,) = channels([row], "", "")
    assert (channel.fee_rule, channel.fees[0].vnd, channel.fees[0].note) == (FeeRule.FIXED, 20000, "/lần")


@pytest.mark.parametrize(
    ("raw", "unit", "time"),
    [
        ("1", "không ghi đơn vị", TimeLimit(1, TimeUnit.SAME_DAY)),
        ("3", "không ghi đơn vị", TimeLimit(3, TimeUnit.WORKING_DAY)),
        ("15", "Ngày", TimeLimit(15, TimeUnit.DAY)),
        ("1", "Tháng", TimeLimit(1, TimeUnit.MONTH)),
        ("1100", "không ghi đơn vị", None),
        (None, None, None),
        ("0", "Ngày", None),
    ],
)
def test_times_with_and_without_units(raw: str | None, unit: str | None, time: TimeLimit | None) -> None:
    (channel,) = channels([_row(so=raw, don_vi=unit)], "", "")
    assert channel.time == time


def test_an_unknown_channel_is_left_out() -> None:
    assert channels([_row(kenh="Bồ câu")], "", "") == ()
    assert channels([_row(kenh="Trực tuyến")], "", "")[0].channel is FilingChannel.ONLINE
