"""The province of the tasks' tests with periodic reports, some of them handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from backend.db.engine import open_database
from backend.db.unit_of_work import Tools
from backend.domain.report_duty import Duty, PeriodicReport, ReportKind, Submission, SubmissionState
from backend.domain.scope import Scope
from backend.services.report_duties.handing_in import DutyKey
from tests.conftest import FixedClock
from tests.integration.tasks.conftest import BUILDING, COMMUNE, DESK, LAND, MONEY, Office, furnish

OFFICE = "H50.01"
ALL = Scope(everything=True)
THIRD, OCTOBER, NOVEMBER = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)


def report(office: Office, code: str, kind: ReportKind, receiver: str, **more: Any) -> PeriodicReport:
    known: dict[str, Any] = {
        "code": code,
        "name": f"Báo cáo {code}",
        "kind": kind,
        "receiver_id": office.ids[receiver],
        "valid_from": date(2026, 7, 1),
        "departments": True,
        "due_day": 16,
    }
    return PeriodicReport(**{**known, **more})


def put(office: Office, *reports: PeriodicReport) -> None:
    for one in reports:
        office.db.write_now(lambda uow, one=one: uow.report_duties.put(one, uow.now))


def known(office: Office, code: str) -> PeriodicReport:
    found = office.db.read_now(lambda uow: uow.report_duties.all())
    return next(one for one in found if one.code == code)


def told(
    office: Office, code: str, last: date, agency: str, on: str, state: str = "accepted", **more: Any
) -> None:
    made = Submission(
        known(office, code).id,
        last,
        office.ids[agency],
        date.fromisoformat(on),
        more.pop("number", f"1/BC-{agency}"),
        SubmissionState(state),
        at=office.clock.now(),
        **more,
    )
    office.db.write_now(lambda uow: uow.report_duties.add_submission(made))


def key(office: Office, code: str, last: date, agency: str) -> DutyKey:
    return DutyKey(code, last, office.ids[agency])


def names(duties: Sequence[Duty]) -> list[tuple[str, str, str]]:
    return [(one.report.code, one.period.last.isoformat(), one.agency_name) for one in duties]


def furnish_reports(office: Office) -> Office:
    """CCHC of the third quarter was due on 16/09, KTXH of October on 20/10, of November on 20/11 (yesterday)."""
    put(
        office,
        report(
            office,
            "CCHC-Q",
            ReportKind.QUARTER,
            OFFICE,
            name="Báo cáo công tác cải cách hành chính quý",
            short="CCHC",
            only=frozenset({1, 3}),
            communes=True,
            field="Cải cách hành chính",
        ),
        report(
            office,
            "CCHC-N",
            ReportKind.YEAR,
            OFFICE,
            name="Báo cáo công tác cải cách hành chính năm",
            short="CCHC",
            communes=True,
            field="Cải cách hành chính",
        ),
        report(
            office,
            "KTXH-T",
            ReportKind.MONTH,
            MONEY,
            name="Báo cáo tình hình kinh tế - xã hội hằng tháng",
            short="KTXH",
            due_day=20,
            valid_from=date(2026, 10, 1),
        ),
        report(
            office,
            "KTTT-6",
            ReportKind.HALF,
            MONEY,
            name="Báo cáo kinh tế tập thể 6 tháng",
            short="KTTT",
            departments=False,
            listed=(office.ids[COMMUNE], office.ids[DESK]),
            field="Đất đai",
        ),
    )
    _hand_in(office)
    return office


def _hand_in(office: Office) -> None:
    told(office, "CCHC-Q", THIRD, BUILDING, "2026-09-16")
    told(office, "CCHC-Q", THIRD, LAND, "2026-09-20")
    told(office, "CCHC-Q", THIRD, MONEY, "2026-09-15", "waiting", by="taichinh")
    told(office, "CCHC-Q", THIRD, COMMUNE, "2026-09-10", "returned", note="thiếu phụ lục")
    told(office, "KTXH-T", OCTOBER, BUILDING, "2026-10-19")
    told(office, "KTXH-T", NOVEMBER, LAND, "2026-11-20")


@pytest.fixture
def office(database_url: str, tools: Tools) -> Iterator[Office]:
    clock = FixedClock()
    db = open_database(database_url, replace(tools, clock=clock), workers=4)
    yield furnish_reports(furnish(db, clock))
    db.close()
