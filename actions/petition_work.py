"""Petitions as officers' work: overdue, due soon, unassigned, their own. Never what was said, never who said it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.figures import stats_report
from actions.petition_asked import Asked, asked
from actions.petition_status import complaint_status
from actions.staff import for_officers, refused, scope_said, shows_rows
from actions.work_words import is_over, until
from backend.domain.petition_work import DESK_ROLES, PetitionFilter, PetitionGroup, PetitionReach
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.services.petitions import work
from backend.services.petitions.sealed import READER
from backend.services.petitions.work import Line, Sealed, Standing, WorkRow

_MOST_AGENCIES = 8
_MOST_FIELDS = 5
_GROUP_BUTTONS = {
    PetitionGroup.OVERDUE: "@work/button_petitions_overdue",
    PetitionGroup.SOON: "@work/button_petitions_soon",
    PetitionGroup.UNASSIGNED: "@work/button_petitions_unassigned",
    PetitionGroup.UNTAKEN: "@work/button_petitions_untaken",
    PetitionGroup.SLOW: "@work/button_petitions_slow",
}


def _answer(turn: Turn, scope: Scope) -> Outcome:
    """ "đơn nào quá hạn", "đơn chưa giao cho ai", "đơn của tôi"."""
    reach = work.reach_of(turn.uow, turn.viewer, scope)
    told = work.sealed(turn.uow, turn.viewer)
    if reach.empty and told is not None:
        return Reply("work/sealed", told, foot=scope_said(Scope(everything=True)))
    if reach.empty:
        return refused(turn, "staff/no_reach")
    read = asked(turn, reach)
    if isinstance(read, Reply):
        return read if read.key == "staff/out_of_reach" else _with(read, _foot(turn, reach))
    if is_over(turn, read.days) and not turn.given and not scope.empty:
        return stats_report(turn, scope)
    if read.which.code:
        return _one(turn, reach, read)
    group = read.group
    if group is None:
        return _overview(turn, reach, read, told)
    return _listed(turn, reach, read, group, told)


def _overview(turn: Turn, reach: PetitionReach, read: Asked, secret: Sealed | None) -> Reply:
    told = work.standing(turn.uow, reach, read.which, read.times)
    buttons = tuple(
        Button(title, "petition_work", {**read.said, "focus": str(group)})
        for group, title in _GROUP_BUTTONS.items()
        if told.counts.of(group) and shows_rows(turn)
    )
    values = {**_counted(read, told), "sealed": secret}
    return Reply("work/petitions", values, buttons, read.remembered(), foot=_foot(turn, reach, read))


def _one(turn: Turn, reach: PetitionReach, read: Asked) -> Outcome:
    """Who has this one and until when; where single rows are not shown, what its code tells anybody."""
    if not shows_rows(turn):
        return complaint_status(turn)
    found = work.listed(turn.uow, reach, PetitionFilter(code=read.which.code), PetitionGroup.OPEN, read.times)
    foot = _foot(turn, reach)
    if not found.rows:  # unknown, ended or out of reach: not told apart
        turn.uow.audit.record(
            turn.viewer.actor, "petition_work", f"petition:{read.which.code}"[:200], "not_found"
        )
        return Reply("work/petition_unknown", {"code": read.which.code}, foot=foot)
    row = _row(found.rows[0])
    return Reply("work/petition_one", {**row, "now": found.standing.taken_at}, foot=foot)


def _listed(
    turn: Turn, reach: PetitionReach, read: Asked, group: PetitionGroup, secret: Sealed | None
) -> Reply:
    offset = max(0, int(turn.given.get("offset", 0)))
    found = work.listed(turn.uow, reach, read.which, group, read.times, offset)
    rows = found.rows if shows_rows(turn) else ()
    values = {
        **_counted(read, found.standing, group),
        "group": str(group),
        "total": found.total,
        "rows": [_row(one) for one in rows],
        "offset": offset,
        "left": found.left if rows else 0,
        "hidden": not shows_rows(turn),
        "sealed": secret,
    }
    buttons = [
        Button(one.petition.code, "complaint_status", {"complaint_code": one.petition.code}) for one in rows
    ]
    if rows:
        turn.uow.audit.record(
            turn.viewer.actor, "petition_rows", str(group), "ok", {"offset": offset, "rows": len(rows)}
        )
    if rows and found.left:
        more = {**read.said, "offset": offset + len(rows)}
        buttons.append(Button("@work/button_more", "petition_work", more))
    foot = _foot(turn, reach, read)
    return Reply("work/petition_list", values, tuple(buttons), read.remembered(), foot=foot)


def _counted(read: Asked, told: Standing, group: PetitionGroup = PetitionGroup.OVERDUE) -> dict[str, Any]:
    agencies = _lines(told.agencies, group) if len(told.agencies) > 1 else []
    fields = _lines(told.fields, group)
    return {
        "counts": told.counts,
        "agencies": agencies[:_MOST_AGENCIES],
        "more_agencies": max(0, len(agencies) - _MOST_AGENCIES),
        "fields": fields[:_MOST_FIELDS],
        "more_fields": max(0, len(fields) - _MOST_FIELDS),
        "now": told.taken_at,
        "start": told.times.start,
        "until": until(told.times.end),
        "own": read.own,
        "unfielded": read.unfielded,
        "denounced": read.denounced,
        "offset": 0,
    }


def _lines(lines: Sequence[Line], group: PetitionGroup) -> list[dict[str, Any]]:
    some = [one for one in lines if one.counts.of(group)]
    some.sort(key=lambda one: -one.counts.of(group))
    return [{"name": one.name, "count": one.counts.of(group), "open": one.counts.open} for one in some]


def _row(one: WorkRow) -> dict[str, Any]:
    petition = one.petition
    return {
        "code": petition.code,
        "kind": str(petition.kind),
        "field": one.field,
        "state": str(petition.state),
        "received_at": petition.received_at,
        "due_at": one.due_at,
        "answer_due": petition.due_at is not None,
        "late_days": one.late_days,
        "agency": one.agency,
        "own": one.own,
    }


def _foot(turn: Turn, reach: PetitionReach, read: Asked | None = None) -> Reply:
    """The desk has no agencies: its answers say the queue that they were counted over."""
    said = read.said if read is not None else {}
    agency = tree(turn.uow).by_code.get(str(said.get("agency", "")))
    narrowed = (agency.name,) if agency is not None else ()
    code = str(said.get("field", ""))
    known = turn.uow.petition_fields.get(code) if code else None
    field = known.name if known is not None else ""
    if reach.scope.empty:
        return Reply("work/desk_scope", {"narrowed": narrowed, "field": field})
    return scope_said(reach.scope, *narrowed, field=field, officer=str(said.get("officer", "")))


def _with(reply: Reply, foot: Reply) -> Reply:
    return Reply(reply.key, reply.values, reply.buttons, reply.remember, foot=foot)


petition_work: Action = for_officers(_answer, also=DESK_ROLES | {READER})
