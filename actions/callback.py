"""Asking to be rung by a person: the form, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Refused, Reply, StartForm, Turn
from backend.domain.callback import CallbackRequest
from backend.services import callbacks
from backend.text.phones import find_phones, mask_phone

_LONGEST_WORDS = 300
BUTTON = Button("@button/callback", "callback_request")


def callback_request(turn: Turn) -> Outcome:
    """Begin, with what the button or the conversation knows: the reason, a number that the channel vouched for."""
    if turn.viewer.group:
        return Reply("reception/private_only")
    mine = callbacks.standing(turn.uow, turn.viewer)
    if mine is not None and mine.request is not None:
        return _standing(mine.code, mine.request)
    known: dict[str, Any] = {"topic": turn.value("topic") or "asked"}
    if about := turn.value("about"):
        known["about"] = about
    if turn.recalled("verified_phone"):
        known["phone"] = turn.recalled("verified_phone")
    return StartForm("callback", known)


def voice_unheard(turn: Turn) -> Outcome:
    """A voice note that no recogniser here could turn into words: a person rings instead."""
    asked = callback_request(turn.asking(topic="voice"))
    if isinstance(asked, StartForm):
        return StartForm(asked.form, asked.values, (Reply("media/voice_callback"),))
    return (Reply("media/voice"), asked) if isinstance(asked, Reply) else asked


def callback_withdraw(turn: Turn) -> Outcome:
    return Reply("callback/withdrawn", {"code": callbacks.withdraw(turn.uow, turn.viewer)})


def _standing(code: str, request: CallbackRequest) -> Reply:
    return Reply(
        "callback/already",
        {"code": code, "phone": mask_phone(request.phone)},
        buttons=(Button("@callback/button_withdraw", "callback_withdraw", changes=True),),
    )


def _read_phone(turn: Turn, _values: Mapping[str, Any]) -> str:
    found = find_phones(turn.text)
    if len(found) != 1:
        raise Refused("callback/phone_unclear")
    return found[0].value


def _read_words(turn: Turn, _values: Mapping[str, Any]) -> str:
    said = " ".join(turn.text.split())
    if len(said) > _LONGEST_WORDS:
        raise Refused("callback/too_long", most=_LONGEST_WORDS)
    return said


def _offer_times(_turn: Turn, _values: Mapping[str, Any]) -> tuple[Button, ...]:
    return tuple(
        Button(f"@callback/{name}", values={"answer": words})
        for name, words in (
            ("morning", "buổi sáng"),
            ("afternoon", "buổi chiều"),
            ("any_time", "lúc nào cũng được"),
        )
    )


def _complete(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    request = CallbackRequest(values["phone"], values.get("when") or "", values.get("about") or "")
    done = callbacks.ask(turn.uow, turn.viewer, str(values.get("topic") or "asked"), request)
    if done.already:
        return _standing(done.code, done.request)
    return Reply("callback/recorded", {"code": done.code, "phone": mask_phone(request.phone)})


FORMS = (
    Form(
        "callback",
        version=1,
        fields=(
            Field(
                "phone",
                "callback/ask_phone",
                _read_phone,
                entity="phone",
                show=lambda value: mask_phone(value) if value else "",
                words=("điện thoại", "số máy", "số", "phone", "number"),
            ),
            Field(
                "about",
                "callback/ask_about",
                _read_words,
                free_text=True,
                words=("việc", "nội dung", "about"),
            ),
            Field(
                "when",
                "callback/ask_when",
                _read_words,
                offer=_offer_times,
                words=("giờ", "lúc", "time"),
            ),
        ),
        summary="callback/summary",
        complete=_complete,
    ),
)

ACTIONS: dict[str, Action] = {
    "callback_request": callback_request,
    "callback_withdraw": callback_withdraw,
    "voice_unheard": voice_unheard,
}
