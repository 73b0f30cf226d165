from __future__ import annotations

from datetime import date

import pytest

from backend.text.dates import find_dates

TODAY = date(2026, 11, 21)  # a Saturday


def _spans(text: str, today: date = TODAY) -> list[tuple[str, str, str]]:
    return [(text[m.start : m.end], m.first.isoformat(), m.last.isoformat()) for m in find_dates(text, today)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24/11", "2026-11-24"),
        ("24/11/2026", "2026-11-24"),
        ("24 / 11 / 2026", "2026-11-24"),
        ("24/11/26", "2026-11-24"),
        ("12/03/1985", "1985-03-12"),
        ("24-11-2026", "2026-11-24"),
        ("24.11.2026", "2026-11-24"),
        ("2026-11-24", "2026-11-24"),
        ("ngày 24-11", "2026-11-24"),
        ("ngày 24 tháng 11 năm 2026", "2026-11-24"),
        ("ngay 24 thang 11 nam 2026", "2026-11-24"),
        ("24 tháng 11", "2026-11-24"),
        ("24 tháng 11 năm sau", "2027-11-24"),
        ("mùng 5 tháng 12", "2026-12-05"),
        ("ngày 15 tháng sau", "2026-12-15"),
        ("ngày hai mươi tư tháng mười một", "2026-11-24"),
        ("ngày 5 tháng sáu", "2027-06-05"),
        ("ngày 24", "2026-11-24"),
        ("ngày 5", "2026-12-05"),
        ("24/7", "2027-07-24"),
        ("22/9", "2026-09-22"),  # sixty days back
        ("21/9", "2027-09-21"),
        ("29/2", "2028-02-29"),
        ("thứ Năm tuần sau", "2026-11-26"),
        ("thứ Năm tuần này", "2026-11-19"),
        ("thu nam tuan truoc", "2026-11-12"),
        ("thứ năm tới", "2026-11-26"),
        ("thứ bảy", "2026-11-21"),
        ("thứ bảy tới", "2026-11-28"),
        ("thứ 5", "2026-11-26"),
        ("thứ sáu", "2026-11-27"),
        ("thứ hai đầu tuần", "2026-11-23"),
        ("chủ nhật", "2026-11-22"),
        ("chu nhat tuan sau", "2026-11-29"),
        ("thứ Năm, ngày 26/11", "2026-11-26"),
        ("hôm nay", "2026-11-21"),
        ("mai", "2026-11-22"),
        ("ngày mai", "2026-11-22"),
        ("sáng mai", "2026-11-22"),
        ("mốt", "2026-11-23"),
        ("ngay mot", "2026-11-23"),
        ("ngày kia", "2026-11-23"),
        ("hom qua", "2026-11-20"),
        ("3 ngày nữa", "2026-11-24"),
        ("2 tuần sau", "2026-12-05"),
        ("hai tuần nữa", "2026-12-05"),
        ("ba ngày trước", "2026-11-18"),
        ("3 tháng nữa", "2027-02-21"),
        ("3 tháng sau", "2027-02-21"),
        ("15 tháng sau", "2026-12-15"),
    ],
)
def test_a_day(text: str, day: str) -> None:
    assert _spans(text) == [(text, day, day)]
    before, after = "tôi muốn hẹn ", " buổi sáng được không"
    if text.isascii() and text[0].isalpha() and text != "mai":
        before, after = "toi muon hen ", " buoi sang duoc khong"
    assert _spans(before + text + after) == [(text, day, day)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("tuần này", "2026-11-16", "2026-11-22"),
        ("tuần sau", "2026-11-23", "2026-11-29"),
        ("tuan truoc", "2026-11-09", "2026-11-15"),
        ("cuối tuần sau", "2026-11-27", "2026-11-29"),
        ("tháng này", "2026-11-01", "2026-11-30"),
        ("tháng sau", "2026-12-01", "2026-12-31"),
        ("tháng sáu", "2027-06-01", "2027-06-30"),
        ("thang truoc", "2026-10-01", "2026-10-31"),
        ("tháng 9", "2026-09-01", "2026-09-30"),
        ("tháng 8", "2027-08-01", "2027-08-31"),
        ("tháng 2/2028", "2028-02-01", "2028-02-29"),
        ("11/2026", "2026-11-01", "2026-11-30"),
        ("đầu tháng 11", "2026-11-01", "2026-11-10"),
        ("giữa tháng 12", "2026-12-11", "2026-12-20"),
        ("cuối tháng 11 năm 2026", "2026-11-21", "2026-11-30"),
        ("quý III", "2026-07-01", "2026-09-30"),
        ("quý 4/2025", "2025-10-01", "2025-12-31"),
        ("quý I năm sau", "2027-01-01", "2027-03-31"),
        ("quý sau", "2027-01-01", "2027-03-31"),
        ("năm nay", "2026-01-01", "2026-12-31"),
        ("nam ngoai", "2025-01-01", "2025-12-31"),
        ("năm 2025", "2025-01-01", "2025-12-31"),
        ("6 tháng đầu năm", "2026-01-01", "2026-06-30"),
        ("6 tháng cuối năm 2025", "2025-07-01", "2025-12-31"),
        ("3 ngày tới", "2026-11-21", "2026-11-24"),
        ("2 tuần tới", "2026-11-21", "2026-12-05"),
        ("30 ngày qua", "2026-10-22", "2026-11-21"),
    ],
)
def test_a_span(text: str, first: str, last: str) -> None:
    carrier = "so lieu {} the nao" if text.isascii() else "số liệu {} thế nào"
    assert _spans(carrier.format(text)) == [(text, first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "31/2", "31 tháng 2", "ngày 31/2/2026", "45/13", "0/5",
        "nghị định 118/2025/NĐ-CP", "nghị định 12/2025", "hồ sơ H50.34.02-261008-0975", "gọi 0912345678",
        "lệ phí 1.000.000 đồng", "thu 5 triệu", "chị Mai ở Việt Nam nay đã về", "trợ cấp mai táng phí",
        "lần thứ hai", "vào năm thứ hai", "một hồ sơ", "tôi nay đã già", "trực 24/7", "trong 15 ngày làm việc",
        "miền Nam sau mưa",
        "6 tháng 5 ngày", "quỹ 2", "ngày một tốt hơn", "việc thu 5 khoản", "",
    ],
)  # fmt: skip
def test_not_a_date(text: str) -> None:
    assert _spans(text) == []


