"""Where to hand in and when; how to pay; results by post."""

from __future__ import annotations

from dataclasses import replace

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.dossier_codes import CodeSaid
from actions.dossier_replies import answer_one, waiting
from actions.procedure_target import ASPECTS, aspect_buttons, other_body, recalled, remembered, target
from backend.domain.dossier import Stage
from backend.domain.procedure import Procedure
from backend.services.agencies.resolve import AgencyMatch, resolve_agency
from backend.services.procedures import guidance
from backend.services.procedures.desks import desk_of, is_day_asked, usual_hours
from backend.services.procedures.search import find_procedure, has_content

_MOST_DESKS = 4
#: Only a clearly named procedure turns a question about a place or a payment into one about that procedure.
_NAMED_ABOVE = 0.66
_NAMED_SHARE = 0.3  # of that procedure's name


def where_hours(turn: Turn) -> Outcome:
    if mine := waiting(turn, Stage.DONE, Stage.SUPPLEMENT, Stage.FEE_DUE):
        key = "dossier/supplement_how" if mine.stage is Stage.SUPPLEMENT else "dossier/explained"
        return answer_one(turn, CodeSaid(mine.code), key)
    agency = turn.value("agency")
    desks = resolve_agency(turn.uow, agency) if agency else []
    about = _procedure(turn)
    if desks and about is None:
        return _desks(turn, desks)
    if about is None:
        if desks := resolve_agency(turn.uow, turn.text):
            return _desks(turn, desks)
        return _day(turn) or Reply(
            "procedure/place_general",
            {"hours": usual_hours()},
            (Button("@procedure/button_ask", "procedure_guide"),),
        )
    if not isinstance(about, Procedure):
        return about
    body = guidance.body_of(about)
    if body is not None and "proc_code_mention" not in turn.given:
        return other_body(about, body, "where_hours")
    view = guidance.filing(about)
    shown = [desk_of(one, turn.today) for one in desks[:_MOST_DESKS]]
    values = {"about": view.about, "filing": view, "hours": usual_hours(), "desks": shown}
    link = (Button("@procedure/button_source", url=about.source_url),) if about.source_url else ()
    return Reply(
        "procedure/place", values, (*aspect_buttons(about.code, "where_hours"), *link), remembered(about)
    )


def _desks(turn: Turn, desks: list[AgencyMatch]) -> Outcome:
    day = _day(turn)
    shown = [desk_of(one, turn.today) for one in desks[:_MOST_DESKS]]
    values = {"desks": shown, "more": max(0, len(desks) - _MOST_DESKS), "hours": usual_hours()}
    reply = Reply("procedure/place_agency", values)
    return (day, reply) if day else reply


def _day(turn: Turn) -> Reply | None:
    """Whether the desk works on the day that was asked about; None when none was."""
    asked = is_day_asked(turn.uow, turn.value("date") or turn.text)
    return Reply("procedure/open_day", asked) if asked else None


def _procedure(turn: Turn) -> Procedure | Outcome | None:
    """The procedure in question, what to say instead, or None when the question is about no procedure."""
    named = turn.value("proc_code_mention") or turn.value("procedure") or turn.value("another")
    if not named and turn.value("agency"):
        return None
    if not (named or turn.recalled("procedure") or turn.recalled("outside") or _names_one(turn)):
        return None
    if not named and turn.value("date"):
        return None
    found = target(turn, "where_hours")
    if isinstance(found, tuple) and isinstance(found[0], Procedure):
        return found[0]
    return found


def _names_one(turn: Turn) -> bool:
    if not has_content(turn.text):
        return False
    hits = find_procedure(turn.uow, turn.text).hits
    return bool(hits) and hits[0].score >= _NAMED_ABOVE and hits[0].named >= _NAMED_SHARE


def fees_payment(turn: Turn) -> Outcome:
    return _general(turn, "fees_payment", "procedure/payment")


def postal_return(turn: Turn) -> Outcome:
    return _general(turn, "postal_return", "procedure/postal")


def _general(turn: Turn, intent: str, key: str) -> Outcome:
    """General guidance, with what the procedure talked about allows, where one is."""
    about: Procedure | None = None
    named = turn.value("proc_code_mention") or turn.value("procedure")
    if named or turn.recalled("procedure"):
        found = target(turn, intent) if named else (recalled(turn), False)
        if isinstance(found, tuple) and isinstance(found[0], Procedure):
            about = found[0]
    values = {"filing": guidance.filing(about) if about else None}
    buttons = tuple(
        Button(title, name, {"proc_code_mention": about.code})
        for name, title in ASPECTS
        if about and name in {"fee", "where_hours", "procedure_online"}
    )
    reply = Reply(key, values, (*buttons, Button("@button/person", "human_handoff")))
    return replace(reply, remember=remembered(about)) if about else reply


ACTIONS: dict[str, Action] = {
    "where_hours": where_hours,
    "fees_payment": fees_payment,
    "postal_return": postal_return,
}
