"""Who receives when and where, as it is answered to anyone who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from backend.domain.calendar import OfficeHours, Session
from backend.domain.ports import UnitOfWork
from backend.domain.reception import HostKind, ReceptionDay, ReceptionRule
from backend.services.agencies.resolve import AgencyMatch
from backend.services.reception.days import HORIZON_DAYS, upcoming
from backend.services.reception.hosts import HostChoice, chairman, desk

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class HostSchedule:
    """``days`` lie in the asked range when there are any (``in_range``), else they are the next ones."""

    rule_id: int
    host: str
    kind: str
    sessions: tuple[Session, ...]
    place: str
    phone: str
    note: str
    source: str
    days: tuple[ReceptionDay, ...]
    in_range: bool
    bookable: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """``named`` is the host asked for; None where nobody was named or it is still open which one is meant.

    ``open_kind`` (department_head, commune_chairman) asks which; ``choices`` are hosts to choose from;
    ``unknown`` says that the named one's schedule is not kept here.
    """

    named: HostSchedule | None
    chairman: HostSchedule | None
    desk: HostSchedule | None
    desk_open: bool
    first: date | None
    last: date | None
    open_kind: str = ""
    choices: tuple[ReceptionRule, ...] = ()
    unknown: bool = False
    old: AgencyMatch | None = None
    uncertain: tuple[int, ...] = ()
    off_reason: str = ""  # why the single asked day is no working day
    district: bool = False  # one was asked for; there are none any more


def schedule(uow: UnitOfWork, choice: HostChoice, span: tuple[date, date] | None = None) -> Schedule:
    """The answer to "ai tiếp công dân, khi nào, ở đâu"; ``span`` is the asked range of days, both included."""
    rule, head, board = choice.rule, chairman(uow), desk(uow)
    general = rule is None and not choice.named
    named = host_schedule(uow, rule, span) if rule else None
    shown_days = [day.held_on for one in (named,) if one for day in one.days]
    return Schedule(
        named=named,
        chairman=host_schedule(uow, head, span) if general and head else None,
        desk=host_schedule(uow, board, None) if board else None,
        desk_open=board is not None and OfficeHours(uow.calendar, board.sessions).is_open(uow.now),
        first=span[0] if span else None,
        last=span[1] if span else None,
        open_kind=choice.open_kind or "",
        choices=choice.rules if len(choice.rules) > 1 else (),
        unknown=choice.named and not choice.rules and choice.open_kind is None,
        old=choice.explained,
        uncertain=uow.calendar.uncertain(shown_days),
        off_reason=(uow.calendar.off_reason(span[0]) or "") if span and span[0] == span[1] else "",
        district=choice.district,
    )


def host_schedule(uow: UnitOfWork, rule: ReceptionRule, span: tuple[date, date] | None) -> HostSchedule:
    end = uow.today + timedelta(days=HORIZON_DAYS)
    inside = upcoming(uow, rule, span[0], min(span[1], end)) if span else ()
    days = inside or _next(uow, rule, end)
    return HostSchedule(
        rule_id=rule.id,
        host=rule.host,
        kind=rule.host_kind,
        sessions=rule.sessions,
        place=rule.place,
        phone=rule.phone,
        note=rule.note,
        source=rule.source,
        days=tuple(days)[:_SHOWN],
        in_range=span is None or bool(inside),
        bookable=rule.bookable,
    )


def _next(uow: UnitOfWork, rule: ReceptionRule, end: date) -> list[ReceptionDay]:
    """The next days; for the desk one is enough, it is open every working day."""
    if rule.host_kind is HostKind.DESK:
        end = uow.today + timedelta(days=14)
    return list(upcoming(uow, rule, uow.today, end))
