"""Handing in a periodic report, and the receiving side confirming it or sending it back.

The agency tells the number and day of its document; the report counts as handed in once the receiving side confirms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from backend.domain.calendar import OfficeHours
from backend.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backend.domain.notice import Notice
from backend.domain.ports import UnitOfWork
from backend.domain.report_duty import (
    OPEN_STATES,
    Duty,
    DutyFilter,
    PeriodicReport,
    Submission,
    SubmissionState,
)
from backend.domain.running import Account
from backend.domain.scope import GIVERS, Reach, Scope, reach_of
from backend.domain.viewer import Viewer
from backend.services.accounts.scope import account_scope
from backend.services.agencies.tree import tree
from backend.services.report_duties.periods import LOOK_BACK, due_between, next_due

_NUMBER, _NOTE = 60, 2000


@dataclass(frozen=True, slots=True)
class DutyKey:
    """Names one duty; what a button carries."""

    code: str
    period_last: date
    agency_id: int


def own_agencies(uow: UnitOfWork, viewer: Viewer) -> frozenset[int]:
    """The agencies on whose behalf this officer hands in or receives: where they work, or whom they stand in for."""
    return agencies_of(uow, viewer.account) if viewer.account and not viewer.group else frozenset()


def agencies_of(uow: UnitOfWork, name: str) -> frozenset[int]:
    """The same by the account's name."""
    account = uow.accounts.by_name(name)
    if account is None or not account.active:
        return frozenset()
    everybody = (account, *uow.officers.absent_for(account.name, uow.today))
    return frozenset[int]().union(*(_home(uow, one) for one in everybody))


def _home(uow: UnitOfWork, account: Account) -> frozenset[int]:
    if not account.active or reach_of(account.roles) is not Reach.AGENCY:
        return frozenset()
    home = tree(uow).by_id.get(account.agency_id or 0)
    return tree(uow).with_those_under(home.code) if home else frozenset()


def deciding(uow: UnitOfWork, name: str, roles: frozenset[str]) -> frozenset[int] | None:
    """Receivers for whom this officer confirms; empty: whoever receives it, within the scope. None: for nobody."""
    if roles & GIVERS:
        return frozenset()
    return agencies_of(uow, name) or None


def open_duties(uow: UnitOfWork, agencies: frozenset[int], limit: int) -> Sequence[Duty]:
    """What these agencies have not handed in yet: owed, and next due."""
    if not agencies:
        return ()
    reports = uow.report_duties.all()
    wanted = [*due_between(uow, reports, uow.today - LOOK_BACK, uow.today), *next_due(uow, reports)]
    unique = {(report.id, period.last): (report, period) for report, period in wanted}
    which = DutyFilter(agencies=agencies, states=OPEN_STATES, unanswered=True)
    mine = Scope(agencies=agencies)
    return uow.report_duties.duties(mine, list(unique.values()), which, uow.today, limit)


def duty_of(uow: UnitOfWork, agencies: frozenset[int], key: DutyKey) -> Duty | None:
    """The duty as it stands; None when it is no duty of one of these agencies."""
    report = next((one for one in uow.report_duties.all() if one.code == key.code), None)
    period = report.period_named(key.period_last, uow.calendar) if report else None
    if report is None or period is None or key.agency_id not in agencies:
        return None
    which = DutyFilter(agencies=frozenset({key.agency_id}))
    found = uow.report_duties.duties(Scope(agencies=which.agencies), [(report, period)], which, uow.today, 1)
    return next(iter(found), None)


def hand_in(uow: UnitOfWork, viewer: Viewer, key: DutyKey, number: str, on: date) -> Submission:
    """Say that a report was sent, with its document; it waits for the receiving side.

    Raises:
        NotFound: no duty of the officer's agency. Conflict: handed in already, or it waits.
        InvalidInput: no number; a day to come, or before the period began.
    """
    mine = own_agencies(uow, viewer)
    if (known := duty_of(uow, mine, key)) is None:
        raise NotFound()
    uow.report_duties.lock(known.report.id)
    duty = duty_of(uow, mine, key)
    if duty is None:
        raise NotFound()
    if duty.waiting:
        raise Conflict("waits_already")
    if duty.state not in OPEN_STATES:
        raise Conflict("handed_in_already")
    number = " ".join(number.split())
    if not number or len(number) > _NUMBER:
        raise InvalidInput("no_number")
    if on > uow.today:
        raise InvalidInput("document_in_future")
    if on < duty.period.cut_from:
        raise InvalidInput("before_period")
    made = Submission(
        duty.report.id, key.period_last, key.agency_id, on, number, by=viewer.account, at=uow.now
    )
    made = replace(made, id=uow.report_duties.add_submission(made))
    detail = {"period": key.period_last.isoformat(), "agency": key.agency_id, "document": number}
    uow.audit.record(viewer.actor, "report_hand_in", f"report:{duty.report.code}", "waiting", detail)
    _tell_receivers(uow, duty)
    return made


