"""Periodic reports, for officers: who owes which, what is due when, who has handed in, by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.base import Button, Outcome, Reply, Turn
from actions.report_words import DUE, HANDED_IN, OWED, RULES, STANDING, Asked, asked
from actions.staff import scope_said, shows_rows
from backend.domain.report_duty import (
    HANDED_IN as HANDED_IN_STATES,
)
from backend.domain.report_duty import (
    OPEN_STATES,
    AgencyDuties,
    Duty,
    DutyState,
    PeriodDuties,
)
from backend.domain.scope import Scope
from backend.services.report_duties import asking
from backend.services.report_duties.asking import Found, Rule
from backend.services.report_duties.handing_in import deciding, own_agencies
from backend.services.report_duties.periods import LOOK_BACK

_REPLIES = {
    OWED: "report/owed",
    DUE: "report/due",
    HANDED_IN: "report/handed_in",
    STANDING: "report/standing",
}
_STATES = {
    OWED: frozenset({DutyState.OWED}),
    DUE: OPEN_STATES,
    HANDED_IN: HANDED_IN_STATES,
    STANDING: OPEN_STATES,
}
_BUTTONS = 5
_RULES_SHOWN = 12


def report_debts(turn: Turn, scope: Scope) -> Outcome:
    """ "sở nào nợ báo cáo tháng 10", "kỳ này tôi phải nộp gì", "ai đã nộp báo cáo CCHC quý III"."""
    read = asked(turn, scope)
    if isinstance(read, Reply):
        return read
    foot = scope_said(scope, read.agency_name)
    if read.mode == RULES:
        return _rules(turn, scope, read, foot)
    if not read.wanted and read.said.get("time") in {"period", "within", "loose"}:
        return Reply("report/no_such_period", _head(read), (), read.remembered(), foot=foot)
    offset = int(turn.given.get("offset", 0))
    states = _STATES[read.mode]
    if read.mode == OWED and read.one_period and read.wanted[0][1].due_on >= turn.today:
        states = OPEN_STATES  # who lacks is asked of a period that is not due yet
    each = read.mode in {DUE, STANDING}
    found = asking.find(turn.uow, scope, read.wanted, read.which, states, offset, by_period=each)
    values = {**_head(read), **_counts(found), **_rows(turn, scope, found)}
    values["since"] = turn.today - LOOK_BACK if read.mode == OWED and "first" not in read.said else None
    buttons = _buttons(turn, scope, read, found)
    return Reply(_REPLIES[read.mode], values, buttons, read.remembered(), foot=foot)


def _head(read: Asked) -> dict[str, Any]:
    kind, last = read.one_period or read.said_period or ("", None)
    return {
        "titles": read.reports.titles,
        "unknown": str(read.said.get("unknown", "")),
        "kind": kind,
        "last": last,
        "within": read.one_period is None,
        "first": read.said.get("first", ""),
        "until": read.said.get("last", "") if read.said.get("time") == "days" else "",
        "kinds": sorted({str(one.kind) for one in read.reports.reports}) if read.reports.titles else (),
    }


def _counts(found: Found) -> dict[str, Any]:
    counts = found.counts
    return {
        "total": found.total,
        "all": counts.total,
        "handed_in": counts.of(*HANDED_IN_STATES),
        "late": counts.of(DutyState.LATE),
        "owed": counts.of(DutyState.OWED),
        "due": counts.of(DutyState.DUE),
        "waiting": counts.waiting,
        "day": found.day,
        "offset": found.offset,
        "left": found.left,
        "agencies": [_agency(one, found) for one in found.agencies] if len(found.agencies) > 1 else [],
        "periods": [_period(one) for one in found.periods],
    }


def _rows(turn: Turn, scope: Scope, found: Found) -> dict[str, Any]:
    rows = shows_rows(turn)
    return {
        "rows": [_row(one, found) for one in found.duties] if rows else [],
        "hidden": not rows,
        "received": not scope.everything
        and not scope.fields
        and any(one.agency_id not in scope.agencies for one in found.agencies),
    }


def _row(duty: Duty, found: Found) -> dict[str, Any]:
    return {
        "title": duty.report.title,
        "kind": str(duty.period.kind),
        "last": duty.period.last,
        "agency": duty.agency_name,
        "due_on": duty.period.due_on,
        "late_days": duty.late_days(found.day),
        "state": str(duty.state),
        "waiting": duty.waiting,
        "returned": duty.returned is not None,
        "handed_in_on": duty.handed_in_on,
        "number": duty.number,
    }


def _agency(one: AgencyDuties, found: Found) -> dict[str, Any]:
    counts = one.counts
    worst = (found.day - counts.first_due).days if counts.first_due else 0
    return {
        "name": one.name,
        "owed": counts.of(DutyState.OWED),
        "due": counts.of(DutyState.DUE),
        "handed_in": counts.of(*HANDED_IN_STATES),
        "all": counts.total,
        "worst": worst,
    }


def _period(one: PeriodDuties) -> dict[str, Any]:
    return {
        "title": one.report.title,
        "kind": str(one.period.kind),
        "last": one.period.last,
        "due_on": one.period.due_on,
        "receiver": one.report.receiver_name,
        "open": one.counts.of(*OPEN_STATES),
        "handed_in": one.counts.of(*HANDED_IN_STATES),
        "all": one.counts.total,
    }


def _buttons(turn: Turn, scope: Scope, read: Asked, found: Found) -> tuple[Button, ...]:
    buttons: list[Button] = []
    if shows_rows(turn):
        own = own_agencies(turn.uow, turn.viewer)
        mine = [one for one in found.duties if one.agency_id in own and not one.waiting]
        buttons = [hand_in_button(one) for one in mine if one.state in OPEN_STATES][:_BUTTONS]
        if found.left:
            more = {**read.said, "mode": read.mode, "offset": found.offset + len(found.duties)}
            buttons.append(Button("@report/button_more", "report_debts", more))
    if (
        found.counts.waiting
        and (receivers := deciding(turn.uow, turn.viewer.account, turn.viewer.roles)) is not None
    ):
        waits = turn.uow.report_duties.count_waiting(scope, receivers)
        buttons += [Button("@report/button_waiting", "report_waiting")] if waits else []
    return tuple(buttons)


def hand_in_button(duty: Duty) -> Button:
    values = {
        "duty": duty_key(duty),
        "report": duty.report.title,
        "kind": str(duty.period.kind),
        "last": duty.period.last.isoformat(),
    }
    return Button("@report/button_hand_in", "report_hand_in", values)


def duty_key(duty: Duty) -> str:
    return f"{duty.report.code}|{duty.period.last.isoformat()}|{duty.agency_id}"


def _rules(turn: Turn, scope: Scope, read: Asked, foot: Reply) -> Reply:
    told = asking.rules(turn.uow, scope, read.reports.reports, read.which)
    values = {
        "rules": [_rule(one) for one in told[:_RULES_SHOWN]],
        "left": max(0, len(told) - _RULES_SHOWN),
        "titles": read.reports.titles,
        "unknown": str(read.said.get("unknown", "")),
    }
    return Reply("report/rules", values, (), read.remembered(), foot=foot)


def _rule(one: Rule) -> dict[str, Any]:
    report = one.report
    owed_by: Sequence[str] = one.owed_by
    return {
        "name": report.name,
        "kind": str(report.kind),
        "document": report.document_number,
        "document_on": report.document_on,
        "receiver": report.receiver_name,
        "departments": report.departments,
        "communes": report.communes,
        "owed_by": owed_by,
        "cutoff_day": report.cutoff_day,
        "due_day": report.due_day,
        "due_months": report.due_months,
        "due_moves": report.due_moves,
        "next": one.period.due_on if one.period else None,
        "last": one.period.last if one.period else None,
    }
