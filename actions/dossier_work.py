"""An agency's dossiers as its officers' work: counts first, each opened to its rows, and where they are stuck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.dossier_asked import BY_HOLDER, BY_STEP, Asked, asked
from actions.figures import stats_report
from actions.staff import for_officers, scope_said, shows_rows
from actions.work_words import is_over, until
from backend.domain.dossier_clock import ClockState
from backend.domain.dossier_work import Bottleneck, DossierGroup, Holding
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.services.dossiers import work
from backend.services.dossiers.work import Line, SourceTold, Standing, WorkRow

_MOST_AGENCIES = 8
_MOST_PROCEDURES = 5
_MOST_STEPS = 8
_MOST_SOURCES = 3
_GROUP_BUTTONS = {
    DossierGroup.OVERDUE: "@work/button_overdue",
    DossierGroup.SOON: "@work/button_soon",
    DossierGroup.WAITING: "@work/button_waiting",
    DossierGroup.REGISTERED: "@work/button_registered",
}


def _answer(turn: Turn, scope: Scope) -> Outcome:
    """ "hồ sơ nào của sở quá hạn", "sắp trễ hẹn trong 3 ngày", "ùn ở bước nào", "hồ sơ của tôi"."""
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read if read.key == "staff/out_of_reach" else _with_scope(read, scope)
    if is_over(turn, read.days) and not turn.given:  # days that are over are a matter of figures
        return stats_report(turn, scope)
    if read.focus in {BY_STEP, BY_HOLDER}:
        return _stuck(turn, scope, read)
    group = read.group
    return _overview(turn, scope, read) if group is None else _listed(turn, scope, read, group)


def _overview(turn: Turn, scope: Scope, read: Asked) -> Reply:
    told = work.standing(turn.uow, scope, read.which, read.times)
    values = {**_counted(read, told), "worst": told.worst}
    buttons = [
        Button(title, "dossier_work", {**read.said, "focus": str(group)})
        for group, title in _GROUP_BUTTONS.items()
        if told.counts.of(group) and shows_rows(turn)
    ]
    if told.counts.open:
        buttons.append(Button("@work/button_steps", "dossier_work", {**read.said, "focus": BY_STEP}))
    return Reply("work/dossiers", values, tuple(buttons), read.remembered(), foot=_foot(turn, scope, read))


def _listed(turn: Turn, scope: Scope, read: Asked, group: DossierGroup) -> Reply:
    offset = max(0, int(turn.given.get("offset", 0)))
    found = work.listed(turn.uow, scope, read.which, group, read.times, offset)
    rows = found.rows if shows_rows(turn) else ()
    values = {
        **_counted(read, found.standing, group),
        "group": str(group),
        "total": found.total,
        "rows": [_row(one) for one in rows],
        "offset": offset,
        "left": found.left if rows else 0,
        "hidden": not shows_rows(turn),
    }
    buttons = [Button(one.dossier.code, "dossier_status", {"dossier_code": one.dossier.code}) for one in rows]
    if rows:
        turn.uow.audit.record(
            turn.viewer.actor, "dossier_rows", str(group), "ok", {"offset": offset, "rows": len(rows)}
        )
    if rows and found.left:
        more = {**read.said, "offset": offset + len(rows)}
        buttons.append(Button("@work/button_more", "dossier_work", more))
    elif found.total and not rows and group is DossierGroup.OVERDUE:
        buttons.append(Button("@work/button_steps", "dossier_work", {**read.said, "focus": BY_STEP}))
    foot = _foot(turn, scope, read)
    return Reply("work/dossier_list", values, tuple(buttons), read.remembered(), foot=foot)


def _stuck(turn: Turn, scope: Scope, read: Asked) -> Reply:
    by = Holding.HOLDER if read.focus == BY_HOLDER else Holding.STEP
    found = work.stuck(turn.uow, scope, read.which, read.times, by)
    first = next((one for one in found.lines if one.overdue), None)
    values = {
        "by": str(by),
        "first": first,
        "longest": found.longest,
        "lines": found.lines[:_MOST_STEPS],
        "more": max(0, len(found.lines) - _MOST_STEPS),
        "untold": found.untold,
        "silent": [one.name for one in found.sources if by.value in one.lacks],
        "now": read.times.now,
        "own": read.own,
        "own_untold": int(read.said.get("untold", 0)),
        "unfielded": read.unfielded,
        "sources": _sources(found.sources),
    }
    buttons = [_step_button(read, one, by) for one in found.lines[:_MOST_STEPS] if shows_rows(turn)]
    foot = _foot(turn, scope, read)
    return Reply("work/stuck", values, tuple(buttons), read.remembered(), foot=foot)


def _step_button(read: Asked, one: Bottleneck, by: Holding) -> Button:
    narrowed = {"holders": [one.name], "officer": one.name} if by is Holding.HOLDER else {"steps": [one.name]}
    group = DossierGroup.OVERDUE if one.overdue else DossierGroup.OPEN
    return Button(one.name, "dossier_work", {**read.said, **narrowed, "focus": str(group)})


def _counted(read: Asked, told: Standing, group: DossierGroup = DossierGroup.OVERDUE) -> dict[str, Any]:
    """Counts, and the lines of agencies and procedures with something of the group, the most first."""
    agencies = _with(told.agencies, group) if len(told.agencies) > 1 else []
    procedures = _with(told.procedures, group)
    return {
        "counts": told.counts,
        "agencies": agencies[:_MOST_AGENCIES],
        "more_agencies": max(0, len(agencies) - _MOST_AGENCIES),
        "procedures": procedures[:_MOST_PROCEDURES],
        "more_procedures": max(0, len(procedures) - _MOST_PROCEDURES),
        "now": told.times.now,
        "start": told.times.start,
        "until": until(told.times.end),
        "over": read.days.over,
        "sources": _sources(told.sources),
        "own": read.own,
        "own_untold": int(read.said.get("untold", 0)),
        "unfielded": read.unfielded,
        "offset": 0,
    }


def _with(lines: Sequence[Line], group: DossierGroup) -> list[dict[str, Any]]:
    some = [one for one in lines if one.counts.of(group)]
    some.sort(key=lambda one: -one.counts.of(group))
    return [
        {"name": one.name, "count": one.counts.of(group), "open": one.counts.open, "soon": one.counts.soon}
        for one in some
    ]


def _sources(told: Sequence[SourceTold]) -> list[dict[str, Any]]:
    return [{"name": one.name, "as_of": one.as_of, "stale": one.stale} for one in told[:_MOST_SOURCES]]


def _row(one: WorkRow) -> dict[str, Any]:
    clock, dossier = one.clock, one.dossier
    late = clock.state is ClockState.LATE
    return {
        "code": dossier.code,
        "procedure": one.procedure,
        "agency": dossier.agency_name,
        "step": dossier.step or dossier.holder or "",
        "due_at": clock.due_at or dossier.due_at,
        "moved": clock.paused_working_days,
        "late_days": clock.working_days if late else None,
        "since": clock.since,
        "received_at": dossier.received_at,
    }


def _foot(turn: Turn, scope: Scope, read: Asked) -> Reply:
    said = read.said
    agency = tree(turn.uow).by_code.get(str(said.get("agency", "")))
    titles = list((said.get("procedures") or {}).values())
    procedure = titles[0] if len(titles) == 1 else str(said.get("procedure_name", ""))
    narrowed = (agency.name if agency else "", procedure, *said.get("steps", ()))
    return scope_said(
        scope, *narrowed, field=str(said.get("field", "")), officer=str(said.get("officer", ""))
    )


def _with_scope(reply: Reply, scope: Scope) -> Reply:
    return Reply(reply.key, reply.values, reply.buttons, reply.remember, foot=scope_said(scope))


dossier_work: Action = for_officers(_answer)
