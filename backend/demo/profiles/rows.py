"""Tasks, petitions, visits, ratings and fees of a year, as many of each kind as was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.demo.profiles.spreading import Weighted, dealt, on_days, shares, working_days
from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.ports import UnitOfWork
from backend.domain.reception import HostKind, PlannedDay, ReceptionRule

_SESSIONS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
#: What a group of tasks is made of: state, whether it has ended, due before (-) or after (+) the end in days.
_GROUPS: Mapping[str, tuple[str, bool, int]] = {
    "done_on_time": ("done", True, 3),
    "done_late": ("done", True, -4),
    "working": ("working", False, 45),
    "awaited": ("open", False, 20),
    "overdue": ("open", False, -15),
    "extension": ("open", False, -10),
    "stopped": ("stopped", True, 10),
    "carried": ("carried", True, 30),
}
#: Final, so that nobody is called to act on a year that is over.
_STATES = {"eligible": "guided", "not_eligible": "filed"}


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date
    demo: str

    def at(self, day: date, hour: int = 9) -> datetime:
        return datetime.combine(day, time(hour), VIETNAM)


def load_tasks(uow: UnitOfWork, span: Span, body: Mapping[str, Any], agencies: Weighted, head: str) -> int:
    """``body``: giver, document (its title), groups with how many tasks each."""
    groups: Mapping[str, int] = body["groups"]
    total = sum(groups.values())
    owners = agencies.dealt(total)
    begins = on_days(working_days(uow.calendar, span.first, span.last - timedelta(days=60)), total)
    rows = []
    for number, (name, agency, given) in enumerate(zip(dealt(total, groups), owners, begins, strict=True), 1):
        state, ended, shift = _GROUPS[name]
        end = min(given + timedelta(days=30 + number % 20), span.last - timedelta(days=1)) if ended else None
        due = (end or span.last) + timedelta(days=shift)
        rows.append(
            {
                "code": f"NV-{given.year}-{head}{number:04d}",
                "content": f"{body['content']} số {number} (minh họa)",
                "giver": body["giver"],
                "agency_id": agency.id,
                "source_number": body["number"],
                "source_date": span.first,
                "source_title": body["document"],
                "assigned_on": given,
                "due_on": due,
                "first_due_on": due,
                "state": state,
                "ended_on": end,
                "carried_to": span.last.year + 1 if state == "carried" else None,
                "extension_asked": name == "extension",
                "origin": "Theo dõi nhiệm vụ (dựng lại từ số liệu công bố)",
                "as_of": span.at(span.last, 17),
                "changed_at": span.at(span.last, 17),
                "demo": span.demo,
            }
        )
    return uow.demo_rows.tasks(rows)


def load_petitions(uow: UnitOfWork, span: Span, body: Mapping[str, Any], agencies: Weighted) -> int:
    """``body``: ``eligible`` and ``not_eligible``, each by kind; denunciations are sealed, and counted only."""
    rows: list[dict[str, Any]] = []
    for standing, state in _STATES.items():
        kinds = dict(body.get(standing) or {})
        secret = kinds.pop("denunciation", 0)
        for day in on_days(working_days(uow.calendar, span.first, span.last), secret):
            number = uow.petitions.seal_report(
                "desk", {"text": "(minh họa, không có nội dung)"}, span.at(day)
            )
            uow.petitions.open_report(number, "demo", span.at(day, 10))
        total = sum(kinds.values())
        owners = agencies.dealt(total)
        days = on_days(working_days(uow.calendar, span.first, span.last), total)
        for kind, agency, day in zip(dealt(total, kinds), owners, days, strict=True):
            rows.append(
                {
                    "code": f"DT-{day:%y%m%d}-{len(rows) + 1:04d}",
                    "kind": kind,
                    "source": "letter",
                    "state": state,
                    "received_at": span.at(day),
                    "agency_id": agency.id,
                    "demo": span.demo,
                }
            )
    return uow.demo_rows.petitions(rows)


def load_visits(uow: UnitOfWork, span: Span, body: Mapping[str, Any], agency: Agency) -> int:
    """``body``: host, kind, days, visits, people, delegations and, where it was published, delegation_people."""
    rule = ReceptionRule(
        host=body["host"],
        host_kind=HostKind(body["kind"]),
        agency_id=agency.id,
        rule={"every": "working_day"} if body["kind"] == "desk" else {"monthly_day": 15},
        sessions=_SESSIONS,
        place="Trụ sở tiếp công dân tỉnh",
        capacity=0,
        valid_from=span.first,
        valid_to=span.last,
        source="Dựng lại từ số liệu công bố",
        demo=span.demo,
    )
    number = uow.reception.put_rule(rule)
    kept = uow.reception.rule(number)
    held = list(on_days(working_days(uow.calendar, span.first, span.last), body["days"]))
    uow.reception.add_days(kept, [PlannedDay(day, day) for day in held])
    ids = {one.on_date: one.id for one in uow.reception.planned(number, span.first, span.last)}
    groups, visits = body["delegations"], body["visits"]
    single = visits - groups
    in_groups = body.get("delegation_people") or max(groups * 5, body["people"] - single)
    sizes = [(people, True) for people in shares(in_groups, groups)]
    sizes += [(people, False) for people in shares(body["people"] - in_groups, single)]
    kinds = dealt(visits, {True: groups, False: single})
    by_kind = {True: iter(sizes[:groups]), False: iter(sizes[groups:])}
    rows = []
    for day, is_group in zip(on_days(held, visits), kinds, strict=True):
        people, _ = next(by_kind[is_group])
        rows.append((ids[day], span.at(day), people, is_group))
    return uow.demo_rows.visits(rows)


def load_ratings(uow: UnitOfWork, span: Span, body: Mapping[str, int], agencies: Weighted) -> int:
    total, good = body["total"], body["satisfied"]
    days = on_days(working_days(uow.calendar, span.first, span.last), total)
    owners = agencies.dealt(total)
    values = dealt(total, {5: good, 2: total - good})
    rows = [
        (f"danh-gia-{number}", agency.name, value, span.at(day, 15), span.demo)
        for number, (day, agency, value) in enumerate(zip(days, owners, values, strict=True))
    ]
    return uow.demo_rows.ratings(rows)


def load_fees(uow: UnitOfWork, span: Span, body: Mapping[str, int], agencies: Weighted) -> int:
    """``body``: due and online (how many), due_dong and online_dong."""
    total, online = body["due"], body["online"]
    days: Sequence[date] = list(on_days(working_days(uow.calendar, span.first, span.last), total))
    owners = agencies.dealt(total)
    amounts = {
        True: iter(shares(body["online_dong"], online)),
        False: iter(shares(body["due_dong"] - body["online_dong"], total - online)),
    }
    rows = [
        (f"phi-{number}", agency.id, day, next(amounts[paid]), day, paid, "Nền tảng thanh toán (minh họa)")
        for number, (day, agency, paid) in enumerate(
            zip(days, owners, dealt(total, {True: online, False: total - online}), strict=True)
        )
    ]
    return uow.figures.add_fees(rows)
