"""Small talk, help, persons, data, and the honest answers to what this counter does not do."""

from __future__ import annotations

from actions.base import Action, Button, Outcome, Reply, StartForm, Turn
from actions.callback import BUTTON as CALL_BACK
from actions.dossier import dossier_list
from actions.languages import language_switch
from backend.domain.errors import InvalidInput
from backend.domain.messaging import ChannelName
from backend.services.agencies.resolve import resolve_agency
from backend.services.departing import forget_person

#: Where a person is always found in office hours.
_DESK = "Trung tâm Phục vụ hành chính công tỉnh"
_MENU = (
    Button("@button/dossier", "dossier_status"),
    Button("@button/procedure", "procedure_guide"),
    Button("@button/reception", "reception_schedule"),
)


def greeting(turn: Turn) -> Outcome:
    return Reply("social/greeting", _channel(turn), buttons=_MENU)


def thanks(turn: Turn) -> Outcome:
    return Reply("social/thanks")


def goodbye(turn: Turn) -> Outcome:
    return Reply("social/goodbye")


def help_(turn: Turn) -> Outcome:
    return Reply("social/help", buttons=(*_MENU, Button("@button/person", "human_handoff")))


def aimless(turn: Turn) -> Outcome:
    """A yes or a no with nothing to say it to."""
    return Reply("social/aimless", buttons=_MENU)


def cancel(turn: Turn) -> Outcome:
    return Reply("social/nothing_to_cancel", buttons=_MENU)


def out_of_scope(turn: Turn) -> Outcome:
    return Reply("social/out_of_scope", buttons=(*_MENU, Button("@button/person", "human_handoff")))


def insult(turn: Turn) -> Outcome:
    """Calm, short, and with the way to be heard."""
    return Reply(
        "social/insult",
        buttons=(
            Button("@button/dossier", "dossier_status"),
            Button("@intent/complaint_file", "complaint_file"),
            Button("@button/person", "human_handoff"),
        ),
    )


def others_data(turn: Turn) -> Outcome:
    return Reply(
        "social/others_data",
        buttons=(
            Button("@button/dossier", "dossier_status"),
            Button("@intent/complaint_file", "complaint_file"),
        ),
    )


def message_validity(turn: Turn) -> Outcome:
    return Reply("social/message_validity", buttons=(Button("@button/dossier", "dossier_status"),))


def human_handoff(turn: Turn) -> Outcome:
    found = resolve_agency(turn.uow, _DESK)
    desk = found[0].agency if len(found) == 1 else None
    return Reply(
        "social/person",
        {"phone": desk.phone if desk else "", "address": desk.address if desk else ""},
        buttons=(CALL_BACK,),
    )


def emergency(turn: Turn) -> Outcome:
    return Reply("social/emergency")


def portal_help(turn: Turn) -> Outcome:
    return Reply("social/portal_help", buttons=(Button("@button/person", "human_handoff"),))


def delete_my_data(turn: Turn) -> Outcome:
    return Reply(
        "social/delete_ask",
        _channel(turn),
        buttons=(Button("@social/button_delete", "delete_my_data_confirmed", changes=True),),
    )


def delete_confirmed(turn: Turn) -> Outcome:
    """Delete this conversation's messages and the verified number; what the law keeps stays, and that is said."""
    if turn.understood.source != "none":
        raise InvalidInput(reason="thao tác này chỉ thực hiện bằng nút bấm")
    forget_person(turn.uow, turn.viewer)
    return Reply("social/deleted", remember=dict.fromkeys(turn.context))


def contact_shared(turn: Turn) -> Outcome:
    """A number that the channel vouched for: show whose dossiers it opens."""
    outcome = dossier_list(turn)
    if isinstance(outcome, StartForm):
        return StartForm(outcome.form, outcome.values, (Reply("social/phone_verified"), *outcome.before))
    return (Reply("social/phone_verified"), *((outcome,) if isinstance(outcome, Reply) else outcome))


def contact_not_own(turn: Turn) -> Outcome:
    """A number that the channel does not vouch for: Zalo never does, so nobody is asked to try again there."""
    return Reply("social/contact_not_own", _channel(turn))


def _channel(turn: Turn) -> dict[str, bool]:
    """What can be done in Zalo itself is said there, and only there."""
    return {"zalo": True} if turn.viewer.address.channel is ChannelName.ZALO else {}


ACTIONS: dict[str, Action] = {
    "greeting": greeting,
    "thanks": thanks,
    "goodbye": goodbye,
    "help": help_,
    "affirm": aimless,
    "deny": aimless,
    "cancel": cancel,
    "out_of_scope": out_of_scope,
    "human_handoff": human_handoff,
    "insult": insult,
    "others_data": others_data,
    "message_validity": message_validity,
    "emergency": emergency,
    "language_switch": language_switch,
    "portal_help": portal_help,
    "delete_my_data": delete_my_data,
    "delete_my_data_confirmed": delete_confirmed,
    "contact_shared": contact_shared,
    "contact_not_own": contact_not_own,
}
