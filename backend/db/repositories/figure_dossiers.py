"""Dossiers counted: as offices report them, and by the national rule of what is on time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, and_, cast, exists, false, func, or_, select

from backend.db.repositories.figure_shapes import Counted, count, fits, instant
from backend.db.tables.dossiers import dossier_events as e
from backend.db.tables.dossiers import dossiers as d
from backend.db.tables.procedures import procedures
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Channel, Stage
from backend.domain.figure_records import Slice

_REFUSED, _SUPPLEMENT = int(Stage.REFUSED), int(Stage.SUPPLEMENT)
_ENDED = [int(one) for one in Stage if one.ended]
_RESULT = [int(Stage.DONE), int(Stage.RETURNED)]
_WITHOUT = [int(Stage.WITHDRAWN), int(Stage.STOPPED)]


def dossier_figures(part: Slice, dialect: str) -> Counted:
    """Received, returned and unfinished as of the last day.

    Early is a day before the appointed one; late is after the appointed instant. What was asked to be supplemented is
    not called overdue: its clock stands still.
    """
    start, end = instant(part.first), instant(part.after)
    received = and_(d.c.received_at >= start, d.c.received_at < end)
    open_then = or_(d.c.finished_at >= end, and_(d.c.finished_at.is_(None), d.c.stage.not_in(_ENDED)))
    open_before = or_(d.c.finished_at >= start, and_(d.c.finished_at.is_(None), d.c.stage.not_in(_ENDED)))
    ended = and_(d.c.finished_at >= start, d.c.finished_at < end)
    returned = and_(ended, d.c.stage.in_(_RESULT))
    late = and_(returned, d.c.finished_at > d.c.due_at)
    early = and_(returned, _day(d.c.finished_at, dialect) < _day(d.c.due_at, dialect))
    overdue = and_(open_then, d.c.stage != _SUPPLEMENT, d.c.due_at < part.at)
    due = and_(d.c.due_at >= start, d.c.due_at < end, d.c.stage.not_in(_WITHOUT))
    kept = and_(due, d.c.finished_at <= d.c.due_at)
    return Counted(
        d,
        {
            "received": count(received),
            "received_direct": count(received & (d.c.channel == Channel.DIRECT.value)),
            "received_online": count(received & (d.c.channel == Channel.ONLINE.value)),
            "received_postal": count(received & (d.c.channel == Channel.POSTAL.value)),
            "carried": count(and_(d.c.received_at < start, open_before)),
            "returned": count(returned),
            "early": count(early),
            "late": count(late),
            "returned_postal": count(returned & (d.c.result_channel == Channel.POSTAL.value)),
            "due": count(due),
            "due_in_time": count(kept),
            "unfinished": count(open_then),
            "overdue": count(overdue),
            "stopped": count(ended & d.c.stage.in_(_WITHOUT)),
        },
        [*_meant(part), or_(d.c.finished_at.is_(None), d.c.finished_at >= start, d.c.due_at >= start)],
        d.c.agency_id,
        {
            "on_time": returned & ~func.coalesce(late, false()) & ~func.coalesce(early, false()),
            "in_time": returned & ~func.coalesce(late, false()),
            "due_late": due & ~func.coalesce(d.c.finished_at <= d.c.due_at, false()),
            "unfinished_in_time": open_then & ~func.coalesce(overdue, false()),
        },
    )


def judged_simply(part: Slice, _dialect: str) -> Counted:
    """By the national rule, the dossiers of which no paper was asked for: most of them."""
    end = instant(part.after)
    late = or_(
        and_(d.c.finished_at < end, d.c.finished_at > d.c.due_at),
        and_(or_(d.c.finished_at.is_(None), d.c.finished_at >= end), d.c.due_at < instant(part.as_of)),
    )
    asked = exists().where(e.c.dossier_id == d.c.id, e.c.stage == _SUPPLEMENT)
    figures = {"judged": count(d.c.due_at.is_not(None)), "late": count(late)}
    return Counted(d, figures, [*_judged(part), d.c.due_at.is_not(None), ~asked], d.c.agency_id)


def judged_singly(part: Slice) -> Any:
    """The others, to be judged one by one: asked for papers, or without an appointed day."""
    asked = exists().where(e.c.dossier_id == d.c.id, e.c.stage == _SUPPLEMENT)
    columns = (d.c.id, d.c.agency_id, d.c.received_at, d.c.due_at, d.c.finished_at, d.c.procedure_code)
    return select(*columns, d.c.procedure_from).where(*_judged(part), or_(d.c.due_at.is_(None), asked))


def _judged(part: Slice) -> list[ColumnElement[bool]]:
    """Ended in the period, or not ended by its end."""
    start = instant(part.first)
    open_ = and_(d.c.finished_at.is_(None), d.c.stage.not_in(_ENDED))
    return [*_meant(part), or_(d.c.finished_at >= start, open_)]


def _meant(part: Slice) -> list[ColumnElement[bool]]:
    """Those of the scope that had come by the end of the period; what was refused was never received."""
    code = procedures.c.code
    of_fields = d.c.procedure_code.in_(select(code).where(procedures.c.field.in_(sorted(part.scope.fields))))
    asked = d.c.procedure_code.in_(select(code).where(procedures.c.field == part.field))
    return [
        d.c.received_at < instant(part.after),
        d.c.stage != _REFUSED,
        *([asked] if part.field else []),
        fits(part, d.c.agency_id, of_fields),
    ]


def _day(moment: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """The office's day of an instant."""
    if dialect == "postgresql":
        return cast(func.timezone(str(VIETNAM), moment), Date)
    return func.date(moment, "+7 hours")
