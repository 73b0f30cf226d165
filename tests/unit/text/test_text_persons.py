"""Telephone numbers and masking."""

from __future__ import annotations

import pytest

from backend.text.mask import mask_id_number, mask_name, mask_text
from backend.text.phones import find_phones, last_digits_match, mask_phone, normalise_phone


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("09-1234-5678", "0912345678"),
        ("+84912345678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("+84 (0)912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0084 912345678", "0912345678"),
        ("(024) 3825 1234", "02438251234"),
        ("0233.3852.123", "02333852123"),
        ("０９１２３４５６７８", "0912345678"),
    ],
)
def test_phones(typed: str, value: str) -> None:
    assert normalise_phone(f" {typed} ") == value
    text = f"gọi {typed}, 3 lần"
    (mention,) = find_phones(text)
    assert (text[mention.start : mention.end], mention.value) == (typed, value)


@pytest.mark.parametrize(
    "text",
    ["034912345678", "091234567", "H50.34-261008-0975", "24/11/2026", "1.000.000.000", "0912345678-01", ""],
)  # fmt: skip
def test_no_phone(text: str) -> None:
    assert find_phones(text) == []
    with pytest.raises(ValueError, match="not a Vietnamese"):
        normalise_phone(text)


def test_mask_phone() -> None:
    assert mask_phone("0912345678") == "091*****78"
    assert mask_phone("+84 912 345 678") == "091*****78"
    assert mask_phone("12345") == "***45"
    assert mask_phone("123") == "***"


def test_last_digits_match() -> None:
    assert last_digits_match("0912345678", "5678")
    assert last_digits_match("+84 912 345 678", "678")
    assert not last_digits_match("0912345678", "5679")
    assert not last_digits_match("0912345678", "78")  # too few to prove anything
    assert not last_digits_match("0912345678", "")
    assert not last_digits_match("5678", "0912345678")


def test_mask_name() -> None:
    assert mask_name("Nguyễn Văn An") == "N*** V*** An"
    assert mask_name("An") == "A***"
    assert mask_name("  ") == ""


def test_mask_id_number() -> None:
    assert mask_id_number("001099012345") == "*********345"
    assert mask_id_number("123 456 789") == "******789"
    assert mask_id_number("12345") == "*****"


def test_mask_text_keeps_codes_and_money() -> None:
    text = (
        "SĐT 0912 345 678, CCCD 001.099.012.345, cmnd 123456789, thư an.nv@example.vn, mã H50.34-261008-0975"
    )
    assert mask_text(text) == (
        "SĐT 091*****78, CCCD *********345, cmnd ******789, thư a***@example.vn, mã H50.34-261008-0975"
    )
    for kept in ("250.000.000 đồng", "G09.20-20260609-0092637", "24/11/2026", "1234/QĐ-UBND"):
        assert mask_text(kept) == kept
