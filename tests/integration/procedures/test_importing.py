"""The real national catalogue and an office's own table, imported twice."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from backend.db.engine import Database
from backend.domain.procedure import FeeRule, HandledBy, Procedure, TimeUnit
from backend.importers.procedures_catalogue import import_catalogue
from backend.importers.procedures_national import import_national_procedures
from backend.importers.procedures_table import import_procedures, write_template
from backend.services.procedures.search import search_now

NATIONAL = "danh mục quốc gia"
TODAY = date(2026, 11, 21)


def _get(db: Database, code: str) -> Procedure:
    one = db.write_now(lambda uow: uow.procedures.by_code(code, TODAY))
    assert one is not None
    return one


def test_the_whole_catalogue_imports_and_a_second_time_changes_nothing(db: Database, catalogue: Path) -> None:
    report = import_catalogue(catalogue, db.write_now, source=NATIONAL)
    assert (report.created, report.refused, report.errors) == (2642, 0, [])
    assert db.write_now(lambda uow: uow.procedures.count()) == 2642
    again = import_catalogue(catalogue, db.write_now, source=NATIONAL)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2642)

    birth = _get(db, "1.001193")
    assert birth.handled_by is HandledBy.COMMUNE
    assert {channel.fee_rule for channel in birth.channels} == {FeeRule.LOCAL}
    assert {channel.time.unit for channel in birth.channels if channel.time} == {TimeUnit.SAME_DAY}
    assert _get(db, "1.004222").handled_by is HandledBy.POLICE
    assert [(c.channel, [f.vnd for f in c.fees]) for c in _get(db, "1.004222").channels] == [
        ("online", [10000]),
        ("direct", [20000]),
    ]
    hits = db.write_now(lambda uow: search_now(uow, "thu tuc dang ky khai sinh", 3))
    assert hits[0]["code"] == "1.001193"


@pytest.fixture
def part(catalogue: Path, tmp_path: Path) -> Path:
    """Every tenth record, and the birth registration."""
    path = tmp_path / "phan_2026-07.jsonl"
    with gzip.open(catalogue, "rt", encoding="utf-8") as file:
        kept = [line for at, line in enumerate(file) if at % 10 == 0 or '"ma_thu_tuc": "1.001193"' in line]
    path.write_text("".join(kept), encoding="utf-8")
    return path


def test_a_dry_run_leaves_nothing(db: Database, part: Path) -> None:
    report = import_catalogue(part, db.write_now, source=NATIONAL, dry_run=True)
    assert report.created >= 264
    assert db.write_now(lambda uow: uow.procedures.count()) == 0


def test_the_provinces_own_record_of_the_same_decision_stays(loaded: Database, part: Path) -> None:
    import_catalogue(part, loaded.write_now, source=NATIONAL)
    kept = _get(loaded, "1.001193")
    assert kept.demo
    assert kept.common_names


def test_bad_lines_are_refused_with_their_number(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "danh-muc_2026-07.jsonl"
    path.write_text(
        '{"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Tên"}\nkhông phải JSON\n{"ma_thu_tuc": "x"}\n[]\n',
        encoding="utf-8",
    )
    report = import_catalogue(path, db.write_now, source=NATIONAL)
    assert report.created == 1
    assert [(error.row, error.field) for error in report.errors] == [(2, ""), (3, "ma_thu_tuc"), (4, "")]


def test_an_offices_table_imports_twice_without_harm(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "thu-tuc.xlsx"
    write_template(path)
    first = import_procedures(path, db.write_now, source="Sở Tư pháp")
    second = import_procedures(path, db.write_now, source="Sở Tư pháp")
    assert (first.created, second.unchanged, second.created) == (1, 1, 0)
    assert _get(db, "1.001193").source == "Sở Tư pháp"


def test_an_answer_of_the_national_service_imports(db: Database, tmp_path: Path) -> None:
    path = tmp_path / "laythutuc.json"
    record = {
        "MATTHC": "1.004222",
        "TENTTHC": "Đăng ký thường trú",
        "LINHVUCTHUCHIEN": [{"MALINHVUC": "G01-CT", "TENLINHVUC": "Cư trú"}],
        "COQUANTHUCHIEN": [{"TENDONVI": "Ủy ban nhân dân cấp xã"}],
        "TRINHTUTHUCHIEN": [
            {"TRUONGHOP": "", "TRINHTU": [{"TENTRINHTU": "Nộp hồ sơ"}, {"TENTRINHTU": "Nhận kết quả"}]}
        ],
        "CACHTHUCTHUCHIEN": [
            {
                "KENH": "2",
                "THOIGIAN": [
                    {
                        "THOIGIANGIAIQUYET": "7",
                        "DONVITINH": "Ngày làm việc",
                        "PHILEPHI": [{"SOTIEN": "10000", "DONVI": "VND", "MOTA": "mỗi lần"}],
                    }
                ],
            },
            {"KENH": "1", "THOIGIANGIAIQUYET": 7, "DONVITINH": "Ngày làm việc", "PHILEPHI": []},
        ],
        "THANHPHANHOSO": [
            {"TRUONGHOP": "Chung", "GIAYTO": [{"TENGIAYTO": "Tờ khai CT01", "TENMAUDON": "CT01"}]}
        ],
        "KETQUATHUCHIEN": [{"MAKETQUA": "KQ.G01.000064", "TENKETQUA": "Thông báo"}],
        "CANCUPHAPLY": [{"SOVANBAN": "68/2020/QH14", "TENVANBAN": "Luật Cư trú"}],
    }
    path.write_text(
        json.dumps({"error_code": "0", "data": [record, {"TENTTHC": "thiếu mã"}]}), encoding="utf-8"
    )
    report = import_national_procedures(path, db.write_now, source="Cổng dịch vụ công quốc gia")
    assert (report.created, [(one.row, one.field) for one in report.errors]) == (1, [(2, "MATTHC")])
    one = next(iter(db.write_now(lambda uow: uow.procedures.latest(["1.004222"])).values()))
    assert [
        (c.channel, c.time.amount if c.time else None, [f.vnd for f in c.fees]) for c in one.channels
    ] == [
        ("online", 7, [10000]),
        ("direct", 7, []),
    ]
    assert one.channels[1].fee_rule is FeeRule.UNKNOWN
    assert (one.steps, one.papers[0].items[0].form) == (("Nộp hồ sơ", "Nhận kết quả"), "CT01")
