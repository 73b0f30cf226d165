"""Invented calendars of the demonstration province: the week before the anchor day, its own and the two after, with one
overlap to be told; a duty roster of the same days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from backend.demo.office import DEMO
from backend.demo.people import invented_people
from backend.domain.clock import VIETNAM, local_date
from backend.domain.leader import DutySession, DutyShift, Leader, LeaderEvent, Visibility
from backend.domain.ports import UnitOfWork

ORIGIN = "Lịch công tác (minh họa)"
_ROSTER = "Lịch trực (minh họa)"
_WEEKS = range(-1, 3)  # from the week of the anchor
_SEED = 20261123


def load_leaders(uow: UnitOfWork, *, anchor: datetime) -> int:
    """Put calendars and roster; returns how many entries of calendars. The same anchor gives the same."""
    plan = yaml.safe_load(files("backend.demo").joinpath("leaders.yml").read_text(encoding="utf-8"))
    ids = {one.code: one.id for one in uow.agencies.all()}
    leaders = [_put(uow, row, ids) for row in plan["leaders"]]
    monday = local_date(anchor) - timedelta(days=local_date(anchor).weekday())
    wanted = [(week, row) for week in _WEEKS for row in plan["weekly"]]
    wanted += [(week, row) for week, row in plan["once"]]
    for at, (week, row) in enumerate(wanted):
        uow.leaders.add(_event(f"demo#{at}", row, monday + timedelta(weeks=week), leaders, ids, anchor))
    for shift in _shifts(plan["duty"], monday, ids, anchor):
        uow.duty.add(shift)
    return len(wanted)


def _put(uow: UnitOfWork, row: Mapping[str, Any], ids: Mapping[str, int]) -> Leader:
    leader = Leader(ids[row["agency"]], row["name"], row["title"], demo=DEMO)
    number = uow.leaders.put(leader)
    return Leader(leader.agency_id, leader.name, leader.title, id=number, demo=DEMO)


def _event(
    key: str,
    row: Sequence[Any],
    monday: date,
    leaders: Sequence[Leader],
    ids: Mapping[str, int],
    anchor: datetime,
) -> LeaderEvent:
    weekday, begins, ends, who, subject, place, visibility, agencies = row
    on = monday + timedelta(days=weekday)
    return LeaderEvent(
        leader=leaders[who],
        key=key,
        starts_at=datetime.combine(on, _clock(begins), VIETNAM),
        subject=subject,
        ends_at=datetime.combine(on, _clock(ends), VIETNAM),
        place=place,
        visibility=Visibility(visibility),
        agencies=tuple(ids[code] for code in agencies),
        origin=ORIGIN,
        as_of=anchor,
        demo=DEMO,
    )


def _clock(said: str) -> time:
    hour, minute = said.split(":")
    return time(int(hour), int(minute))


def _shifts(
    rows: Sequence[Mapping[str, Any]], monday: date, ids: Mapping[str, int], anchor: datetime
) -> Iterator[DutyShift]:
    people = invented_people(24, Random(_SEED))
    for day in range(7 * _WEEKS.start, 7 * _WEEKS.stop):
        for at, row in enumerate(rows):
            yield DutyShift(
                agency_id=ids[row["agency"]],
                on=monday + timedelta(days=day),
                session=DutySession(row["session"]),
                name=people[(day * 5 + at * 7) % len(people)].name,
                position=row["position"],
                phone=row["phone"],
                place=row["place"],
                province_wide=row["open"],
                origin=_ROSTER,
                as_of=anchor,
                demo=DEMO,
            )
