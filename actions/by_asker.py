"""One sentence, two askers: "hồ sơ nào trễ rồi" is a citizen's own dossier, or an officer's work. Who asks decides.

Sentences of the two are alike, so what the language side took one for the other is put right here, by the account.
"""

from __future__ import annotations

from actions.base import Action, Outcome, Turn
from actions.dossier import dossier_status
from actions.dossier_codes import code_talked_about, codes_said
from actions.dossier_follow import notify_cancel, notify_subscribe
from actions.dossier_work import dossier_work
from actions.petition_status import complaint_status
from actions.petition_work import petition_work
from actions.reminders import reminder_settings


def of_dossiers(turn: Turn) -> Outcome:
    """ "hồ sơ tới đâu": with a code, or one that is talked about, officers are told of that one."""
    return dossier_status(turn) if _of_a_dossier(turn) else dossier_work(turn)


def of_petitions(turn: Turn) -> Outcome:
    """ "đơn tới đâu"."""
    one = turn.given or turn.value("complaint_code") or turn.recalled("petition")
    return complaint_status(turn) if one or not turn.viewer.account else petition_work(turn)


def told_of_changes(turn: Turn) -> Outcome:
    """ "nhắc tôi": without a code, an officer means the own morning message."""
    return notify_subscribe(turn) if _of_a_dossier(turn) else reminder_settings(turn)


def told_no_more(turn: Turn) -> Outcome:
    return notify_cancel(turn) if _of_a_dossier(turn) else reminder_settings(turn)


def _of_a_dossier(turn: Turn) -> bool:
    return (
        not turn.viewer.account or bool(turn.given or codes_said(turn)) or code_talked_about(turn) is not None
    )


def work_on_dossiers(turn: Turn) -> Outcome:
    return dossier_work(turn) if turn.viewer.account else dossier_status(turn)


def work_on_petitions(turn: Turn) -> Outcome:
    return petition_work(turn) if turn.viewer.account else complaint_status(turn)


ACTIONS: dict[str, Action] = {
    "dossier_status": of_dossiers,
    "dossier_work": work_on_dossiers,
    "complaint_status": of_petitions,
    "petition_work": work_on_petitions,
    "notify_subscribe": told_of_changes,
    "notify_cancel": told_no_more,
}
