"""When a step of a petition is due: by the rule in force on the day of receipt, in the rule's own unit of days."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from backend.domain.clock import VIETNAM, local_date
from backend.domain.petition import (
    IN_PERSON,
    Alarm,
    DeadlineRule,
    Petition,
    PetitionKind,
    PetitionSource,
    PetitionState,
    Unit,
)
from backend.domain.petition_paper import Paper
from backend.domain.ports import UnitOfWork

CLOSES = time(17, 0)
#: A step without a rule of its own rings on the next working day: better too early than never.
_FALLBACK_DAYS = 1
_NOT_TAKEN_UP = frozenset({PetitionState.RECEIVED, PetitionState.CLASSIFIED, PetitionState.ASSIGNED})


def due(uow: UnitOfWork, kind: PetitionKind, step: str, start: datetime, received_at: datetime) -> datetime:
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


def is_complaint(petition: Petition, kind: PetitionKind) -> bool:
    """A real one, on paper or in person; by chat it is only a request for help with one."""
    return kind is PetitionKind.COMPLAINT and petition.source is not PetitionSource.CHAT


def answer_by(uow: UnitOfWork, petition: Petition, kind: PetitionKind, paper: Paper) -> datetime:
    """When the answer is due. A complaint's runs from its acceptance, longer where it is complex or remote."""
    if is_complaint(petition, kind):
        step = decision_step(remote=paper.remote, complex_case=paper.complex_case)
        return due(uow, kind, step, paper.accepted_at or uow.now, petition.received_at)
    at = due(uow, kind, Alarm.ANSWER, uow.now, petition.received_at)
    return _not_after_visit(uow, petition, kind, at)


def decision_step(*, remote: bool, complex_case: bool) -> str:
    """Which rule of time a decision on a complaint has (Luật Khiếu nại Đ28)."""
    return "answer" + ("_far" if remote else "") + ("_complex" if complex_case else "")


def alarm_time(
    uow: UnitOfWork, petition: Petition, state: PetitionState, alarm: Alarm, kind: PetitionKind
) -> datetime:
    """When a step rings. A complaint's acceptance counts from its receipt, everything else from now."""
    if alarm is Alarm.ANSWER and petition.due_at:
        return petition.due_at
    first_time = not petition.reopened
    from_receipt = alarm is Alarm.ACCEPT and is_complaint(petition, kind) and first_time
    at = due(uow, kind, alarm, petition.received_at if from_receipt else uow.now, petition.received_at)
    return _not_after_visit(uow, petition, kind, at) if state in _NOT_TAKEN_UP else at


def step_due(uow: UnitOfWork, petition: Petition, entered_at: datetime) -> datetime | None:
    """When the present step was due, however often its alarm has gone up since. ``entered_at``: when it began."""
    if petition.alarm is None:
        return None
    if petition.alarm is Alarm.ANSWER and petition.due_at:
        return petition.due_at
    first_time = not petition.reopened
    from_receipt = petition.alarm is Alarm.ACCEPT and is_complaint(petition, petition.kind) and first_time
    start = petition.received_at if from_receipt else entered_at
    at = due(uow, petition.kind, petition.alarm, start, petition.received_at)
    return _not_after_visit(uow, petition, petition.kind, at) if petition.state in _NOT_TAKEN_UP else at


def _not_after_visit(uow: UnitOfWork, petition: Petition, kind: PetitionKind, at: datetime) -> datetime:
    """Who came in person is answered, or told what is done, within a time of its own (Luật Tiếp công dân Đ28.1)."""
    if petition.source not in IN_PERSON or petition.reopened:
        return at
    rule = uow.petitions.rule(kind, "visit", local_date(petition.received_at))
    return min(at, end_of(uow, rule, petition.received_at)) if rule else at


def _in_working_days(uow: UnitOfWork, start: datetime, count: int) -> datetime:
    return datetime.combine(uow.calendar.add_working_days(local_date(start), count), CLOSES, VIETNAM)
