"""Random events, visibilities and askers: what an asker may not see is in no list, no count, no overlap and no word."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import SqlUnitOfWork, Tools
from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.leader import (
    THE_PUBLIC,
    EventFilter,
    EventState,
    Leader,
    LeaderEvent,
    Sight,
    Visibility,
    may_see,
)
from backend.domain.officer import Delegation
from backend.domain.running import Account
from backend.domain.scope import ROLES
from backend.services.leaders.schedule import schedule
from backend.services.leaders.seeing import sight_of_account
from bot.replies.renderer import Replies
from tests.conftest import NOW

REPLIES = Replies(Path(__file__).parents[2] / "bot" / "replies")
MONDAY = date(2026, 11, 23)
AGENCIES, LEADERS, DAYS, LISTED = 4, 4, 3, 5
_events = st.lists(
    st.tuples(
        st.integers(0, LEADERS - 1),
        st.integers(0, DAYS - 1),
        st.integers(7, 16),
        st.sampled_from([None, 1, 3]),  # how many hours it lasts
        st.sampled_from(Visibility),
        st.sampled_from(EventState),
        st.sets(st.integers(0, AGENCIES - 1), max_size=2),
    ),
    max_size=12,
)
_askers = st.tuples(
    st.sets(st.sampled_from(ROLES), max_size=2),
    st.one_of(st.none(), st.integers(0, AGENCIES - 1)),
    st.sets(st.integers(0, AGENCIES - 1), max_size=2),  # the block
    st.one_of(st.none(), st.integers(0, LEADERS - 1)),  # which leader it is
    st.booleans(),  # locked
    st.one_of(st.none(), st.integers(0, LEADERS - 1)),  # whose leave is covered
)
_questions = st.tuples(
    st.integers(0, DAYS - 1),
    st.integers(0, DAYS - 1),
    st.sets(st.integers(0, LEADERS - 1), max_size=2),
    st.one_of(st.none(), st.integers(0, AGENCIES - 1)),
    st.booleans(),  # whether single rows are shown
)


class _Undone(Exception):
    """Raised at the end of each example, so that the next starts with an empty office."""


@pytest.fixture
def db(sqlite_template: Path, tmp_path: Path, tools: Tools) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "motcua.sqlite3")
    database = open_database(f"sqlite:///{tmp_path}/motcua.sqlite3", tools)
    yield database
    database.close()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_events, _askers, _questions)
def test_nothing_hidden_is_ever_in_an_answer(
    db: Database, events: list, asker: tuple, question: tuple
) -> None:
    def play(uow: SqlUnitOfWork) -> None:
        agencies, leaders = _office(uow)
        kept = [_event(uow, number, one, leaders, agencies) for number, one in enumerate(events)]
        for sight in (_sight(uow, asker, agencies), THE_PUBLIC):
            _check(uow, sight, kept, question, leaders, agencies)
        raise _Undone

    with pytest.raises(_Undone):
        db.write_now(play)


def _office(uow: SqlUnitOfWork) -> tuple[list[int], list[Leader]]:
    kinds = ["province", *["department"] * (AGENCIES - 1)]
    agencies = [
        uow.agencies.put(Agency(f"H50.{n}" if n else "H50", f"Cơ quan {n}", kind, "H50" if n else None))
        for n, kind in enumerate(kinds)
    ]
    leaders = []
    for number in range(LEADERS):
        account = f"leader{number}"
        uow.accounts.add(Account(account, account, frozenset({"agency_head"}), agencies[number]), "", NOW)
        leader = Leader(agencies[number], f"Người {number}", "Lãnh đạo", account, top=number == 0)
        leaders.append(replace(leader, id=uow.leaders.put(leader)))
    return agencies, leaders


def _event(
    uow: SqlUnitOfWork, number: int, drawn: tuple, leaders: list[Leader], agencies: list[int]
) -> LeaderEvent:
    who, day, hour, lasts, visibility, state, named = drawn
    begins = datetime.combine(MONDAY + timedelta(days=day), datetime.min.time(), VIETNAM)
    begins = begins.replace(hour=hour)
    event = LeaderEvent(
        leaders[who],
        f"event{number}",
        begins,
        f"việc·{number}·",
        ends_at=begins + timedelta(hours=lasts) if lasts else None,
        place=f"nơi·{number}·",
        visibility=visibility,
        state=state,
        agencies=tuple(agencies[one] for one in sorted(named)),
    )
    return replace(event, id=uow.leaders.add(event))


def _sight(uow: SqlUnitOfWork, drawn: tuple, agencies: list[int]) -> Sight:
    roles, home, block, leader, locked, covers = drawn
    name = f"leader{leader}" if leader is not None else "asker"
    if leader is None:
        codes = tuple(f"H50.{n}" if n else "H50" for n in sorted(block))
        at = agencies[home] if home is not None else None
        uow.accounts.add(Account(name, name, frozenset(roles), at, block=codes), "", NOW)
    if covers is not None and covers != leader:
        today = uow.today
        uow.officers.delegate(Delegation(f"leader{covers}", name, today, today, "QĐ"), "admin")
    if locked:
        uow.accounts.set_active(name, False)
    account = uow.accounts.by_name(name)
    assert account is not None
    return sight_of_account(uow, account)


def _check(
    uow: SqlUnitOfWork,
    sight: Sight,
    events: list[LeaderEvent],
    question: tuple,
    leaders: list[Leader],
    agencies: list[int],
) -> None:
    one_day, other_day, chosen, agency, rows = question
    span = (
        MONDAY + timedelta(days=min(one_day, other_day)),
        MONDAY + timedelta(days=max(one_day, other_day)),
    )
    asked = [leaders[one] for one in sorted(chosen)]
    at = agencies[agency] if agency is not None else None
    meant = [one for one in events if _is_meant(one, span, asked, at)]
    seen = [one for one in meant if may_see(sight, one)]
    since = datetime.combine(span[0], datetime.min.time(), VIETNAM)
    until = datetime.combine(span[1] + timedelta(days=1), datetime.min.time(), VIETNAM)
    wanted = EventFilter(since, until, frozenset(one.id for one in asked), at)
    page = uow.leaders.find(sight, wanted, limit=100)
    assert {one.id for one in page.rows} == {one.id for one in seen}

    told = schedule(uow, sight, span, leaders=asked, agency=at, rows=rows)
    public = [one for one in seen if one.visibility is Visibility.PUBLIC]
    assert told.total == len(seen)
    assert told.off == sum(not one.held for one in seen)
    assert len(told.rows) == min(LISTED, len(seen if rows else public))
    if at is None:
        pairs = [(a, b) for n, a in enumerate(seen) for b in seen[n + 1 :] if a.clashes_with(b)]
        assert told.clashing == len(pairs)
    values = {name: getattr(told, name) for name in told.__dataclass_fields__}
    text = REPLIES.render("leaders/schedule", {**values, "left": told.left, "named": []})
    shown = seen if rows else public
    hidden = [one for one in events if one not in shown]
    assert not [one.subject for one in hidden if one.subject in text or (one.place and one.place in text)]


def _is_meant(one: LeaderEvent, span: tuple[date, date], asked: list[Leader], agency: int | None) -> bool:
    if not span[0] <= one.starts_at.date() <= span[1]:
        return False
    if asked and one.leader.id not in {leader.id for leader in asked}:
        return False
    return agency is None or agency in (one.leader.agency_id, *one.agencies)
