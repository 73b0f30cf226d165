"""Tasks given by the province, for officers: late, due, by group, one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.dossier import dossier_open
from actions.figures import stats_report
from actions.staff import for_officers, scope_said, shows_rows
from actions.task_words import Asked, asked, asks_for_a_report, coming, past_day, span_said
from backend.domain.scope import GIVERS, Scope
from backend.domain.task import AgencyTasks, Task, TaskGroup
from backend.services.tasks import asking
from backend.services.tasks.asking import Detail, Found
from backend.text.codes import find_codes

_TITLE = 60
_GROUP_BUTTONS = {
    TaskGroup.OVERDUE: "@task/button_overdue",
    TaskGroup.AWAITED: "@task/button_awaited",
    TaskGroup.EXTENSION: "@task/button_extension_list",
    TaskGroup.DONE_LATE: "@task/button_done_late",
}


def _or_reported(answer: Callable[[Turn, Scope], Outcome]) -> Callable[[Turn, Scope], Outcome]:
    """A whole quarter or year that is over is asked for as a figure of the report: as it stood at its end."""

    def act(turn: Turn, scope: Scope) -> Outcome:
        return stats_report(turn, scope) if asks_for_a_report(turn) else answer(turn, scope)

    return act


def task_overdue(turn: Turn, scope: Scope) -> Outcome:
    """ "đơn vị nào đang trễ nhiệm vụ", "quá hạn so với tuần trước"."""
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read
    found = asking.overdue(turn.uow, scope, read.which, on=past_day(turn), offset=_offset(turn))
    return _listed(turn, scope, read, found, "task/overdue")


def task_due_soon(turn: Turn, scope: Scope) -> Outcome:
    """ "tuần này có việc gì đến hạn"."""
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read
    span = coming(turn)
    found = asking.due_soon(turn.uow, scope, read.which, span, _offset(turn))
    return _listed(turn, scope, read, found, "task/due_soon", span)


def task_summary(turn: Turn, scope: Scope) -> Outcome:
    """How many of each group, by agency; each group can be opened to its rows."""
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read
    span = span_said(turn)
    which = replace(read.which, given=span) if span else read.which
    told = asking.standing(turn.uow, scope, which)
    values = {
        "groups": {str(group): told.groups.of(group) for group in TaskGroup},
        "total": told.groups.total,
        "overdue": told.overdue,
        "agencies": [_agency_line(one) for one in told.agencies] if len(told.agencies) > 1 else [],
        "day": told.day,
        "span": span,
        "not_all": span is not None,
    }
    buttons = tuple(
        Button(_GROUP_BUTTONS[group], "task_group", {**read.said, **_span_values(span), "group": str(group)})
        for group in _GROUP_BUTTONS
        if told.groups.of(group) and shows_rows(turn)
    )
    if turn.viewer.roles & GIVERS:
        buttons = (*buttons, Button("@task/button_waiting", "task_waiting"))
    return Reply("task/summary", values, buttons, read.remembered(), foot=_foot(scope, read))


def task_group(turn: Turn, scope: Scope) -> Outcome:
    """The rows behind one figure of a summary."""
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read
    span = span_said(turn)
    which = replace(read.which, given=span) if span else read.which
    group = TaskGroup(str(turn.given["group"]))
    found = asking.of_group(turn.uow, scope, which, group, _offset(turn))
    return _listed(turn, scope, read, found, "task/group", span)


def task_detail(turn: Turn) -> Outcome:
    """A citizen who wants "chi tiết" means the dossier being talked about."""
    if not turn.viewer.account and turn.recalled("dossier") and turn.value("task_code") is None:
        return dossier_open(turn)
    return _detail(turn)


def code_said(turn: Turn) -> str | None:
    """The task's code of a button, of the sentence, or of the task being talked about."""
    if given := turn.given.get("task_code"):
        return str(given)
    said = next((one.value for one in find_codes(turn.text) if one.kind == "task"), None)
    recalled = turn.recalled("task")
    return said or (str(recalled) if recalled else None)


def _one(turn: Turn, scope: Scope) -> Outcome:
    code = code_said(turn)
    if code is None:
        return Reply("task/which")
    told = asking.detail(turn.uow, scope, turn.viewer.roles, code)
    if told is None:
        turn.uow.audit.record(turn.viewer.actor, "task_detail", f"task:{code}"[:200], "not_found")
        return Reply("task/unknown", {"code": code}, foot=scope_said(scope))
    return told_of(turn, scope, told)


