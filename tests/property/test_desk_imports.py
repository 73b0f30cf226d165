"""Fees in any order, some rows twice: what is kept is the same, and a second time nothing changes."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.importers.base import Report
from backend.importers.fees_table import COLUMNS, FEES

_HEADINGS = {name: one[0] for name, (one, _example) in COLUMNS.items()}
_keys = st.tuples(st.integers(1, 6), st.integers(1, 4))  # dossier, day
_told = st.tuples(
    st.sampled_from(["20.000", "30000", "0", "-5", "x"]),
    st.sampled_from(["", "05/10/2026", "05/10/26"]),
    st.sampled_from(["", "x"]),
    st.sampled_from(["Sở Xây dựng", "Sở Tài chính", "Sở Vũ trụ"]),
)
_files = st.dictionaries(_keys, _told, max_size=12)


@pytest.fixture
def db(tools: Tools, sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "motcua.sqlite3"
    shutil.copy(sqlite_template, path)
    database = open_database(f"sqlite:///{path}", tools)
    for one in (
        Agency("H50.04", "Sở Xây dựng", "department"),
        Agency("H50.06", "Sở Tài chính", "department"),
    ):
        database.write_now(lambda uow, one=one: uow.agencies.put(one))
    yield database
    database.close()


def load(db: Database, folder: Path, rows: list[Any]) -> Report:
    path = folder / "phi.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(_HEADINGS.values()))
        writer.writeheader()
        for (number, day), (amount, paid, online, agency) in rows:
            writer.writerow(
                {
                    _HEADINGS["code"]: f"H50.04-261001-{number:04d}",
                    _HEADINGS["on"]: f"0{day}/10/2026",
                    _HEADINGS["amount"]: amount,
                    _HEADINGS["paid"]: paid,
                    _HEADINGS["online"]: online,
                    _HEADINGS["agency"]: agency,
                }
            )
    return FEES.load(path, db.write_now, source="Nền tảng thanh toán")


def kept(db: Database) -> list[Any]:
    wanted = (
        "SELECT dossier_code, agency_id, on_date, amount_vnd, paid_on, online FROM fee_payments ORDER BY 1, 3"
    )
    return db.read_now(lambda uow: [tuple(row) for row in uow.connection.execute(text(wanted))])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_files, data=st.data())
def test_order_and_repetition_make_no_difference(
    db: Database, tmp_path: Path, rows: dict[Any, Any], data: st.DataObject
) -> None:
    db.write_now(lambda uow: uow.connection.execute(text("DELETE FROM fee_payments")))
    once = list(rows.items())
    first = load(db, tmp_path, once)
    assert first.created + first.refused == len(once)
    state = kept(db)
    assert len(state) == first.created
    twice = once + data.draw(st.lists(st.sampled_from(once), max_size=6) if once else st.just([]))
    again = load(db, tmp_path, data.draw(st.permutations(twice)))
    assert (again.created, again.changed) == (0, 0)
    assert kept(db) == state
    db.write_now(lambda uow: uow.connection.execute(text("DELETE FROM fee_payments")))
    load(db, tmp_path, data.draw(st.permutations(twice)))
    assert kept(db) == state
