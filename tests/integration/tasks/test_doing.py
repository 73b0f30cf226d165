"""Reports and requests wait until the giver's side decides with its document; everybody concerned is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from backend.db.tables.people import audit
from backend.db.tables.tasks import task_extensions, task_reports
from backend.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backend.domain.messaging import Address, ChannelName
from backend.domain.task import Decision, ReportState, TaskGroup, TaskState
from backend.services.tasks import doing
from tests.integration.tasks.conftest import TODAY, Office

PAPER = Decision("123/BC-SXD", date(2026, 11, 20), "Giám đốc")
ONE, TWO = "NV-2026-0001", "NV-2026-0002"


def bind(office: Office, *names: str) -> None:
    for name in names:
        place = Address(ChannelName.TELEGRAM, "bot", f"tg-{name}")
        office.db.write_now(lambda uow, name=name, place=place: uow.officers.bind(place, name, uow.now))


def test_a_report_changes_nothing_until_it_is_confirmed(office: Office) -> None:
    bind(office, "vp", "canbo", "theodoi")
    told = office.do(doing.report, "canbo", ONE, "Đã bàn giao 9 trên 12 hộ", finishes=False)
    assert office.task(ONE).state is TaskState.OPEN
    assert office.task(ONE).group_on(TODAY) is TaskGroup.OVERDUE
    assert office.notices("notices/task") == [("notices/task_report_waiting", f"task:{ONE}", "tg-vp")]
    office.do(doing.decide_report, "vp", ONE, told.id, None, confirmed=True)
    assert office.task(ONE).state is TaskState.WORKING
    assert ("notices/task_report_confirmed", f"task:{ONE}", "tg-canbo") in office.notices("notices/task")
    with pytest.raises(Conflict):
        office.do(doing.decide_report, "vp", ONE, told.id, None, confirmed=True)


def test_the_end_of_a_task_needs_its_document(office: Office) -> None:
    told = office.do(doing.report, "canbo", TWO, "Đã trình xong", finishes=True)
    with pytest.raises(InvalidInput):
        office.do(doing.decide_report, "vp", TWO, told.id, None, confirmed=True)
    late = Decision("1/UBND", date(2026, 11, 22))
    with pytest.raises(InvalidInput):
        office.do(doing.decide_report, "vp", TWO, told.id, late, confirmed=True)
    assert office.task(TWO).state is TaskState.OPEN
    office.do(doing.decide_report, "vp", TWO, told.id, PAPER, confirmed=True)
    done = office.task(TWO)
    assert (done.state, done.ended_on, done.result) == (
        TaskState.DONE,
        date(2026, 11, 20),
        "123/BC-SXD ngày 20/11/2026",
    )
    with pytest.raises(Conflict):
        office.do(doing.report, "canbo", TWO, "thêm nữa", finishes=False)


def test_a_report_sent_back_leaves_the_task_as_it_was(office: Office) -> None:
    bind(office, "canbo")
    told = office.do(doing.report, "canbo", ONE, "xong rồi", finishes=True)
    office.do(doing.decide_report, "vp", ONE, told.id, None, confirmed=False, note="thiếu biên bản")
    assert office.task(ONE).state is TaskState.OPEN
    (kept,) = office.db.read_now(lambda uow: uow.tasks.reports(office.task(ONE).id))
    assert (kept.state, kept.note, kept.decided_by) == (ReportState.RETURNED, "thiếu biên bản", "vp")
    assert office.notices("notices/task")[-1][0] == "notices/task_report_returned"


def test_an_extension_waits_counts_and_moves_the_day(office: Office) -> None:
    asked = office.do(doing.ask_extension, "canbo", ONE, date(2026, 12, 15), "chờ đo đạc lại")
    assert (asked.number, asked.previous_due) == (1, date(2026, 11, 10))
    waiting = office.task(ONE)
    assert (waiting.group_on(TODAY), waiting.due_on) == (TaskGroup.EXTENSION, date(2026, 11, 10))
    with pytest.raises(Conflict):
        office.do(doing.ask_extension, "canbo", ONE, date(2026, 12, 20), "nữa")
    office.do(doing.decide_extension, "vp", ONE, date(2026, 12, 10), PAPER)
    longer = office.task(ONE)
    assert (longer.due_on, longer.first_due_on, longer.extensions, longer.extension_asked) == (
        date(2026, 12, 10),
        date(2026, 11, 10),
        1,
        False,
    )
    again = office.do(doing.ask_extension, "canbo", ONE, date(2027, 1, 5), "mưa lũ")
    assert again.number == 2
    office.do(doing.decide_extension, "vp", ONE, None, PAPER)
    assert office.task(ONE).due_on == date(2026, 12, 10)
    assert office.task(ONE).group_on(TODAY) is TaskGroup.AWAITED


@pytest.mark.parametrize(
    ("wished", "why"),
    [(date(2026, 11, 10), "not_later"), (date(2026, 11, 15), "not_later"), (date(2029, 1, 1), "too_far")],
)
def test_a_day_that_cannot_be_is_refused(office: Office, wished: date, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        office.do(doing.ask_extension, "canbo", ONE, wished, "lý do")
    with pytest.raises(InvalidInput, match="no_due"):
        office.do(doing.ask_extension, "vp", "NV-2026-0009", date(2026, 12, 1), "lý do")


def test_nobody_acts_out_of_scope_and_agencies_decide_nothing(office: Office) -> None:
    told = office.do(doing.report, "canbo", ONE, "đang làm", finishes=False)
    for name in ("taichinh", "xa", "tongdai", "quantri"):
        with pytest.raises(NotFound):
            office.do(doing.report, name, ONE, "của người khác", finishes=False)
    with pytest.raises(NotAllowed):
        office.do(doing.decide_report, "gd", ONE, told.id, None, confirmed=True)
    with pytest.raises(NotFound):
        office.do(doing.decide_report, "theodoi", ONE, told.id, None, confirmed=True)
    with pytest.raises(NotFound):
        office.do(doing.decide_report, "vp", TWO, told.id, None, confirmed=True)


def test_handed_over_within_the_agency_only(office: Office) -> None:
    bind(office, "dongnghiep")
    office.do(doing.hand_over, "canbo", TWO, "dongnghiep")
    assert office.task(TWO).officer == "Lê Thị Hoa"
    assert office.notices("notices/task_handed")[0][2] == "tg-dongnghiep"
    for name, error in (("taichinh", InvalidInput), ("nobody", NotFound)):
        with pytest.raises(error):
            office.do(doing.hand_over, "canbo", TWO, name)


def test_what_is_written_is_sealed_and_every_step_leaves_a_trace(office: Office) -> None:
    office.do(doing.report, "canbo", ONE, "bí mật chưa công bố", finishes=False)
    office.do(doing.ask_extension, "canbo", ONE, date(2026, 12, 15), "lý do riêng tư")
    raw = office.db.read_now(
        lambda uow: [
            *uow.connection.execute(select(task_reports.c.text)).scalars(),
            *uow.connection.execute(select(task_extensions.c.reason)).scalars(),
        ]
    )
    assert not any("bí mật".encode() in one or "riêng tư".encode() in one for one in raw)

    def steps(uow: Any) -> list[tuple[str, str]]:
        rows = uow.connection.execute(select(audit.c.action, audit.c.actor).order_by(audit.c.id))
        return [tuple(row) for row in rows]

    traces = office.db.read_now(steps)
    assert traces[-2:] == [("task_report", "account:canbo"), ("task_extension", "account:canbo")]
    feed = office.task(ONE)
    assert office.db.write_now(lambda uow: uow.tasks.put(feed, uow.now)) == "unchanged"
    assert office.task(ONE).extension_asked, "a feed does not answer a request"