_detail = for_officers(_one)


def told_of(turn: Turn, scope: Scope, told: Detail) -> Reply:
    task = told.task
    rows = shows_rows(turn)
    values = {
        **row_of(task, turn.today),
        "rows": rows,
        "group": str(told.group),
        "state": str(task.state),
        "days_left": told.days_left,
        "giver": str(task.giver),
        "giver_name": task.giver_name,
        "source": task.source,
        "assigned_on": task.assigned_on,
        "first_due_on": task.first_due_on,
        "ended_on": task.ended_on,
        "result": task.result,
        "carried_to": task.carried_to,
        "officer": task.officer,
        "partners": told.partners,
        "field": task.field,
        "reports": told.reports[:3] if rows else (),
        "extensions": told.extensions,
        "origin": task.origin,
        "as_of": task.as_of,
    }
    buttons = []
    if told.may_report:
        about = {"task_code": task.code}
        buttons.append(Button("@task/button_report", "task_update", about))
        if not task.extension_asked and task.due_on is not None:
            buttons.append(Button("@task/button_extension", "task_extension", about))
        if task.agency_id in scope.agencies:
            buttons.append(Button("@task/button_hand_over", "task_hand_over", about))
    return Reply("task/detail", values, tuple(buttons), {"task": task.code}, foot=scope_said(scope))


def _listed(
    turn: Turn, scope: Scope, read: Asked, found: Found, key: str, span: tuple[date, date] | None = None
) -> Reply:
    rows = shows_rows(turn)
    values = {
        "rows": [row_of(one, found.day) for one in found.tasks] if rows else [],
        "hidden": not rows,
        "total": found.total,
        "offset": found.offset,
        "left": found.left,
        "day": found.day,
        "agencies": [_agency_line(one) for one in found.agencies] if len(found.agencies) > 1 else [],
        "of_extension": found.of_extension,
        "before": found.before,
        "before_on": found.before_on,
        "span": span,
        "group": str(turn.given.get("group", "")),
    }
    buttons: list[Button] = []
    if rows:
        buttons = [Button(_title(one), "task_detail", {"task_code": one.code}) for one in found.tasks]
        if found.left:
            more = {**read.said, **_span_values(span), "offset": found.offset + len(found.tasks)}
            if "group" in turn.given:
                more["group"] = turn.given["group"]
            buttons.append(Button("@task/button_more", turn.intent or "task_overdue", more))
    one_only = {"task": found.tasks[0].code} if found.total == 1 and rows else {}
    foot = _foot(scope, read)
    return Reply(key, values, tuple(buttons), {**read.remembered(), **one_only}, foot=foot)


def row_of(task: Task, day: date) -> dict[str, Any]:
    late = (day - task.due_on).days if task.overdue_on(day) and task.due_on else 0
    return {
        "code": task.code,
        "content": task.content,
        "agency": task.agency_name,
        "due_on": task.due_on,
        "late_days": late,
        "waiting": task.extension_asked,
        "extensions_granted": task.extensions,
    }


def _agency_line(one: AgencyTasks) -> dict[str, Any]:
    counts = {str(group): one.groups.of(group) for group in TaskGroup}
    shown = {"name": one.name, "overdue": one.overdue, "total": one.groups.total, "worst": one.worst_days}
    return {**counts, **shown}


def _title(task: Task) -> str:
    """A button's title: the code and the beginning of what is to be done."""
    text = f"{task.code}: {task.content}"
    return text if len(text) <= _TITLE else text[: _TITLE - 1].rstrip() + "…"


def _foot(scope: Scope, read: Asked) -> Reply:
    said = {name: str(read.said.get(name, "")) for name in ("agency_name", "giver", "field", "officer")}
    return scope_said(scope, said.pop("agency_name"), **said)


def _span_values(span: tuple[date, date] | None) -> dict[str, str]:
    return {"first": span[0].isoformat(), "last": span[1].isoformat()} if span else {}


def _offset(turn: Turn) -> int:
    return int(turn.given.get("offset", 0))


ACTIONS: dict[str, Action] = {
    "task_overdue": for_officers(_or_reported(task_overdue)),
    "task_due_soon": for_officers(task_due_soon),
    "task_summary": for_officers(_or_reported(task_summary)),
    "task_group": for_officers(task_group),
    "task_detail": task_detail,
}
