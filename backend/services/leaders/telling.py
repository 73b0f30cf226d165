"""News of a calendar, to those it concerns: an entry that was moved or called off, and times that overlap.

A notice goes to messengers, so of what is not public it says no more than that something changed, and when.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from backend.domain.clock import local_date
from backend.domain.leader import EventState, LeaderEvent, Visibility, may_see
from backend.domain.notice import Notice
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.domain.scope import HEADS
from backend.services.leaders.seeing import KEEPER, sight_of_account
from backend.services.quiet import settled

CHANGED, CLASHED = "notices/leader_event", "notices/leader_clash"
#: Who in an agency that takes part is told.
_CONCERNED = HEADS | {"clerk"}


def tell_change(uow: UnitOfWork, before: LeaderEvent, after: LeaderEvent) -> int:
    """Tell that an entry is held at another time or place, or not at all; returns to how many conversations.

    Nobody hears of what they may not see: who lost sight of it is told that it is no longer theirs, in the words of
    before. What has passed, and what only its words changed, is no news.
    """
    if max(before.starts_at, after.starts_at) <= uow.now:
        return 0
    subject = f"leader_event:{after.id}"
    told = 0
    uow.notices.cancel_kind(subject, CHANGED)  # what still waits to be said is no longer so
    for account in _concerned(uow, before, after):
        sight = sight_of_account(uow, account)
        saw, sees = may_see(sight, before), may_see(sight, after)
        what = _news(before, after) if sees else "gone"
        if not what or not saw or (what == "gone" and not before.held):
            continue
        values = _values(what, before, after if sees else before)
        for number in _conversations(uow, account):
            key = f"{subject}:{after.changes}:{number}"
            told += uow.notices.add(Notice(CHANGED, subject, number, settled(uow.now), key, values))
    return told


def tell_clashes(uow: UnitOfWork, event: LeaderEvent, others: Sequence[LeaderEvent]) -> int:
    """Tell the office leader, and the leader, that times overlap; only who may see both entries hears of it."""
    told = 0
    for other in others:
        if max(event.starts_at, other.starts_at) <= uow.now:
            continue
        first, second = sorted((event, other), key=lambda one: one.id)
        subject = f"leader_clash:{first.id}:{second.id}"
        values = {
            "on": local_date(event.starts_at).isoformat(),
            "leader": event.leader.title or event.leader.name,
        }
        for account in _keepers(uow, event):
            sight = sight_of_account(uow, account)
            if not (may_see(sight, first) and may_see(sight, second)):
                continue
            for number in _conversations(uow, account):
                key = f"{subject}:{first.changes}:{second.changes}:{number}"
                told += uow.notices.add(Notice(CLASHED, subject, number, settled(uow.now), key, values))
    return told


def _news(before: LeaderEvent, after: LeaderEvent) -> str:
    """What of a change people must know; "" for words alone."""
    if before.state is not after.state:
        return {
            EventState.PLANNED: "back",
            EventState.POSTPONED: "postponed",
            EventState.CANCELLED: "cancelled",
        }[after.state]
    if not after.held:
        return ""
    if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
        return "moved"
    return "place" if before.place != after.place else ""


def _values(what: str, before: LeaderEvent, after: LeaderEvent) -> dict[str, Any]:
    """Only a public entry is told with its words."""
    values: dict[str, Any] = {
        "what": what,
        "was_on": local_date(before.starts_at).isoformat(),
        "on": local_date(after.starts_at).isoformat(),
        "public": before.visibility is Visibility.PUBLIC and after.visibility is Visibility.PUBLIC,
        "leader": "",
        "subject": "",
        "place": "",
        "was_at": _iso(before.starts_at),
        "starts_at": _iso(after.starts_at),
    }
    if values["public"]:
        values |= {
            "leader": after.leader.title or after.leader.name,
            "subject": after.subject,
            "place": after.place,
        }
    return values


def _iso(moment: datetime) -> str:
    return moment.isoformat()


def _concerned(uow: UnitOfWork, before: LeaderEvent, after: LeaderEvent) -> Iterator[Account]:
    """The leader, the heads and clerks of agencies that take part or took part, and who keeps the calendar."""
    agencies = {*before.agencies, *after.agencies, after.leader.agency_id}
    for account in uow.accounts.all():
        if not account.active:
            continue
        own = account.name == after.leader.account
        takes_part = account.agency_id in agencies and account.roles & _CONCERNED
        if own or takes_part or (KEEPER in account.roles and after.leader.top):
            yield account


def _keepers(uow: UnitOfWork, event: LeaderEvent) -> Iterator[Account]:
    for account in uow.accounts.all():
        if account.active and (KEEPER in account.roles or account.name == event.leader.account):
            yield account


def _conversations(uow: UnitOfWork, account: Account) -> Iterator[int]:
    """Where the officer can be written to: the channel bound last."""
    for address in uow.officers.addresses(account.name):
        known = uow.conversations.find(address)
        if known is not None:
            yield known.id
            return
