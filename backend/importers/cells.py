"""What a cell may hold beside text and dates: sums of money, whole numbers, telephone numbers. Nothing is guessed."""

from __future__ import annotations

import re

from backend.text.phones import normalise_phone

_SUM = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(?:đ|đồng|vnd|vnđ)?", re.IGNORECASE | re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
#: Less than this is no fee of today: a spreadsheet that took "20.000" for twenty.
_LEAST_VND, _MOST_VND = 1000, 10**12


def sum_of(text: str) -> int | None:
    """ "20.000 đồng" -> 20000; None for what is no whole sum."""
    match = _SUM.fullmatch(text)
    return int(re.sub(r"[.,]", "", match[1])) if match else None


def read_vnd(text: str) -> int:
    """A sum in đồng. Raises ValueError, which says in Vietnamese why it cannot be one."""
    if text.startswith(("-", "−", "(")):
        raise ValueError(f"“{text[:40]}”: số tiền không được âm")
    found = sum_of(text)
    if found is None:
        raise ValueError(f"“{text[:40]}” không phải số tiền; hãy ghi số đồng nguyên, như 20000 hoặc 20.000")
    if found > _MOST_VND:
        raise ValueError(f"{found} đồng: số tiền lớn không hợp lý")
    if 0 < found < _LEAST_VND:
        raise ValueError(f"{found} đồng: có thể bảng tính đã hiểu dấu chấm hàng nghìn là dấu thập phân")
    return found


def read_whole(text: str) -> int:
    """A number from 0. Raises ValueError, which says in Vietnamese why it cannot be one."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"“{text[:40]}” không phải số nguyên từ 0")
    return int(text)


def first_zero(text: str) -> str:
    """The telephone number whose first zero was eaten by a spreadsheet that took it for a sum."""
    return "0" + text if len(text) == 9 and text.isascii() and text.isdigit() else text


def read_phone(text: str) -> str:
    """The number as 0xxxxxxxxx. Raises ValueError without the number in its message: it may be anybody's."""
    try:
        return normalise_phone(first_zero(text))
    except ValueError:
        raise ValueError("không phải số điện thoại Việt Nam") from None
