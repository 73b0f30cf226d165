"""Handing in a periodic report from chat, and the receiving side confirming it or sending it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.base import Action, Button, Field, Form, Outcome, Refused, Reply, StartForm, Turn
from actions.report_duties import duty_key, report_debts
from actions.staff import for_officers, refused, scope_said, shows_rows
from backend.domain.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from backend.domain.report_duty import Duty
from backend.domain.scope import Scope
from backend.services.accounts.scope import scope_of
from backend.services.figures.spoken_periods import read_periods
from backend.services.report_duties import handing_in, naming
from backend.services.report_duties.handing_in import DutyKey, own_agencies
from backend.text.dates import find_dates
from backend.text.fold import words

_NUMBER, _LONGEST = 60, 2000
_OFFERED, _WAITING = 8, 5
#: What an officer writes about a report sounds like a question about just that.
_TAKES = frozenset(
    {"report_debts", "task_update", "task_return", "stats_report", "document_lookup", "out_of_scope"}
)


def report_hand_in(turn: Turn, scope: Scope) -> Outcome:
    """Begin the form about the duty of the pressed button, or about one still to be chosen."""
    if not shows_rows(turn):
        return Reply("report/not_on_this_channel", foot=scope_said(scope))
    if not own_agencies(turn.uow, turn.viewer):
        return refused(turn, "report/agencies_only")
    key = str(turn.given.get("duty", ""))
    return StartForm("report_hand_in", {"duty": key} if key and _duty(turn, key) else {})


def _duty(turn: Turn, key: str) -> Duty | None:
    return handing_in.duty_of(turn.uow, own_agencies(turn.uow, turn.viewer), _key(key))


def _key(text: str) -> DutyKey:
    code, last, agency = text.rsplit("|", 2)
    return DutyKey(code, date.fromisoformat(last), int(agency))


def _open(turn: Turn) -> list[Duty]:
    """What the officer's agencies have yet to hand in, the longest owed first."""
    return list(handing_in.open_duties(turn.uow, own_agencies(turn.uow, turn.viewer), 100))


def _read_duty(turn: Turn, _values: Mapping[str, Any]) -> str:
    known = _open(turn)
    reports = list({one.report.id: one.report for one in known}.values())
    told = naming.named(reports, turn.text, turn.understood.values("field"))
    span = read_periods(turn.text, turn.today).span
    meant = [
        one
        for one in known
        if one.report in told.reports and (span is None or (one.period.first, one.period.last) == span)
    ]
    if len(meant) != 1 or not (told.titles or span):
        raise Refused("report/duty_unclear")
    return duty_key(meant[0])


def _offer_duties(turn: Turn, _values: Mapping[str, Any]) -> tuple[Button, ...]:
    return tuple(
        Button(
            "@report/button_duty",
            values={
                "answer": duty_key(one),
                "report": one.report.title,
                "kind": str(one.period.kind),
                "last": one.period.last.isoformat(),
            },
        )
        for one in _open(turn)[:_OFFERED]
    )


def _read_number(turn: Turn, _values: Mapping[str, Any]) -> str:
    said = " ".join(turn.text.split())
    if not said or len(said) > _NUMBER or not any(char.isdigit() for char in said):
        raise Refused("report/number_unclear")
    return said


def _read_on(turn: Turn, _values: Mapping[str, Any]) -> str:
    found = find_dates(turn.text, turn.today)
    if len(found) != 1 or found[0].first != found[0].last:
        raise Refused("report/day_unclear")
    if found[0].first > turn.today:
        raise Refused("report/document_in_future")
    return found[0].first.isoformat()


def _read_note(turn: Turn, _values: Mapping[str, Any]) -> str:
    said = turn.text.strip()
    if not 3 <= len(said) <= _LONGEST:
        raise Refused("report/note_length", most=_LONGEST)
    return said


def _show_duty(key: Any) -> Any:
    """Code and period of the key, for the summary."""
    code, last, _agency = str(key).rsplit("|", 2)
    return {"code": code, "last": last}


