"""The table of tasks: read as offices write it, repeatable, refused row by row with a reason."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.domain.scope import Scope
from backend.domain.task import Giver, TaskFilter, TaskState
from backend.importers.tasks_table import COLUMNS, import_tasks, write_template
from tests.integration.tasks.conftest import TODAY, Office

ALL = Scope(everything=True)
HEADINGS = [headings[0] for headings, _example in COLUMNS.values()]


def table(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADINGS)
        writer.writeheader()
        for row in rows:
            writer.writerow({COLUMNS[name][0][0]: value for name, value in row.items()})
    return path


def known(**more: str) -> dict[str, str]:
    row = {
        "content": "Rà soát quỹ đất công",
        "giver": "Chủ tịch UBND tỉnh",
        "agency": "Sở Tài chính",
        "number": "900/UBND-KT",
        "dated": "01/10/2026",
        "due": "30/11/2026",
    }
    return {**row, **more}


def load(office: Office, path: Path, **more: Any) -> Any:
    return import_tasks(path, office.db.write_now, source="Sổ theo dõi", **more)


def test_the_template_imports_and_a_second_time_changes_nothing(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    write_template(path)
    book = load(office, path)
    assert [(one.field, one.reason) for one in book.errors] == [
        ("Cơ quan phối hợp", "“Sở Nội vụ” không phải một cơ quan có trong danh mục")
    ]
    path = table(tmp_path / "t.csv", known(), known(content="Việc khác", state="Đang thực hiện"))
    assert dict(load(office, path).counts())["created"] == 2
    again = dict(load(office, path).counts())
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    found = office.db.read_now(lambda uow: uow.tasks.of_document(ALL, "900/UBND-KT", 10))
    assert {one.code for one in found} == {"NV-2026-0012", "NV-2026-0013"}
    assert {(one.giver, one.origin) for one in found} == {(Giver.CHAIRMAN, "Sổ theo dõi")}


def test_a_dry_run_leaves_nothing(office: Office, tmp_path: Path) -> None:
    assert dict(load(office, table(tmp_path / "t.csv", known()), dry_run=True).counts())["created"] == 1
    assert office.db.read_now(lambda uow: uow.tasks.page(ALL, TaskFilter(), TODAY, 1)).total == 11


def test_what_was_finished_is_taken_over(office: Office, tmp_path: Path) -> None:
    done = known(
        code="nv 2026 0005", state="Đã hoàn thành", ended="20/11/2026", result="77/BC-STC", due="30/10/2026"
    )
    load(office, table(tmp_path / "t.csv", done))
    task = office.task("NV-2026-0005")
    assert (task.state, task.ended_on, task.result) == (TaskState.DONE, date(2026, 11, 20), "77/BC-STC")


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (known(agency="Sở Vũ trụ"), "Cơ quan chủ trì", "không phải một cơ quan"),
        (known(content=""), "Nội dung nhiệm vụ", "thiếu"),
        (known(content="Việc (MẬT) về quốc phòng"), "Nội dung nhiệm vụ", "dấu mật"),
        (known(code="H50.1-2"), "Mã nhiệm vụ", "không phải mã"),
        (known(dated=""), "Ngày giao", "thiếu"),
        (known(due="31/02/2027"), "Hạn hoàn thành", ""),
        (known(due="01/09/2026"), "Hạn hoàn thành", "trước ngày giao"),
        (known(state="Hoàn thành"), "Ngày hoàn thành", "cần"),
        (known(ended="20/11/2026"), "Trạng thái", "chưa kết thúc"),
        (known(state="Xong xuôi"), "Trạng thái", "không hiểu"),
        (known(giver="Ông Ba"), "Cấp giao", "không hiểu"),
        (known(carried="sang năm"), "Chuyển sang năm", "không phải một năm"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_the_others_stand(
    office: Office, tmp_path: Path, row: dict[str, str], column: str, why: str
) -> None:
    good = known(content="Dòng đúng", number="901/UBND-KT")
    report = load(office, table(tmp_path / "t.csv", row, good))
    assert [one.field for one in report.errors] == [column]
    assert why in report.errors[0].reason
    assert len(office.db.read_now(lambda uow: uow.tasks.of_document(ALL, "901/UBND-KT", 10))) == 1
    assert office.db.read_now(lambda uow: uow.tasks.page(ALL, TaskFilter(), TODAY, 1)).total == 12
