"""Urging an agency: how much is late there, a nudge by message, the letter for signature."""

from __future__ import annotations

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.staff import for_officers, refused, scope_said
from actions.task_words import asked
from backend.domain.scope import GIVERS, HEADS, Scope
from backend.services.tasks import asking, reminding


def task_remind(turn: Turn, scope: Scope) -> Outcome:
    """ "nhắc Sở Tài chính": only who answers for the work may urge, and only within their scope."""
    if not turn.viewer.roles & (GIVERS | HEADS):
        return refused(turn, "task/givers_only")
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read
    code = str(read.said.get("agency", ""))
    if not code:
        return Reply("task/urge_whom", foot=scope_said(scope))
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
    "task_urge": for_officers(task_urge),
}
