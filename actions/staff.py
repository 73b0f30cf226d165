"""The door to officers' questions: who asks, how far they see, and a refusal that says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions.base import Action, Button, Outcome, Reply, Turn
from backend.domain.scope import Scope
from backend.services.accounts.scope import scope_of

_MENU = (
    Button("@button/dossier", "dossier_status"),
    Button("@button/procedure", "procedure_guide"),
    Button("@button/reception", "reception_schedule"),
)


def for_officers(answer: Callable[[Turn, Scope], Outcome], also: frozenset[str] = frozenset()) -> Action:
    """An action that gets the asker's scope, and is never reached without one. Refusals leave an audit row.

    ``also`` are roles that come through without a scope: their work is not bound to agencies, and the action says
    itself what they see.
    """

    def guarded(turn: Turn) -> Outcome:
        if not turn.viewer.account:
            return Reply("social/staff_only", buttons=_MENU)
        if turn.viewer.group:
            return refused(turn, "staff/private_only")
        scope = scope_of(turn.uow, turn.viewer)
        if scope.empty and not turn.viewer.roles & also:
            return refused(turn, "staff/no_reach")
        return _with_page(turn, answer(turn, scope))

    return guarded


def _with_page(turn: Turn, outcome: Outcome) -> Outcome:
    """Where only counts are shown, the way to the rows goes along."""
    if shows_rows(turn) or not turn.officers_page or not isinstance(outcome, Reply) or outcome.foot is None:
        return outcome
    return replace(outcome, buttons=(*outcome.buttons, Button("@staff/button_page", url=turn.officers_page)))


def scope_said(scope: Scope, *narrowed: str, giver: str = "", field: str = "", officer: str = "") -> Reply:
    """The foot of every officers' answer: what it was counted over, and what the question narrowed it to."""
    values = {
        "everything": scope.everything,
        "named": scope.named,
        "instead_of": scope.instead_of,
        "narrowed": tuple(one for one in narrowed if one and one not in scope.named),
        "giver": giver,
        "field": field,
        "officer": officer,
    }
    return Reply("staff/scope", values)


def refused(turn: Turn, key: str, **values: object) -> Reply:
    """Say no, and keep that it was said."""
    turn.uow.audit.record(
        turn.viewer.actor, "staff_question", turn.intent or "button", "refused", {"why": key}
    )
    return Reply(key, values)


def shows_rows(turn: Turn) -> bool:
    """Whether single rows may be shown where this officer is talking; elsewhere counts only."""
    return turn.viewer.address.channel in turn.rows_on
