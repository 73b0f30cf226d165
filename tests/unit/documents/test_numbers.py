"""Numbers of documents in every spelling that people use."""

from __future__ import annotations

import pytest

from backend.domain.document_number import kind_of, number_key, read_number


@pytest.mark.parametrize(
    "typed",
    [
        "1234/QĐ-UBND",
        "1234/qd-ubnd",
        "1234 QĐ-UBND",
        "1234-QĐ/UBND",
        "Số: 1234 / QĐ - UBND",
        "01234/QĐ-UBND",
        "QĐ 1234/UBND",
        "quyết định số 1234/UBND",
        "quyết định 1234/QĐ-UBND",
        "quyet dinh so 1234/qd-ubnd",
    ],
)
def test_spellings_of_one_number_have_one_key(typed: str) -> None:
    assert number_key(typed) == number_key("1234/QĐ-UBND")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1234/QĐ-UBND", "1234/KH-UBND"),
        ("1234/QĐ-UBND", "123/QĐ-UBND"),
        ("77/2024/QĐ-UBND", "77/2025/QĐ-UBND"),
        ("12/QĐ-UBND", "12a/QĐ-UBND"),
        ("15-NQ/TU", "15-KH/TU"),
    ],
)
def test_different_numbers_have_different_keys(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


@pytest.mark.parametrize(
    ("typed", "printed", "meant"),
    [
        ("1234", "1234/QĐ-UBND", True),
        ("1234/UBND", "1234/QĐ-UBND", True),
        ("qd 1234", "1234/QĐ-UBND", True),
        ("77/QĐ-UBND", "77/2024/QĐ-UBND", True),
        ("77/2025/QĐ-UBND", "77/2024/QĐ-UBND", False),
        ("1234/KH", "1234/QĐ-UBND", False),
        ("123", "1234/QĐ-UBND", False),
    ],
)
def test_what_was_left_out_may_be_anything(typed: str, printed: str, meant: bool) -> None:
    one, other = read_number(typed), read_number(printed)
    assert one is not None
    assert other is not None
    assert one.like(other) is meant


def test_years_and_letters_are_told_apart() -> None:
    read = read_number("136/2025/QH15")
    assert read is not None
    assert (read.serial, read.year, read.letters) == (136, 2025, "qh15")
    assert read_number("không số") is None


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("1234/QĐ-UBND", "quyết định"),
        ("12/CT-UBND", "chỉ thị"),
        ("1502/UBND-NC", "công văn"),
        ("88/TB-VP", "thông báo"),
        ("203", ""),
    ],
)
def test_the_number_tells_the_kind(number: str, kind: str) -> None:
    assert kind_of(number) == kind
