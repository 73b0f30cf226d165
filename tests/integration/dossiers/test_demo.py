"""The demonstration dossiers are varied, repeatable and explained sensibly."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from backend.db.engine import Database
from backend.demo.catalogue import read_procedures
from backend.demo.dossiers import load_dossiers
from backend.demo.office import load_office
from backend.demo.showcase import ALL, showcase
from backend.domain.dossier import Stage
from backend.domain.messaging import Address, ChannelName
from backend.domain.procedure import Procedure
from backend.domain.viewer import Viewer
from backend.services.dossiers import Explained, explain
from tests.conftest import NOW

VIEWER = Viewer(1, Address(ChannelName.WEB, "web", "anna"))


@pytest.fixture(scope="module")
def procedures() -> list[Procedure]:
    return list(read_procedures())


@pytest.fixture
def demo(db: Database, procedures: list[Procedure]) -> Database:
    def load(uow: Any) -> None:
        load_office(uow)
        load_dossiers(uow, anchor=NOW, count=400, procedures=procedures)

    db.write_now(load)
    return db


def test_every_stage_occurs_and_parts_have_wholes(demo: Database) -> None:
    rows = demo.write_now(
        lambda uow: uow.connection.exec_driver_sql(
            "SELECT stage, parent_id, demo, received_at, due_at FROM dossiers"
        ).fetchall()
    )
    stages = Counter(Stage(row[0]) for row in rows)
    assert set(stages) == set(Stage) - {Stage.UNKNOWN}
    assert any(row[1] is not None for row in rows)
    assert {row[2] for row in rows} == {"demo"}
    assert all(row[3] <= row[4] for row in rows if row[3] and row[4])


def test_the_showcase_is_what_it_says(demo: Database) -> None:
    codes = demo.write_now(showcase)
    assert codes == {kind: one.code for kind, one in ALL.items()}
    views = {}
    for kind, code in codes.items():
        result = demo.write_now(lambda uow, code=code: explain(uow, VIEWER, code))
        assert isinstance(result, Explained)
        views[kind] = result.view
    assert views["late"].clock.state == "late"
    assert views["late"].clock.working_days == 6
    assert views["processing"].clock.working_days == 4
    assert views["supplement"].clock.state == "paused"
    assert [part.stage for part in views["children"].parts] == [Stage.PROCESSING, Stage.DONE]
    assert views["done"].next_step == "collect"
    assert views["done"].place is not None
    assert views["done"].place.address
    assert all(view.title and view.agency for view in views.values())


def test_the_same_seed_gives_the_same_dossiers(demo: Database, procedures: list[Procedure]) -> None:
    before = demo.write_now(lambda uow: uow.dossiers.count())
    demo.write_now(lambda uow: load_dossiers(uow, anchor=NOW, count=400, procedures=procedures))
    assert demo.write_now(lambda uow: uow.dossiers.count()) == before