@pytest.mark.parametrize(
    "text", ["thu nam tuan sau", "ngay 24 thang 11", "chieu mai", "tuan sau", "dau thang 12"]
)
def test_words_without_marks_amid_words_with_them(text: str) -> None:
    assert [surface for surface, _, _ in _spans(f"tôi muốn hẹn {text} được không")] == [text]


def test_several_in_order() -> None:
    assert _spans("từ 1/12 đến 15/12, hoặc tuần sau") == [
        ("1/12", "2026-12-01", "2026-12-01"),
        ("15/12", "2026-12-15", "2026-12-15"),
        ("tuần sau", "2026-11-23", "2026-11-29"),
    ]


def test_across_the_year_and_the_ends_of_months() -> None:
    assert _spans("mai", date(2026, 12, 31)) == [("mai", "2027-01-01", "2027-01-01")]
    assert _spans("5/12", date(2027, 1, 10)) == [("5/12", "2026-12-05", "2026-12-05")]
    assert _spans("1 tháng nữa", date(2027, 1, 31)) == [("1 tháng nữa", "2027-02-28", "2027-02-28")]
    assert _spans("quý trước", date(2027, 1, 5)) == [("quý trước", "2026-10-01", "2026-12-31")]
    assert _spans("tháng sau", date(2026, 12, 5)) == [("tháng sau", "2027-01-01", "2027-01-31")]


@pytest.mark.parametrize(
    ("text", "said", "first", "last"),
    [
        ("nộp hqua rồi", "hqua", "2026-11-20", "2026-11-20"),
        ("hnay có tiếp không", "hnay", "2026-11-21", "2026-11-21"),
        ("t5 tuần sau", "t5 tuần sau", "2026-11-26", "2026-11-26"),
        ("sáng t3", "sáng t3", "2026-11-24", "2026-11-24"),
        ("việc t11", "t11", "2026-11-01", "2026-11-30"),
        ("t5/2026", "t5/2026", "2026-05-01", "2026-05-31"),
        ("tuần 46", "tuần 46", "2026-11-09", "2026-11-15"),
        ("tuần vừa rồi", "tuần vừa rồi", "2026-11-09", "2026-11-15"),
        ("tháng ni", "tháng ni", "2026-11-01", "2026-11-30"),
        ("cuối quý", "cuối quý", "2026-12-01", "2026-12-31"),
        ("đầu tháng", "đầu tháng", "2026-11-01", "2026-11-10"),
        ("hết tháng", "hết tháng", "2026-11-21", "2026-11-30"),
        ("q3/2026", "q3/2026", "2026-07-01", "2026-09-30"),
        ("9 tháng đầu năm", "9 tháng đầu năm", "2026-01-01", "2026-09-30"),
        ("3 tháng cuối năm 2025", "3 tháng cuối năm 2025", "2025-10-01", "2025-12-31"),
        ("đêm qua", "đêm qua", "2026-11-20", "2026-11-20"),
    ],
)
def test_offices_and_chats_write_shorter(text: str, said: str, first: str, last: str) -> None:
    assert _spans(text) == [(said, first, last)]


@pytest.mark.parametrize(
    "text", ["nộp hơn ba tháng rồi", "cả tháng nay", "thai tuần 30", "tuần 60", "toi qua phuong nop", "q5"]
)
def test_how_long_is_not_when(text: str) -> None:
    assert _spans(text) == []
