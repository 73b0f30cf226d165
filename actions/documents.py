"""Looking up official documents: officers within their scope, everybody in the gazette."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.staff import scope_said, shows_rows
from backend.domain.scope import NO_SCOPE, Scope
from backend.domain.understanding import Entity
from backend.services.accounts.scope import scope_of
from backend.services.documents.asking import Asked, given_values, read_asked
from backend.services.documents.lookup import Answer, Verdict, look_up, open_document

#: Under which names the conversation remembers the last document, and the last question about documents.
_LAST, _QUERY = "document", "document_query"
_KEYS = {
    Verdict.ONE: "documents/one",
    Verdict.LIST: "documents/list",
    Verdict.NEAR: "documents/near",
    Verdict.NOTHING: "documents/nothing",
    Verdict.UNASKED: "documents/ask",
}


def document_lookup(turn: Turn) -> Outcome:
    """ "tìm quyết định 1234/QĐ-UBND", "văn bản về chuyển đổi số tháng 9", "1234/QĐ-UBND"."""
    officer = bool(turn.viewer.account) and not turn.viewer.group
    scope = scope_of(turn.uow, turn.viewer) if officer else NO_SCOPE
    rows = scope.empty or shows_rows(turn)
    if "document" in turn.given:
        return _told(
            turn, scope, rows, open_document(turn.uow, scope, int(turn.given["document"]), rows=rows)
        )
    asked = _asked(turn)
    last = turn.recalled(_LAST)
    if not asked.said and last is not None and not turn.given:
        return _told(turn, scope, rows, open_document(turn.uow, scope, int(last), rows=rows))
    answer = look_up(turn.uow, scope, asked, after=int(turn.given.get("after", 0)), rows=rows)
    return _told(turn, scope, rows, answer, asked)


def _asked(turn: Turn) -> Asked:
    if "after" in turn.given:  # the next page
        return given_values(turn.given)
    if turn.given:  # what the sentence had named, behind a button
        entities = [Entity(name, str(value), 0, 0) for name, value in turn.given.items()]
        return read_asked(turn.uow, " ".join(one.value for one in entities), entities, only_values=True)
    new = read_asked(turn.uow, turn.text, turn.understood.entities, _own_agency(turn), only_values=turn.again)
    before = turn.recalled(_QUERY)
    if not turn.again or not isinstance(before, Mapping):
        return new
    kept = {name: str(value) for name, value in before.items() if name != "number"}
    if {"agency", "issuer"} & new.said.keys():
        kept = {name: value for name, value in kept.items() if name not in ("agency", "issuer")}
    return Asked({**kept, **new.said})


def _own_agency(turn: Turn) -> str:
    """The code of the officer's agency; "" without one."""
    own = turn.uow.accounts.by_name(turn.viewer.account) if turn.viewer.account else None
    return turn.uow.agencies.get(own.agency_id).code if own is not None and own.agency_id is not None else ""


def _told(turn: Turn, scope: Scope, rows: bool, answer: Answer, asked: Asked | None = None) -> Reply:
    said = dict(asked.said) if asked is not None else {}
    buttons = []
    if len(answer.rows) > 1 or answer.verdict is Verdict.NEAR:
        buttons = [Button(one.number, "document_lookup", {"document": one.id}) for one in answer.rows]
    if answer.left and said and not said.get("number"):
        more: dict[str, Any] = {**said, "after": answer.after + len(answer.rows)}
        buttons.append(Button("@documents/button_more", "document_lookup", more))
    only = answer.rows[0].id if len(answer.rows) == 1 and answer.verdict is Verdict.ONE else None
    remember: dict[str, Any] = {_LAST: only}
    if said:
        remember[_QUERY] = said
    values = {**_plain(answer), "left": answer.left, "public_only": scope.empty}
    nothing = answer.verdict in (Verdict.NOTHING, Verdict.UNASKED)
    foot = Reply("documents/scope_public") if scope.empty else scope_said(scope)
    return Reply(
        _KEYS[answer.verdict],
        values,
        tuple(buttons),
        remember,
        empty=nothing and scope.empty,
        foot=None if answer.verdict is Verdict.UNASKED else foot,
    )


def _plain(answer: Answer) -> dict[str, Any]:
    """The answer's members by name; of its rows and criteria, too."""
    return asdict(answer)


ACTIONS: dict[str, Action] = {"document_lookup": document_lookup}
