"""The commands for figures as they are typed, on both engines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backend.db.engine import Database
from backend.domain.agency import Agency
from backend.domain.dossier import Dossier, Filing, Stage
from bot.cli.errors import CommandError

DAYS = ("--from", "2021-01-01", "--to", "2021-12-31")


def test_a_total_is_entered_in_versions(run: Any, db: Database) -> None:
    words = ("figures", "enter", "documents/incoming", "55572", *DAYS, "--source", "BC 12/BC-VP")
    assert "version 1" in run(*words).stdout
    assert "version 2" in run(*words).stdout
    listed = run("figures", "list").stdout
    assert listed.count("55572") == 2
    assert "[BC 12/BC-VP]" in listed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("documents/incoming", "1", *DAYS, "--source", ""), "source document"),
        (("documents/none", "1", *DAYS, "--source", "BC"), "no such figure"),
        (("documents/incoming", "many", *DAYS, "--source", "BC"), "not a number"),
        (
            ("documents/incoming", "1", "--from", "x", "--to", "2021-12-31", "--source", "BC"),
            "expected a date",
        ),
        (("documents/incoming", "1", *DAYS, "--source", "BC", "--agency", "H99"), "no such agency"),
    ],
)
def test_an_unusable_total_is_refused(run: Any, db: Database, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        run("figures", "enter", *words)
    assert db.read_now(lambda uow: uow.figures.all_entered(10)) == []


def test_a_period_is_frozen_with_its_report(run: Any, db: Database) -> None:
    run("figures", "enter", "documents/incoming", "7", *DAYS, "--source", "BC 1")
    run("figures", "freeze", "documents", *DAYS, "--source", "BC 45/BC-UBND")
    assert "documents/incoming" in run("figures", "list", "--frozen").stdout
    with pytest.raises(CommandError, match="report's number"):
        run("figures", "freeze", "documents", *DAYS, "--source", " ")
    with pytest.raises(CommandError, match="no such topic"):
        run("figures", "freeze", "nothing", *DAYS, "--source", "BC 1")


def test_the_office_sets_its_reporting_month(run: Any, db: Database) -> None:
    run(
        "figures", "regimes", "add", "month", "14", "--name", "kỳ", "--source", "QĐ 1", "--from", "2026-01-01"
    )
    assert "day 14" in run("figures", "regimes", "list").stdout
    with pytest.raises(CommandError, match="expected a day"):
        run(
            "figures", "regimes", "add", "month", "40", "--name", "k", "--source", "Q", "--from", "2026-01-01"
        )


def test_dossiers_find_an_agency_that_was_entered_later(run: Any, db: Database) -> None:
    now = db.read_now(lambda uow: uow.now)
    filings = [
        Filing(Dossier(f"H50.04-261101-{n:04d}", Stage.PROCESSING, "x", now, agency_name="Sở Xây dựng"))
        for n in range(3)
    ]
    db.write_now(lambda uow: uow.dossiers.put_many(filings))
    assert "found: 0" in run("figures", "agencies").stdout
    db.write_now(
        lambda uow: uow.agencies.put(
            Agency("H50.04", "Sở Xây dựng", "department", valid_from=date(2025, 7, 1))
        )
    )
    assert "would be found: 3" in run("figures", "agencies", "--dry-run").stdout
    assert "found: 3; still without an agency: 0" in run("figures", "agencies").stdout
    assert "found: 0" in run("figures", "agencies").stdout


def test_every_figure_is_listed_with_its_meaning(run: Any, db: Database) -> None:
    listed = run("figures", "keys").stdout
    assert "dossiers/late" in listed
    assert "sau giờ hẹn trả" in listed


def test_a_profile_is_loaded_only_by_its_name_and_into_an_empty_database(run: Any, db: Database) -> None:
    with pytest.raises(CommandError, match="no such demonstration"):
        run("demo", "load", "ha-noi-2020")
    db.write_now(lambda uow: uow.agencies.put(Agency("H50", "UBND tỉnh", "province")))
    with pytest.raises(CommandError, match="not empty"):
        run("demo", "load", "tra-vinh-2023")
