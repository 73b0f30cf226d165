"""English days mean the same as the Vietnamese ones."""

from __future__ import annotations

from datetime import date

import pytest

from backend.text.dates import find_dates

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("said", "vietnamese"),
    [
        ("today", "hôm nay"),
        ("the day after tomorrow", "ngày mốt"),
        ("next Thursday", "thứ năm tuần sau"),
        ("Monday next week", "thứ hai tuần sau"),
        ("this week", "tuần này"),
        ("next month", "tháng sau"),
        ("the end of next month", "cuối tháng sau"),
        ("in December", "tháng 12"),
        ("3rd of December", "3/12"),
        ("December 3, 2027", "3/12/2027"),
        ("24 Nov", "24/11"),
        ("2 weeks ago", "2 tuần trước"),
        ("in three days", "3 ngày nữa"),
        ("last year", "năm trước"),
    ],
)
def test_it_is_the_same_day(said: str, vietnamese: str) -> None:
    (english,) = find_dates(f"my appointment, {said} please", TODAY)
    (expected,) = find_dates(vietnamese, TODAY)
    assert (english.first, english.last) == (expected.first, expected.last)


def test_the_span_is_where_it_was_written() -> None:
    text = "can I come next Thursday or on 24/11?"
    assert [text[one.start : one.end] for one in find_dates(text, TODAY)] == ["next Thursday", "24/11"]


@pytest.mark.parametrize(
    "text", ["may tinh hu roi", "thu phi bao nhieu", "mon nay", "31 February", "in 999999 years"]
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert find_dates(text, TODAY) == []
