"""What a reception board counted in a day, taken over as a total: visits, people, delegations; nobody's name.

Visits of a total lie at the day's first moment, where no visit that was noted here can be; so they are known again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal

from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.ports import UnitOfWork
from backend.domain.reception import DayStatus, HostKind, PlannedDay, ReceptionDay, ReceptionRule
from backend.domain.reception_total import DayTotal, NotCountable, Sitting, host_kind

#: Stands in for a host whose calendar is not kept here: in force on no day, so that nobody is told of it.
STAND_IN = "Số liệu tiếp công dân nhập từ bảng"


def put_total(
    uow: UnitOfWork, agency: Agency, sitting: Sitting, total: DayTotal
) -> Literal["created", "changed", "unchanged"]:
    """Keep the day's total in place of what an earlier one said.

    Raises:
        NotCountable: the day lies ahead, was called off, or its visits were noted one by one.
    """
    if total.on > uow.today:
        raise NotCountable("ngày tiếp chưa đến")
    rule = _rule(uow, agency, host_kind(agency, sitting), total.on)
    day = _day(uow, rule, total.on)
    first = datetime.combine(total.on, time.min, VIETNAM)
    known = uow.reception.visits(day.id) if day is not None else ()
    if any(one.at != first for one in known):
        raise NotCountable("các lượt của ngày này đã được ghi từng lượt trong hệ thống")
    told = sorted((one.people, one.delegation) for one in known)
    wanted = sorted(_visits(total))
    if day is not None and told == wanted:
        return "unchanged"
    if day is None:
        day = _held(uow, rule, total.on)
    uow.reception.drop_visits([one.id for one in known])
    for people, group in wanted:
        uow.reception.add_visit(day.id, None, first, people, "", delegation=group)
    return "changed" if known else "created"


def _visits(total: DayTotal) -> Iterator[tuple[int, bool]]:
    single = total.visits - total.groups
    yield from ((people, True) for people in _shares(total.in_groups, total.groups))
    yield from ((people, False) for people in _shares(total.people - total.in_groups, single))


def _shares(whole: int, parts: int) -> Iterator[int]:
    for number in range(parts):
        yield whole * (number + 1) // parts - whole * number // parts


def _rule(uow: UnitOfWork, agency: Agency, kind: HostKind, on: date) -> ReceptionRule:
    """The host's own rule on that day, else the one that stands in for it in that year."""
    for one in uow.reception.rules(on):
        if one.agency_id == agency.id and one.host_kind is kind:
            return one
    begins = date(on.year, 1, 1)
    wanted = ReceptionRule(
        host="Ban Tiếp công dân" if kind is HostKind.DESK else "Người đứng đầu",
        host_kind=kind,
        agency_id=agency.id,
        rule={},
        sessions=(),
        place="",
        capacity=0,
        valid_from=begins,
        valid_to=begins - timedelta(days=1),
        source=STAND_IN,
    )
    return uow.reception.rule(uow.reception.same_rule(wanted) or uow.reception.put_rule(wanted))


def _day(uow: UnitOfWork, rule: ReceptionRule, on: date) -> ReceptionDay | None:
    """The host's day that was held on this date; None where none is known."""
    held = uow.reception.days([rule.id], on, on)
    if held:
        return held[0]
    planned = uow.reception.planned(rule.id, on, on)
    if not planned:
        return None
    if planned[0].status is DayStatus.CANCELLED:
        raise NotCountable("ngày tiếp này đã hủy trong lịch")
    raise NotCountable(f"ngày tiếp này đã chuyển sang {planned[0].held_on:%d/%m/%Y}")


def _held(uow: UnitOfWork, rule: ReceptionRule, on: date) -> ReceptionDay:
    """A day that was in no calendar. Today's could still be taken off by it: the calendar knows nothing of it."""
    if rule.bookable and rule.source != STAND_IN and on >= uow.today:
        raise NotCountable("ngày tiếp ngoài lịch: nhập từ ngày hôm sau")
    uow.reception.add_days(rule, [PlannedDay(on, on)])
    return uow.reception.planned(rule.id, on, on)[0]
