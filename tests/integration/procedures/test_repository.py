"""Versions of a procedure by their day, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from backend.db.engine import Database
from backend.demo.catalogue import read_procedures
from backend.domain.procedure import Procedure

FIRST: Procedure = next(iter(read_procedures()))
LATER = replace(FIRST, valid_from=date(2027, 3, 1), title="Tên mới")


def _put(db: Database, one: Procedure) -> str:
    return db.write_now(lambda uow: uow.procedures.put(one))


def _title(db: Database, on: date) -> str | None:
    one = db.write_now(lambda uow: uow.procedures.by_code(FIRST.code, on))
    return one.title if one else None


def test_what_is_put_comes_back(db: Database) -> None:
    assert _put(db, FIRST) == "created"
    assert db.write_now(lambda uow: uow.procedures.by_code(FIRST.code, FIRST.valid_from)) == FIRST


def test_putting_the_same_again_changes_nothing(db: Database) -> None:
    _put(db, FIRST)
    before = db.write_now(lambda uow: uow.procedures.catalogue_version())
    assert _put(db, FIRST) == "unchanged"
    assert db.write_now(lambda uow: uow.procedures.catalogue_version()) == before


def test_a_change_in_place_is_seen_by_caches(db: Database) -> None:
    _put(db, FIRST)
    before = db.write_now(lambda uow: uow.procedures.catalogue_version())
    assert _put(db, replace(FIRST, title="Tên khác")) == "changed"
    assert db.write_now(lambda uow: uow.procedures.catalogue_version()) != before


def test_a_later_version_closes_the_one_before(db: Database) -> None:
    _put(db, FIRST)
    _put(db, LATER)
    assert _title(db, date(2027, 2, 28)) == FIRST.title
    assert _title(db, date(2027, 3, 1)) == "Tên mới"
    old = db.write_now(lambda uow: uow.procedures.version_for(FIRST.code, FIRST.valid_from))
    assert old is not None
    assert old.valid_to == date(2027, 2, 28)
    assert _put(db, FIRST) == "unchanged"  # its end belongs to the version that followed


def test_an_earlier_version_put_late_ends_where_the_known_one_begins(db: Database) -> None:
    _put(db, LATER)
    _put(db, FIRST)
    assert _title(db, date(2027, 2, 28)) == FIRST.title
    assert _title(db, date(2027, 3, 1)) == "Tên mới"


def test_before_the_first_version_there_is_none(db: Database) -> None:
    _put(db, FIRST)
    assert _title(db, date(2020, 1, 1)) is None


def test_only_what_is_in_force_is_searched(db: Database) -> None:
    _put(db, FIRST)
    _put(db, LATER)
    current = db.write_now(lambda uow: uow.procedures.current(date(2026, 11, 21)))
    assert [entry.title for entry in current] == [FIRST.title]
    assert current[0].common_names == FIRST.common_names
    assert db.write_now(lambda uow: uow.procedures.titles([FIRST.code, "9.999999"], date(2027, 3, 1))) == {
        FIRST.code: "Tên mới"
    }
