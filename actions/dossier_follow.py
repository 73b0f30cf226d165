"""Being told of a dossier's changes, and no longer being told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import Button, Outcome, Reply, StartForm, Turn
from actions.dossier import code_form, digits_form, once_more, try_digits
from actions.dossier_codes import code_from_value, code_talked_about, codes_said
from actions.dossier_replies import listed, look, not_enough, opened_list, remembering
from actions.linking import prefer_named
from backend.services import dossiers
from backend.services.dossiers import NotEnough
from backend.services.notices.stopping import stop


def notify_subscribe(turn: Turn) -> Outcome:
    """Only whoever gave the second factor is told of changes."""
    if turn.viewer.group:
        return Reply("dossier/group_private")
    preferred = prefer_named(turn)
    if preferred is not None and not codes_said(turn):
        return preferred
    said = code_talked_about(turn)
    if said is None:
        mine = dossiers.my_dossiers(turn.uow, turn.viewer)
        if len(mine) == 1:
            return _follow(turn, mine[0].code)
        return listed(turn, mine) if mine else StartForm("dossier_code_follow")
    view = look(turn, said)
    if isinstance(view, Reply):
        return view
    if view.stage.ended:
        return Reply("dossier/nothing_to_follow", {"dossier": view}, remember=remembering(view))
    if view.opened:
        return _follow(turn, view.code)
    if view.can_open:
        return StartForm("dossier_digits_follow", {"code": view.code})
    return Reply("dossier/cannot_follow", {"dossier": view}, remember=remembering(view))


def notify_cancel(turn: Turn) -> Outcome:
    """Stop at once: for the code that was said, else for all."""
    said = codes_said(turn)
    full = next((one.value for one in said if not one.partial), None)
    stopped = dossiers.unfollow(turn.uow, turn.viewer, full)
    if full is None:
        stop(turn.uow, turn.viewer)
    return Reply("dossier/unfollowed", {"codes": stopped, "all": full is None})


def _follow(turn: Turn, code: str) -> Reply:
    done = dossiers.follow(turn.uow, turn.viewer, code)
    if isinstance(done, NotEnough):
        return not_enough(turn)
    stop = Button("@dossier/button_unfollow", "notify_cancel", {"dossier_code": code}, changes=True)
    return Reply("dossier/followed", {"dossier": done}, (stop,), {"dossier": code})


def _follow_code(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    said = code_from_value(str(values["code"]))
    return notify_subscribe(turn.asking(dossier_code=said.value))


def _follow_opened(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    opened = try_digits(turn, values)
    if isinstance(opened, Reply):
        return once_more(opened, "dossier_digits_follow", values)
    code = str(values["code"])
    reply = _follow(opened, code)
    return Reply(
        reply.key, reply.values, reply.buttons, {**reply.remember, "opened": opened_list(turn, code)}
    )


FORMS = (
    code_form("dossier_code_follow", _follow_code),
    digits_form("dossier_digits_follow", _follow_opened),
)
