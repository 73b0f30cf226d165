"""Where a dossier stands: by code, by verified phone, opened with the last four digits of the phone on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Refused, Reply, StartForm, Turn
from actions.dossier_codes import CodeSaid, code_from_value, code_talked_about, codes_said
from actions.dossier_replies import answer_one, listed, look, not_enough, opened_list, share_phone
from backend.services import dossiers
from backend.services.dossiers import Blocked, Opening
from backend.services.dossiers.access import DIGITS
from backend.text.phones import find_phones

#: Codes answered in one go.
MOST_CODES = 3


def dossier_status(turn: Turn) -> Outcome:
    """Answer "hồ sơ của tôi đến đâu rồi?"."""
    said = codes_said(turn)
    if said:
        replies = tuple(answer_one(turn, one) for one in said[:MOST_CODES])
        return (*replies, Reply("dossier/more_codes")) if len(said) > MOST_CODES else replies
    recalled = code_talked_about(turn)
    if recalled is not None:
        return answer_one(turn, recalled)
    mine = dossiers.my_dossiers(turn.uow, turn.viewer)
    return listed(turn, mine) if mine else StartForm("dossier_code")


def dossier_other(turn: Turn) -> Outcome:
    """Another dossier than the one being talked about."""
    return StartForm("dossier_code")


def dossier_list(turn: Turn) -> Outcome:
    """The dossiers of the verified phone."""
    if turn.viewer.group:
        return Reply("dossier/group_private")
    mine = dossiers.my_dossiers(turn.uow, turn.viewer)
    if mine:
        return listed(turn, mine)
    if turn.viewer.phone_proofs:
        return Reply("dossier/none_for_phone", buttons=(Button("@dossier/button_other", "dossier_other"),))
    return Reply("dossier/forgot_code", {"can_share": bool(share_phone(turn))}, share_phone(turn))


def dossier_open(turn: Turn) -> Outcome:
    """Ask for the second factor of the dossier being talked about."""
    said = code_talked_about(turn)
    if turn.viewer.group:
        return Reply("dossier/group_private")
    if said is None or said.partial:
        return StartForm("dossier_code")
    view = look(turn, said)
    if isinstance(view, Reply) or view.opened or not view.can_open:
        return answer_one(turn, said)
    return StartForm("dossier_digits", {"code": said.value})


# --- forms ---------------------------------------------------------------------------------------------------


def parse_code(turn: Turn, values: Mapping[str, Any]) -> str:
    """A code in whatever spelling, full or partial."""
    said = codes_said(turn)
    if not said:
        raise Refused("dossier/phone_is_no_code" if find_phones(turn.text) else "dossier/code_unclear")
    return said[0].value


def parse_digits(turn: Turn, values: Mapping[str, Any]) -> str:
    """The last four digits, also out of a whole number."""
    digits = "".join(re.findall(r"\d", turn.text))
    if len(digits) == DIGITS or len(digits) in {10, 11, 12}:
        return digits[-DIGITS:]
    raise Refused("dossier/digits_unclear")


def _offer_help(turn: Turn, _values: Mapping[str, Any]) -> tuple[Button, ...]:
    """Whoever has no code is not left with the question alone."""
    return () if turn.intent == "forgot_code" else (Button("@dossier/button_forgot", "forgot_code"),)


def code_form(name: str, complete: Any) -> Form:
    """A form of one question, the code; what follows differs."""
    field = Field("code", "dossier/ask_code", parse_code, entity="dossier_code", offer=_offer_help)
    return Form(name, 1, (field,), "", complete)


def digits_form(name: str, complete: Any) -> Form:
    """Asks for the second factor of a known code."""
    code = Field("code", "dossier/ask_code", parse_code)
    digits = Field(
        "digits",
        "dossier/ask_digits",
        parse_digits,
        prompt_values=lambda _turn, values: {"code": values["code"]},
    )
    return Form(name, 1, (code, digits), "", complete)


def opened_turn(turn: Turn, code: str) -> Turn:
    """The turn as it goes on once the dossier is open to the viewer."""
    viewer = replace(turn.viewer, opened=turn.viewer.opened | {code})
    return replace(turn, viewer=viewer)


def try_digits(turn: Turn, values: Mapping[str, Any]) -> Turn | Reply:
    """The turn with the dossier opened, or the refusal to say."""
    code = str(values["code"])
    result = dossiers.open_with_digits(turn.uow, turn.viewer, code, str(values["digits"]))
    if isinstance(result, Opening):
        return opened_turn(turn, code)
    if isinstance(result, Blocked):
        return Reply("dossier/too_many_guesses", {"until": result.until})
    return not_enough(turn)


def once_more(refusal: Reply, form: str, values: Mapping[str, Any]) -> Outcome:
    """Wrong digits may be typed again, until there were too many."""
    if refusal.key == "dossier/too_many_guesses":
        return refusal
    return StartForm(form, {"code": values["code"]}, before=(refusal,))


def _status_of(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    return answer_one(turn, code_from_value(str(values["code"])))


def _open(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    opened = try_digits(turn, values)
    if isinstance(opened, Reply):
        return once_more(opened, "dossier_digits", values)
    code = str(values["code"])
    reply = answer_one(opened, CodeSaid(code))
    return replace(reply, remember={**reply.remember, "opened": opened_list(turn, code)})


ACTIONS: dict[str, Action] = {
    "dossier_other": dossier_other,
    "dossier_list": dossier_list,
    "dossier_open": dossier_open,
}
FORMS = (code_form("dossier_code", _status_of), digits_form("dossier_digits", _open))
