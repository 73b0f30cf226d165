"""Registers as files: refused rows, secrecy, repeating, trying out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.domain.scope import NO_SCOPE, Scope
from backend.importers.base import FileRefused
from backend.importers.documents_table import import_documents, write_template
from tests.conftest import NOW
from tests.integration.documents.conftest import ROWS, Registry

EVERYTHING = Scope(everything=True)
GOOD = dict(
    zip(
        ("direction", "number", "issued", "issuer", "subject", "agency"),
        ("Đi", "9/UBND-KT", "01/10/2026", "UBND tỉnh", "Rà soát nhà trọ", "Sở Xây dựng"),
        strict=True,
    )
)


def test_importing_again_changes_nothing(filled: Registry) -> None:
    before = filled.numbers()
    again = filled.load(*ROWS)
    assert (again.created, again.changed, again.unchanged, again.refused) == (0, 0, len(ROWS), 0)
    assert filled.numbers() == before


def test_a_change_is_a_change_and_the_words_follow(filled: Registry) -> None:
    changed = (*ROWS[0][:5], "Giao kế hoạch cây xanh", *ROWS[0][6:])
    report = filled.load(changed, as_of=NOW + timedelta(hours=1))
    assert (report.created, report.changed) == (0, 1)
    assert filled.look(EVERYTHING, words="cây xanh").total == 1
    assert filled.look(EVERYTHING, words="chỉ tiêu nhà ở").verdict != "one"


def test_older_news_never_overwrites_newer(filled: Registry) -> None:
    old = (*ROWS[0][:5], "Bản cũ", *ROWS[0][6:])
    assert filled.load(old, as_of=NOW - timedelta(days=1)).unchanged == 1
    assert filled.look(EVERYTHING, number="1234/QĐ-UBND").rows[0].subject == ROWS[0][5]


def test_the_source_is_as_fresh_as_its_last_telling(filled: Registry) -> None:
    filled.load(*ROWS, as_of=NOW + timedelta(hours=2))
    assert filled.look(EVERYTHING, number="1234/QĐ-UBND").as_of == NOW + timedelta(hours=2)


def test_a_dry_run_writes_nothing(registry: Registry) -> None:
    report = registry.load(*ROWS, dry_run=True)
    assert report.created == len(ROWS)
    assert registry.numbers() == []


@pytest.mark.parametrize(
    "secret",
    [
        {"secrecy": "Mật"},
        {"secrecy": "TỐI MẬT"},
        {"secrecy": "tuyet mat"},
        {"secrecy": "A"},
        {"secrecy": "Hạn chế"},
        {"secrecy": "=B2"},
        {"subject": "(Mật) Rà soát nhà trọ"},
        {"subject": "Rà soát nhà trọ - TỐI MẬT"},
        {"number": "9/UBND-KT (M)"},
        {"kind": "Công văn mật"},
    ],
)
def test_classified_rows_are_refused_and_what_was_there_goes(
    registry: Registry, secret: dict[str, str]
) -> None:
    assert registry.load_cells(GOOD).created == 1
    report = registry.load_cells({**GOOD, **secret})
    assert (report.created, report.refused) == (0, 1)
    assert "mật" in report.errors[0].reason
    assert registry.numbers() == []
    assert registry.look(EVERYTHING, number="9/UBND-KT").verdict == "nothing"
    assert registry.look(EVERYTHING, words="nhà trọ").verdict == "nothing"
    rows = "SELECT count(*) FROM document_words"
    assert registry.db.read_now(lambda uow: uow.connection.exec_driver_sql(rows).scalar()) == 0


def test_a_classified_row_goes_even_when_it_is_wrong_otherwise(registry: Registry) -> None:
    registry.load_cells(GOOD)
    report = registry.load_cells({**GOOD, "secrecy": "Mật", "agency": "Sở Không Có", "subject": ""})
    assert report.refused == 1
    assert registry.numbers() == []


def test_one_secret_row_keeps_out_the_plain_one_of_the_same_file(registry: Registry) -> None:
    report = registry.load_cells(GOOD, {**GOOD, "secrecy": "Mật"})
    assert (report.created, report.refused) == (0, 2)
    assert registry.numbers() == []


@pytest.mark.parametrize("subject", ["Phát triển nghề nuôi ong lấy mật ong", "Bảo vệ bí mật nhà nước ở xã"])
def test_plain_words_are_no_stamp(registry: Registry, subject: str) -> None:
    assert registry.load_cells({**GOOD, "subject": subject, "secrecy": "Thường"}).created == 1


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        ({"number": ""}, "Số, ký hiệu", "thiếu"),
        ({"number": "không số"}, "Số, ký hiệu", "không phải"),
        ({"number": "=A1"}, "Số, ký hiệu", "công thức"),
        ({"direction": ""}, "Loại sổ", "thiếu"),
        ({"direction": "ngang"}, "Loại sổ", "không hiểu"),
        ({"issued": ""}, "Ngày ban hành", "thiếu"),
        ({"issued": "31/02/2026"}, "Ngày ban hành", "không có"),
        ({"issued": "01/10/26"}, "Ngày ban hành", "bốn chữ số"),
        ({"received": "30/09/2026"}, "Ngày đến", "trước ngày ban hành"),
        ({"agency": "Sở Không Có"}, "Cơ quan xử lý", "không phải một cơ quan"),
        ({"agency": ""}, "Cơ quan xử lý", "thiếu"),
        ({"subject": ""}, "Trích yếu", "thiếu"),
        ({"needs_action": "có thể"}, "Cần xử lý", "không hiểu"),
        ({"validity": "mãi mãi"}, "Hiệu lực", "không hiểu"),
        ({"link": "javascript:alert(1)"}, "Đường dẫn", "http"),
        ({"from": "02/10/2026", "to": "01/10/2026"}, "Hết hiệu lực từ", "trước khi"),
    ],
)
def test_bad_rows_are_refused_with_the_reason_and_the_rest_goes_in(
    registry: Registry, wrong: dict[str, str], field: str, reason: str
) -> None:
    report = registry.load_cells({**GOOD, **wrong}, {**GOOD, "number": "10/UBND-KT"})
    assert (report.created, report.refused) == (1, 1)
    assert [(one.row, one.field) for one in report.errors] == [(2, field)]
    assert reason in report.errors[0].reason
    assert registry.numbers() == ["10/UBND-KT"]


def test_the_same_document_twice_in_a_file_is_refused_once(registry: Registry) -> None:
    report = registry.load_cells(GOOD, {**GOOD, "number": "9 / UBND-KT"})
    assert (report.created, report.refused) == (1, 1)
    assert "dòng 2" in report.errors[0].reason


def test_month_first_dates_make_every_slash_date_doubtful(registry: Registry) -> None:
    report = registry.load_cells({**GOOD, "issued": "10/21/2026"}, {**GOOD, "issued": "05/06/2026"})
    assert report.refused == 2


def test_unknown_recipients_are_noted_and_see_nothing(registry: Registry) -> None:
    report = registry.load_cells({**GOOD, "readers": "Sở Tài chính; Như trên; Lưu VT"})
    assert report.created == 1
    assert any("Như trên" in note for note in report.notes)


def test_the_gazette_needs_no_agency_and_is_for_everybody(registry: Registry) -> None:
    report = registry.load_cells({**GOOD, "direction": "Công báo", "agency": "", "gazette": "12/2026"})
    assert report.created == 1
    (one,) = registry.look(NO_SCOPE, number="9/UBND-KT").rows
    assert (one.public, one.gazette_issue) == (True, "12/2026")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_imports_as_it_is(registry: Registry, tmp_path: Path, ending: str) -> None:
    registry.db.write_now(_more_agencies)
    path = tmp_path / f"mau.{ending}"
    write_template(path)
    report = import_documents(path, registry.db.write_now, source="Sổ", as_of=NOW)
    assert (report.created, report.errors, dict(report.notes)) == (1, [], {})
    (one,) = registry.look(EVERYTHING, number="1234/QĐ-UBND").rows
    assert (one.needs_action, one.digitally_signed, one.validity) == (True, True, "in_force")


def test_a_file_that_is_no_table_is_refused_whole(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileRefused):
        import_documents(path, registry.db.write_now, source="Sổ")
    assert registry.numbers() == []


def _more_agencies(uow: Any) -> None:
    from backend.domain.agency import Agency

    uow.agencies.put(Agency("H50.07", "Sở Nông nghiệp và Môi trường", "department", "H50"))
