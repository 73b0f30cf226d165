"""Days of reception: made from the rules, moved when the calendar changes, judged when somebody asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from weakref import WeakKeyDictionary

from backend.domain.ports import Sealer, UnitOfWork
from backend.domain.reception import (
    DayStatus,
    DayVerdict,
    PlannedDay,
    ReceptionDay,
    ReceptionRule,
    WhyNot,
    planned_days,
)
from backend.services.reception.announce import announce_move

#: How far ahead days are made, in calendar days: two monthly days are always known.
HORIZON_DAYS = 75
#: A day planned so long ago may have been shifted to today or later (Tết is the longest).
_LONGEST_SHIFT = timedelta(days=14)


def ensure_days(uow: UnitOfWork, horizon_days: int = HORIZON_DAYS) -> int:
    """Make the rows of every rule's coming days; returns how many were new. Safe to repeat.

    A day that has become a day off since is moved, and whoever had booked it is told.
    """
    rules = [rule for rule in uow.reception.rules(uow.today) if rule.bookable]
    return sum(ensure_rule(uow, rule, uow.today + timedelta(days=horizon_days)) for rule in rules)


#: What was found complete, by the seal, which a process has once per database.
_checked: WeakKeyDictionary[Sealer, dict[int, object]] = WeakKeyDictionary()


def ensure_rule(uow: UnitOfWork, rule: ReceptionRule, until: date) -> int:
    """The same for one rule, up to and including ``until``."""
    checked = _checked.setdefault(uow.cipher, {})
    state = (uow.today, until, rule, uow.calendar.overrides)
    if checked.get(rule.id) == state:
        return 0
    since = uow.today - _LONGEST_SHIFT
    planned = [one for one in planned_days(rule, uow.calendar, since, until) if one.on_date >= uow.today]
    known = {day.planned_on: day for day in uow.reception.planned(rule.id, since, until)}
    for one in planned:
        row = known.get(one.planned_on)
        if row is not None and row.status is DayStatus.PLANNED and row.on_date != one.on_date:
            _follow_calendar(uow, rule, row, one)
    wanted = {one.planned_on for one in planned}
    for row in known.values():
        if row.planned_on not in wanted and row.status is DayStatus.PLANNED and row.on_date >= uow.today:
            _drop(uow, rule, row)
    missing = [one for one in planned if one.planned_on not in known]
    if (
        not missing
        and known.keys() <= wanted
        and all(known[one.planned_on].on_date == one.on_date for one in planned)
    ):
        checked[rule.id] = (
            state  # only what was found in order is not looked at again: nothing here can be undone
        )
    uow.reception.add_days(rule, missing)
    return len(missing)


def _drop(uow: UnitOfWork, rule: ReceptionRule, row: ReceptionDay) -> None:
    """The rule holds this day no more. Who booked it is not left without one."""
    if row.booked == 0:
        uow.reception.drop_day(row.id)
        return
    reason = uow.calendar.off_reason(row.on_date)
    if reason is not None:
        held = uow.calendar.next_working_day(row.on_date)
        _follow_calendar(uow, rule, row, PlannedDay(row.planned_on, held, reason))


def _follow_calendar(uow: UnitOfWork, rule: ReceptionRule, row: ReceptionDay, planned: PlannedDay) -> None:
    if row.booked == 0:
        uow.reception.shift_day(row.id, planned)
        return
    uow.reception.move_day(row.id, planned.on_date, planned.shift_reason)
    announce_move(uow, rule, uow.reception.day(row.id), row.held_on, planned.shift_reason)


def upcoming(uow: UnitOfWork, rule: ReceptionRule, first: date, last: date) -> Sequence[ReceptionDay]:
    """The host's days held from ``first`` to ``last`` (both included, never before today), oldest first."""
    if not rule.bookable:
        return [_desk_day(uow, rule, day) for day in _open_days(uow, max(first, uow.today), last)]
    ensure_rule(uow, rule, max(last, uow.today + timedelta(days=HORIZON_DAYS)))
    return uow.reception.days([rule.id], max(first, uow.today), last)


def _open_days(uow: UnitOfWork, first: date, last: date) -> Sequence[date]:
    count = (last - first).days + 1
    days = (first + timedelta(days=n) for n in range(max(count, 0)))
    return [day for day in days if uow.calendar.is_working(day)]


def _desk_day(uow: UnitOfWork, rule: ReceptionRule, day: date) -> ReceptionDay:
    return ReceptionDay(rule.id, day, day, rule.sessions, rule.place, rule.capacity)


def desk_day_row(uow: UnitOfWork, rule: ReceptionRule, day: date) -> ReceptionDay:
    """The desk's row of a day, made when it is first needed (visits hang on it)."""
    uow.reception.add_days(rule, [PlannedDay(day, day)])
    return uow.reception.planned(rule.id, day, day)[0]


def bookable_days(uow: UnitOfWork, rule: ReceptionRule, count: int = 4) -> tuple[ReceptionDay, ...]:
    """The next days with a place left for which the time to register is not over."""
    days = upcoming(uow, rule, uow.today, uow.today + timedelta(days=HORIZON_DAYS))
    return tuple(day for day in days if why_not(uow, rule, day) is None)[:count]


def judge_day(uow: UnitOfWork, rule: ReceptionRule, asked: date) -> DayVerdict:
    """Whether this date can be reserved with this host; when not, why, and which days can."""
    known = uow.today <= asked <= uow.today + timedelta(days=HORIZON_DAYS)
    day = next(iter(upcoming(uow, rule, asked, asked)), None) if known else None
    reason = why_not(uow, rule, day) if day is not None else _no_day(uow, asked)
    if reason is None:
        return DayVerdict(asked, day, None)
    return DayVerdict(asked, day, reason, uow.calendar.off_reason(asked), bookable_days(uow, rule))


def _no_day(uow: UnitOfWork, asked: date) -> WhyNot:
    if asked < uow.today:
        return WhyNot.PAST
    if not uow.calendar.is_working(asked):
        return WhyNot.DAY_OFF
    too_far = asked > uow.today + timedelta(days=HORIZON_DAYS)
    return WhyNot.NOT_YET if too_far else WhyNot.NOT_RECEIVING


def why_not(uow: UnitOfWork, rule: ReceptionRule, day: ReceptionDay) -> WhyNot | None:
    """Why this day's places cannot be reserved now; None when one can."""
    if day.full:
        return WhyNot.FULL
    if uow.calendar.working_days_between(uow.today, day.held_on) < max(rule.register_working_days, 1):
        return WhyNot.TOO_LATE
    return None
