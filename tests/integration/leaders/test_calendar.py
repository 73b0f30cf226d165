"""Calendars as far as the asker may see them, on both engines; what is hidden is not even counted."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.leader import THE_PUBLIC
from backend.domain.messaging import ChannelName
from backend.domain.officer import Delegation
from tests.integration.leaders.conftest import CHAIR, HEAD, WEEK, Office

WHOLE_WEEK = {"first": "2026-11-23", "last": "2026-11-29"}
BOSS = {"Họp giao ban", "Nghe báo cáo nhà ở", "Dự khánh thành trường học"}


@pytest.mark.parametrize(
    ("who", "subjects"),
    [
        ("chutich", {*BOSS, "Thẩm định quy hoạch", "Khám sức khỏe"}),
        ("lanhdao", {*BOSS, "Thẩm định quy hoạch", "Khám sức khỏe"}),
        ("giamdoc", {*BOSS, "Thẩm định quy hoạch", "Việc gia đình"}),
        ("xaydung", {*BOSS, "Thẩm định quy hoạch"}),
        ("yte", {"Họp giao ban", "Dự khánh thành trường học", "Thẩm định quy hoạch"}),
        ("taichinh", {"Họp giao ban", "Dự khánh thành trường học"}),
        ("tongdai", {"Dự khánh thành trường học"}),
    ],
)
def test_each_sees_what_they_may(planned: Office, who: str, subjects: set[str]) -> None:
    assert {one.subject for one in planned.seen(planned.sight(who))} == subjects
    reply = planned.ask(who, "", given=dict(WHOLE_WEEK))
    assert reply.values["total"] == len(subjects)
    rest = planned.ask(who, "", given={**WHOLE_WEEK, "after": 5})
    listed = {row.subject for row in (*reply.values["rows"], *rest.values["rows"])}
    assert listed == subjects
    told = planned.text(reply) + planned.text(rest)
    assert not any(hidden in told for hidden in {one["subject"] for one in WEEK} - subjects)


def test_the_public_sees_the_public_part(planned: Office) -> None:
    assert [one.subject for one in planned.seen(THE_PUBLIC)] == ["Dự khánh thành trường học"]
    reply = planned.ask("", "lịch chủ tịch tuần sau", person="chủ tịch")
    assert reply.values["total"] == 1
    assert "công khai" in planned.text(reply)


def test_leave_lends_the_deputy_the_sight_of_private_entries(planned: Office) -> None:
    assert "Việc gia đình" not in {one.subject for one in planned.seen(planned.sight("vanthu"))}
    leave = Delegation("giamdoc", "vanthu", date(2026, 11, 20), date(2026, 11, 30), "QĐ 1")
    planned.db.write_now(lambda uow: uow.officers.delegate(leave, "quantri"))
    assert "Việc gia đình" in {one.subject for one in planned.seen(planned.sight("vanthu"))}


def test_a_locked_account_sees_the_public_part(planned: Office) -> None:
    planned.db.write_now(lambda uow: uow.accounts.set_active("lanhdao", False))
    assert planned.sight("lanhdao") == THE_PUBLIC


@pytest.mark.parametrize(
    ("text", "entities", "subjects"),
    [
        ("lịch chủ tịch sáng thứ ba", {"person": "chủ tịch"}, ["Nghe báo cáo nhà ở"]),
        ("lịch chủ tịch chiều thứ tư", {"person": "chủ tịch"}, ["Khám sức khỏe"]),
        ("lịch giám đốc Sở Xây dựng 25/11", {"person": "giám đốc", "agency": "Sở Xây dựng"}, ["Thẩm định quy hoạch"]),
        ("lịch anh Linh tuần sau", {"person": "anh Linh"}, ["Thẩm định quy hoạch"]),
        ("Sở Y tế tuần sau họp gì", {"agency": "Sở Y tế"}, ["Thẩm định quy hoạch"]),
    ],
)  # fmt: skip
def test_days_parts_leaders_and_agencies_narrow(
    planned: Office, text: str, entities: dict[str, str], subjects: list[str]
) -> None:
    reply = planned.ask("lanhdao", text, **entities)
    assert [row.subject for row in reply.values["rows"]] == subjects
    assert planned.text(reply)


def test_meetings_of_the_own_agency(planned: Office) -> None:
    reply = planned.ask("xaydung", "tuần sau sở tôi họp gì")
    assert [row.subject for row in reply.values["rows"]] == ["Nghe báo cáo nhà ở", "Thẩm định quy hoạch"]
    assert reply.values["agency"] == "Sở Xây dựng"
    assert "Phạm vi: Sở Xây dựng." in planned.text(reply)


def test_the_own_calendar_and_the_week_without_a_day(planned: Office) -> None:
    """NOW is a Saturday: without a day the coming week is meant."""
    reply = planned.ask("giamdoc", "lịch của tôi")
    assert [row.subject for row in reply.values["rows"]] == ["Thẩm định quy hoạch", "Việc gia đình"]


def test_nobody_and_nothing_are_told_alike(planned: Office) -> None:
    """A day with nothing but a private entry answers as an empty day does."""
    private = planned.text(
        planned.ask("yte", "lịch giám đốc Sở Xây dựng 27/11", person="giám đốc", agency="Sở Xây dựng")
    )
    empty = planned.text(
        planned.ask("yte", "lịch giám đốc Sở Xây dựng 28/11", person="giám đốc", agency="Sở Xây dựng")
    )
    assert private.replace("thứ Sáu 27", "thứ Bảy 28") == empty
    assert planned.ask("yte", "lịch anh Dũng mai", person="anh Dũng").key == "leaders/unknown"


def test_a_messenger_gets_counts_of_what_is_internal(planned: Office) -> None:
    reply = planned.ask("xaydung", "lịch chủ tịch tuần sau", person="chủ tịch", channel=ChannelName.TELEGRAM)
    assert (reply.values["total"], reply.values["withheld"]) == (3, 2)
    told = planned.text(reply)
    assert "Dự khánh thành trường học" in told
    assert "giao ban" not in told


def test_talking_goes_on_from_the_last_question(planned: Office) -> None:
    first = planned.ask("lanhdao", "lịch chủ tịch thứ ba", person="chủ tịch")
    again = planned.ask("lanhdao", "thế thứ hai thì sao", again=True, context=first.remember)
    assert [row.subject for row in again.values["rows"]] == ["Họp giao ban"]
    other = planned.ask("lanhdao", "còn anh Linh?", person="anh Linh", again=True, context=again.remember)
    assert other.values["total"] == 0


def test_clashes_are_told_to_whoever_sees_both(planned: Office) -> None:
    planned.load(
        {**CHAIR, "on": "24/11/2026", "starts": "10h", "ends": "12h", "subject": "Tiếp đoàn Bộ Xây dựng"}
    )
    planned.load(
        {**HEAD, "on": "27/11/2026", "starts": "17h", "subject": "Trực ban", "visibility": "Toàn tỉnh"}
    )
    told = planned.ask("lanhdao", "lịch chủ tịch thứ ba", person="chủ tịch")
    assert [(one.first, one.second) for one in told.values["clashes"]] == [
        ("Nghe báo cáo nhà ở", "Tiếp đoàn Bộ Xây dựng")
    ]
    assert "Trùng giờ" in planned.text(told)
    # the office leader sees only one of these two
    friday = planned.ask(
        "lanhdao", "lịch giám đốc Sở Xây dựng 27/11", person="giám đốc", agency="Sở Xây dựng"
    )
    assert friday.values["clashing"] == 0
    assert planned.ask("giamdoc", "lịch của tôi 27/11").values["clashing"] == 1
    # touching is no overlap
    planned.load({**CHAIR, "on": "23/11/2026", "starts": "9h", "ends": "10h", "subject": "Ký văn bản"})
    assert planned.ask("lanhdao", "lịch chủ tịch thứ hai", person="chủ tịch").values["clashing"] == 0


def test_what_goes_on_from_before_belongs_to_the_part_of_the_day(planned: Office) -> None:
    planned.load(
        {**CHAIR, "on": "27/11/2026", "starts": "Cả ngày", "subject": "Đi cơ sở", "visibility": "Toàn tỉnh"}
    )
    reply = planned.ask("yte", "lịch chủ tịch chiều 27/11", person="chủ tịch")
    assert [row.subject for row in reply.values["rows"]] == ["Đi cơ sở"]
    assert "cả ngày" in planned.text(reply)


def test_bodies_are_sealed_at_rest(planned: Office) -> None:
    query = "SELECT body FROM leader_events"
    rows = planned.db.read_now(lambda uow: uow.connection.exec_driver_sql(query).fetchall())
    assert len(rows) == len(WEEK)
    assert not any("Khám".encode() in bytes(row[0]) for row in rows)
