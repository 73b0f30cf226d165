"""When a step of a petition is due: by the rule in force on the day of receipt, in the rule's own unit of days."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from backend.domain.clock import VIETNAM, local_date
from backend.domain.petition import Alarm, DeadlineRule, PetitionKind, Unit
from backend.domain.ports import UnitOfWork

CLOSES = time(17, 0)
#: A step without a rule of its own rings on the next working day: better too early than never.
_FALLBACK_DAYS = 1


def due(uow: UnitOfWork, kind: PetitionKind, step: Alarm, start: datetime, received_at: datetime) -> datetime:
    """The end of the last day; the day after ``start`` is the first that counts.

    A calendar period that ends on a day off ends with the next working day (Bộ luật Dân sự 2015, Điều 148.5).
    """
    rule = uow.petitions.rule(kind, step, local_date(received_at))
    return end_of(uow, rule, start) if rule else _in_working_days(uow, start, _FALLBACK_DAYS)


def end_of(uow: UnitOfWork, rule: DeadlineRule, start: datetime) -> datetime:
    if rule.unit is Unit.WORKING:
        return _in_working_days(uow, start, rule.amount)
    last = local_date(start) + timedelta(days=rule.amount)
    return datetime.combine(uow.calendar.working_day_from(last), CLOSES, VIETNAM)


def _in_working_days(uow: UnitOfWork, start: datetime, count: int) -> datetime:
    return datetime.combine(uow.calendar.add_working_days(local_date(start), count), CLOSES, VIETNAM)
