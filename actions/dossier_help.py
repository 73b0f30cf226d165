"""Around a dossier: supplementing, withdrawing, a forgotten code, collecting for somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import Action, Button, Outcome, Reply, StartForm, Turn
from actions.dossier import code_form
from actions.dossier_codes import code_from_value, code_talked_about
from actions.dossier_replies import answer_one, follow_ups, listed, look, remembering, share_phone
from backend.domain.dossier import Stage
from backend.services import dossiers

_SUPPLEMENT = "dossier/supplement_how"


def dossier_supplement(turn: Turn) -> Outcome:
    """What is wanted, where to hand it in, and that the clock stands still until then."""
    said = code_talked_about(turn)
    if said is not None:
        return answer_one(turn, said, _SUPPLEMENT)
    mine = dossiers.my_dossiers(turn.uow, turn.viewer)
    waiting = [one for one in mine if one.stage is Stage.SUPPLEMENT]
    if len(waiting) == 1:
        return answer_one(turn, code_from_value(waiting[0].code), _SUPPLEMENT)
    if mine:
        return listed(turn, waiting or mine)
    return StartForm("dossier_code_supplement", before=(Reply(_SUPPLEMENT, {"dossier": None}),))


def dossier_withdraw(turn: Turn) -> Outcome:
    """Withdrawing takes a written request: a chat cannot do it."""
    return _told_with(turn, "dossier/withdraw_how")


def proxy_pickup(turn: Turn) -> Outcome:
    """Collecting for somebody else, or without the receipt."""
    return _told_with(turn, "dossier/proxy_pickup")


def forgot_code(turn: Turn) -> Outcome:
    """Ways to find a code again."""
    if turn.viewer.phone_proofs and not turn.viewer.group:
        mine = dossiers.my_dossiers(turn.uow, turn.viewer)
        if mine:
            return listed(turn, mine)
    buttons = share_phone(turn)
    return Reply(
        "dossier/forgot_code",
        {"can_share": bool(buttons)},
        (*buttons, Button("@dossier/button_other", "dossier_other")),
    )


def _told_with(turn: Turn, key: str) -> Reply:
    """General advice, made particular where the conversation is about a known dossier."""
    said = code_talked_about(turn)
    view = look(turn, said) if said is not None else None
    if view is None or isinstance(view, Reply):
        return Reply(key, {"dossier": None})
    return Reply(key, {"dossier": view}, follow_ups(view, turn), remembering(view))


def _supplement_of(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    return answer_one(turn, code_from_value(str(values["code"])), _SUPPLEMENT)


ACTIONS: dict[str, Action] = {
    "dossier_supplement": dossier_supplement,
    "dossier_withdraw": dossier_withdraw,
    "forgot_code": forgot_code,
    "proxy_pickup": proxy_pickup,
}
FORMS = (code_form("dossier_code_supplement", _supplement_of),)
