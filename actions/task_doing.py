"""Reporting on a task, asking for more time, handing over; and the giver's side deciding. Paper decides, not chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Refused, Reply, StartForm, Turn
from actions.figures import stats_report
from actions.staff import for_officers, refused, scope_said, shows_rows
from actions.task_words import asks_for_a_report
from actions.tasks import code_said
from backend.domain.errors import Conflict, DomainError, InvalidInput, NotAllowed
from backend.domain.scope import GIVERS, Scope
from backend.domain.task import Decision
from backend.services.accounts.scope import scope_of
from backend.services.tasks import asking, doing
from backend.text.codes import find_codes
from backend.text.dates import find_dates
from backend.text.fold import words

_NUMBER = 60
_LONGEST = 2000
_YES = ("co", "roi", "xong", "hoan thanh", "da xong", "dung", "yes", "done")
#: What an officer writes about the work sounds like a question about just that.
_TAKES = frozenset(
    {"task_update", "task_summary", "task_due_soon", "task_overdue", "task_extension", "task_remind", "stats_report",
     "complaint_file", "complaint_status", "procedure_guide", "procedure_steps", "procedure_legal_basis",
     "documents_needed", "dossier_status", "dossier_supplement", "time_limit", "fee", "fees_payment", "where_hours",
     "leader_schedule", "document_lookup", "reception_schedule", "insult", "out_of_scope"}
)  # fmt: skip
_NO = ("chua", "khong", "dang lam", "chua xong", "no")


def _begin(form: str) -> Action:
    """Start the form about the task that is meant, where single tasks may be talked about and this one is open."""

    def begin(turn: Turn, scope: Scope) -> Outcome:
        if not shows_rows(turn):
            return Reply("task/not_on_this_channel", foot=scope_said(scope))
        code = code_said(turn)
        if code is None and asks_for_a_report(turn):
            return stats_report(turn, scope)
        if code is None:
            return StartForm(form, _dates(turn, form))
        told = asking.detail(turn.uow, scope, turn.viewer.roles, code)
        if told is None:
            turn.uow.audit.record(turn.viewer.actor, form, f"task:{code}"[:200], "not_found")
            return Reply("task/unknown", {"code": code}, foot=scope_said(scope))
        if told.task.state.ended:
            return Reply("task/over", {"code": code}, foot=scope_said(scope))
        return StartForm(form, {"code": code, **_dates(turn, form)})

    return for_officers(begin)


def _dates(turn: Turn, form: str) -> dict[str, str]:
    """The day that "xin gia hạn đến 30/11" names already."""
    found = find_dates(turn.text, turn.today) if form == "task_extension" else []
    ahead = [one.last for one in found if one.last > turn.today]
    return {"until": ahead[0].isoformat()} if len(ahead) == 1 else {}


# --- the agency's side ---------------------------------------------------------------------------------------


def _read_code(turn: Turn, _values: Mapping[str, Any]) -> str:
    said = [one.value for one in find_codes(turn.text) if one.kind == "task"]
    if len(said) != 1:
        raise Refused("task/code_unclear")
    if turn.uow.tasks.by_code(scope_of(turn.uow, turn.viewer), said[0]) is None:
        raise Refused("task/unknown", code=said[0])
    return said[0]


def _read_text(turn: Turn, _values: Mapping[str, Any]) -> str:
    said = turn.text.strip()
    if not 3 <= len(said) <= _LONGEST:
        raise Refused("task/text_length", most=_LONGEST)
    return said


def _read_yes(turn: Turn, _values: Mapping[str, Any]) -> bool:
    said = " ".join(words(turn.text))
    if said in _NO or turn.intent == "deny":
        return False
    if said in _YES or turn.intent == "affirm":
        return True
    raise Refused("task/yes_or_no")


def _read_day(turn: Turn, _values: Mapping[str, Any]) -> str:
    found = find_dates(turn.text, turn.today)
    if len(found) != 1 or found[0].first != found[0].last:
        raise Refused("task/day_unclear")
    return found[0].first.isoformat()


def _read_later(turn: Turn, values: Mapping[str, Any]) -> str:
    day = _read_day(turn, values)
    task = turn.uow.tasks.by_code(scope_of(turn.uow, turn.viewer), str(values.get("code", "")))
    if task is not None and task.due_on is not None and date.fromisoformat(day) <= task.due_on:
        raise Refused("task/not_later", due_on=task.due_on)
    if date.fromisoformat(day) < turn.today:
        raise Refused("task/not_later", due_on=turn.today)
    return day


def _offer_yes(_turn: Turn, _values: Mapping[str, Any]) -> tuple[Button, ...]:
    return (
        Button("@task/button_done", values={"answer": True}),
        Button("@task/button_not_done", values={"answer": False}),
    )


def _reported(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    scope = scope_of(turn.uow, turn.viewer)
    finishes = bool(values["finishes"])
    try:
        doing.report(turn.uow, turn.viewer, scope, values["code"], values["text"], finishes=finishes)
    except (Conflict, InvalidInput) as refusal:
        return _said_no(refusal, values)
    told = {"code": values["code"], "finishes": finishes}
    return Reply("task/report_waits", told, remember={"task": values["code"]}, foot=scope_said(scope))


def _asked(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    scope = scope_of(turn.uow, turn.viewer)
    until = date.fromisoformat(values["until"])
    try:
        made = doing.ask_extension(turn.uow, turn.viewer, scope, values["code"], until, values["reason"])
    except (Conflict, InvalidInput) as refusal:
        return _said_no(refusal, values)
    told = {"code": values["code"], "number": made.number, "until": until, "previous": made.previous_due}
    return Reply("task/extension_waits", told, remember={"task": values["code"]}, foot=scope_said(scope))


def _read_colleague(turn: Turn, values: Mapping[str, Any]) -> str:
    """One colleague of the task's agency, by account or by name."""
    task = turn.uow.tasks.by_code(scope_of(turn.uow, turn.viewer), str(values.get("code", "")))
    there = [
        one for one in turn.uow.accounts.all() if one.active and task and one.agency_id == task.agency_id
    ]
    said = words(turn.text)
    found = [one for one in there if one.name == turn.text.strip().lower() or words(one.full_name) == said]
    found = found or [one for one in there if said and words(one.full_name)[-len(said) :] == said]
    if len(found) != 1:
        raise Refused("task/colleague_unclear", names=[one.full_name for one in there][:8])
    return found[0].name


