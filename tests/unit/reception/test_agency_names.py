"""Agencies are found by the names people use, also those from before the mergers."""

from __future__ import annotations

import pytest

from backend.demo.office import _agencies, _communes, _read
from backend.services.agencies.resolve import AgencyNames

LISTED = _read("agencies.yml")
NAMES = AgencyNames(
    [*_agencies(LISTED["agencies"]), *_communes(LISTED["communes"], LISTED["communes_until"])]
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Sở Xây dựng", "Sở Xây dựng"),
        ("so xay dung", "Sở Xây dựng"),
        ("sxd", "Sở Xây dựng"),
        ("sở xd", "Sở Xây dựng"),
        ("lịch tiếp dân của Sở Y tế tháng này", "Sở Y tế"),
        ("sơ xay dug", "Sở Xây dựng"),
        ("xa Hoà Phú", "Ủy ban nhân dân xã Hòa Phú"),
        ("ubnd phuong tan an", "Ủy ban nhân dân phường Tân An"),
        ("ubnd tỉnh", "Ủy ban nhân dân tỉnh An Hòa"),
        ("trụ sở tiếp công dân", "Ban Tiếp công dân tỉnh"),
    ],
)
def test_todays_names(said: str, name: str) -> None:
    (match,) = NAMES.find(said)
    assert (match.agency.name, match.old_name) == (name, False)


@pytest.mark.parametrize(
    ("said", "old", "name"),
    [
        ("sở giao thông vận tải", "Sở Giao thông vận tải", "Sở Xây dựng"),
        ("so ke hoach dau tu", "Sở Kế hoạch đầu tư", "Sở Tài chính"),
        ("Sở Tài nguyên", "Sở Tài nguyên", "Sở Nông nghiệp và Môi trường"),
        ("xã Tân Thành", "Xã Tân Thành", "Ủy ban nhân dân phường Tân An"),
    ],
)
def test_old_names_lead_to_today(said: str, old: str, name: str) -> None:
    (match,) = NAMES.find(said)
    assert (match.agency.name, match.matched, match.old_name) == (name, old, True)
    assert match.until is not None


def test_an_abolished_district_leads_to_all_its_communes() -> None:
    found = NAMES.find("UBND huyện An Lạc")
    assert {one.agency.name.rpartition("xã ")[2] for one in found} == {
        "Hòa Phú",
        "An Lạc",
        "Phước Hải",
        "Vĩnh Thạnh",
    }
    assert all(one.old_name for one in found)


def test_a_name_in_use_is_meant_as_todays() -> None:
    (match,) = NAMES.find("xã An Lạc")
    assert not match.old_name
    assert [one.old_name for one in NAMES.find("an lạc")] == [False]


@pytest.mark.parametrize("said", ["sở lâm nghiệp", "giám đốc sở", "xã Hòa Bình Đông", "chủ tịch tỉnh", ""])
def test_no_agency_is_invented(said: str) -> None:
    assert NAMES.find(said) == []


def test_similar_names_are_not_taken_for_each_other() -> None:
    (match,) = NAMES.find("sở ngoại vụ")
    assert match.matched == "Sở Ngoại vụ"


def test_the_demonstration_province_is_complete() -> None:
    codes = [one["code"] for one in LISTED["agencies"]]
    assert len(codes) == len(set(codes))
    assert len(LISTED["communes"]) == 24
    names = [one["name"] for one in LISTED["communes"]]
    assert len(set(names)) == 24
