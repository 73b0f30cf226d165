"""Urging an agency: how much is late there, a nudge by message, the letter for signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.reminders import reminder_settings
from actions.staff import for_officers, refused, scope_said
from actions.task_words import asked
from actions.tasks import code_said
from backend.domain.clock import VIETNAM
from backend.domain.scope import GIVERS, HEADS, Scope
from backend.services.agencies.tree import tree
from backend.services.quiet import polite
from backend.services.tasks import asking, reminding
from backend.services.tasks.reminding import remind_later, wishes_of
from backend.text.clock_times import find_times
from backend.text.dates import find_dates

_OWN = Button("@task/button_own", "reminder_settings")


def task_remind(turn: Turn, scope: Scope) -> Outcome:
    """ "nhắc Sở Tài chính": who answers for the work may urge. "nhắc tôi NV-… sáng mai": everybody, themselves."""
    if turn.understood.first("task_code") or (turn.recalled("task") and not turn.understood.values("agency")):
        return _of_one(turn, scope)
    if not turn.understood.values("agency") and find_times(turn.text):
        return reminder_settings(turn)
    if not turn.viewer.roles & (GIVERS | HEADS):
        refusal = refused(turn, "task/givers_only")
        return replace(refusal, buttons=(_OWN,))
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read
    code = str(read.said.get("agency", ""))
    if not code:
        return Reply("task/urge_whom", buttons=(_OWN,), foot=scope_said(scope))
    found = asking.overdue(turn.uow, scope, read.which)
    name = str(read.said["agency_name"])
    worst = max((one.worst_days for one in found.agencies), default=0)
    buttons = (
        Button("@task/button_tell", "task_urge", {"agency": code}, changes=True),
        Button("@task/button_urge", "urging_letter", {"agency": code}),
    )
    values = {"agency": name, "total": found.total, "worst": worst}
    foot = scope_said(scope, name)
    return Reply("task/urge", values, buttons if found.total else (), read.remembered(), foot=foot)


def _of_one(turn: Turn, scope: Scope) -> Reply:
    """About one task: to oneself at a moment of one's own, or to the agency that has it."""
    code = code_said(turn) or ""
    task = turn.uow.tasks.by_code(scope, code)
    if task is None:
        turn.uow.audit.record(turn.viewer.actor, "task_remind", f"task:{code}"[:200], "not_found")
        return Reply("task/unknown", {"code": code}, foot=scope_said(scope))
    at = _moment(turn)
    buttons = [
        Button("@task/button_remind_me", "task_remind_me", {"task_code": code, "at": at.isoformat()}, True)
    ]
    agency = tree(turn.uow).by_id.get(task.agency_id)
    if turn.viewer.roles & (GIVERS | HEADS) and agency is not None and task.ended_on is None:
        buttons.append(Button("@task/button_tell", "task_urge", {"agency": agency.code}, changes=True))
    values = {
        "code": code,
        "agency": task.agency_name,
        "due_on": task.due_on,
        "ended": task.ended_on is not None,
    }
    return Reply("task/remind_whom", values, tuple(buttons), {"task": code}, foot=scope_said(scope))


def _moment(turn: Turn) -> datetime:
    """When to remind: the day and hour that were said, else the next working day at the officer's own hour."""
    spans = find_dates(turn.text, turn.today)
    times = find_times(turn.text)
    day = spans[0].first if spans else turn.uow.calendar.next_working_day(turn.today)
    at = times[0] if times else wishes_of(turn.uow, turn.viewer.account).at
    moment = polite(datetime.combine(day, at, VIETNAM))
    return (
        moment
        if moment > turn.now
        else datetime.combine(turn.uow.calendar.next_working_day(turn.today), at, VIETNAM)
    )


def task_remind_me(turn: Turn, scope: Scope) -> Outcome:
    code, at = str(turn.given["task_code"]), datetime.fromisoformat(str(turn.given["at"]))
    if turn.uow.tasks.by_code(scope, code) is None:
        return Reply("task/unknown", {"code": code}, foot=scope_said(scope))
    if at <= turn.now:
        return Reply("task/remind_past", {"at": at})
    if not remind_later(turn.uow, turn.viewer.account, code, at):
        return Reply("task/remind_nowhere")
    return Reply("task/will_remind", {"code": code, "at": at})


def task_urge(turn: Turn, scope: Scope) -> Outcome:
    if not turn.viewer.roles & (GIVERS | HEADS):
        return refused(turn, "task/givers_only")
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read
    own = turn.uow.accounts.by_name(turn.viewer.account)
    by = (own.title or own.full_name) if own else ""
    told, total, _worst = reminding.urge(turn.uow, turn.viewer.actor, str(read.said["agency"]), by)
    values = {"agency": read.said["agency_name"], "told": told, "total": total}
    return Reply("task/urged", values, foot=scope_said(scope, str(read.said["agency_name"])))


ACTIONS: dict[str, Action] = {
    "task_remind": for_officers(task_remind),
    "task_remind_me": for_officers(task_remind_me),
    "task_urge": for_officers(task_urge),
}
