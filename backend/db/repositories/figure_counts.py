"""What is counted for each topic: one pass over the rows, with a filtered count for each figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, distinct, false, func, or_, select, true, union

from backend.db.repositories.figure_dossiers import dossier_figures, judged_simply
from backend.db.repositories.figure_shapes import Counted, count, fits, instant
from backend.db.tables.agencies import agencies as a
from backend.db.tables.agencies import agency_predecessors as old
from backend.db.tables.documents import documents
from backend.db.tables.figures import fee_payments as fees
from backend.db.tables.notices import notices
from backend.db.tables.petition_papers import petition_fields
from backend.db.tables.petitions import petitions as p
from backend.db.tables.procedures import procedures
from backend.db.tables.ratings import ratings
from backend.db.tables.reception import reception_days as days
from backend.db.tables.reception import reception_rules as rules
from backend.db.tables.reception import reception_visits as v
from backend.db.tables.tasks import tasks as t
from backend.domain.figure_records import Slice
from backend.domain.petition import PetitionKind, PetitionSource, PetitionState
from backend.domain.rating import HIGHEST
from backend.domain.reception import DayStatus, HostKind
from backend.domain.task import TaskState

#: How the yearly programme of the provincial committee names itself; its tasks are reported apart.
PROGRAMME = "Chương trình công tác"
_FEEDBACK = (PetitionKind.FEEDBACK, PetitionKind.PROPOSAL)
_NOT_ELIGIBLE = (
    PetitionState.DECLINED,
    PetitionState.RETURNED,
    PetitionState.FILED,
    PetitionState.MERGED,
    PetitionState.WITHDRAWN,
)


def tasks(part: Slice, *, programme: bool) -> Counted:
    """Tasks that were open on some day of the period, in the group in which its last day found them."""
    over = and_(t.c.ended_on.is_not(None), t.c.ended_on <= part.as_of)
    done = and_(over, t.c.state == TaskState.DONE)
    late = t.c.ended_on > func.coalesce(t.c.due_on, t.c.ended_on)
    running = or_(t.c.ended_on.is_(None), t.c.ended_on > part.as_of)
    extension = and_(running, t.c.extension_asked)
    working = and_(running, ~t.c.extension_asked, t.c.state == TaskState.WORKING)
    waiting = and_(running, ~t.c.extension_asked, t.c.state != TaskState.WORKING)
    overdue = and_(waiting, func.coalesce(t.c.due_on, part.as_of) < part.as_of)
    ours = t.c.source_title.startswith(PROGRAMME)
    return Counted(
        t,
        {
            "total": count(true()),
            "done": count(done),
            "done_on_time": count(done & ~late),
            "done_late": count(done & late),
            "waiting": count(waiting),
            "awaited": count(waiting & ~overdue),
            "overdue": count(overdue),
            "working": count(working),
            "extension": count(extension),
            "stopped": count(over & (t.c.state == TaskState.STOPPED)),
            "carried": count(over & (t.c.state == TaskState.CARRIED)),
        },
        [
            t.c.assigned_on <= part.last,
            or_(t.c.ended_on.is_(None), t.c.ended_on >= part.first),
            ours if programme else ~ours,
            *([t.c.giver == part.giver] if part.giver else []),
            *([t.c.field == part.field] if part.field else []),
            fits(part, t.c.agency_id, t.c.field.in_(sorted(part.scope.fields))),
        ],
        t.c.agency_id,
    )


def petitions(part: Slice) -> Counted:
    eligible = p.c.state.not_in([str(one) for one in _NOT_ELIGIBLE])
    complaint, feedback = p.c.kind == PetitionKind.COMPLAINT, p.c.kind.in_([str(one) for one in _FEEDBACK])
    return Counted(
        p,
        {
            "received": count(true()),
            "complaints": count(complaint),
            "feedback": count(feedback),
            "eligible": count(eligible),
            "eligible_complaints": count(eligible & complaint),
            "eligible_feedback": count(eligible & feedback),
        },
        _petitions_meant(part),
        p.c.agency_id,
    )


def feedback(part: Slice) -> Counted:
    """Feedback and proposals by the way they came."""
    source = p.c.source
    in_person = (PetitionSource.HOTLINE, PetitionSource.VISIT, PetitionSource.DELEGATION)
    return Counted(
        p,
        {
            "received": count(true()),
            "letter": count(source.in_([str(PetitionSource.LETTER), str(PetitionSource.FORWARDED)])),
            "portal": count(source == PetitionSource.PORTAL),
            "hotline": count(source.in_([str(one) for one in in_person])),
            "chat": count(source == PetitionSource.CHAT),
            "answered": count(p.c.state.in_([str(PetitionState.ANSWERED), str(PetitionState.CLOSED)])),
        },
        [*_petitions_meant(part), p.c.kind.in_([str(one) for one in _FEEDBACK])],
        p.c.agency_id,
    )


def _petitions_meant(part: Slice) -> list[ColumnElement[bool]]:
    named = petition_fields.c.name
    of_fields = p.c.field_name.in_(select(petition_fields.c.code).where(named.in_(sorted(part.scope.fields))))
    asked = p.c.field_name.in_(select(petition_fields.c.code).where(named == part.field))
    return [
        p.c.received_at >= instant(part.first),
        p.c.received_at < instant(part.after),
        *([asked] if part.field else []),
        fits(part, p.c.agency_id, of_fields),
    ]


def visits(part: Slice) -> Counted:
    made = v.join(days, days.c.id == v.c.day_id).join(rules, rules.c.id == days.c.rule_id)
    people = {"": true(), "chairman_": rules.c.host_kind == HostKind.CHAIRMAN}
    people["regular_"] = rules.c.host_kind == HostKind.DESK
    columns: dict[str, ColumnElement[Any]] = {}
    for name, which in people.items():
        columns[f"{name}visits"] = count(which)
        columns[f"{name}people"] = func.coalesce(func.sum(v.c.people).filter(which), 0)
        columns[f"{name}delegations"] = count(which & v.c.delegation)
    columns["delegation_people"] = func.coalesce(func.sum(v.c.people).filter(v.c.delegation), 0)
    where = [v.c.at >= instant(part.first), v.c.at < instant(part.after), fits(part, rules.c.agency_id)]
    return Counted(made, columns, where, rules.c.agency_id)


def reception_days(part: Slice) -> Counted:
    made = days.join(rules, rules.c.id == days.c.rule_id)
    held = func.coalesce(days.c.moved_to, days.c.on_date)
    return Counted(
        made,
        {
            "days": count(true()),
            "chairman_days": count(rules.c.host_kind == HostKind.CHAIRMAN),
            "regular_days": count(rules.c.host_kind == HostKind.DESK),
        },
        [
            held >= part.first,
            held <= part.as_of,
            days.c.status != DayStatus.CANCELLED,
            fits(part, rules.c.agency_id),
        ],
        rules.c.agency_id,
    )


def satisfaction(part: Slice) -> Counted:
    """Ratings name their agency; a name that leads to several agencies is nobody's."""
    names = union(
        select(a.c.id.label("id"), a.c.name.label("name")).where(a.c.valid_to.is_(None)),
        select(old.c.agency_id, old.c.name),
    ).subquery()
    whose = (
        select(names.c.name, func.min(names.c.id).label("id"))
        .group_by(names.c.name)
        .having(func.count(distinct(names.c.id)) == 1)
        .subquery()
    )
    return Counted(
        ratings.outerjoin(whose, whose.c.name == ratings.c.agency),
        {"ratings": count(true()), "satisfied": count(ratings.c.value >= HIGHEST - 1)},
        [ratings.c.on_date >= part.first, ratings.c.on_date <= part.last, fits(part, whose.c.id)],
        whose.c.id,
    )


