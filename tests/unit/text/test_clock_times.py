"""Times of day as people type them, and what only looks like one."""

from __future__ import annotations

import pytest

from backend.text.clock_times import find_times


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("nhắc tôi lúc 7h", ["07:00"]),
        ("7h30 nhé", ["07:30"]),
        ("7g15", ["07:15"]),
        ("7 giờ rưỡi sáng", ["07:30"]),
        ("sau ruoi sang", ["06:30"]),
        ("mười một giờ trưa", ["11:00"]),
        ("ba giờ chiều", ["15:00"]),
        ("8 giờ tối", ["20:00"]),
        ("bảy giờ bốn lăm", ["07:45"]),
        ("14:00", ["14:00"]),
        ("vao hop tu 7h, cho len 6h30", ["07:00", "06:30"]),
        ("11h30 va bao truoc bon ngay", ["11:30"]),
        ("12 giờ trưa", ["12:00"]),
        ("0h", ["00:00"]),
    ],
)
def test_times(said: str, times: list[str]) -> None:
    assert [f"{one:%H:%M}" for one in find_times(said)] == times


@pytest.mark.parametrize(
    "said",
    [
        "báo trước 3 ngày",
        "5/12",
        "25h",
        "24h",
        "1:5",
        "H50.34-261008-0975",
        "hs 7hs",
        "giờ này",
        "",
        "7h3",
        "số 12345",
    ],
)
def test_no_times(said: str) -> None:
    assert find_times(said) == []
