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
from backend.domain.petition import FINAL, MOVES, PetitionState
from backend.services.petitions import alarms
from backend.services.petitions.moving import Mover, move
from backend.services.quiet import QUIET_FROM, QUIET_TO
from tests.integration.petitions.conftest import MovedClock, Office, furnish

EVERYBODY = Mover("account:all", frozenset(role for arrow in MOVES.values() for role in arrow.by))

_steps = st.one_of(
    st.tuples(st.just("file"), st.just(0), st.booleans()),
    st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("wait"), st.integers(1, 40 * 24), st.booleans()),
    st.tuples(st.just("ring"), st.just(0), st.booleans()),
)


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
            more = {"into": office.petition(sorted(codes)[0])} if name == "merge" else {}
            move(
                uow,
                EVERYBODY,
                target,
                name,
                reason="lý do",
                agency=agency,
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
    elif codes or name == "ring":
        with contextlib.suppress(DomainError, Crash):
            office.db.write_now(work)


@pytest.fixture(scope="module")
def template(sqlite_template: Path) -> Path:
    return sqlite_template


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_steps, min_size=1, max_size=25))
def test_every_open_petition_has_an_owner_and_an_alarm(
    steps: list[tuple[str, int, bool]], template: Path, tools: Tools
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.sqlite3"
        shutil.copy(template, path)
        clock = MovedClock()
        db = open_database(f"sqlite:///{path}", replace(tools, clock=clock), workers=1)
        try:
            office = furnish(db, clock)
            for name, number, crash in steps:
                one_step(office, name, number, crash)
                for one in db.read_now(lambda uow: uow.petitions.listed(list(PetitionState), None, 50)):
                    if one.state in FINAL:
                        assert one.alarm is None
                        assert one.alarm_at is None
                    else:
                        assert one.owner
                        assert one.alarm is not None
                        assert one.alarm_at is not None
                assert db.read_now(lambda uow: list(uow.petitions.orphans())) == []
            told = office.notices()
            assert len({one.dedupe_key for one in told}) == len(told)
            assert all(QUIET_TO <= one.due_at.astimezone(VIETNAM).time() < QUIET_FROM for one in told)
        finally:
            db.close()