def fees_due(part: Slice) -> Counted:
    online = and_(fees.c.online, fees.c.paid_on.is_not(None))
    total = func.coalesce(func.sum(fees.c.amount_vnd), 0)
    paid = func.coalesce(func.sum(fees.c.amount_vnd).filter(online), 0)
    return Counted(
        fees,
        {"due": count(true()), "paid_online": count(online), "due_dong": total, "paid_online_dong": paid},
        [fees.c.on_date >= part.first, fees.c.on_date <= part.last, fits(part, fees.c.agency_id)],
        fees.c.agency_id,
    )


def official_documents(part: Slice) -> Counted:
    """Counted on the day they came, or were issued; what is classified is not there, and would not count."""
    c = documents.c
    coming, going, printed = c.direction == "in", c.direction == "out", c.direction == "gazette"
    day = func.coalesce(c.received_on, c.issued_on)
    return Counted(
        documents,
        {
            "incoming": count(coming),
            "needing_action": count(coming & c.needs_action),
            "outgoing": count(going),
            "signed": count(going & c.digitally_signed),
            "gazette_issues": func.count(distinct(c.gazette_issue)).filter(printed & (c.gazette_issue != "")),
            "gazette_documents": count(printed),
        },
        [day >= part.first, day <= part.last, c.secrecy == "", fits(part, c.agency_id)],
        c.agency_id,
    )


def procedures_in_force(part: Slice) -> Counted:
    """On the last day of the period; a procedure counts once, whatever versions it has."""
    c = procedures.c
    code = distinct(c.code)
    local = c.handled_by.in_(["department", "commune"])
    return Counted(
        procedures,
        {
            "total": func.count(code).filter(local),
            "province": func.count(code).filter(c.handled_by == "department"),
            "commune": func.count(code).filter(c.handled_by == "commune"),
        },
        [c.valid_from <= part.as_of, or_(c.valid_to.is_(None), c.valid_to >= part.as_of)],
        None,
    )


def notices_sent(part: Slice) -> Counted:
    at = notices.c.rendered_at
    where = [
        at >= instant(part.first),
        at < instant(part.after),
        true() if part.scope.everything else false(),
    ]
    return Counted(notices, {"sent": count(true())}, where, None)


#: The statements of each topic. Those of one topic have different figures, which are put together.
COUNTED: Mapping[str, tuple[Callable[[Slice, str], Counted], ...]] = {
    "dossiers": (dossier_figures,),
    "on_time": (judged_simply,),
    "tasks": (lambda part, _dialect: tasks(part, programme=False),),
    "programme": (lambda part, _dialect: tasks(part, programme=True),),
    "petitions": (lambda part, _dialect: petitions(part),),
    "feedback": (lambda part, _dialect: feedback(part),),
    "reception": (lambda part, _dialect: visits(part), lambda part, _dialect: reception_days(part)),
    "satisfaction": (lambda part, _dialect: satisfaction(part),),
    "fees": (lambda part, _dialect: fees_due(part),),
    "documents": (lambda part, _dialect: official_documents(part),),
    "procedures": (lambda part, _dialect: procedures_in_force(part),),
    "notices": (lambda part, _dialect: notices_sent(part),),
}
