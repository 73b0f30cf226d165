"""The ratings commands, as they are typed, on both engines."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backend.db.engine import Database
from backend.db.tables.people import audit
from backend.domain.dossier import Applicant, Filing, Stage
from backend.domain.rating import Reason
from backend.domain.viewer import Viewer
from backend.services import people, ratings
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings
from tests.integration.people.conftest import ANNA, TELEGRAM, dossier
from tests.integration.ratings.conftest import DONE


@pytest.fixture
def rated(run: Any, db: Database) -> Database:
    """Filled as the commands see it: what is sealed needs their key."""

    def fill(uow: Any) -> None:
        uow.dossiers.put_many([Filing(dossier(DONE, Stage.DONE), Applicant("Nguyễn Thị An", ANNA))])
        number = uow.conversations.lock_or_start(TELEGRAM, uow.now)
        identity = people.vouch(uow, TELEGRAM, ANNA)
        viewer = replace(Viewer(number, TELEGRAM), phone_proofs=frozenset({identity.phone_print or ""}))
        ratings.rate(uow, viewer, DONE, 2)
        ratings.explain(uow, viewer, DONE, [Reason.LATE], "chờ ba tiếng")

    with opened_store(present_settings()) as store:
        store.write_now(fill)
    return db


def test_figures_as_a_table_and_as_json(run: Any, rated: Database) -> None:
    shown = run("ratings", "figures").stdout
    assert "2.00" in shown
    assert "Ủy ban nhân dân phường Trần Phú" in shown
    assert "late 1" in shown
    told = json.loads(
        run("ratings", "figures", "--from", "2026-11-21", "--to", "2026-11-21", "--json").stdout
    )
    assert (told["overall"]["count"], told["overall"]["average"]) == (1, 2.0)
    assert list(told["by_month"]) == ["2026-11"]
    before = json.loads(run("ratings", "figures", "--to", "2026-11-20", "--json").stdout)
    assert before["overall"]["count"] == 0


def test_the_list_masks_people_and_words_leave_a_trace(run: Any, rated: Database) -> None:
    bare = run("ratings", "list").stdout
    assert "2/5" in bare
    assert "091*****78" in bare
    assert ANNA not in bare
    assert "ba tiếng" not in bare
    whole = run("ratings", "list", "--words").stdout
    assert "chờ ba tiếng" in whole
    assert ANNA not in whole
    traces = rated.read_now(lambda uow: list(uow.connection.execute(select(audit.c.action)).scalars()))
    assert traces.count("ratings_shown") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "hôm qua"), "expected a date"),
        (("--to", "2026-13-01"), "expected a date"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "later than"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    run: Any, rated: Database, words: tuple[str, ...], told: str
) -> None:
    with pytest.raises(CommandError, match=told):
        run("ratings", "figures", *words)
