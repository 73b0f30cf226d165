"""Calendars as files: repeating, trying out, refusals; changes and overlaps are told to those they concern."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.importers.calendar_table import import_calendar, write_template
from tests.conftest import NOW
from tests.integration.leaders.conftest import CHAIR, HEAD, REPLIES, WEEK, Office

MEETING = WEEK[1]  # Tuesday 8–11, shown to Sở Xây dựng
EVENT, CLASH = "notices/leader_event", "notices/leader_clash"


def test_importing_again_changes_nothing_and_tells_nobody(planned: Office) -> None:
    planned.later(minutes=5)
    again = planned.load(*WEEK)
    assert (again.created, again.changed, again.unchanged, again.refused) == (0, 0, len(WEEK), 0)
    assert planned.notices() == {}


def test_a_dry_run_writes_and_tells_nothing(planned: Office) -> None:
    planned.later(minutes=5)
    report = planned.load(
        {**MEETING, "starts": "9h"},
        {**HEAD, "on": "01/12/2026", "starts": "8h", "subject": "Mới"},
        dry_run=True,
    )
    assert (report.created, report.changed) == (1, 1)
    assert planned.notices() == {}
    assert len(planned.seen(planned.sight("lanhdao"))) == 5


def test_a_moved_meeting_is_told_to_those_it_concerns(planned: Office) -> None:
    planned.later(minutes=5)
    assert planned.load({**MEETING, "starts": "9h", "ends": "12h"}).changed == 1
    told = planned.notices()
    assert set(told) == {(who, EVENT) for who in ("chutich", "lanhdao", "giamdoc", "vanthu")}
    values = told["vanthu", EVENT].values
    assert (values["what"], values["public"], values["subject"]) == ("moved", False, "")
    words = REPLIES.render(EVENT, values)
    assert "24/11/2026" in words
    assert "nhà ở" not in words


def test_a_public_one_is_told_in_full(planned: Office) -> None:
    planned.later(minutes=5)
    planned.load({**WEEK[3], "state": "Hoãn"})
    values = planned.notices()["lanhdao", EVENT].values
    assert values["what"] == "postponed"
    assert "Dự khánh thành trường học" in REPLIES.render(EVENT, values)
    short = {**values, "kind": "leader_event", "code": "1"}
    assert "Chủ tịch UBND tỉnh" in REPLIES.render("notices/short", short)


def test_whoever_is_no_longer_invited_is_told_so_and_no_more(planned: Office) -> None:
    planned.later(minutes=5)
    planned.load({**MEETING, "agencies": "Sở Y tế", "starts": "14h", "ends": "15h", "place": "Nơi khác"})
    told = planned.notices()
    assert told["giamdoc", EVENT].values["what"] == "gone"
    assert "14" not in told["giamdoc", EVENT].values["starts_at"][11:13]
    assert ("yte", EVENT) not in told  # new to it: an invitation is no change


def test_words_alone_and_what_has_passed_are_no_news(planned: Office) -> None:
    planned.later(minutes=5)
    assert planned.load({**MEETING, "others": "Thêm Chi cục"}).changed == 1
    assert planned.notices() == {}
    planned.later(days=10)
    assert planned.load({**MEETING, "starts": "9h", "ends": "10h", "others": "Thêm Chi cục"}).changed == 1
    assert planned.notices() == {}


def test_the_last_change_counts(planned: Office) -> None:
    planned.later(minutes=5)
    planned.load({**MEETING, "starts": "9h"})
    planned.later(minutes=5)
    planned.load({**MEETING, "state": "Hủy"})
    assert planned.notices()["vanthu", EVENT].values["what"] == "cancelled"
    reply = planned.ask("xaydung", "lịch chủ tịch thứ ba", person="chủ tịch")
    assert (reply.values["total"], reply.values["off"]) == (1, 1)
    assert "ĐÃ HỦY" in planned.text(reply)


def test_an_overlap_is_noted_at_the_import_and_told_to_the_office_leader(planned: Office) -> None:
    report = planned.load(
        {**CHAIR, "on": "24/11/2026", "starts": "10h", "ends": "12h", "subject": "Tiếp đoàn"}
    )
    (note,) = [one for one in report.notes if one.startswith("trùng giờ")]
    assert note == "trùng giờ: Chủ tịch UBND tỉnh Nguyễn Đức An, 24/11/2026 08:00 và 10:00"
    told = planned.notices()
    assert set(told) == {("lanhdao", CLASH), ("chutich", CLASH)}
    assert "24/11/2026" in REPLIES.render(CLASH, told["lanhdao", CLASH].values)


def test_an_overlap_with_something_private_is_told_to_its_owner_alone(planned: Office) -> None:
    planned.load(
        {**HEAD, "on": "27/11/2026", "starts": "17h", "subject": "Trực ban", "visibility": "Toàn tỉnh"}
    )
    assert set(planned.notices()) == {("giamdoc", CLASH)}


def test_a_called_off_entry_overlaps_nothing(planned: Office) -> None:
    clash = {
        **CHAIR,
        "on": "24/11/2026",
        "starts": "10h",
        "ends": "12h",
        "subject": "Tiếp đoàn",
        "state": "Hủy",
    }
    report = planned.load(clash)
    assert not any("trùng" in one for one in report.notes)
    assert planned.notices() == {}


def test_a_code_keeps_an_entry_through_every_change(office: Office) -> None:
    row = {**CHAIR, "code": "L1", "on": "24/11/2026", "starts": "8h", "subject": "Họp"}
    office.load(row)
    office.later(minutes=5)
    report = office.load({**row, "on": "02/12/2026", "subject": "Họp mở rộng"})
    assert (report.created, report.changed) == (0, 1)
    (one,) = office.seen(office.sight("lanhdao"))
    assert (one.subject, one.changes) == ("Họp mở rộng", 1)


def test_older_news_never_overwrites_newer(planned: Office) -> None:
    report = planned.load({**MEETING, "starts": "9h"}, as_of=NOW.replace(year=2025))
    assert report.unchanged == 1
    assert planned.notices() == {}


def test_two_alike_on_one_day_are_two(office: Office) -> None:
    row = {**CHAIR, "on": "24/11/2026", "starts": "8h", "ends": "9h", "subject": "Làm việc tại trụ sở"}
    two = (row, {**row, "starts": "14h", "ends": "15h"})
    assert office.load(*two).created == 2
    office.later(minutes=5)
    assert office.load(*two).unchanged == 2


def test_what_the_new_file_lacks_stays_and_is_counted(planned: Office) -> None:
    planned.later(minutes=5)
    report = planned.load(*[row for row in WEEK if row is not MEETING])
    assert [count for note, count in report.notes.items() if "không có trong tệp" in note] == [1]
    assert len(planned.seen(planned.sight("lanhdao"))) == 5


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"on": ""}, "Ngày"),
        ({"on": "31/11/2026"}, "Ngày"),
        ({"starts": "25h"}, "Bắt đầu"),
        ({"starts": ""}, "Bắt đầu"),
        ({"ends": "7h"}, "Kết thúc"),
        ({"leader": ""}, "Lãnh đạo"),
        ({"agency": "Sở Không Có"}, "Cơ quan"),
        ({"account": "khongai"}, "Tài khoản"),
        ({"subject": ""}, "Nội dung"),
        ({"subject": "Họp TỐI MẬT"}, "Nội dung"),
        ({"visibility": "ai cũng được"}, "Phạm vi xem"),
        ({"state": "chắc thế"}, "Trạng thái"),
        ({"place": "=A1"}, "Địa điểm"),
    ],
)
def test_bad_rows_are_refused_with_the_reason_and_the_rest_goes_in(
    office: Office, wrong: dict[str, str], field: str
) -> None:
    report = office.load({**MEETING, **wrong}, WEEK[0])
    assert (report.created, report.refused) == (1, 1)
    assert [(one.row, one.field) for one in report.errors] == [(2, field)]


def test_without_a_word_on_who_may_see_it_only_those_concerned_do(office: Office) -> None:
    office.load({**CHAIR, "on": "24/11/2026", "starts": "8h", "subject": "Họp kín"})
    assert office.seen(office.sight("yte")) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_imports_as_it_is(office: Office, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"mau.{ending}"
    write_template(path)
    report = import_calendar(path, office.db.write_now, source="Lịch", as_of=NOW)
    assert (report.created, report.errors, dict(report.notes)) == (1, [], {})
