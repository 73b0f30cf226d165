"""Importers meet the files that offices really send."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from backend.db.engine import Database
from backend.domain.dossier import Stage
from backend.domain.viewer import Viewer
from backend.importers.base import FileRefused, Report
from backend.importers.dossiers_igate import import_igate
from backend.importers.dossiers_national import import_national
from backend.importers.dossiers_table import COLUMNS, import_table, write_template
from backend.services.dossiers import Explained, explain, follow
from backend.services.quiet import SETTLING
from tests.integration.dossiers.conftest import AS_OF, CODE, PHONE

HEADINGS = ["Mã hồ sơ", "Trạng thái", "Cơ quan giải quyết", "Ngày tiếp nhận", "Ngày hẹn trả", "Số điện thoại"]
ROW = [CODE, "Đang xử lý", "UBND phường Trần Phú", "09/11/2026 08:40", "25/11/2026", PHONE]
SOURCE = "Bảng của xã"


def table(path: Path, *rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def run(db: Database, path: Path, **more: Any) -> Report:
    return import_table(path, db.write_now, source=SOURCE, as_of=AS_OF, **more)


def found(db: Database, code: str = CODE) -> Any:
    return db.write_now(lambda uow: uow.dossiers.by_code(code))


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.created, report.changed, report.unchanged, report.refused


def test_the_same_table_twice(db: Database, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ROW, [])
    assert counts(run(db, path, dry_run=True)) == (1, 0, 0, 0)
    assert found(db) is None
    assert db.write_now(lambda uow: uow.sources.get(SOURCE)) is None
    assert counts(run(db, path)) == (1, 0, 0, 0)
    assert counts(run(db, path)) == (0, 0, 1, 0)
    one = found(db)
    assert (one.stage, one.raw_status) == (Stage.PROCESSING, "Đang xử lý")
    assert one.due_at.isoformat() == "2026-11-25T10:00:00+00:00"  # 17:00 in Vietnam
    source = db.write_now(lambda uow: uow.sources.get(SOURCE))
    assert source.loaded_at is not None
    assert "holder" in source.lacks
    assert "phone" not in source.lacks


def test_the_template_can_be_filled_in_and_read(db: Database, tmp_path: Path) -> None:
    for name in ("mau.csv", "mau.xlsx"):
        write_template(tmp_path / name)
        report = run(db, tmp_path / name)
        assert report.errors == []
    assert counts(report) == (0, 0, 1, 0)  # the second holds the same example
    one = found(db, COLUMNS["code"][1])
    assert one.details.papers == ("Giấy chứng sinh", "Tờ khai")
    assert one.details.fees[0].amount_vnd == 20_000


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (0, "", "thiếu “Mã hồ sơ”"),
        (0, "261109-0041", "không phải mã hồ sơ đầy đủ"),
        (0, "=A1", "công thức"),
        (1, "", "thiếu “Trạng thái”"),
        (2, "", "thiếu “Cơ quan giải quyết”"),
        (3, "46346", "là số"),
        (3, "09/11/26", "bốn chữ số"),
        (3, "31/11/2026", "không có"),
        (4, "01/11/2026", "trước ngày tiếp nhận"),
        (5, "12345", "số điện thoại"),
    ],
)
def test_a_bad_cell_refuses_its_row_with_number_and_reason(
    db: Database, tmp_path: Path, column: int, value: str, reason: str
) -> None:
    bad = [value if place == column else cell for place, cell in enumerate(ROW)]
    good = ["H50.34-261109-0042", *ROW[1:]]
    report = run(db, table(tmp_path / "a.csv", good, bad))
    assert counts(report) == (1, 0, 0, 1)
    assert report.errors[0].row == 3
    assert any(reason in error.reason for error in report.errors)


def test_badly_typed_codes_are_understood(db: Database, tmp_path: Path) -> None:
    report = run(db, table(tmp_path / "a.csv", ["h50 34 261109 0041", *ROW[1:]]))
    assert counts(report) == (1, 0, 0, 0)
    assert found(db) is not None


def test_a_code_twice_in_a_table_is_refused(db: Database, tmp_path: Path) -> None:
    report = run(db, table(tmp_path / "a.csv", ROW, [ROW[0], "Đã trả kết quả", *ROW[2:]]))
    assert counts(report) == (1, 0, 0, 1)
    assert "dòng 2" in report.errors[0].reason
    assert found(db).stage is Stage.PROCESSING


def test_a_month_first_date_makes_the_files_dates_unsure(db: Database, tmp_path: Path) -> None:
    other = ["H50.34-261109-0042", *ROW[1:3], "11/21/2026", "", ""]
    report = run(db, table(tmp_path / "a.csv", ROW, other))
    assert counts(report) == (0, 0, 0, 2)


def test_an_unknown_status_is_kept_and_reported(db: Database, tmp_path: Path, viewer: Viewer) -> None:
    report = run(db, table(tmp_path / "a.csv", [CODE, "Chuyển vòng 2", *ROW[2:]]))
    assert counts(report) == (1, 0, 0, 0)
    assert report.notes == {"trạng thái lạ: Chuyển vòng 2": 1}
    one = found(db)
    assert (one.stage, one.raw_status) == (Stage.UNKNOWN, "Chuyển vòng 2")
    result = db.write_now(lambda uow: explain(uow, viewer, CODE))
    assert isinstance(result, Explained)
    assert result.view.raw_status == ""  # for officers only


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_separators(db: Database, tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (HEADINGS, ROW))
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    assert counts(run(db, path)) == (1, 0, 0, 0)
    assert found(db).agency_name == "UBND phường Trần Phú"


def test_decomposed_letters_are_composed(db: Database, tmp_path: Path) -> None:
    import unicodedata

    path = table(tmp_path / "a.csv", ROW)
    path.write_text(unicodedata.normalize("NFD", path.read_text("utf-8-sig")), encoding="utf-8")
    assert counts(run(db, path)) == (1, 0, 0, 0)
    assert found(db).agency_name == "UBND phường Trần Phú"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "trống"),
        ("a.csv", "Mã hồ sơ;Trạng thái\nx;Đang xử lý".encode("cp1258", "ignore"), "UTF-8"),
        ("a.csv", b"a,b\n1,2\n", "tiêu đề"),
        ("a.csv", "Mã hồ sơ,Mã hồ sơ\n1,2\n".encode(), "hai lần"),
        ("a.csv", 'Mã hồ sơ\n"abc'.encode(), "hỏng"),
        ("a.csv", "Mã hồ sơ\nx\0y\n".encode(), "NUL"),
        ("a.xlsx", b"not a zip", "XLSX"),
        ("a.xlsx", b"PK\x03\x04 broken", "XLSX"),
    ],
)
def test_files_that_cannot_be_read_are_refused_whole(
    db: Database, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=reason):
        run(db, path)
    assert db.write_now(lambda uow: uow.dossiers.count()) == 0


def test_xlsx_dates_numbers_and_formulas(db: Database, tmp_path: Path) -> None:
    from datetime import datetime

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([])
    sheet.append(HEADINGS)
    sheet.append([*ROW[:3], datetime(2026, 11, 9, 8, 40), datetime(2026, 11, 25), 912345678])
    sheet.append(["H50.34-261109-0042", *ROW[1:3], "=TODAY()", None, None])
    sheet.append(["H50.34-261109-0043", *ROW[1:3], 46335, None, None])
    book.save(tmp_path / "a.xlsx")
    report = run(db, tmp_path / "a.xlsx")
    assert counts(report) == (1, 0, 0, 2)
    assert [error.row for error in report.errors] == [4, 5]
    one = found(db)
    assert one.due_at.isoformat() == "2026-11-25T10:00:00+00:00"
    assert one.phone_print == db.tools.cipher.fingerprint(PHONE, "phone")


def test_parts_wait_for_their_whole_and_orphans_are_refused(db: Database, tmp_path: Path) -> None:
    headings = [*HEADINGS[:3], "Mã hồ sơ liên thông"]
    part = ["H50.17-261112-0007", *ROW[1:3], CODE]
    orphan = ["H50.17-261112-0008", *ROW[1:3], "H50.34-261109-7777"]
    report = run(db, table(tmp_path / "a.csv", part, orphan, [*ROW[:3], ""], headings=headings))
    assert counts(report) == (2, 0, 0, 1)
    assert found(db, "H50.17-261112-0007").parent_code == CODE


def test_a_first_load_is_silent_and_a_second_is_not(known: Database, tmp_path: Path, owner: Viewer) -> None:
    known.write_now(lambda uow: follow(uow, owner, CODE))
    path = table(tmp_path / "a.csv", [CODE, "Đã có kết quả", *ROW[2:]])
    run(known, path)
    due = known.write_now(lambda uow: uow.notices.due(uow.now + SETTLING, 9))
    assert list(due) == []
    run(known, table(tmp_path / "a.csv", [CODE, "Đã trả kết quả", *ROW[2:]]))
    due = known.write_now(lambda uow: uow.notices.due(uow.now + SETTLING, 9))
    assert [one.notice.values["stage"] for one in due] == [10]


# --- the national portal -----------------------------------------------------------------------------------

RECORD = {
    "MaHoSo": CODE,
    "MaTTHC": "1.004837",
    "TenTTHC": "Đăng ký giám hộ",
    "ChuHoSo": "Nguyễn Thị Hạnh",
    "LoaiDoiTuong": 0,
    "SoDienThoai": "+84 912 345 678",
    "NgayTiepNhan": "20261109084000",
    "NgayHenTra": "2026-11-25 17:00:00",
    "NgayTra": "",
    "NgayKetThucXuLy": None,
    "TrangThaiHoSo": "5",
    "DonViXuLy": "UBND phường Trần Phú",
    "HinhThuc": 2,
    "GhiChu": "",
    "DanhSachHoSoBoSung": [
        {
            "HoSoBoSungId": 11,
            "NgayBoSung": "2026-11-12T08:00:00.000",
            "NgayTiepNhanBoSung": "20261116090000",
            "NgayHenTraMoi": "20261127",
        },
        {
            "HoSoBoSungId": 12,
            "NgayBoSung": "20261118093000",
            "NgayTiepNhanBoSung": "",
            "DanhSachGiayToBoSung": [{"TenGiayTo": "Giấy cam kết"}, "Bản sao căn cước"],
        },
    ],
}


def national(db: Database, tmp_path: Path, *records: Any, bare: bool = False) -> Report:
    path = tmp_path / "a.json"
    body = list(records) if bare else {"service": "DongBoHoSoMC", "isUpdating": True, "data": list(records)}
    path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8-sig")
    return import_national(path, db.write_now, source="Trục quốc gia", as_of=AS_OF)


def test_national_records_with_mixed_dates(db: Database, tmp_path: Path) -> None:
    assert counts(national(db, tmp_path, RECORD)) == (1, 0, 0, 0)
    assert counts(national(db, tmp_path, RECORD, bare=True)) == (0, 0, 1, 0)
    one = found(db)
    assert one.stage is Stage.SUPPLEMENT
    assert one.details.papers == ("Giấy cam kết", "Bản sao căn cước")
    assert one.details.due_moved
    assert one.due_at.isoformat() == "2026-11-27T10:00:00+00:00"
    assert one.phone_print == db.tools.cipher.fingerprint(PHONE, "phone")
    events = db.write_now(lambda uow: uow.dossiers.events([one.id])[one.id])
    assert [event.stage for event in events] == [Stage.SUPPLEMENT, Stage.PROCESSING, Stage.SUPPLEMENT]


def test_national_refusals_name_the_record(db: Database, tmp_path: Path) -> None:
    report = national(
        db,
        tmp_path,
        {**RECORD, "MaHoSo": ""},
        {**RECORD, "NgayTiepNhan": "9/11/26"},
        {**RECORD, "TrangThaiHoSo": None},
        "junk",
        {**RECORD, "TrangThaiHoSo": 11},
    )
    assert counts(report) == (1, 0, 0, 4)
    assert [(error.row, error.field) for error in report.errors] == [
        (1, "MaHoSo"),
        (2, "NgayTiepNhan"),
        (3, "TrangThaiHoSo"),
        (4, ""),
    ]
    assert report.notes == {"trạng thái lạ: 11": 1}


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": []}', b'"text"', b"\xff\xfe"])
def test_national_files_that_are_none(db: Database, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(FileRefused):
        import_national(path, db.write_now, source="Trục quốc gia", as_of=AS_OF)


# --- iGate -------------------------------------------------------------------------------------------------

LISTED = {
    "dossierId": "65f",
    "dossierNo": CODE,
    "procedureName": "Đăng ký giám hộ",
    "acceptedDate": "09/11/2026 08:40",
    "appointmentDate": "25/11/2026",
    "dossierStatusName": "Chờ bổ sung",
    "overDueByUser": "",
    "lastModifiedDate": 1_763_000_000_000,
}


@pytest.mark.parametrize("wrapped", [True, False])
def test_igate_says_what_it_lacks(db: Database, tmp_path: Path, viewer: Viewer, wrapped: bool) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"content": [LISTED]} if wrapped else [LISTED]), encoding="utf-8")
    report = import_igate(path, db.write_now, source="iGate", as_of=AS_OF)
    assert counts(report) == (1, 0, 0, 0)
    result = db.write_now(lambda uow: explain(uow, viewer, CODE))
    assert isinstance(result, Explained)
    view = result.view
    assert (view.stage, view.can_open) == (Stage.SUPPLEMENT, False)
    assert {"phone", "holder", "step", "supplement", "fee"} <= set(view.lacks)


def test_igate_does_not_erase_what_another_source_told(
    known: Database, tmp_path: Path, owner: Viewer
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{**LISTED, "dossierStatusName": "Đang xử lý"}]), encoding="utf-8")
    assert counts(import_igate(path, known.write_now, source="iGate", as_of=AS_OF)) == (0, 1, 0, 0)
    result = known.write_now(lambda uow: explain(uow, owner, CODE))
    assert isinstance(result, Explained)
    assert (result.view.stage, result.view.opened) == (Stage.PROCESSING, True)
    assert result.view.agency
