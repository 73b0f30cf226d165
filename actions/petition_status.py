"""How far a petition is, and the reporter's last word: settled, or not yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Reply, StartForm, Turn
from actions.petition_fields import read_story
from actions.rating import rating_buttons
from backend.domain.petition import PetitionState
from backend.services.dossiers.views import Blocked
from backend.services.petitions import viewing
from backend.services.petitions.moving import Mover, move


def complaint_status(turn: Turn) -> Outcome:
    """By code, else the one talked of, else one's own."""
    if code := turn.value("complaint_code"):
        return _shown(turn, code)
    mine = () if turn.viewer.group else viewing.mine(turn.uow, turn.viewer)
    recalled = turn.recalled("petition")
    if recalled and recalled in {one.code for one in mine}:
        return _shown(turn, recalled)
    if len(mine) == 1:
        return _shown(turn, mine[0].code)
    if mine:
        views = [viewing.view(turn.uow, one, own=True) for one in mine]
        buttons = tuple(Button(one.code, "complaint_status", {"complaint_code": one.code}) for one in mine)
        return Reply("petition/list", {"petitions": views}, buttons)
    return Reply("petition/ask_code", buttons=(Button("@button/person", "human_handoff"),))


def _shown(turn: Turn, code: str) -> Outcome:
    found = viewing.look_up(turn.uow, turn.viewer, code)
    if isinstance(found, Blocked):
        return Reply("dossier/too_many_guesses", found)
    if found is None:
        return Reply("petition/not_found", {"code": code}, empty=True)
    buttons: tuple[Button, ...] = ()
    if found.own and found.state is PetitionState.ANSWERED:
        given = {"code": found.code}
        buttons = (
            Button("@petition/button_settled", "petition_settled", given, changes=True),
            Button("@petition/button_not_settled", "petition_not_settled", given),
            Button("@rating/button_rate", "rating", {"subject": found.code}),
        )
    elif found.own and found.state in {PetitionState.RECEIVED, PetitionState.CLASSIFIED}:
        buttons = (
            Button("@petition/button_withdraw", "petition_withdraw", {"code": found.code}, changes=True),
        )
    remember: dict[str, Any] = {"petition": found.code if found.own else None}
    if found.own and found.state is PetitionState.ANSWERED:
        whether = {"code": found.code}
        remember["whether"] = {
            "affirm": ["petition_settled", whether],
            "deny": ["petition_not_settled", whether],
        }
    status = Reply("petition/status", {"petition": found}, buttons, remember)
    if found.own and found.skips_level:
        return (status, Reply("petition/skips_level", {"code": found.code, "body": found.body}))
    return status


def petition_settled(turn: Turn) -> Outcome:
    code = _moved(turn, "confirm").code
    return Reply("petition/closed", {"code": code}, rating_buttons(f"petition:{code}"))


def petition_withdraw(turn: Turn) -> Outcome:
    return Reply("petition/withdrawn", {"code": _moved(turn, "withdraw").code})


def petition_not_settled(turn: Turn) -> Outcome:
    return StartForm("petition_reopen", {"code": str(turn.given["code"])})


def _moved(turn: Turn, name: str, reason: str = "", code: str = "") -> Any:
    """Only one's own: the code in a button is this conversation's, and is checked all the same."""
    code = code or str(turn.given["code"])
    own = {one.code for one in viewing.mine(turn.uow, turn.viewer)}
    roles = frozenset({"reporter"}) if code in own else frozenset[str]()
    return move(turn.uow, Mover(turn.viewer.actor, roles), code, name, reason=reason)


def _complete_reopen(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    again = _moved(turn, "reopen", values["why"], values["code"])
    return Reply("petition/reopened", {"code": again.code, "by": again.alarm_at})


FORMS = (
    Form(
        "petition_reopen",
        version=1,
        fields=(
            Field(
                "why",
                "petition/ask_why",
                read_story,
                free_text=True,
                takes=frozenset({"complaint_file", "rating"}),
            ),
        ),
        summary="",
        complete=_complete_reopen,
    ),
)

ACTIONS: dict[str, Action] = {
    "petition_settled": petition_settled,
    "petition_not_settled": petition_not_settled,
    "petition_withdraw": petition_withdraw,
}
