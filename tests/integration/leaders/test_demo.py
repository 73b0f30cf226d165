"""The demonstration province has registers, calendars and a roster to ask about, marked as invented."""

from __future__ import annotations

from typing import Any

import pytest

from backend.db.engine import Database
from backend.demo.documents import load_documents
from backend.demo.leaders import load_leaders
from backend.demo.office import load_office
from backend.domain.leader import THE_PUBLIC, Sight, Visibility
from backend.domain.scope import NO_SCOPE, Scope
from backend.services.documents.asking import Asked
from backend.services.documents.lookup import look_up
from backend.services.leaders.duty import on_duty
from backend.services.leaders.schedule import schedule, usual_span
from tests.conftest import NOW

ALL = Scope(everything=True)


@pytest.fixture
def demo(db: Database) -> Database:
    def load(uow: Any) -> None:
        load_office(uow)
        load_documents(uow, anchor=NOW)
        load_leaders(uow, anchor=NOW)

    db.write_now(load)
    return db


def test_every_row_is_marked_and_nothing_is_classified(demo: Database) -> None:
    for table in ("documents", "leaders", "leader_events", "duty_shifts"):
        query = f"SELECT count(*), count(NULLIF(demo, '')) FROM {table}"
        many, marked = demo.read_now(
            lambda uow, query=query: uow.connection.exec_driver_sql(query).fetchone()
        )
        assert many == marked > 0, table
    secret = "SELECT count(*) FROM documents WHERE secrecy <> ''"
    assert demo.read_now(lambda uow: uow.connection.exec_driver_sql(secret).scalar()) == 0


def test_there_is_something_to_find(demo: Database) -> None:
    def look(uow: Any) -> list[int]:
        told = [
            look_up(uow, ALL, Asked({"words": "chuyển đổi số"})).total,
            look_up(uow, NO_SCOPE, Asked({"words": "bang gia dat"})).total,
            on_duty(uow, ALL, (uow.today, uow.today)).total,
        ]
        week = usual_span(uow.today)
        told.append(schedule(uow, Sight(ALL), week).total)
        told.append(schedule(uow, THE_PUBLIC, week).total)
        told.append(schedule(uow, Sight(ALL), week).clashing)
        return told

    assert all(demo.read_now(look))


def test_no_two_documents_share_a_number_in_a_register(demo: Database) -> None:
    query = (
        "SELECT count(*), count(DISTINCT direction || number_key || issuer_key || issued_on) FROM documents"
    )
    many, different = demo.read_now(lambda uow: uow.connection.exec_driver_sql(query).fetchone())
    assert many == different >= 250


def test_four_weeks_with_every_visibility(demo: Database) -> None:
    query = "SELECT DISTINCT visibility FROM leader_events"
    kinds = demo.read_now(lambda uow: {row[0] for row in uow.connection.exec_driver_sql(query)})
    assert kinds == set(map(str, Visibility))
