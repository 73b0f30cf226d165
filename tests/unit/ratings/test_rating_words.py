"""Stars, points and words as people write them."""

from __future__ import annotations

import pytest

from backend.domain.rating import Reason
from backend.services.rating_words import read_reasons, read_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("1", 1),
        ("cho 4 điểm", 4),
        ("5 sao", 5),
        ("e vote 5* luôn", 5),
        ("5☆", 5),
        ("★★★★", 4),
        ("⭐⭐", 2),
        ("năm sao", 5),
        ("nam sao nha", 5),
        ("4 sao rưỡi", 5),
        ("3,5 sao", 4),
        ("9 điểm", 5),
        ("10/10", 5),
        ("4/5", 4),
        ("7/10", 4),
        ("3,5 trên năm", 4),
        ("7 điểm trên 10", 4),
        ("4 điểm trên 10", 2),
        ("100 điểm", 5),
        ("0 điểm", 1),
        ("điểm mười", 5),
        ("2đ", 2),
        ("rất hài lòng", 5),
        ("rat hai long", 5),
        ("Hài lòng", 4),
        ("bình thường", 3),
        ("không hài lòng", 2),
        ("ko hai long", 2),
        ("rất không hài lòng", 1),
        ("rất tệ", 1),
        ("tệ", 2),
        ("dở ẹc", 1),
        ("xuất sắc", 5),
        ("tạm được", 3),
        ("very dissatisfied", 1),
        ("excellent", 5),
        ("two stars", 2),
        ("lần này 4 sao, lần sau cho 5 sao", 4),
    ],
)
def test_values(text: str, value: int) -> None:
    assert read_value(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sao vậy",
        "hai lần",
        "tôi muốn đánh giá",
        "năm ngoái",
        "8/5",
        "sao không thấy mục đánh giá",
        "H50.34",
    ],
)
def test_what_is_no_value(text: str) -> None:
    assert read_value(text) is None


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("thái độ", [Reason.ATTITUDE]),
        ("đúng hẹn, thủ tục gọn", [Reason.ON_TIME, Reason.SIMPLE]),
        ("khong dung hen, phai di lai nhieu", [Reason.LATE, Reason.TRIPS]),
        ("hướng dẫn không rõ", [Reason.UNCLEAR]),
        ("chưa giải quyết đúng việc", [Reason.UNSOLVED]),
        ("tôi chấm 4 sao", []),
        ("rude and slow", [Reason.ATTITUDE, Reason.LATE]),
    ],
)
def test_reasons(text: str, reasons: list[Reason]) -> None:
    assert list(read_reasons(text)) == reasons
