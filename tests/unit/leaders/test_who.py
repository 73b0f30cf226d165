"""Which leaders a title or a name means, and hours as calendars write them."""

from __future__ import annotations

from datetime import time

import pytest

from backend.domain.leader import Leader
from backend.importers.calendar_table import read_clock
from backend.services.leaders.who import who_is_meant

PROVINCE, OFFICE, BUILDING, COMMUNE = 1, 2, 3, 4
KNOWN = (
    Leader(PROVINCE, "Nguyễn Đức An", "Chủ tịch UBND tỉnh", id=1, agency_name="UBND tỉnh An Hòa", top=True),
    Leader(PROVINCE, "Trần Thu Hà", "Phó Chủ tịch UBND tỉnh", id=2, agency_name="UBND tỉnh An Hòa", top=True),
    Leader(
        PROVINCE, "Lê Quang Vinh", "Phó Chủ tịch UBND tỉnh", id=3, agency_name="UBND tỉnh An Hòa", top=True
    ),
    Leader(OFFICE, "Bùi Minh Sơn", "Chánh Văn phòng UBND tỉnh", id=4, agency_name="Văn phòng UBND tỉnh"),
    Leader(BUILDING, "Đỗ Ngọc Linh", "Giám đốc Sở Xây dựng", id=5, agency_name="Sở Xây dựng"),
    Leader(COMMUNE, "Hồ Văn Hải", "Chủ tịch UBND xã Hòa Phú", id=6, agency_name="UBND xã Hòa Phú"),
)


@pytest.mark.parametrize(
    ("said", "agency", "home", "ids"),
    [
        ("chủ tịch", None, None, {1}),
        ("CT", None, None, {1}),
        ("chủ tịch tỉnh", None, None, {1}),
        ("phó chủ tịch", None, None, {2, 3}),
        ("pct Hà", None, None, {2}),
        ("anh Vinh", None, None, {3}),
        ("đồng chí Nguyễn Đức An", None, None, {1}),
        ("chánh văn phòng", None, None, {4}),
        ("cvp", None, None, {4}),
        ("giám đốc Sở Xây dựng", None, None, {5}),
        ("giám đốc", BUILDING, None, {5}),
        ("chủ tịch xã", None, COMMUNE, {6}),
        ("chủ tịch", COMMUNE, None, {6}),
        ("lãnh đạo tỉnh", None, None, {1, 2, 3}),
        ("anh Dũng", None, None, set()),
        ("bí thư", None, None, set()),
        ("pct Sơn", None, None, set()),
    ],
)
def test_titles_and_names(said: str, agency: int | None, home: int | None, ids: set[int]) -> None:
    meant = who_is_meant(KNOWN, [said], agency, home)
    assert meant.named
    assert {one.id for one in meant.leaders} == ids


def test_leaders_in_general_are_nobody_in_particular() -> None:
    assert not who_is_meant(KNOWN, ["lãnh đạo"], None, None).named
    assert not who_is_meant(KNOWN, [], None, None).named


@pytest.mark.parametrize(
    ("cell", "begins", "ends"),
    [
        ("7h30", time(7, 30), None),
        ("07:30", time(7, 30), None),
        ("07:30:00", time(7, 30), None),
        ("14 giờ", time(14), None),
        ("8 giờ 15 phút", time(8, 15), None),
        ("8h - 10h30", time(8), time(10, 30)),
        ("Sáng", time(7, 30), time(11, 30)),
        ("Cả ngày", time(7, 30), time(17)),
    ],
)
def test_hours_of_a_calendar(cell: str, begins: time, ends: time | None) -> None:
    assert read_clock(cell) == (begins, ends)


@pytest.mark.parametrize("cell", ["", "25h", "7h75", "sớm", "10h - 8h", "730"])
def test_what_is_no_hour_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="giờ"):
        read_clock(cell)
