"""Random histories of moves, crashes, repeats and clock jumps: nothing open is ever without an owner and an alarm."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.engine import open_database
from backend.db.unit_of_work import Tools
from backend.domain.clock import VIETNAM
from backend.domain.errors import DomainError
from backend.domain.petition import (
    FINAL,
    MOVES,
    OPEN,
    NewPetition,
    Petition,
    PetitionKind,
    PetitionSource,
    PetitionState,
    Reporter,
    Story,
)
from backend.domain.petition_paper import ForwarderKind, Origin, Paper
from backend.services.petitions import alarms
from backend.services.petitions.entering import enter
from backend.services.petitions.moving import Mover, move
from backend.services.quiet import QUIET_FROM, QUIET_TO
from tests.integration.petitions.conftest import MovedClock, Office, furnish

EVERYBODY = Mover("account:all", frozenset(role for arrow in MOVES.values() for role in arrow.by))

_crash = st.integers(0, 5).map(lambda number: number == 5)
#: Those without which a history soon has nothing more to move come oftener.
_OFTEN = ("classify", "assign", "accept", "merge", "forward")
_steps = st.one_of(
    st.tuples(st.just("file"), st.just(0), _crash),
    st.tuples(st.just("letter"), st.integers(0, 5), _crash),
    st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 5), _crash),
    st.tuples(st.sampled_from(_OFTEN), st.integers(0, 5), _crash),
    st.tuples(st.just("wait"), st.integers(1, 40 * 24), _crash),
    st.tuples(st.just("ring"), st.just(0), _crash),
)

_MORE: dict[str, dict[str, Any]] = {
    **{
        name: {"document": "1/TB"}
        for name in ("guide", "forward", "send_back", "decline", "answered_elsewhere")
    },
    "accept": {"document": "2/TB", "complex_case": True},
    "classify": {"field_name": "roads"},
}


def letter(uow: Any, office: Office, number: int, crash: bool) -> None:
    """A complaint, a visit, or one of two letters that come again and again with their numbers."""
    kind = PetitionKind.COMPLAINT if number % 2 else PetitionKind.FEEDBACK
    source = PetitionSource.VISIT if number == 3 else PetitionSource.FORWARDED
    about = office.agencies["H50.04"].id if number > 2 else None
    new = NewPetition(kind, source, Story("Đường hỏng", "thôn 3"), Reporter("Bảy"), about_agency_id=about)
    origin = Origin(ForwarderKind.PRESS, "Báo An Hòa", str(number % 2))
    enter(uow, "account:btcd", new, Paper(), origin)
    if crash:
        raise Crash


class Crash(Exception):
    """The process died before its commit."""


def one_step(office: Office, name: str, number: int, crash: bool) -> None:
    codes = [
        one.code
        for one in office.db.read_now(lambda uow: uow.petitions.listed(list(PetitionState), None, 50))
    ]

    def work(uow: Any) -> None:
        if name == "ring":
            alarms.ring(uow)
        else:
            target = sorted(codes)[number % len(codes)]
            agency = office.agencies[("H50.04", "H50.06", "H50")[number % 3]]
            until = uow.now + timedelta(days=30)
            more = dict(_MORE.get(name, {}))
            if name == "merge":
                more["into"] = office.petition(sorted(codes)[0])
            if number % 2 and name in {"classify", "guide", "forward"}:
                more["about_agency_id"] = office.agencies["H50.04"].id
            if name in {"guide", "forward"}:
                more |= {"agency": agency, "skips_level": number == 1}
            else:
                more["agency"] = agency
            move(
                uow,
                EVERYBODY,
                target,
                name,
                reason="lý do",
                until=until,
                answer="xong",
                **more,
            )
        if crash:
            raise Crash

    if name == "wait":
        office.later(hours=number)
    elif name == "file":
        office.file()
    elif name == "letter":
        with contextlib.suppress(DomainError, Crash):
            office.db.write_now(lambda uow: letter(uow, office, number, crash))
    elif codes or name == "ring":
        with contextlib.suppress(DomainError, Crash):
            office.db.write_now(work)


def _all(uow: Any) -> list[Petition]:
    return list(uow.petitions.listed(list(PetitionState), None, 50))


def seen_well(office: Office, one: Petition) -> None:
    """Nobody whom it is about has it or owns it; what was merged goes on in something; nothing is a denunciation."""
    assert one.kind is not PetitionKind.DENUNCIATION
    assert (one.state is PetitionState.MERGED) == bool(one.merged_into)
    if one.about_agency_id is None:
        return
    assert one.agency_id != one.about_agency_id
    if one.is_open:
        owner = office.db.read_now(lambda uow: uow.accounts.by_name(one.owner))
        assert owner is None or owner.agency_id != one.about_agency_id
    if one.merged_into:
        root, seen = one, {one.code}
        while root.merged_into:
            root = office.petition(root.merged_into)
            assert root.code not in seen, "merged in a circle"
            seen.add(root.code)
        if root.state in OPEN | {PetitionState.CLOSED}:
            assert root.agency_id != one.about_agency_id


@pytest.fixture(scope="module")
def template(sqlite_template: Path) -> Path:
    return sqlite_template


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, 5), steps=st.lists(_steps, min_size=4, max_size=25))
def test_every_open_petition_has_an_owner_and_an_alarm(
    first: int, steps: list[tuple[str, int, bool]], template: Path, tools: Tools
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.sqlite3"
        shutil.copy(template, path)
        clock = MovedClock()
        db = open_database(f"sqlite:///{path}", replace(tools, clock=clock), workers=1)
        try:
            office = furnish(db, clock)
            for name, number, crash in [("letter", first, False), *steps]:
                one_step(office, name, number, crash)
                for one in db.read_now(lambda uow: uow.petitions.listed(list(PetitionState), None, 50)):
                    seen_well(office, one)
                    if one.state in FINAL:
                        assert one.alarm is None
                        assert one.alarm_at is None
                    else:
                        assert one.owner
                        assert one.alarm is not None
                        assert one.alarm_at is not None
                assert db.read_now(lambda uow: list(uow.petitions.orphans())) == []
            numbers = db.read_now(
                lambda uow: [o for p in _all(uow) for o in uow.petition_papers.origins(p.id)]
            )
            assert len({one.number for one in numbers}) == len(numbers)  # each letter is counted once
            told = office.notices()
            assert len({one.dedupe_key for one in told}) == len(told)
            assert all(QUIET_TO <= one.due_at.astimezone(VIETNAM).time() < QUIET_FROM for one in told)
        finally:
            db.close()
