"""Reminders of tasks and periodic reports: the morning digest, the ladder to heads and leaders, a nudge by hand.

Counts, never contents.

A digest goes out once a working day at the hour that the officer chose; it says nothing when there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.domain.clock import VIETNAM
from backend.domain.errors import InvalidInput
from backend.domain.notice import Notice
from backend.domain.ports import UnitOfWork
from backend.domain.report_duty import AgencyDuties, DutyState
from backend.domain.running import Account
from backend.domain.scope import GIVERS, Scope
from backend.domain.task import AgencyTasks, GroupCounts, TaskFilter
from backend.services.accounts.scope import account_scope
from backend.services.agencies.tree import tree
from backend.services.quiet import QUIET_FROM, QUIET_TO
from backend.services.report_duties.reminding import ReportReminders

_EVERYBODY_ABOUT = 1000
#: What an officer may choose, and what holds until they do. ``ahead``: working days looked ahead.
DEFAULT_AT, DEFAULT_AHEAD, MOST_AHEAD = "07:30", 5, 30


@dataclass(frozen=True, slots=True)
class Wishes:
    """When an officer wants the digest (Vietnam clock), how far ahead it looks, until when it keeps still."""

    at: time = time.fromisoformat(DEFAULT_AT)
    ahead: int = DEFAULT_AHEAD
    quiet_until: date | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """From so many days late on, whoever has this role in or over the agency hears of it."""

    days: int
    role: str


def wishes_of(uow: UnitOfWork, name: str) -> Wishes:
    kept = uow.officers.settings(name)
    until = kept.get("quiet_until")
    return Wishes(
        time.fromisoformat(str(kept.get("at", DEFAULT_AT))),
        int(kept.get("ahead", DEFAULT_AHEAD)),
        date.fromisoformat(str(until)) if until else None,
        bool(kept.get("off", False)),
    )


def wish(uow: UnitOfWork, actor: str, name: str, wishes: Wishes) -> None:
    """Keep an officer's choice.

    Raises:
        InvalidInput: an hour in the quiet hours, or too far ahead.
    """
    if not QUIET_TO <= wishes.at < QUIET_FROM:
        raise InvalidInput("quiet_hours")
    if not 1 <= wishes.ahead <= MOST_AHEAD:
        raise InvalidInput("too_far")
    until = wishes.quiet_until.isoformat() if wishes.quiet_until else ""
    kept = {"at": f"{wishes.at:%H:%M}", "ahead": wishes.ahead, "quiet_until": until, "off": wishes.off}
    uow.officers.put_settings(name, {**uow.officers.settings(name), **kept}, uow.now)
    uow.audit.record(actor, "reminders_set", f"account:{name}", "ok", kept)


def tell_digests(uow: UnitOfWork) -> int:
    """Write the digests that are due now, one for each officer and working day; returns how many were new."""
    local = uow.now.astimezone(VIETNAM)
    if not uow.calendar.is_working(local.date()):
        return 0
    told, reports = 0, ReportReminders(uow)
    for account in uow.accounts.all():
        wishes = wishes_of(uow, account.name)
        if account.active and _wanted(wishes, local):
            told += _digest(uow, account, wishes, reports)
    return told


def _wanted(wishes: Wishes, local: datetime) -> bool:
    resting = wishes.quiet_until is not None and local.date() <= wishes.quiet_until
    return not wishes.off and not resting and local.time() >= wishes.at


def _digest(uow: UnitOfWork, account: Account, wishes: Wishes, reports: ReportReminders) -> int:
    scope = account_scope(uow, account)
    addresses = uow.officers.addresses(account.name)[:1]
    if scope.empty or not addresses:
        return 0
    day = uow.today
    ahead = uow.calendar.add_working_days(day, wishes.ahead)
    before = datetime.combine(uow.calendar.previous_working_day(day), time(), VIETNAM)
    waiting = uow.tasks.waiting(scope, _EVERYBODY_ABOUT) if account.roles & GIVERS else ((), ())
    counts = {
        "overdue": uow.tasks.page(scope, TaskFilter(overdue_on=day), day, 0).total,
        "soon": uow.tasks.page(scope, TaskFilter(due=(day, ahead)), day, 0).total,
        "changed": len(uow.tasks.changed_since(scope, before, _EVERYBODY_ABOUT)),
        "waiting": len(waiting[0]) + len(waiting[1]),
        **reports.counts(scope, ahead),
        "reports_waiting": reports.waiting(scope, account),
    }
    if not any(counts.values()):
        return 0
    values = {**counts, "ahead": wishes.ahead, "day": day.isoformat(), "named": list(scope.named)}
    return _tell(uow, account.name, "notices/task_digest", f"digest:{account.name}", day.isoformat(), values)


def escalate(uow: UnitOfWork, ladder: Sequence[Rung]) -> int:
    """Tell heads and leaders of tasks and reports later than their rung, once a week for each agency and rung."""
    if not uow.calendar.is_working(uow.today):
        return 0
    week = uow.today - timedelta(days=uow.today.weekday())
    told, reports = 0, ReportReminders(uow)
    for rung in ladder:
        since = uow.today - timedelta(days=rung.days - 1)
        for one, account in _later_than(uow, rung, since):
            values = {"agency": one.name, "total": one.overdue, "days": rung.days}
            event = f"{week.isoformat()}:{rung.days}:{account.name}"
            told += _tell(
                uow, account.name, "notices/task_escalated", f"agency:{one.agency_id}", event, values
            )
        for late, account in _owing(uow, rung, reports):
            count = late.counts.of(DutyState.OWED)
            values = {"agency": late.name, "total": count, "days": rung.days}
            event = f"{week.isoformat()}:{rung.days}:{account.name}"
            told += _tell(
                uow, account.name, "notices/report_escalated", f"agency:{late.agency_id}", event, values
            )
    return told


def _later_than(uow: UnitOfWork, rung: Rung, since: date) -> Iterator[tuple[AgencyTasks, Account]]:
    known = tree(uow)
    for account in uow.accounts.all():
        if not account.active or rung.role not in account.roles:
            continue
        scope = account_scope(uow, account)
        late = TaskFilter(due=(date.min.replace(year=1900), since - timedelta(days=1)))
        for one in uow.tasks.by_agency(scope, late, uow.today) if not scope.empty else ():
            if one.overdue and one.agency_id in known.by_id:
                yield one, account


def _owing(uow: UnitOfWork, rung: Rung, reports: ReportReminders) -> Iterator[tuple[AgencyDuties, Account]]:
    for account in uow.accounts.all():
        if account.active and rung.role in account.roles:
            for one in reports.later_than(account_scope(uow, account), rung.days):
                yield one, account


def urge(uow: UnitOfWork, actor: str, code: str, by: str) -> tuple[int, int, int]:
    """Nudge an agency's people by message: how many were told, of how many tasks, the longest late in days."""
    known = tree(uow)
    agency = known.by_code[code]
    found = _late_of(uow, known.with_those_under(code))
    if not found.overdue:
        return 0, 0, 0
    values = {"agency": agency.name, "total": found.overdue, "worst": found.worst_days, "by": by}
    there = [one for one in uow.accounts.all() if one.active and one.agency_id == agency.id]
    told = sum(
        _tell(uow, one.name, "notices/task_urged", f"agency:{agency.id}", uow.now.isoformat(), values)
        for one in there
    )
    uow.audit.record(actor, "task_urged", f"agency:{code}", "ok", {"told": told, "tasks": found.overdue})
    return told, found.overdue, found.worst_days