def decide(
    uow: UnitOfWork, viewer: Viewer, scope: Scope, number: int, *, accepted: bool, note: str = ""
) -> Duty:
    """Confirm what was handed in, or send it back with a word why.

    Raises:
        NotAllowed: not on the receiving side. NotFound: nothing such waits in scope.
        Conflict: decided already. InvalidInput: sent back without a word.
    """
    receivers = deciding(uow, viewer.account, viewer.roles)
    if receivers is None:
        raise NotAllowed("not_the_receiver")
    told = uow.report_duties.submission(number)
    duty = _received(uow, scope, told) if told else None
    if told is None or duty is None or (receivers and duty.report.receiver_id not in receivers):
        raise NotFound()
    note = note.strip()
    if not accepted and not 3 <= len(note) <= _NOTE:
        raise InvalidInput("nothing_said")
    state = SubmissionState.ACCEPTED if accepted else SubmissionState.RETURNED
    uow.report_duties.lock(told.report_id)
    if not uow.report_duties.decide(number, state, viewer.account, uow.now, note):
        raise Conflict("decided_already")
    detail = {"period": told.period_last.isoformat(), "agency": told.agency_id, "document": told.number}
    uow.audit.record(viewer.actor, "report_decided", f"report:{duty.report.code}", str(state), detail)
    kind = "notices/report_accepted" if accepted else "notices/report_returned"
    _tell(uow, told.by, kind, duty, f"{number}:{state}")
    return duty


def waiting_for(
    uow: UnitOfWork, scope: Scope, receivers: frozenset[int], limit: int
) -> Sequence[tuple[Duty, Submission]]:
    """What the officer has to confirm, the oldest first."""
    told = uow.report_duties.waiting(scope, receivers, limit)
    return [(duty, one) for one in told if (duty := _received(uow, scope, one)) is not None]


def _received(uow: UnitOfWork, scope: Scope, told: Submission) -> Duty | None:
    report = next((one for one in uow.report_duties.all() if one.id == told.report_id), None)
    period = report.period_named(told.period_last, uow.calendar) if report else None
    if report is None or period is None:
        return None
    which = DutyFilter(agencies=frozenset({told.agency_id}))
    return next(iter(uow.report_duties.duties(scope, [(report, period)], which, uow.today, 1)), None)


def _tell_receivers(uow: UnitOfWork, duty: Duty) -> None:
    """The receiving agency's people and specialists of the field; where nobody is, the office's leaders. Once a day."""
    event = f"{duty.period.last.isoformat()}:{uow.today.isoformat()}"
    known = [one for one in uow.accounts.all() if one.active]
    there = [one for one in known if _receives(uow, one, duty.report)]
    for account in there or [one for one in known if "office_leader" in one.roles]:
        _tell(uow, account.name, "notices/report_waiting", duty, event)


def _receives(uow: UnitOfWork, account: Account, report: PeriodicReport) -> bool:
    if "specialist" in account.roles and report.field:
        return report.field in account_scope(uow, account).fields
    return account.agency_id == report.receiver_id and reach_of(account.roles) is Reach.AGENCY


def _tell(uow: UnitOfWork, name: str, kind: str, duty: Duty, event: str) -> None:
    """One notice to where the officer can be written to, if anywhere."""
    for address in uow.officers.addresses(name)[:1] if name else ():
        conversation = uow.conversations.lock_or_start(address, uow.now)
        subject = f"report:{duty.report.code}"
        values: Mapping[str, Any] = {
            "report": duty.report.title,
            "kind": str(duty.period.kind),
            "last": duty.period.last.isoformat(),
        }
        key = f"{kind}:{subject}:{conversation}:{event}"[:200]
        uow.notices.add(Notice(kind, subject, conversation, _soon(uow), key, values))


def _soon(uow: UnitOfWork) -> datetime:
    """In office hours at once, else when the office opens again."""
    return OfficeHours(uow.calendar).next_opening(uow.now)
