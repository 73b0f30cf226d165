"""The two tables of periodic reports: repeatable, refused row by row with a reason, nothing half done."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.domain.report_duty import DutyState, ReportKind
from backend.importers import report_duties_table, report_submissions_table
from backend.importers.office_table import Columns
from backend.services.report_duties import handing_in
from tests.integration.report_duties.conftest import NOVEMBER, OCTOBER, THIRD, key, known
from tests.integration.tasks.conftest import BUILDING, LAND, MONEY, Office

RULES, SENT = report_duties_table.COLUMNS, report_submissions_table.COLUMNS


def table(path: Path, columns: Columns, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [headings[0] for headings, _example in columns.values()])
        writer.writeheader()
        for row in rows:
            writer.writerow({columns[name][0][0]: value for name, value in row.items()})
    return path


def rule(**more: str) -> dict[str, str]:
    row = {
        "code": "BC-DTC",
        "name": "Báo cáo giải ngân đầu tư công",
        "short": "giải ngân",
        "kind": "Tháng",
        "who": "Các sở, ngành; UBND cấp xã; Ban Quản lý dự án",
        "receiver": "Sở Tài chính",
        "due": "18",
        "from": "01/01/2026",
    }
    return {**row, **more}


def sent(**more: str) -> dict[str, str]:
    row = {
        "report": "KTXH-T",
        "period": "tháng 10/2026",
        "agency": "Sở Nông nghiệp và Môi trường",
        "on": "19/10/2026",
        "number": "77/BC-SNNMT",
    }
    return {**row, **more}


def load_rules(office: Office, path: Path, **more: Any) -> Any:
    return report_duties_table.import_report_duties(
        path, office.db.write_now, source="Danh mục của tỉnh", **more
    )


def load_sent(office: Office, path: Path, **more: Any) -> Any:
    return report_submissions_table.import_report_submissions(
        path, office.db.write_now, source="Sổ theo dõi", **more
    )


def counts(report: Any) -> tuple[int, int, int, int]:
    told = dict(report.counts())
    return told["created"], told["changed"], told["unchanged"], told["refused"]


def state(office: Office, last: date, agency: str, code: str = "KTXH-T") -> Any:
    mine = frozenset({office.ids[agency]})
    return office.db.read_now(lambda uow: handing_in.duty_of(uow, mine, key(office, code, last, agency)))


# --- the rules -----------------------------------------------------------------------------------------------


def test_rules_come_in_as_data_and_a_second_time_changes_nothing(office: Office, tmp_path: Path) -> None:
    path = table(
        tmp_path / "r.csv", RULES, rule(months="1", due="cuối tháng", cutoff="cuối tháng", moves="x")
    )
    assert counts(load_rules(office, path)) == (1, 0, 0, 0)
    assert counts(load_rules(office, path)) == (0, 0, 1, 0)
    made = known(office, "BC-DTC")
    assert (made.kind, made.departments, made.communes) == (ReportKind.MONTH, True, True)
    assert (made.cutoff_day, made.due_day, made.due_months, made.due_moves) == (31, 31, 1, True)
    assert (made.receiver_name, len(made.listed), made.origin) == ("Sở Tài chính", 1, "Danh mục của tỉnh")
    changed = table(tmp_path / "r.csv", RULES, rule(kind="Quý", only="1; 3", who="Sở Xây dựng"))
    assert counts(load_rules(office, changed)) == (0, 1, 0, 0)
    made = known(office, "BC-DTC")
    assert (made.kind, made.only, made.departments, made.listed, made.cutoff_day) == (
        ReportKind.QUARTER,
        frozenset({1, 3}),
        False,
        (office.ids[BUILDING],),
        14,
    )


def test_a_dry_run_leaves_nothing(office: Office, tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", RULES, rule())
    assert counts(load_rules(office, path, dry_run=True))[0] == 1
    assert "BC-DTC" not in {one.code for one in office.db.read_now(lambda uow: uow.report_duties.all())}


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (rule(code=""), "Mã báo cáo", "thiếu"),
        (rule(code="A|B"), "Mã báo cáo", "dấu"),
        (rule(name="Báo cáo (MẬT) quốc phòng"), "Tên báo cáo", "dấu mật"),
        (rule(kind=""), "Định kỳ", "thiếu"),
        (rule(kind="Tuần"), "Định kỳ", "không hiểu"),
        (rule(who=""), "Nơi nộp", "thiếu"),
        (rule(who="Các sở, ngành; Sở Vũ trụ"), "Nơi nộp", "không phải một cơ quan"),
        (rule(receiver="Sở Vũ trụ"), "Nơi nhận", "không phải một cơ quan"),
        (rule(due=""), "Ngày hạn gửi", "thiếu"),
        (rule(due="32"), "Ngày hạn gửi", "từ 1 đến 31"),
        (rule(due="ngày 18"), "Ngày hạn gửi", "không hiểu"),
        (rule(due="²"), "Ngày hạn gửi", "không hiểu"),
        (rule(due="10"), "Ngày hạn gửi", "trước ngày chốt"),
        (rule(months="12"), "Hạn sau kỳ (tháng)", "từ 0 đến 6"),
        (rule(only="13"), "Chỉ các kỳ", "từ 1 đến 12"),
        (rule(only="một"), "Chỉ các kỳ", "không phải số"),
        (rule(moves="tùy"), "Dời nếu ngày nghỉ", "không hiểu"),
        ({**rule(), "from": ""}, "Áp dụng từ", "thiếu"),
        (rule(to="31/12/2025"), "Áp dụng đến", "trước"),
        (rule(dated="31/02/2026"), "Ngày văn bản", ""),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_the_others_stand(
    office: Office, tmp_path: Path, row: dict[str, str], column: str, why: str
) -> None:
    report = load_rules(office, table(tmp_path / "r.csv", RULES, row, rule(code="DUNG")))
    assert [one.field for one in report.errors] == [column]
    assert why in report.errors[0].reason
    there = {one.code for one in office.db.read_now(lambda uow: uow.report_duties.all())}
    assert "DUNG" in there
    assert "BC-DTC" not in there


# --- what was handed in --------------------------------------------------------------------------------------


def test_what_was_handed_in_counts_at_once_and_only_once(office: Office, tmp_path: Path) -> None:
    assert state(office, OCTOBER, LAND).state is DutyState.OWED
    path = table(tmp_path / "s.csv", SENT, sent(), sent(report="CCHC-Q", period="quý III năm 2026"))
    report = load_sent(office, path)
    assert counts(report) == (1, 1, 0, 0), "the third quarter's was known, under another number"
    assert counts(load_sent(office, path)) == (0, 0, 2, 0)
    made = state(office, OCTOBER, LAND)
    assert (made.state, made.handed_in_on, made.number) == (
        DutyState.ON_TIME,
        date(2026, 10, 19),
        "77/BC-SNNMT",
    )


def test_a_file_confirms_what_waits_and_never_undoes_what_is_accepted(office: Office, tmp_path: Path) -> None:
    money = {"report": "CCHC-Q", "period": "quý III/2026", "agency": "Sở Tài chính", "on": "15/09/2026"}
    waiting = table(tmp_path / "s.csv", SENT, sent(**money, state="Chờ xác nhận", number="1/BC-H50.06"))
    load_sent(office, waiting)
    assert state(office, THIRD, MONEY, "CCHC-Q").waiting
    load_sent(office, table(tmp_path / "t.csv", SENT, sent(**money)))
    assert state(office, THIRD, MONEY, "CCHC-Q").state is DutyState.ON_TIME
    assert counts(load_sent(office, waiting)) == (0, 0, 1, 0)
    assert state(office, THIRD, MONEY, "CCHC-Q").state is DutyState.ON_TIME


def test_sent_back_by_a_file_it_is_owed_with_the_reason(office: Office, tmp_path: Path) -> None:
    load_sent(office, table(tmp_path / "s.csv", SENT, sent()))
    back = sent(state="Trả lại", reason="thiếu biểu số 2")
    assert counts(load_sent(office, table(tmp_path / "s.csv", SENT, back))) == (0, 1, 0, 0)
    owed = state(office, OCTOBER, LAND)
    assert (owed.state, owed.returned) == (DutyState.OWED, "thiếu biểu số 2")
    again = sent(on="22/10/2026", number="78/BC-SNNMT")
    assert counts(load_sent(office, table(tmp_path / "s.csv", SENT, back, again))) == (1, 0, 1, 0)
    assert state(office, OCTOBER, LAND).state is DutyState.LATE


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (sent(report="KHAC"), "Mã báo cáo", "không có trong danh mục"),
        (sent(period="tháng 10"), "Kỳ", "không hiểu"),
        (sent(period="hôm qua 2026"), "Kỳ", "không"),
        (sent(period="quý III/2026"), "Kỳ", "không phải một kỳ"),
        (sent(report="CCHC-Q", period="quý II/2026"), "Kỳ", "không phải một kỳ"),
        (sent(agency="Sở Vũ trụ"), "Cơ quan nộp", "không phải một cơ quan"),
        (sent(agency="Ủy ban nhân dân xã Hòa Phú"), "Cơ quan nộp", "không phải nộp"),
        (sent(agency="Sở Tài chính"), "Cơ quan nộp", "không phải nộp"),
        (sent(on=""), "Ngày nộp", "thiếu"),
        (sent(on="22/11/2026"), "Ngày nộp", "tương lai"),
        (sent(on="14/09/2026"), "Ngày nộp", "trước khi kỳ"),
        (sent(state="Gần xong"), "Tình trạng", "không hiểu"),
        (sent(reason="thiếu"), "Lý do trả lại", "Trả lại"),
    ],
)
def test_a_submission_that_cannot_be_is_refused_and_the_others_stand(
    office: Office, tmp_path: Path, row: dict[str, str], column: str, why: str
) -> None:
    good = sent(period="tháng 11/2026", agency="Sở Xây dựng", on="20/11/2026")
    report = load_sent(office, table(tmp_path / "s.csv", SENT, row, good))
    assert [one.field for one in report.errors] == [column]
    assert why in report.errors[0].reason
    assert state(office, NOVEMBER, BUILDING).state is DutyState.ON_TIME
    assert state(office, OCTOBER, LAND).state is DutyState.OWED


def test_the_templates_examples_can_be_read(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    report_duties_table.write_template(path)
    assert [one.field for one in load_rules(office, path).errors] == ["Nơi nhận"], (
        "there is no such agency here"
    )
    rows = table(
        tmp_path / "r.csv", RULES, {**{k: v for k, (_h, v) in RULES.items()}, "receiver": "Sở Tài chính"}
    )
    assert counts(load_rules(office, rows)) == (1, 0, 0, 0)
    path = tmp_path / "da-nop.xlsx"
    report_submissions_table.write_template(path)
    assert counts(load_sent(office, path)) == (1, 0, 0, 0)
