"""What people type into the booking form is read, or refused with a reason."""

from __future__ import annotations

from typing import Any, cast

import pytest

from actions.base import Refused, Turn
from actions.reception_fields import read_decision, read_name, read_people, read_phone, topic_of
from backend.domain.messaging import Address, ChannelName
from backend.domain.ports import UnitOfWork
from backend.domain.understanding import NOTHING
from backend.domain.viewer import Viewer
from backend.services.reception.booking import read_code

VIEWER = Viewer(1, Address(ChannelName.WEB, "main", "a"))


def said(text: str) -> Turn:
    return Turn(cast(UnitOfWork, None), VIEWER, text, NOTHING, {})


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("1", 1),
        ("một mình", 1),
        ("toi di mot minh", 1),
        ("5 người", 5),
        ("hai vợ chồng", 2),
        ("chúng tôi bảy người", 7),
    ],
)
def test_people(text: str, people: int) -> None:
    assert read_people(said(text), {}) == people


@pytest.mark.parametrize("text", ["đông lắm", "0", "5000"])
def test_people_unclear(text: str) -> None:
    with pytest.raises(Refused):
        read_people(said(text), {})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("em tên là Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("dạ tôi tên Lê  Văn Bảy.", "Lê Văn Bảy"),
        ("Toàn", "Toàn"),
        ("H' Liên Niê", "H' Liên Niê"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert read_name(said(text), {}) == name


@pytest.mark.parametrize("text", ["0912345678", "x", "", "a" * 100])
def test_names_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_name(said(text), {})


def test_phone() -> None:
    assert read_phone(said("số của tôi 0912.345.678 nhé"), {}) == "0912345678"
    for unclear in ("không có", "0912345678 hoặc 0987654321"):
        with pytest.raises(Refused):
            read_phone(said(unclear), {})


@pytest.mark.parametrize(
    ("text", "number"),
    [("chưa", ""), ("dạ không có", ""), ("QĐ 123/QĐ-UBND ngày 5/3", "QĐ 123/QĐ-UBND ngày 5/3")],
)
def test_an_earlier_decision(text: str, number: str) -> None:
    assert read_decision(said(text), {}) == number


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("xin gặp chủ tịch tỉnh để trình bày việc đền bù đất làm cao tốc", "đền bù đất làm cao tốc"),
        ("dang ky gap lanh dao tinh ve vu tranh chap loi di chung", "tranh chap loi di chung"),
        ("đăng ký tiếp công dân nội dung tranh chấp ranh đất", "tranh chấp ranh đất"),
        ("Tôi muốn đăng ký gặp chủ tịch tỉnh", None),
        ("em mới về quê, cho em đăng ký gặp chủ tịch", None),
        ("cho tôi đăng ký tiếp dân thứ năm tuần sau", None),
    ],
)
def test_the_topic_in_the_first_message(text: str, topic: str | None) -> None:
    assert topic_of(text) == topic


@pytest.mark.parametrize(
    ("text", "code"),
    [("hủy TD-261121-0001", "TD-261121-0001"), ("td 261121 0001", "TD-261121-0001"), ("hủy lịch", None)],
)
def test_booking_codes(text: str, code: Any) -> None:
    assert read_code(text) == code
