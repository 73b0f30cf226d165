"""Who is on duty, for officers; the roster as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.domain.messaging import ChannelName
from backend.importers.duty_table import import_duty, write_template
from tests.conftest import NOW
from tests.integration.leaders.conftest import Office

BOSS = {
    "on": "21/11/2026",
    "session": "Cả ngày",
    "agency": "Văn phòng UBND tỉnh",
    "position": "Trực lãnh đạo",
    "name": "Bùi Minh Sơn",
    "phone": "0299 3851 002",
    "visibility": "Toàn tỉnh",
}
NIGHT = {**BOSS, "session": "Đêm", "position": "Trực đêm", "name": "Lý Văn Hương", "phone": ""}
OWN = {**BOSS, "agency": "Sở Xây dựng", "name": "Đỗ Ngọc Linh", "phone": "0912 345 678", "visibility": ""}
CLERK = {**OWN, "session": "Ban ngày", "position": "Trực văn thư", "name": "Trần Văn Thư"}
TOMORROW = {**BOSS, "on": "22/11/2026", "name": "Phạm Hữu Nam"}
ROSTER = (BOSS, NIGHT, OWN, CLERK, TOMORROW)


@pytest.fixture
def manned(office: Office) -> Office:
    report = office.load_duty(*ROSTER)
    assert (report.created, report.refused) == (len(ROSTER), 0)
    return office


def names(office: Office, who: str, text: str, **how: Any) -> set[str]:
    reply = office.ask(who, text, intent="duty_roster", **how)
    assert office.text(reply)
    return {one.name for one in reply.values["rows"]}


def test_today_tomorrow_and_parts_of_the_day(manned: Office) -> None:
    assert names(manned, "lanhdao", "hôm nay ai trực") == {"Bùi Minh Sơn", "Lý Văn Hương"}
    assert names(manned, "lanhdao", "mai ai trực") == {"Phạm Hữu Nam"}
    assert names(manned, "xaydung", "sáng nay ai trực") == {"Bùi Minh Sơn", "Đỗ Ngọc Linh", "Trần Văn Thư"}
    assert names(manned, "xaydung", "tối nay ai trực") == {"Bùi Minh Sơn", "Lý Văn Hương", "Đỗ Ngọc Linh"}
    assert names(manned, "lanhdao", "Sở Xây dựng ai trực", agency="Sở Xây dựng") == {
        "Đỗ Ngọc Linh",
        "Trần Văn Thư",
    }
    assert names(manned, "xaydung", "sở tôi hôm nay ai trực") == {"Đỗ Ngọc Linh", "Trần Văn Thư"}


def test_an_agencys_own_shifts_are_for_its_reach(manned: Office) -> None:
    assert names(manned, "yte", "Sở Xây dựng hôm nay ai trực", agency="Sở Xây dựng") == set()
    assert names(manned, "yte", "hôm nay ai trực") == {"Bùi Minh Sơn", "Lý Văn Hương"}


def test_others_are_refused(manned: Office) -> None:
    assert manned.ask("", "hôm nay ai trực", intent="duty_roster").key == "social/staff_only"


def test_a_messenger_gets_the_count_and_the_offices_own_number(manned: Office) -> None:
    reply = manned.ask("xaydung", "hôm nay ai trực", intent="duty_roster", channel=ChannelName.TELEGRAM)
    told = manned.text(reply)
    assert reply.values["total"] == 4
    assert "0912" not in told
    assert "Linh" not in told
    assert "0299 3851 204" in told


def test_nobody_on_duty_is_said(manned: Office) -> None:
    assert "Chưa có lịch trực" in manned.text(
        manned.ask("lanhdao", "ai trực ngày 5/12", intent="duty_roster")
    )


def test_phones_are_sealed_at_rest(manned: Office) -> None:
    query = "SELECT phone FROM duty_shifts WHERE phone IS NOT NULL"
    phones = manned.db.read_now(lambda uow: uow.connection.exec_driver_sql(query).fetchall())
    assert len(phones) == 4
    assert not any(b"3851" in bytes(one[0]) or b"345" in bytes(one[0]) for one in phones)


def test_importing_again_changes_nothing_and_a_swap_replaces(manned: Office) -> None:
    manned.later(minutes=5)
    again = manned.load_duty(*ROSTER)
    assert (again.created, again.changed, again.unchanged) == (0, 0, len(ROSTER))
    manned.later(minutes=5)
    swapped = manned.load_duty({**BOSS, "name": "Người Thay"}, NIGHT)
    assert (swapped.changed, swapped.unchanged) == (1, 1)
    assert names(manned, "lanhdao", "hôm nay ai trực") == {"Người Thay", "Lý Văn Hương"}


def test_who_is_no_longer_in_the_file_is_taken_off_that_day(manned: Office) -> None:
    manned.later(minutes=5)
    report = manned.load_duty(BOSS)
    assert sum(report.notes.values()) == 1
    assert names(manned, "lanhdao", "hôm nay ai trực") == {"Bùi Minh Sơn"}
    assert names(manned, "lanhdao", "mai ai trực") == {"Phạm Hữu Nam"}  # another day
    assert names(manned, "xaydung", "sở tôi ai trực") == {"Đỗ Ngọc Linh", "Trần Văn Thư"}  # another agency


def test_nobody_is_taken_off_where_a_row_was_refused_or_tried_out(manned: Office) -> None:
    manned.later(minutes=5)
    manned.load_duty(BOSS, {**NIGHT, "phone": "số máy"})
    manned.load_duty(BOSS, dry_run=True)
    assert names(manned, "lanhdao", "hôm nay ai trực") == {"Bùi Minh Sơn", "Lý Văn Hương"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": ""}, "Ngày"),
        ({"session": "canh ba"}, "Ca trực"),
        ({"agency": "Sở Không Có"}, "Cơ quan"),
        ({"name": ""}, "Họ tên"),
        ({"phone": "gọi bảo vệ"}, "Điện thoại"),
        ({"visibility": "hàng xóm"}, "Phạm vi xem"),
    ],
)
def test_bad_rows_are_refused(office: Office, wrong: dict[str, str], field: str) -> None:
    report = office.load_duty({**BOSS, **wrong}, TOMORROW)
    assert (report.created, report.refused) == (1, 1)
    assert [(one.row, one.field) for one in report.errors] == [(2, field)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_imports_as_it_is(office: Office, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"mau.{ending}"
    write_template(path)
    report = import_duty(path, office.db.write_now, source="Lịch trực", as_of=NOW)
    assert (report.created, report.errors) == (1, [])


def test_a_desk_sees_what_is_open_to_the_province_and_nothing_else(manned: Office) -> None:
    assert names(manned, "tongdai", "hôm nay ai trực") == {"Bùi Minh Sơn", "Lý Văn Hương"}
    assert names(manned, "tongdai", "Sở Xây dựng ai trực", agency="Sở Xây dựng") == set()