def _handed_over(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    scope = scope_of(turn.uow, turn.viewer)
    try:
        task = doing.hand_over(turn.uow, turn.viewer, scope, values["code"], values["to"])
    except (Conflict, InvalidInput) as refusal:
        return _said_no(refusal, values)
    return Reply("task/handed_over", {"code": task.code, "officer": task.officer}, foot=scope_said(scope))


# --- the giver's side ----------------------------------------------------------------------------------------


def task_waiting(turn: Turn, scope: Scope) -> Outcome:
    """What waits for the giver's side: reports to confirm, requests for more time."""
    if not turn.viewer.roles & GIVERS:
        return refused(turn, "task/givers_only")
    reports, asked = asking.waiting_for(turn.uow, scope)
    values = {
        "reports": [{"code": task.code, "agency": task.agency_name, "told": told} for task, told in reports],
        "asked": [{"code": task.code, "agency": task.agency_name, "wish": one} for task, one in asked],
        "rows": shows_rows(turn),
    }
    buttons = []
    if shows_rows(turn):
        for task, told in reports:
            about = {"task_code": task.code, "report": told.id, "finishes": told.finishes}
            buttons.append(Button("@task/button_confirm", "task_confirm", about))
            buttons.append(Button("@task/button_return", "task_return", about))
        for task, one in asked:
            about = {"task_code": task.code, "until": one.wished_due.isoformat()}
            buttons.append(Button("@task/button_grant", "task_grant", about))
            buttons.append(Button("@task/button_refuse", "task_refuse", about))
    return Reply("task/waiting", values, tuple(buttons), foot=scope_said(scope))


def task_confirm(turn: Turn, scope: Scope) -> Outcome:
    """Progress is confirmed at once; what ends a task asks for the document that ends it."""
    given = turn.given
    if given.get("finishes"):
        return StartForm("task_confirm", {"code": given["task_code"], "report": given["report"]})
    code, report = str(given["task_code"]), int(given["report"])
    try:
        doing.decide_report(turn.uow, turn.viewer, scope, code, report, None, confirmed=True)
    except (Conflict, InvalidInput, NotAllowed) as refusal:
        return _said_no(refusal, {"code": code})
    return Reply("task/confirmed", {"code": code, "document": ""}, foot=scope_said(scope))


def task_return(turn: Turn, _scope: Scope) -> Outcome:
    return StartForm("task_return", {"code": turn.given["task_code"], "report": turn.given["report"]})


def task_grant(turn: Turn, _scope: Scope) -> Outcome:
    return StartForm("task_grant", {"code": turn.given["task_code"], "until": turn.given["until"]})


def task_refuse(turn: Turn, _scope: Scope) -> Outcome:
    return StartForm("task_refuse", {"code": turn.given["task_code"]})


def _read_number(turn: Turn, _values: Mapping[str, Any]) -> str:
    said = " ".join(turn.text.split())
    if not said or len(said) > _NUMBER or not any(char.isdigit() for char in said):
        raise Refused("task/number_unclear")
    return said


def _read_past(turn: Turn, values: Mapping[str, Any]) -> str:
    day = _read_day(turn, values)
    if date.fromisoformat(day) > turn.today:
        raise Refused("task/document_in_future")
    return day


def _decision(turn: Turn, values: Mapping[str, Any]) -> Decision:
    own = turn.uow.accounts.by_name(turn.viewer.account)
    signer = str(values.get("signer") or (own.full_name if own else ""))
    return Decision(str(values["number"]), date.fromisoformat(values["on"]), signer)


def _decided(how: str) -> Any:
    def complete(turn: Turn, values: Mapping[str, Any]) -> Outcome:
        scope, uow, viewer, code = scope_of(turn.uow, turn.viewer), turn.uow, turn.viewer, str(values["code"])
        shown: dict[str, Any] = {"code": code, "document": str(values.get("number", ""))}
        try:
            if how == "return":
                note = str(values["note"])
                doing.decide_report(
                    uow, viewer, scope, code, values["report"], None, confirmed=False, note=note
                )
            elif how == "confirmed":
                decision = _decision(turn, values)
                doing.decide_report(uow, viewer, scope, code, values["report"], decision, confirmed=True)
            else:
                until = date.fromisoformat(values["until"]) if how == "granted" else None
                doing.decide_extension(uow, viewer, scope, code, until, _decision(turn, values))
                shown["until"] = until
        except (Conflict, InvalidInput, NotAllowed) as refusal:
            return _said_no(refusal, values)
        return Reply(_DECIDED[how], shown, remember={"task": code}, foot=scope_said(scope))

    return complete


_DECIDED = {
    "return": "task/returned",
    "confirmed": "task/confirmed",
    "granted": "task/granted",
    "refused": "task/not_granted",
}
#: Why a service refused, in the asker's words.
_REASONS = {
    "task_over": "task/over",
    "waits_already": "task/waits_already",
    "no_due": "task/no_due",
    "not_later": "task/not_later_than",
    "too_far": "task/too_far",
    "nothing_said": "task/nothing_said",
    "decided_already": "task/decided_already",
    "nothing_waits": "task/decided_already",
    "no_document": "task/number_unclear",
    "document_in_future": "task/document_in_future",
    "not_the_giver": "task/givers_only",
    "not_a_colleague": "task/not_a_colleague",
}


def _said_no(refusal: DomainError, values: Mapping[str, Any]) -> Reply:
    return Reply(_REASONS.get(str(refusal), refusal.key), {"code": values.get("code", "")})


_CODE = Field("code", "task/ask_code", _read_code, entity="task_code", words=("mã", "nhiệm vụ"))
_PAPER = (
    Field("number", "task/ask_number", _read_number, words=("số", "văn bản")),
    Field("on", "task/ask_on", _read_past, words=("ngày",)),
    Field("signer", "task/ask_signer", _read_text, words=("ký", "người ký")),
)
FORMS = (
    Form(
        "task_report",
        1,
        (
            _CODE,
            Field("text", "task/ask_text", _read_text, free_text=True, words=("nội dung",), takes=_TAKES),
            Field("finishes", "task/ask_finishes", _read_yes, offer=_offer_yes, words=("xong",)),
        ),
        "task/summary_report",
        _reported,
        labels="task",
    ),
    Form(
        "task_extension",
        1,
        (
            _CODE,
            Field("until", "task/ask_until", _read_later, words=("ngày", "hạn", "đến")),
            Field("reason", "task/ask_reason", _read_text, free_text=True, words=("lý do",), takes=_TAKES),
        ),
        "task/summary_extension",
        _asked,
        labels="task",
    ),
    Form(
        "task_hand_over",
        1,
        (_CODE, Field("to", "task/ask_colleague", _read_colleague, entity="person", words=("người",))),
        "task/summary_hand_over",
        _handed_over,
        labels="task",
    ),
    Form("task_confirm", 1, (_CODE, *_PAPER), "task/summary_confirm", _decided("confirmed"), labels="task"),
    Form(
        "task_return",
        1,
        (_CODE, Field("note", "task/ask_note", _read_text, free_text=True, words=("lý do",), takes=_TAKES)),
        "task/summary_return",
        _decided("return"),
        labels="task",
    ),
    Form(
        "task_grant",
        1,
        (_CODE, Field("until", "task/ask_until", _read_later, words=("hạn",)), *_PAPER),
        "task/summary_grant",
        _decided("granted"),
        labels="task",
    ),
    Form("task_refuse", 1, (_CODE, *_PAPER), "task/summary_refuse", _decided("refused"), labels="task"),
)
ACTIONS: dict[str, Action] = {
    "task_update": _begin("task_report"),
    "task_extension": _begin("task_extension"),
    "task_hand_over": _begin("task_hand_over"),
    "task_waiting": for_officers(task_waiting),
    "task_confirm": for_officers(task_confirm),
    "task_return": for_officers(task_return),
    "task_grant": for_officers(task_grant),
    "task_refuse": for_officers(task_refuse),
}
