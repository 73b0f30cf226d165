"""The demonstration's reports: every state is there to be asked for, and the same anchor gives the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.demo.office import load_office
from backend.demo.report_duties import load_report_duties
from backend.domain.report_duty import DutyFilter, DutyState
from backend.domain.scope import Scope
from backend.services.report_duties.periods import latest, owed_until
from tests.conftest import NOW, FixedClock


@pytest.fixture
def province(database_url: str, tools: Tools) -> Iterator[Database]:
    db = open_database(database_url, replace(tools, clock=FixedClock()), workers=2)
    db.write_now(load_office)
    db.write_now(lambda uow: load_report_duties(uow, anchor=NOW))
    yield db
    db.close()


def test_some_are_owed_some_late_one_waits_and_one_was_sent_back(province: Database) -> None:
    def look(uow: Any) -> Counter[str]:
        wanted = owed_until(uow, uow.report_duties.all())
        rows = uow.report_duties.duties(Scope(everything=True), wanted, DutyFilter(), uow.today, 10_000)
        told = Counter(str(one.state) for one in rows)
        told["waiting"] = sum(one.waiting for one in rows)
        told["returned"] = sum(one.returned is not None for one in rows)
        assert uow.report_duties.count_waiting(Scope(everything=True), frozenset()) >= told["waiting"]
        return told

    told = province.read_now(look)
    assert min(told["on_time"], told["late"], told["owed"], told["waiting"], told["returned"]) > 0
    assert told["on_time"] > 2 * (told["late"] + told["owed"]), "an office where most reports come in time"


def test_the_demonstrations_officer_owes_something_and_has_a_report_ahead(province: Database) -> None:
    def look(uow: Any) -> tuple[int, int]:
        home = uow.agencies.by_code("H50.04")
        mine = DutyFilter(agencies=frozenset({home.id}))
        reports = uow.report_duties.all()
        owed = replace(mine, states=frozenset({DutyState.OWED}))
        debts = uow.report_duties.duties(
            Scope(everything=True), owed_until(uow, reports), owed, uow.today, 100
        )
        closed = uow.report_duties.duties(Scope(everything=True), latest(uow, reports), mine, uow.today, 100)
        return len(debts), len(closed)

    debts, closed = province.read_now(look)
    assert debts > 0
    assert closed > debts
