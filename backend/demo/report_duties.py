"""Invented regimes of periodic reports, and what was handed in: most in time, some late, some owed, one sent back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files

import yaml

from backend.demo.office import DEMO
from backend.domain.agency import Agency
from backend.domain.clock import local_date
from backend.domain.ports import UnitOfWork
from backend.domain.report_duty import PeriodicReport, ReportKind, ReportPeriod, Submission, SubmissionState

ORIGIN = "Danh mục chế độ báo cáo (minh họa)"
#: The regimes begin so many days before the anchor: a year of debts would look like an office that never reports.
_RUNNING = 100
#: Days from the due day to the day of handing in, one agency after the other; None: nothing was handed in.
_LIVES = (-2, -1, 0, -3, None, -1, 3, -2, 0, -1, -1, 6, None, -2, 0, -1, -4)
_RETURNED_EVERY, _WAITING_EVERY = 37, 23


def load_report_duties(uow: UnitOfWork, *, anchor: datetime) -> int:
    """Put them; returns how many reports there are. The same anchor gives the same."""
    plan = yaml.safe_load(files("backend.demo").joinpath("report_duties.yml").read_text(encoding="utf-8"))
    agencies = uow.agencies.all()
    ids = {one.name: one.id for one in agencies}
    day = local_date(anchor)
    begins = day - timedelta(days=_RUNNING)
    for number, row in enumerate(plan["reports"]):
        made = PeriodicReport(
            code=row["code"],
            name=row["name"],
            kind=ReportKind(row["kind"]),
            receiver_id=ids[row["receiver"]],
            valid_from=begins,
            short=row["short"],
            document_number=f"{12 + number}/QĐ-UBND",
            document_on=begins - timedelta(days=30),
            only=frozenset(row.get("only", ())),
            departments="departments" in row["who"],
            communes="communes" in row["who"],
            listed=tuple(ids[name] for name in row.get("others", ())),
            field=row["field"],
            due_day=row["due_day"],
            due_moves=True,
            origin=ORIGIN,
            demo=DEMO,
        )
        uow.report_duties.put(made, uow.now)
    reports = [one for one in uow.report_duties.all() if one.demo == DEMO]
    for report in reports:
        for period in report.periods_due(begins, day + timedelta(days=1), uow.calendar):
            for told in _handed_in(report, period, agencies, day, anchor):
                uow.report_duties.add_submission(told)
    return len(reports)


def _handed_in(
    report: PeriodicReport, period: ReportPeriod, agencies: Sequence[Agency], day: date, anchor: datetime
) -> Iterator[Submission]:
    for at, agency in enumerate(one for one in agencies if report.owed_by(one, period)):
        number = at + report.id * 5 + period.last.month * 3
        after = _LIVES[number % len(_LIVES)]
        if after is None:
            continue
        on = period.due_on + timedelta(days=after)
        if on > day:
            continue
        state, note = SubmissionState.ACCEPTED, ""
        if number % _RETURNED_EVERY == 0:
            state, note = SubmissionState.RETURNED, "Thiếu phụ lục số liệu"
        elif number % _WAITING_EVERY == 0 and (day - on).days < 14:
            state = SubmissionState.WAITING
        yield Submission(
            report.id,
            period.last,
            agency.id,
            on,
            f"{40 + number}/BC",
            state,
            at=anchor,
            note=note,
            origin=ORIGIN,
            demo=DEMO,
        )
