"""Replies about dossiers that several actions share."""

from __future__ import annotations

from collections.abc import Sequence

from actions.base import Button, Reply, Turn
from actions.dossier_codes import CodeSaid
from backend.domain.dossier import Stage
from backend.domain.messaging import ChannelName
from backend.services import dossiers
from backend.services.dossiers import Blocked, DossierView, Explained, NotEnough, Summary, Unknown

#: Opened dossiers that a conversation keeps; the oldest is closed again.
MOST_OPENED = 10
#: Channels that can vouch for a person's own number.
VOUCHING = frozenset({ChannelName.TELEGRAM})


def answer_one(turn: Turn, said: CodeSaid, key: str = "dossier/explained") -> Reply:
    """Explain the dossier under this key, or say why not."""
    result = look(turn, said)
    if isinstance(result, Reply):
        return result
    return Reply(key, {"dossier": result}, follow_ups(result, turn), remembering(result))


def look(turn: Turn, said: CodeSaid) -> DossierView | Reply:
    """What the viewer may know of the dossier, or the refusal to say."""
    result: Explained | Unknown | Blocked | NotEnough
    if said.partial:
        result = dossiers.explain_partial(turn.uow, turn.viewer, said.value)
    else:
        result = dossiers.explain(turn.uow, turn.viewer, said.value)
    if isinstance(result, Explained):
        return result.view
    if isinstance(result, Blocked):
        return Reply("dossier/too_many_guesses", {"until": result.until})
    if isinstance(result, Unknown):
        buttons = (Button("@dossier/button_forgot", "forgot_code"), *share_phone(turn))
        return Reply("dossier/not_found", {"code": result.code}, buttons)
    return not_enough(turn)


def not_enough(turn: Turn) -> Reply:
    """One answer to a part of a code and to a wrong second factor."""
    buttons = (*share_phone(turn), Button("@dossier/button_forgot", "forgot_code"))
    return Reply("dossier/partial", {"can_share": bool(share_phone(turn))}, buttons)


def waiting(turn: Turn, *stages: Stage) -> DossierView | None:
    """The dossier being talked about, when it stands at one of these stages and the message names nothing else.

    Then "bao nhiêu tiền", "nhận ở đâu", "mấy ngày nữa" are about it, not about its procedure at large.
    """
    named = turn.given or any(map(turn.value, ("procedure", "proc_code_mention", "agency", "date")))
    said = turn.recalled("dossier")
    if not said or named:
        return None
    view = look(turn, CodeSaid(str(said)))
    if (
        isinstance(view, Reply)
        or view.stage not in stages
        or turn.recalled("procedure") != view.procedure_code
    ):
        return None
    return view


def share_phone(turn: Turn) -> tuple[Button, ...]:
    """The button that sends one's own number, where the channel vouches for it."""
    viewer = turn.viewer
    if viewer.group or viewer.phone_proofs or viewer.address.channel not in VOUCHING:
        return ()
    return (Button("@dossier/button_share_phone", asks_contact=True),)


def follow_ups(view: DossierView, turn: Turn) -> tuple[Button, ...]:
    """What people ask next about this dossier."""
    if turn.viewer.group:
        return ()
    about = {"dossier_code": view.code}
    found = []
    if view.can_open:
        found.append(Button("@dossier/button_open", "dossier_open", about))
    if view.stage is Stage.SUPPLEMENT and turn.intent != "dossier_supplement":
        found.append(Button("@dossier/button_supplement", "dossier_supplement", about))
    if view.stage is Stage.DONE and turn.intent != "proxy_pickup":
        found.append(Button("@dossier/button_proxy", "proxy_pickup", about))
    if view.opened and view.stage.has_result:
        found.append(Button("@rating/button_rate", "rating", {"subject": view.code}))
    if view.following:
        found.append(Button("@dossier/button_unfollow", "notify_cancel", about, changes=True))
    elif not view.stage.ended and (view.opened or view.can_open):
        found.append(Button("@dossier/button_follow", "notify_subscribe", about))
    found.append(Button("@dossier/button_other", "dossier_other"))
    return tuple(found)


def remembering(view: DossierView) -> dict[str, str]:
    """So that "thế bao giờ lấy được?" and "lệ phí bao nhiêu?" are understood."""
    kept = {"dossier": view.code}
    return kept | ({"procedure": view.procedure_code} if view.procedure_code else {})


def opened_list(turn: Turn, code: str) -> list[str]:
    before = [one for one in turn.recalled("opened") or () if one != code]
    return [*before, code][-MOST_OPENED:]


def listed(turn: Turn, mine: Sequence[Summary]) -> Reply:
    """One's own dossiers to choose from; a single one is explained at once."""
    if len(mine) == 1:
        return answer_one(turn, CodeSaid(mine[0].code))
    buttons = tuple(Button(one.code, "dossier_status", {"dossier_code": one.code}) for one in mine)
    return Reply("dossier/list", {"dossiers": tuple(mine)}, buttons)
