"""Reporting on a task, asking for more time, and the giver's side deciding. Chat prepares; a document decides.

Until the giver's side has confirmed with the number and date of its document, nothing about the task changes but that
it says it is waiting.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from backend.domain.calendar import OfficeHours
from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backend.domain.notice import Notice
from backend.domain.ports import UnitOfWork
from backend.domain.scope import GIVERS, Scope
from backend.domain.task import Decision, ReportState, Task, TaskExtension, TaskReport, TaskState
from backend.domain.viewer import Viewer
from backend.services.accounts.scope import account_scope
from backend.services.tasks.asking import open_request

#: A day further away than this is a slip of the finger.
_FURTHEST_DAYS = 730
_LONGEST = 4000


def report(
    uow: UnitOfWork, viewer: Viewer, scope: Scope, code: str, text: str, *, finishes: bool
) -> TaskReport:
    """Prepare a report for the giver's side.

    Raises:
        NotFound: not in scope. Conflict: the task is over. InvalidInput: nothing was said.
    """
    task = _open_task(uow, scope, code)
    words = _said(text)
    made = TaskReport(task.id, viewer.account, uow.now, words, finishes)
    made = replace(made, id=uow.tasks.add_report(made))
    uow.audit.record(viewer.actor, "task_report", _subject(task), "waiting", {"finishes": finishes})
    _tell_givers(uow, task, "notices/task_report_waiting", f"report:{made.id}")
    return made


def ask_extension(
    uow: UnitOfWork, viewer: Viewer, scope: Scope, code: str, wished: date, reason: str
) -> TaskExtension:
    """Prepare a request for more time; which of the task's requests it is, its number tells.

    Raises:
        NotFound, Conflict: as ``report``, or a request waits already. InvalidInput: the day cannot be.
    """
    task = _open_task(uow, scope, code)
    if task.due_on is None:
        raise InvalidInput("no_due")
    if wished <= task.due_on or wished < uow.today:
        raise InvalidInput("not_later")
    if (wished - uow.today).days > _FURTHEST_DAYS:
        raise InvalidInput("too_far")
    if open_request(uow, task) is not None:
        raise Conflict("waits_already")
    number = 1 + max((one.number for one in uow.tasks.extensions(task.id)), default=0)
    asked = TaskExtension(
        task.id, number, viewer.account, uow.now, wished, _said(reason), previous_due=task.due_on
    )
    asked = replace(asked, id=uow.tasks.add_extension(asked))
    uow.tasks.change(replace(task, extension_asked=True), uow.now)
    detail = {"number": number, "wished": wished.isoformat()}
    uow.audit.record(viewer.actor, "task_extension", _subject(task), "waiting", detail)
    _tell_givers(uow, task, "notices/task_extension_waiting", f"extension:{asked.id}")
    return asked


def decide_report(
    uow: UnitOfWork,
    viewer: Viewer,
    scope: Scope,
    code: str,
    report_id: int,
    decision: Decision | None,
    *,
    confirmed: bool,
    note: str = "",
) -> Task:
    """Confirm what was reported, or send it back with a word why.

    A report that finishes the task is confirmed only with the document that ends it.

    Raises:
        NotAllowed: not on the giver's side. NotFound, Conflict. InvalidInput: the document is missing.
    """
    task = _to_decide(uow, viewer, scope, code)
    told = next((one for one in uow.tasks.reports(task.id) if one.id == report_id), None)
    if told is None:
        raise NotFound()
    if confirmed and told.finishes:
        _check(uow, decision)
    state = ReportState.CONFIRMED if confirmed else ReportState.RETURNED
    if task.state.ended and confirmed:
        raise Conflict("task_over")
    if not uow.tasks.decide_report(report_id, state, viewer.account, uow.now, decision, note):
        raise Conflict("decided_already")
    if confirmed:
        task = _reported(task, told, decision)
        uow.tasks.change(task, uow.now)
    uow.audit.record(viewer.actor, "task_report", _subject(task), str(state), _named(decision))
    kind = "notices/task_report_confirmed" if confirmed else "notices/task_report_returned"
    _tell(uow, told.by, task, kind, f"report:{report_id}:{state}", decision, note)
    return task


def decide_extension(
    uow: UnitOfWork,
    viewer: Viewer,
    scope: Scope,
    code: str,
    granted: date | None,
    decision: Decision | None,
) -> Task:
    """Grant more time until ``granted``, or refuse (None); with the document that says so either way.

    Raises:
        NotAllowed, NotFound, InvalidInput. Conflict: no request waits.
    """
    task = _to_decide(uow, viewer, scope, code)
    asked = open_request(uow, task)
    if asked is None:
        raise Conflict("nothing_waits")
    _check(uow, decision)
    if granted is not None and (task.due_on is None or granted <= task.due_on):
        raise InvalidInput("not_later")
    state = ReportState.RETURNED if granted is None else ReportState.CONFIRMED
    if not uow.tasks.decide_extension(asked.id, state, viewer.account, uow.now, decision, granted):
        raise Conflict("decided_already")
    task = replace(task, extension_asked=False)
    if granted is not None:
        first = task.first_due_on or task.due_on
        task = replace(task, due_on=granted, first_due_on=first, extensions=task.extensions + 1)
    uow.tasks.change(task, uow.now)
    uow.audit.record(viewer.actor, "task_extension", _subject(task), str(state), _named(decision))
    kind = "notices/task_extension_refused" if granted is None else "notices/task_extension_granted"
    _tell(uow, asked.by, task, kind, f"extension:{asked.id}:{state}", decision)
    return task


def hand_over(uow: UnitOfWork, viewer: Viewer, scope: Scope, code: str, to: str) -> Task:
    """Give a task to a colleague of the same agency, who is told.

    Raises:
        NotFound: task or colleague. InvalidInput: the colleague works elsewhere or the account is locked.
    """
    task = _open_task(uow, scope, code)
    colleague = uow.accounts.by_name(to)
    if colleague is None:
        raise NotFound(f"no account {to}")
    if not colleague.active or colleague.agency_id != task.agency_id:
        raise InvalidInput("not_a_colleague")
    task = replace(task, officer=colleague.full_name, officer_account=colleague.name)
    uow.tasks.change(task, uow.now)
    uow.audit.record(viewer.actor, "task_hand_over", _subject(task), "ok", {"to": colleague.name})
    _tell(
        uow, colleague.name, task, "notices/task_handed_over", f"over:{colleague.name}:{uow.now.isoformat()}"
    )
    return task


def _open_task(uow: UnitOfWork, scope: Scope, code: str) -> Task:
    """Asked for within the scope first: that a task exists elsewhere is not told."""
    if uow.tasks.by_code(scope, code) is None or (task := uow.tasks.lock(code)) is None:
        raise NotFound()
    if task.state.ended:
        raise Conflict("task_over")
    return task


def _to_decide(uow: UnitOfWork, viewer: Viewer, scope: Scope, code: str) -> Task:
    if not viewer.roles & GIVERS:
        raise NotAllowed("not_the_giver")
    if uow.tasks.by_code(scope, code) is None or (task := uow.tasks.lock(code)) is None:
        raise NotFound()
    return task


def _reported(task: Task, told: TaskReport, decision: Decision | None) -> Task:
    if not told.finishes or decision is None:
        return replace(task, state=TaskState.WORKING) if task.state is TaskState.OPEN else task
    ended = min(
        decision.on, told.at.astimezone(VIETNAM).date()
    )  # done when it was told, not when it was signed off
    result = f"{decision.number} ngày {decision.on:%d/%m/%Y}"
    return replace(task, state=TaskState.DONE, ended_on=ended, result=result, extension_asked=False)


def _said(text: str) -> str:
    words = text.strip()
    if len(words) < 3 or len(words) > _LONGEST:
        raise InvalidInput("nothing_said")
    return words


def _check(uow: UnitOfWork, decision: Decision | None) -> None:
    if decision is None or not decision.number.strip():
        raise InvalidInput("no_document")
    if decision.on > uow.today:
        raise InvalidInput("document_in_future")


def _named(decision: Decision | None) -> dict[str, str]:
    return {"document": decision.number, "of": decision.on.isoformat()} if decision else {}


def _subject(task: Task) -> str:
    return f"task:{task.code}"


def _tell_givers(uow: UnitOfWork, task: Task, kind: str, event: str) -> None:
    """Specialists who follow the task's field or agency, and the office's leaders, hear that something waits."""
    for account in uow.accounts.all():
        if not account.active or not account.roles & {"specialist", "office_leader"}:
            continue
        scope = account_scope(uow, account)
        if scope.everything and "specialist" not in account.roles and task.field:
            continue  # the specialist of the field hears it; leaders see it in the brief
        if uow.tasks.by_code(scope, task.code) is not None:
            _tell(uow, account.name, task, kind, event)


def _tell(
    uow: UnitOfWork,
    name: str,
    task: Task,
    kind: str,
    event: str,
    decision: Decision | None = None,
    note: str = "",
) -> None:
    """One notice to where the officer can be written to, if anywhere."""
    for address in uow.officers.addresses(name)[:1]:
        conversation = uow.conversations.lock_or_start(address, uow.now)
        values = {
            "code": task.code,
            "due_on": task.due_on.isoformat() if task.due_on else "",
            "document": decision.number if decision else "",
            "document_on": decision.on.isoformat() if decision else "",
            "signer": decision.signer if decision else "",
            "note": note,
        }
        key = f"task:{task.code}:{conversation}:{event}"[:200]
        uow.notices.add(Notice(kind, f"task:{task.code}", conversation, _soon(uow), key, values))


def _soon(uow: UnitOfWork) -> datetime:
    """In office hours at once, else when the office opens again."""
    return OfficeHours(uow.calendar).next_opening(uow.now)
