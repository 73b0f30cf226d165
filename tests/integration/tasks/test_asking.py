"""Late, due, by group: as of today and of an earlier day, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

from backend.domain.scope import Scope
from backend.domain.task import Decision, Giver, TaskFilter, TaskGroup
from backend.services.tasks import asking, doing
from tests.integration.tasks.conftest import BUILDING, MONEY, TODAY, Office, task

ALL = Scope(everything=True)


def overdue(
    office: Office, scope: Scope = ALL, which: TaskFilter | None = None, **more: object
) -> asking.Found:
    return office.db.read_now(lambda uow: asking.overdue(uow, scope, which or TaskFilter(), **more))  # type: ignore[no-any-return,arg-type]


def test_the_longest_overdue_comes_first(office: Office) -> None:
    found = overdue(office)
    assert [one.code[-2:] for one in found.tasks] == ["05", "03", "01", "04"]
    assert found.total == 4
    worst = {one.name: (one.overdue, one.worst_days) for one in found.agencies}
    assert worst == {
        "Sở Tài chính": (1, 22),
        "Ban Quản lý dự án": (1, 20),
        "Sở Xây dựng": (1, 11),
        "Sở Nông nghiệp và Môi trường": (1, 6),
    }


def test_a_task_is_late_from_the_day_after_its_day(office: Office) -> None:
    office.put(task(20, office.ids[MONEY], TODAY), task(21, office.ids[MONEY], TODAY - timedelta(days=1)))
    late = {one.code for one in overdue(office).tasks}
    assert "NV-2026-0020" not in late
    assert "NV-2026-0021" in late


def test_narrowed_to_agency_giver_and_field(office: Office) -> None:
    agency = TaskFilter(agencies=frozenset({office.ids[BUILDING]}))
    assert [one.code for one in overdue(office, which=agency).tasks] == ["NV-2026-0001"]
    assert [one.code for one in overdue(office, which=TaskFilter(giver=Giver.GOVERNMENT)).tasks] == [
        "NV-2026-0004"
    ]
    assert overdue(office, which=TaskFilter(field="Y tế")).total == 0


def test_an_earlier_day_counts_what_was_open_and_late_then(office: Office) -> None:
    found = overdue(office, on=date(2026, 11, 11))
    # 5 and 3 and 1 were late on 11/11; 7 was, too, and was done a day later; 10 had been stopped
    assert (found.before, found.total) == (4, 4)
    assert found.before_on == date(2026, 11, 11)
    assert overdue(office, on=date(2026, 10, 1)).before == 0


def test_an_extension_granted_later_does_not_change_the_past(office: Office) -> None:
    office.do(doing.ask_extension, "gd", "NV-2026-0001", date(2026, 12, 15), "chờ đo đạc lại")
    paper = Decision("77/UBND", date(2026, 11, 20), "Chánh Văn phòng")
    office.do(doing.decide_extension, "vp", "NV-2026-0001", date(2026, 12, 15), paper)
    assert "NV-2026-0001" not in {one.code for one in overdue(office).tasks}
    before = overdue(office, on=date(2026, 11, 15))
    assert before.before == 3, "1, 3 and 5 were late then"


def test_groups_add_up_and_each_opens_to_its_rows(office: Office) -> None:
    told = office.db.read_now(lambda uow: asking.standing(uow, ALL, TaskFilter()))
    assert told.groups.total == 11
    assert {str(group): told.groups.of(group) for group in TaskGroup} == {
        "working": 1,
        "done_on_time": 1,
        "done_late": 1,
        "awaited": 2,
        "overdue": 4,
        "extension": 0,
        "stopped": 1,
        "carried": 1,
    }
    assert sum(one.groups.total for one in told.agencies) == 11
    for group in TaskGroup:
        rows = office.db.read_now(lambda uow, group=group: asking.of_group(uow, ALL, TaskFilter(), group))
        assert rows.total == told.groups.of(group)
        assert all(one.group_on(TODAY) is group for one in rows.tasks)


def test_due_soon_is_open_and_within_the_span(office: Office) -> None:
    span = (TODAY, TODAY + timedelta(days=7))
    found = office.db.read_now(lambda uow: asking.due_soon(uow, ALL, TaskFilter(), span))
    assert [one.code for one in found.tasks] == ["NV-2026-0002"]


def test_days_left_are_working_days_and_late_ones_calendar_days(office: Office) -> None:
    left = {
        code: office.db.read_now(lambda uow, code=code: asking.days_left(uow, office.task(f"NV-2026-{code}")))
        for code in ("0001", "0002", "0006", "0009")
    }
    # 24/11/2026 is a holiday: of 23, 24 and 25 November two are worked
    assert left == {"0001": -11, "0002": 2, "0006": None, "0009": None}


def test_pages_hold_five_and_say_how_many_are_left(office: Office) -> None:
    office.put(*(task(100 + n, office.ids[MONEY], date(2026, 11, 1)) for n in range(9)))
    first = overdue(office)
    assert (len(first.tasks), first.total, first.left) == (5, 13, 8)
    rest = overdue(office, offset=10)
    assert (len(rest.tasks), rest.left, rest.agencies) == (3, 0, ())
