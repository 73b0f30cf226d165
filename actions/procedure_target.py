"""Which procedure a question is about: a code, a name in the sentence, the last one talked about, or ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.base import Button, Outcome, Reply, StartForm, Turn
from backend.domain.procedure import HandledBy, Procedure
from backend.services.procedures import guidance
from backend.services.procedures.index import Hit
from backend.services.procedures.outside import Body, OutsideMatter
from backend.services.procedures.search import (
    MOST_CHOICES,
    Found,
    Verdict,
    find_procedure,
    has_content,
    outside_table,
)
from backend.text.codes import find_codes

FORM = "procedure_name"
#: A sentence without a procedure's name leaves the one talked about only when it says another one this clearly.
OTHER_ABOVE = 0.62
#: A search of the whole sentence is trusted from here on; below, what the model marked as the name is searched too.
SURE_ABOVE = 0.70
#: Not one body but many: twins of these are chosen from before a body is named.
_MANY_BODIES = (HandledBy.OTHER, HandledBy.MINISTRY)
ASPECTS = (
    ("documents_needed", "@procedure/button_papers"),
    ("fee", "@procedure/button_fee"),
    ("time_limit", "@procedure/button_time"),
    ("where_hours", "@procedure/button_place"),
    ("procedure_steps", "@procedure/button_steps"),
    ("procedure_online", "@procedure/button_online"),
    ("procedure_forms", "@procedure/button_forms"),
    ("procedure_legal_basis", "@procedure/button_legal"),
)


def aspect_buttons(code: str, without: str = "") -> tuple[Button, ...]:
    return tuple(
        Button(title, intent, {"proc_code_mention": code}) for intent, title in ASPECTS if intent != without
    )


def remembered(one: Procedure) -> Mapping[str, Any]:
    """So that "thế lệ phí bao nhiêu?" is about this one; a version that a dossier keeps is let go of."""
    return {"procedure": one.code, "procedure_from": None, "outside": None}


def target(turn: Turn, intent: str) -> tuple[Procedure, bool] | Outcome:
    """The procedure, and whether the sentence itself named it; or what to say instead."""
    if turn.value("another"):
        return ask(intent)
    code = turn.value("proc_code_mention")
    if code is not None:
        return _by_code(turn, code)
    said = " ".join(turn.understood.values("procedure"))
    known = recalled(turn)
    if not said and not has_content(turn.text):
        return (known, False) if known else _again_outside(turn) or ask(intent)
    found = _look(turn, said)
    if known and not said and not _clearly_another(found):
        return known, False
    return _chosen(turn, intent, found)


def ask(intent: str) -> StartForm:
    return StartForm(FORM, {"aspect": intent})


def _by_code(turn: Turn, mention: str) -> tuple[Procedure, bool] | Reply:
    code = next((one.value for one in find_codes(mention) if one.kind == "procedure"), mention)
    one = guidance.procedure_now(turn.uow, code)
    if one is None:
        return Reply("procedure/unknown_code", {"code": code}, _ways_on())
    return one, False


def recalled(turn: Turn) -> Procedure | None:
    """The procedure being talked about."""
    code = turn.recalled("procedure")
    if not code:
        return None
    since = turn.recalled("procedure_from")  # a dossier keeps the version it was received under
    kept = turn.uow.procedures.version_for(code, date.fromisoformat(since)) if since else None
    return kept or guidance.procedure_now(turn.uow, code)


def _look(turn: Turn, said: str) -> Found:
    whole = find_procedure(turn.uow, turn.text)
    if not said or (whole.verdict is Verdict.CLEAR and whole.hits[0].score >= SURE_ABOVE):
        return whole
    named = find_procedure(turn.uow, said, turn.text)
    if whole.verdict is Verdict.NOTHING or (named.hits and named.hits[0].score > whole.hits[0].score):
        return named
    return whole


def _clearly_another(found: Found) -> bool:
    return bool(found.hits) and found.hits[0].score >= OTHER_ABOVE and found.hits[0].named >= 0.5


def _chosen(turn: Turn, intent: str, found: Found) -> tuple[Procedure, bool] | Outcome:
    if found.verdict is Verdict.NOTHING:
        nothing = dict.fromkeys(("procedure", "procedure_from", "outside"))
        return Reply("procedure/not_found", {}, (*_ways_on(),), nothing, empty=True)
    matter = outside_table().matter(found.hits[0].entry.code)
    own = [hit for hit in found.hits if outside_table().matter(hit.entry.code) is None]
    if matter is not None:
        return _outside(turn, intent, matter, own)
    bodies = {
        outside_table().body_of(hit.entry.handled_by) if hit.entry.handled_by not in _MANY_BODIES else None
        for hit in own
    }
    if len(own) > 1 and len(bodies) == 1 and (body := bodies.pop()):
        return _other_body(body, own[0].entry.field or body.name, intent, own)
    if len(own) == 1:
        return _opened(turn, own[0])
    return choose(intent, own)


def _opened(turn: Turn, hit: Hit) -> tuple[Procedure, bool] | Reply:
    one = guidance.procedure_now(turn.uow, hit.entry.code)
    return (one, True) if one else Reply("procedure/not_found", {}, _ways_on())


def choose(intent: str, hits: Sequence[Hit]) -> Reply:
    """Ask which of the near twins; what was asked about stays in the buttons."""
    return Reply("procedure/choose", {"titles": [hit.entry.title for hit in hits]}, _options(intent, hits))


def _options(intent: str, hits: Sequence[Hit]) -> tuple[Button, ...]:
    titles = [
        Button(hit.entry.title, intent, {"proc_code_mention": hit.entry.code}) for hit in hits[:MOST_CHOICES]
    ]
    return (*titles, Button("@procedure/button_another", intent, {"another": "1"}))


def _outside(turn: Turn, intent: str, matter: OutsideMatter, own: Sequence[Hit]) -> Outcome:
    """Another body's matter; where the catalogue tells of it too, that guidance is offered."""
    near = find_procedure(turn.uow, matter.name, turn.text) if not own else Found(Verdict.TWINS, tuple(own))
    same = [
        hit
        for hit in near.hits
        if outside_table().matter(hit.entry.code) is None
        and outside_table().body_of(hit.entry.handled_by) == matter.body
    ]
    local = [hit for hit in own if hit.entry.handled_by.is_local]
    reply = _other_body(matter.body, matter.name, intent, [*same, *local])
    if matter.when_missing:
        reply = replace(reply, key="procedure/not_in_catalogue")
    return replace(reply, remember={**reply.remember, "outside": None if same or local else matter.name})


