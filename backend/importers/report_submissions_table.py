"""What was handed in of periodic reports, from a CSV or XLSX table of the receiving side (``docs/import.md``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from backend.domain.ports import UnitOfWork
from backend.domain.report_duty import PeriodicReport, ReportPeriod, Submission, SubmissionState
from backend.importers.base import Item, Parsed, Report, RowError, RunSlice, Tally, import_rows
from backend.importers.office_table import (
    Columns,
    KnownAgencies,
    OfficeRow,
    office_rows,
    record_run,
    write_table,
)
from backend.services.figures.spoken_periods import read_periods
from backend.text.fold import fold

KIND = "report-submissions"
COLUMNS: Columns = {
    "report": (("Mã báo cáo", "Mã"), "BC-CCHC-QUY"),
    "period": (("Kỳ", "Kỳ báo cáo"), "quý III/2026"),
    "agency": (("Cơ quan nộp", "Nơi nộp"), "Sở Xây dựng"),
    "on": (("Ngày nộp", "Ngày gửi"), "15/09/2026"),
    "number": (("Số văn bản",), "123/BC-SXD"),
    "state": (("Tình trạng", "Trạng thái"), "Đã nhận"),
    "reason": (("Lý do trả lại",), ""),
}
_STATES = {
    "da nhan": SubmissionState.ACCEPTED, "da nop": SubmissionState.ACCEPTED, "cho xac nhan": SubmissionState.WAITING,
    "tra lai": SubmissionState.RETURNED, "bi tra lai": SubmissionState.RETURNED,
}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: Only years are missing from what has one; the day that words are read on does not matter then.
_ANY_DAY = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class Row:
    submission: Submission
    report: str
    period: str
    span: tuple[date, date]
    agency: str


def import_report_submissions(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import what was handed in; safe to repeat.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    rows = (read_row(row, source) for row in office_rows(path, COLUMNS, ("on",)))
    import_rows(rows, _Writer().write, run_slice, report=report, dry_run=dry_run, progress=progress)
    return record_run(path, KIND, report, run_slice)


def write_template(path: Path) -> None:
    write_table(path, COLUMNS, "Báo cáo đã nộp")


def read_row(row: OfficeRow, source: str) -> Parsed[Row]:
    code, agency = row.text("report", 40, required=True), row.text("agency", 300, required=True)
    period = row.text("period", 60, required=True)
    span = read_periods(period, _ANY_DAY).span if _YEAR.search(fold(period)) else None
    if span is None and period:
        row.refuse(
            "period", f"“{period}” không hiểu; hãy ghi như “tháng 10/2026”, “quý III/2026”, “năm 2026”"
        )
    on = row.day("on", required=True)
    state, reason = row.choice("state", _STATES, SubmissionState.ACCEPTED), row.text("reason", 2000)
    if reason and state is not SubmissionState.RETURNED:
        row.refuse("reason", "có “Lý do trả lại” mà tình trạng không phải “Trả lại”")
    number = row.text("number", 60)
    if row.errors or on is None or span is None:
        return tuple(row.errors)
    told = Submission(0, span[1], 0, on, number, state, note=reason, origin=source[:100])
    return Item(row.number, Row(told, code, period, span, agency))


class _Writer:
    def __init__(self) -> None:
        self._agencies = KnownAgencies()

    def write(self, uow: UnitOfWork, items: Sequence[Item[Row]]) -> Tally:
        tally = Tally()
        known = {one.code: one for one in uow.report_duties.all()}
        for item in items:
            told = self._settled(uow, known.get(item.value.report), item, tally)
            if told is None:
                continue
            done = uow.report_duties.put_submission(told, uow.now)
            tally.created += done == "created"
            tally.changed += done == "changed"
            tally.unchanged += done == "unchanged"
        return tally

    def _settled(
        self, uow: UnitOfWork, report: PeriodicReport | None, item: Item[Row], tally: Tally
    ) -> Submission | None:
        row = item.value
        period = report.period_named(row.span[1], uow.calendar) if report else None
        agency = self._agencies.find(uow, row.agency)
        wrong: tuple[str, str]
        if report is None:
            wrong = ("report", f"“{row.report}” không có trong danh mục báo cáo")
        elif period is None or period.first != row.span[0]:
            wrong = ("period", f"“{row.period}” không phải một kỳ của báo cáo {row.report}")
        elif agency is None:
            wrong = ("agency", f"“{row.agency}” không phải một cơ quan có trong danh mục")
        elif not report.owed_by(agency, period):
            wrong = ("agency", f"{agency.name} không phải nộp báo cáo {row.report}")
        elif reason := _impossible(uow, row.submission, period):
            wrong = ("on", reason)
        else:
            return replace(row.submission, report_id=report.id, agency_id=agency.id)
        tally.refused.append(RowError(item.row, COLUMNS[wrong[0]][0][0], wrong[1]))
        return None


def _impossible(uow: UnitOfWork, told: Submission, period: ReportPeriod) -> str:
    if told.handed_in_on > uow.today:
        return "ngày nộp ở tương lai"
    return "trước khi kỳ báo cáo bắt đầu" if told.handed_in_on < period.cut_from else ""
