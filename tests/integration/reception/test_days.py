"""Days are made from rules, once; they follow the calendar and are judged with reasons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from backend.db.engine import Database
from backend.db.repositories.calendar import read_overrides
from backend.db.tables.agencies import calendar_overrides
from backend.db.unit_of_work import SqlUnitOfWork
from backend.demo.office import load_office
from backend.domain.calendar import CalendarOverride, OverrideKind
from backend.domain.clock import VIETNAM
from backend.domain.reception import HostKind, WhyNot
from backend.services.reception import days, hosts, schedule


def test_making_days_again_changes_nothing(office: Any, db: Database) -> None:
    assert db.write_now(days.ensure_days) == 0
    assert [day.held_on for day in office.days(office.chairman)] == [date(2026, 12, 15), date(2027, 1, 15)]
    weekly = office.days(office.commune)
    assert [day.held_on for day in weekly[:2]] == [date(2026, 11, 25), date(2026, 12, 1)]
    assert (weekly[0].planned_on, weekly[0].shift_reason) == (date(2026, 11, 24), "Ngày Văn hóa Việt Nam")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (date(2026, 11, 24), WhyNot.DAY_OFF),
        (date(2026, 11, 10), WhyNot.PAST),
        (date(2026, 11, 22), WhyNot.DAY_OFF),
        (date(2026, 12, 10), WhyNot.NOT_RECEIVING),
        (date(2028, 12, 15), WhyNot.NOT_YET),
        (date(2026, 12, 15), None),
    ],
)
def test_why_a_day_cannot_be(office: Any, db: Database, asked: date, why: WhyNot | None) -> None:
    verdict = db.write_now(lambda uow: days.judge_day(uow, office.chairman, asked))
    assert verdict.why_not is why
    if why is not None:
        assert [day.held_on for day in verdict.others] == [date(2026, 12, 15), date(2027, 1, 15)]


def test_the_time_to_register_ends(office: Any, db: Database, clock: Any) -> None:
    clock.set(datetime(2026, 12, 15, 7, 0, tzinfo=VIETNAM))
    verdict = db.write_now(lambda uow: days.judge_day(uow, office.chairman, date(2026, 12, 15)))
    assert verdict.why_not is WhyNot.TOO_LATE


def _with_day_off(uow: SqlUnitOfWork, day: date) -> SqlUnitOfWork:
    override = CalendarOverride(day, OverrideKind.OFF, "Nghỉ hoán đổi", "thông báo")
    uow.calendar = uow.calendar.with_overrides([override])
    return uow


def test_a_swap_announced_later_moves_days_and_tells_who_booked(office: Any, db: Database) -> None:
    first = office.days(office.chairman)[0]
    commune = next(day for day in office.days(office.commune) if day.held_on == date(2026, 12, 15))
    office.booked(office.viewer("hoa"), first)
    db.write_now(lambda uow: days.ensure_days(_with_day_off(uow, date(2026, 12, 15))))
    assert office.day(first.id).held_on == date(2026, 12, 16)
    assert office.day(commune.id).held_on == date(2026, 12, 16)
    moved = [one for one in office.notices() if one.kind == "notices/reception_moved"]
    assert [(one.values["was_on"], one.values["on"], one.values["reason"]) for one in moved] == [
        ("2026-12-15", "2026-12-16", "Nghỉ hoán đổi")
    ]
    db.write_now(lambda uow: days.ensure_days(_with_day_off(uow, date(2026, 12, 15))))
    assert len([one for one in office.notices() if one.kind == "notices/reception_moved"]) == 1


def test_the_schedule_of_the_desk_and_of_a_span(office: Any, db: Database) -> None:
    desk = db.write_now(lambda uow: schedule.schedule(uow, hosts.find_host(uow, "Ban Tiếp công dân")))
    assert desk.named is not None
    assert (desk.named.kind, desk.desk_open) == (HostKind.DESK, False)  # it is Saturday
    assert desk.named.days[0].held_on == date(2026, 11, 23)
    span = (date(2026, 11, 23), date(2026, 11, 29))
    asked = db.write_now(lambda uow: schedule.schedule(uow, hosts.find_host(uow, "chủ tịch tỉnh"), span))
    assert asked.named is not None
    assert (asked.named.in_range, asked.named.days[0].held_on) == (False, date(2026, 12, 15))


def test_overrides_are_read_from_the_database(db: Database) -> None:
    row = {"on_date": date(2026, 11, 23), "kind": "off", "name": "Nghỉ hoán đổi", "source": "thông báo"}

    def work(uow: SqlUnitOfWork) -> list[CalendarOverride]:
        uow.connection.execute(insert(calendar_overrides), row)
        return list(read_overrides(uow.connection))

    assert db.write_now(work) == [
        CalendarOverride(date(2026, 11, 23), OverrideKind.OFF, "Nghỉ hoán đổi", "thông báo")
    ]


def test_the_demonstration_office_loads_twice_without_doubling(db: Database) -> None:
    assert db.write_now(load_office) == 43
    assert db.write_now(load_office) == 43
    rules = db.read_now(hosts.hosts)
    kinds = [rule.host_kind for rule in rules]
    assert [kinds.count(kind) for kind in HostKind] == [1, 15, 24, 1]
    choice = db.read_now(lambda uow: hosts.find_host(uow, "giám đốc sở giao thông vận tải"))
    assert choice.rule is not None
    assert choice.explained is not None
    assert choice.rule.host == "Giám đốc Sở Xây dựng"