def _again_outside(turn: Turn) -> Reply | None:
    """Asked on about another body's matter ("nộp ở đâu?"): it is still that body's."""
    name = turn.recalled("outside")
    matter = next((one for one in outside_table().matters if one.name == name), None)
    if matter is None:
        return None
    reply = _other_body(matter.body, matter.name, "", ())
    if matter.when_missing:
        reply = replace(reply, key="procedure/not_in_catalogue")
    return replace(reply, remember={**reply.remember, "outside": name})


def _other_body(body: Body, what: str, intent: str, hits: Sequence[Hit]) -> Reply:
    buttons = [
        Button(hit.entry.title, intent, {"proc_code_mention": hit.entry.code}) for hit in hits[:MOST_CHOICES]
    ]
    if body.url:
        buttons.append(Button("@procedure/button_body_site", url=body.url))
    remember = {"procedure": hits[0].entry.code if hits else None, "procedure_from": None, "outside": None}
    values = {"what": what, "body": body, "guided": bool(hits)}
    return Reply("procedure/other_body", values, tuple(buttons), remember)


def other_body(one: Procedure, body: Body, intent: str) -> Reply:
    """This procedure is another body's work: say whose, and offer what is known about it."""
    reply = _other_body(body, one.title, intent, ())
    return replace(
        reply,
        buttons=(*aspect_buttons(one.code, intent)[:6], *reply.buttons),
        remember=remembered(one),
        values={"what": one.title, "body": body, "guided": True},
    )


def _ways_on() -> tuple[Button, ...]:
    return (
        Button("@procedure/button_say_again", "procedure_guide", {"another": "1"}),
        Button("@procedure/button_portal", url="https://dichvucong.gov.vn"),
        Button("@button/person", "human_handoff"),
    )