def _handed_in(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    scope = scope_of(turn.uow, turn.viewer)
    key = _key(str(values["duty"]))
    on = date.fromisoformat(values["on"])
    try:
        handing_in.hand_in(turn.uow, turn.viewer, key, str(values["number"]), on)
    except (Conflict, InvalidInput, NotFound) as refusal:
        return _said_no(refusal)
    duty = _duty(turn, str(values["duty"]))
    told = {**_named(duty), "number": values["number"], "late_days": 0}
    if duty is not None:
        told["late_days"] = max(0, (on - duty.period.due_on).days)
    return Reply("report/waits", told, foot=scope_said(scope))


# --- the receiving side --------------------------------------------------------------------------------------


def report_waiting(turn: Turn, scope: Scope) -> Outcome:
    """What waits to be confirmed."""
    receivers = handing_in.deciding(turn.uow, turn.viewer.account, turn.viewer.roles)
    if receivers is None:
        return refused(turn, "report/receivers_only")
    rows = shows_rows(turn)
    waiting = handing_in.waiting_for(turn.uow, scope, receivers, _WAITING)
    values = {
        "total": turn.uow.report_duties.count_waiting(scope, receivers),
        "rows": [
            {
                **_named(duty),
                "agency": duty.agency_name,
                "number": told.number,
                "handed_in_on": told.handed_in_on,
                "due_on": duty.period.due_on,
            }
            for duty, told in waiting
            if rows
        ],
    }
    buttons: list[Button] = []
    for duty, told in waiting if rows else ():
        about = {"submission": told.id, "agency": duty.agency_name, "report": duty.report.title}
        buttons.append(Button("@report/button_accept", "report_accept", about, changes=True))
        buttons.append(Button("@report/button_return", "report_return", about))
    return Reply("report/waiting", values, tuple(buttons), foot=scope_said(scope))


def _or_waiting(turn: Turn, scope: Scope) -> Outcome:
    """ "báo cáo chờ xác nhận", as the notice says: of the receiving side; everything else is how reports stand."""
    waits = not turn.given and " cho xac nhan" in f" {' '.join(words(turn.text))}"
    return report_waiting(turn, scope) if waits else report_debts(turn, scope)


def report_accept(turn: Turn, scope: Scope) -> Outcome:
    return _decide(turn, scope, int(turn.given["submission"]), accepted=True)


def report_return(turn: Turn, _scope: Scope) -> Outcome:
    return StartForm("report_return", {"submission": int(turn.given["submission"])})


def _returned(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    scope = scope_of(turn.uow, turn.viewer)
    return _decide(turn, scope, int(values["submission"]), accepted=False, note=str(values["note"]))


def _decide(turn: Turn, scope: Scope, number: int, *, accepted: bool, note: str = "") -> Reply:
    try:
        duty = handing_in.decide(turn.uow, turn.viewer, scope, number, accepted=accepted, note=note)
    except (Conflict, InvalidInput, NotAllowed, NotFound) as refusal:
        return _said_no(refusal)
    key = "report/accepted" if accepted else "report/returned"
    return Reply(key, {**_named(duty), "agency": duty.agency_name}, foot=scope_said(scope))


def _named(duty: Duty | None) -> dict[str, Any]:
    if duty is None:
        return {"report": "", "kind": "", "last": None}
    return {"report": duty.report.title, "kind": str(duty.period.kind), "last": duty.period.last}


#: Why a service refused, in the asker's words.
_REASONS = {
    "handed_in_already": "report/handed_in_already",
    "waits_already": "report/waits_already",
    "no_number": "report/number_unclear",
    "document_in_future": "report/document_in_future",
    "before_period": "report/before_period",
    "decided_already": "report/decided_already",
    "nothing_said": "report/duty_unclear",
    "not_the_receiver": "report/receivers_only",
}


def _said_no(refusal: DomainError) -> Reply:
    return Reply(_REASONS.get(str(refusal), refusal.key))


_DUTY = Field("duty", "report/ask_duty", _read_duty, offer=_offer_duties, show=_show_duty, words=("báo cáo",))
FORMS = (
    Form(
        "report_hand_in",
        1,
        (
            _DUTY,
            Field("number", "report/ask_number", _read_number, words=("số", "văn bản")),
            Field("on", "report/ask_on", _read_on, words=("ngày",)),
        ),
        "report/summary_hand_in",
        _handed_in,
        labels="report",
    ),
    Form(
        "report_return",
        1,
        (Field("note", "report/ask_note", _read_note, free_text=True, words=("lý do",), takes=_TAKES),),
        "report/summary_return",
        _returned,
        labels="report",
    ),
)
ACTIONS: dict[str, Action] = {
    "report_debts": for_officers(_or_waiting),
    "report_hand_in": for_officers(report_hand_in),
    "report_waiting": for_officers(report_waiting),
    "report_accept": for_officers(report_accept),
    "report_return": for_officers(report_return),
}
