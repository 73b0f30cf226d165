"""Answers about one procedure: overview, papers, fee, time, steps, legal basis, forms, filing online."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Refused, Reply, Turn
from actions.dossier_codes import CodeSaid
from actions.dossier_replies import answer_one, waiting
from actions.procedure_target import FORM, aspect_buttons, other_body, remembered, target
from backend.domain.dossier import Stage
from backend.domain.procedure import Procedure
from backend.domain.understanding import Understanding
from backend.services.procedures import guidance
from backend.services.procedures.search import has_content

Answer = Callable[[Turn, Procedure], Reply]
_RELATED = 3


def about_procedure(intent: str, answer: Answer) -> Action:
    """The action of an intent that asks one thing about a procedure."""

    def action(turn: Turn) -> Outcome:
        found = target(turn, intent)
        if not (isinstance(found, tuple) and isinstance(found[0], Procedure)):
            return found
        one, named_now = found[0], bool(found[1])
        body = guidance.body_of(one)
        if body is None or not named_now:
            return answer(turn, one)
        if intent in {"procedure_guide", "where_hours"}:
            return other_body(one, body, intent)
        return (replace(other_body(one, body, intent), buttons=()), answer(turn, one))

    return action


def _said(key: str, view: Any, one: Procedure, intent: str, *more: Button) -> Reply:
    link = (Button("@procedure/button_source", url=one.source_url),) if one.source_url else ()
    return Reply(key, view, (*more, *aspect_buttons(one.code, intent), *link), remembered(one))


def overview(turn: Turn, one: Procedure) -> Reply:
    near = guidance.related(turn.uow, one, _RELATED)
    more = (
        (Button("@procedure/button_related", "procedure_related", {"proc_code_mention": one.code}),)
        if near
        else ()
    )
    reply = _said("procedure/overview", guidance.overview(one), one, "procedure_guide")
    return replace(reply, buttons=(*reply.buttons, *more))


def papers(turn: Turn, one: Procedure) -> Reply:
    view = guidance.papers(one, _page(turn))
    return _said("procedure/papers", view, one, "documents_needed", *_next(view, one, "documents_needed"))


def steps(turn: Turn, one: Procedure) -> Reply:
    view = guidance.steps(one, _page(turn))
    return _said("procedure/steps", view, one, "procedure_steps", *_next(view, one, "procedure_steps"))


def fee(turn: Turn, one: Procedure) -> Reply:
    payment = Button("@procedure/button_payment", "fees_payment", {"proc_code_mention": one.code})
    reply = _said("procedure/fee", guidance.fees(one), one, "fee")
    return replace(reply, buttons=(*reply.buttons, payment))


def fee_asked(turn: Turn) -> Outcome:
    """While the dossier being talked about waits for money, "bao nhiêu tiền" is about that money."""
    mine = waiting(turn, Stage.FEE_DUE)
    return answer_one(turn, CodeSaid(mine.code)) if mine else about_procedure("fee", fee)(turn)


def time_asked(turn: Turn) -> Outcome:
    """While a dossier is under way, "mấy ngày nữa" is about its own date."""
    mine = waiting(turn, Stage.ACCEPTED, Stage.PROCESSING, Stage.SUPPLEMENT, Stage.FEE_DUE, Stage.DONE)
    return answer_one(turn, CodeSaid(mine.code)) if mine else about_procedure("time_limit", time_limit)(turn)


def time_limit(turn: Turn, one: Procedure) -> Reply:
    rule = guidance.OpeningRule(turn.uow.calendar, turn.late_hour)
    return _said("procedure/time", guidance.times(one, turn.now, rule), one, "time_limit")


def legal(_turn: Turn, one: Procedure) -> Reply:
    return _said("procedure/legal", guidance.legal(one), one, "procedure_legal_basis")


def forms(_turn: Turn, one: Procedure) -> Reply:
    return _said("procedure/forms", guidance.forms(one), one, "procedure_forms")


def online(_turn: Turn, one: Procedure) -> Reply:
    return _said("procedure/online", guidance.filing(one), one, "procedure_online")


def related(turn: Turn) -> Outcome:
    """Neighbouring procedures to choose from."""
    found = target(turn, "procedure_guide")
    if not (isinstance(found, tuple) and isinstance(found[0], Procedure)):
        return found
    near = guidance.related(turn.uow, found[0], 5)
    if not near:
        return overview(turn, found[0])
    buttons = tuple(
        Button(name, "procedure_guide", {"proc_code_mention": code}) for code, name in near.items()
    )
    other = Button("@procedure/button_another", "procedure_guide", {"another": "1"})
    return Reply("procedure/choose", {"titles": list(near.values())}, (*buttons, other), remembered(found[0]))


def _page(turn: Turn) -> int:
    raw = turn.value("page") or "1"
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else 1


def _next(view: guidance.ListPage, one: Procedure, intent: str) -> tuple[Button, ...]:
    if view.page >= view.pages:
        return ()
    title = "@procedure/button_all_papers" if intent == "documents_needed" else "@procedure/button_more"
    return (Button(title, intent, {"proc_code_mention": one.code, "page": str(view.page + 1)}),)


# --- asking for the name -------------------------------------------------------------------------------------


def _name(turn: Turn, _values: Mapping[str, Any]) -> str:
    text = " ".join(turn.text.split())
    if not has_content(text):
        raise Refused("procedure/name_again")
    return text[:300]


def _aspect(_turn: Turn, values: Mapping[str, Any]) -> str:
    return str(values.get("aspect", "procedure_guide"))


def _named(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    intent = str(values.get("aspect") or "procedure_guide")
    action = ACTIONS.get(intent, ACTIONS["procedure_guide"])
    # What is searched now is the name alone; the sentence that began the form was read already.
    read = Understanding(intent=intent, confidence=1.0)
    return action(replace(turn, text=str(values["name"]), understood=read, given={}, context={}))


ACTIONS: dict[str, Action] = {
    "procedure_guide": about_procedure("procedure_guide", overview),
    "documents_needed": about_procedure("documents_needed", papers),
    "fee": fee_asked,
    "time_limit": time_asked,
    "procedure_steps": about_procedure("procedure_steps", steps),
    "procedure_legal_basis": about_procedure("procedure_legal_basis", legal),
    "procedure_forms": about_procedure("procedure_forms", forms),
    "procedure_online": about_procedure("procedure_online", online),
    "procedure_related": related,
}
_ASK_NAME = Form(
    name=FORM,
    version=1,
    fields=(
        Field("aspect", "procedure/ask_name", _aspect, when=lambda values: "name" in values),
        Field("name", "procedure/ask_name", _name, entity="procedure", free_text=True),
    ),
    summary="",
    complete=_named,
    left="procedure/left",
    outgrown_by=frozenset(ACTIONS) - {"procedure_guide"} | {"where_hours"},
)

FORMS = (_ASK_NAME,)
