"""Which report a sentence names: in short, in full, in part; several that fit are asked back."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.report_duty import PeriodicReport, ReportKind
from backend.services.report_duties.naming import by_codes, named


def a_report(code: str, name: str, short: str = "") -> PeriodicReport:
    return PeriodicReport(code, name, ReportKind.MONTH, 1, date(2026, 1, 1), short)


REPORTS = (
    a_report("CQ", "Báo cáo công tác cải cách hành chính quý", "CCHC"),
    a_report("CN", "Báo cáo công tác cải cách hành chính năm", "CCHC"),
    a_report("KX", "Báo cáo tình hình kinh tế - xã hội hằng tháng", "KTXH"),
    a_report("KT", "Báo cáo kinh tế tập thể", "KTTT"),
    a_report("GN", "Báo cáo kết quả thực hiện chương trình giảm nghèo"),
    a_report("YT", "Báo cáo y tế"),
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ai đã nộp báo cáo CCHC quý III", "CQ CN"),
        ("bc cchc ai chưa nộp", "CQ CN"),
        ("sở nào nợ báo cáo cải cách hành chính", "CQ CN"),
        ("bao cao kinh te xa hoi thang 10 ai chua gui", "KX"),
        ("báo cáo kinh tế tập thể 6 tháng", "KT"),
        ("xã nào chưa gửi báo cáo giảm nghèo tháng 11", "GN"),
        ("báo cáo về chương trình giảm nghèo", "GN"),
        ("hạn gửi báo cáo y tế hằng tháng là mùng mấy", "YT"),
    ],
)
def test_named_in_short_in_full_or_in_part(text: str, codes: str) -> None:
    assert {one.code for one in named(REPORTS, text).reports} == set(codes.split())


def test_the_language_sides_subject_counts() -> None:
    assert {one.code for one in named(REPORTS, "ai chưa gửi", ["giảm nghèo"]).reports} == {"GN"}


def test_several_that_fit_are_asked_back() -> None:
    found = named(REPORTS, "ai nợ báo cáo kinh tế")
    assert (found.among, found.titles, len(found.reports)) == (("KTXH", "KTTT"), (), len(REPORTS))


@pytest.mark.parametrize(
    "text",
    [
        "sở nào còn nợ báo cáo tháng 10",
        "kỳ này tôi phải nộp báo cáo gì",
        "em còn nợ báo cáo gì không",
        "báo cáo nào đến hạn tuần này",
        "nợ báo cáo",
        "những nơi báo cáo muộn hai kỳ liên tiếp",
        "Sở Ngoại vụ báo cáo đủ",
    ],
)
def test_questions_about_all_reports_name_none(text: str) -> None:
    found = named(REPORTS, text)
    assert (list(found.reports), found.titles, found.among, found.unknown) == (list(REPORTS), (), (), "")


def test_a_report_that_is_not_there_is_said_to_be_unknown() -> None:
    found = named(REPORTS, "bao nhiêu cơ quan thiếu báo cáo an toàn thực phẩm tháng 9")
    assert found.unknown == "an toàn thực phẩm"


def test_codes_of_a_button() -> None:
    assert by_codes(REPORTS, ["KT", "nonsense"]).titles == ("KTTT",)
    assert by_codes(REPORTS, []).titles == ()
