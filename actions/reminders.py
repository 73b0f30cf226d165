"""An officer's own morning message: what it is set to, and changes that are read, asked about and then made."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.staff import for_officers
from backend.domain.errors import InvalidInput
from backend.domain.scope import Scope
from backend.services.quiet import QUIET_FROM, QUIET_TO
from backend.services.tasks.reminding import MOST_AHEAD, Wishes, wish, wishes_of
from backend.text.clock_times import find_times
from backend.text.date_numbers import WORDS_PATTERN, number
from backend.text.dates import find_dates
from backend.text.fold import fold

_AHEAD = re.compile(rf"\btruoc\s+(?P<count>\d{{1,2}}|{WORDS_PATTERN})\s*(?P<unit>ngay|hom|tuan)\b")
_DAYS_OF_A_WEEK = 5  # working days
_MOST_OFFERED = 3
_LONGEST_REST = timedelta(days=120)
_BUTTON = "reminders_set"


def _shown(turn: Turn, scope: Scope) -> Outcome:
    """What is set now, and a button for each change that the sentence may mean; nothing is changed yet."""
    own = wishes_of(turn.uow, turn.viewer.account)
    hours = [one for one in _hours(turn) if one != own.at]
    refused = [one for one in hours if not QUIET_TO <= one < QUIET_FROM]
    buttons = [*_hour_buttons(turn, own), *_ahead_buttons(turn, own), *_rest_buttons(turn, own)]
    read = len(buttons)
    buttons += _always(turn, own, read)
    remember: dict[str, Any] = {}
    if read == 1:
        remember["whether"] = {"affirm": [_BUTTON, dict(buttons[0].values)]}
    values = {
        **_said(own),
        "sure": read == 1,
        "change": {"at": "", "ahead": 0, "until": "", **(buttons[0].values if read else {})},
        "refused": refused[:1],
    }
    return Reply("reminders/settings", values, tuple(buttons), remember)


def reminders_set(turn: Turn, scope: Scope) -> Outcome:
    """One change, as its button says; it holds once this is said."""
    given = turn.given
    own = wishes_of(turn.uow, turn.viewer.account)
    if at := given.get("at"):
        own = replace(own, at=time.fromisoformat(str(at)), off=False)
    if ahead := given.get("ahead"):
        own = replace(own, ahead=int(ahead), off=False)
    if until := given.get("until"):
        own = replace(own, quiet_until=date.fromisoformat(str(until)), off=False)
    if "off" in given:
        own = replace(own, off=bool(given["off"]), quiet_until=None)
    try:
        wish(turn.uow, turn.viewer.actor, turn.viewer.account, own)
    except InvalidInput:  # a button of ours says neither; what changed since then may
        return Reply("reminders/not_possible", _said(own))
    return Reply(
        "reminders/changed", {**_said(own), "reached": bool(turn.uow.officers.addresses(turn.viewer.account))}
    )


def _said(own: Wishes) -> dict[str, Any]:
    return {"at": own.at, "ahead": own.ahead, "until": own.quiet_until, "off": own.off}


def _hours(turn: Turn) -> list[time]:
    return list(dict.fromkeys(find_times(turn.text)))


def _hour_buttons(turn: Turn, own: Wishes) -> list[Button]:
    wanted = [one for one in _hours(turn) if one != own.at and QUIET_TO <= one < QUIET_FROM]
    return [_change("@reminders/button_at", at=f"{one:%H:%M}") for one in wanted[:_MOST_OFFERED]]


def _ahead_buttons(turn: Turn, own: Wishes) -> list[Button]:
    found = [
        number(one["count"]) * (_DAYS_OF_A_WEEK if one["unit"] == "tuan" else 1)
        for one in _AHEAD.finditer(fold(turn.text))
    ]
    wanted = [one for one in dict.fromkeys(found) if 1 <= one <= MOST_AHEAD and one != own.ahead]
    return [_change("@reminders/button_ahead", ahead=one) for one in wanted[:_MOST_OFFERED]]


def _rest_buttons(turn: Turn, own: Wishes) -> list[Button]:
    """A day that was named may be the last of a rest."""
    ends = [one.last for one in find_dates(turn.text, turn.today)]
    wanted = [day for day in dict.fromkeys(ends) if turn.today <= day <= turn.today + _LONGEST_REST]
    return [
        _change("@reminders/button_until", until=day.isoformat())
        for day in wanted[:_MOST_OFFERED]
        if day != own.quiet_until
    ]


def _always(turn: Turn, own: Wishes, read: int) -> list[Button]:
    resting = own.off or (own.quiet_until is not None and own.quiet_until >= turn.today)
    if resting:
        return [_change("@reminders/button_on", off=False)]
    offered = (
        []
        if read
        else [_change("@reminders/button_at", at=f"{at:%H:%M}") for at in (time(7), time(8)) if at != own.at]
    )
    week_ends = turn.today + timedelta(days=6 - turn.today.weekday())
    rest = [] if read else [_change("@reminders/button_until", until=week_ends.isoformat())]
    return [*offered, *rest, _change("@reminders/button_off", off=True)]


def _change(title: str, **values: Any) -> Button:
    return Button(title, _BUTTON, values, changes=True)


reminder_settings: Action = for_officers(_shown)
ACTIONS: dict[str, Action] = {
    "reminder_settings": reminder_settings,
    "reminders_set": for_officers(reminders_set),
}