def _late_of(uow: UnitOfWork, agencies: frozenset[int]) -> AgencyTasks:
    rows = uow.tasks.by_agency(Scope(agencies=agencies), TaskFilter(overdue_on=uow.today), uow.today)
    overdue, worst = sum(one.overdue for one in rows), max((one.worst_days for one in rows), default=0)
    return AgencyTasks(0, "", GroupCounts(), overdue, worst)


def remind_later(uow: UnitOfWork, name: str, code: str, at: datetime) -> bool:
    """Remind the officer of one task at ``at`` (aware); False when no messenger of theirs is linked."""
    for address in uow.officers.addresses(name)[:1]:
        conversation = uow.conversations.lock_or_start(address, uow.now)
        key = f"task_own:{code}:{conversation}:{at.isoformat()}"[:200]
        uow.notices.add(Notice("notices/task_own", f"task:{code}", conversation, at, key, {"code": code}))
        uow.audit.record(f"account:{name}", "reminder_set", f"task:{code}", "ok", {"at": at.isoformat()})
        return True
    return False


def _tell(uow: UnitOfWork, name: str, kind: str, subject: str, event: str, values: Mapping[str, Any]) -> int:
    told = 0
    for address in uow.officers.addresses(name)[:1]:
        conversation = uow.conversations.lock_or_start(address, uow.now)
        key = f"{kind}:{subject}:{conversation}:{event}"[:200]
        told += uow.notices.add(Notice(kind, subject, conversation, uow.now, key, dict(values)))
    return told
