"""Statements on the driver's own cursor read and write what SQLAlchemy itself does, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.db.engine import Database
from backend.db.hot import DIALECTS, Hot, among
from backend.db.tables.people import audit
from backend.db.tables.running import leases
from backend.db.unit_of_work import SqlUnitOfWork

AT = datetime(2026, 11, 21, 2, 30, 0, 123456, tzinfo=UTC)
ROW = {
    "at": AT,
    "actor": "chị Tư",
    "action": "look",
    "subject": "s",
    "outcome": "ok",
    "detail": {"từ": ["a", 1, None]},
}
ADD = Hot(insert(audit).returning(audit.c.id))
READ = select(audit).where(audit.c.actor == bindparam("actor")).order_by(audit.c.id)


def test_a_row_is_written_and_read_as_sqlalchemy_reads_it(db: Database) -> None:
    def job(uow: SqlUnitOfWork) -> tuple[list[Any], list[Any]]:
        first = ADD.scalar(uow.connection, ROW)
        second = uow.connection.execute(insert(audit).returning(audit.c.id), ROW).scalar_one()
        assert second == first + 1
        hot = Hot(READ).all(uow.connection, {"actor": "chị Tư"})
        return [row._asdict() for row in hot], [
            dict(row._mapping) for row in uow.connection.execute(READ, {"actor": "chị Tư"})
        ]

    hot, core = db.write_now(job)
    assert hot == core
    assert len(hot) == 2
    assert (hot[0]["at"], hot[0]["detail"]) == (AT, {"từ": ["a", 1, None]})


def test_no_row_is_none_and_changes_are_counted(db: Database) -> None:
    rename = Hot(update(audit).where(audit.c.actor == bindparam("old")).values(actor=bindparam("new")))

    def job(uow: SqlUnitOfWork) -> None:
        assert Hot(READ).first(uow.connection, {"actor": "nobody"}) is None
        assert Hot(READ).scalar(uow.connection, {"actor": "nobody"}) is None
        Hot(insert(audit)).many(uow.connection, [ROW, ROW | {"subject": "t"}])
        assert rename.run(uow.connection, {"old": "chị Tư", "new": "b"}) == 2
        assert [row.subject for row in Hot(READ).all(uow.connection, {"actor": "b"})] == ["s", "t"]

    db.write_now(job)


def test_one_name_may_stand_in_several_places(db: Database) -> None:
    between = Hot(
        select(audit.c.subject).where(
            audit.c.at >= bindparam("now"), audit.c.at <= bindparam("now"), audit.c.actor == bindparam("who")
        )
    )

    def job(uow: SqlUnitOfWork) -> Any:
        ADD.scalar(uow.connection, ROW)
        ADD.scalar(uow.connection, ROW | {"at": AT + timedelta(hours=1)})
        return between.all(uow.connection, {"now": AT, "who": "chị Tư"})

    assert len(db.write_now(job)) == 1


@pytest.mark.parametrize("wanted", [0, 1, 3000])
def test_a_list_is_one_value_however_long(db: Database, wanted: int) -> None:
    look = Hot(
        **{name: select(audit.c.id).where(among(name, audit.c.id, "ids", Integer)) for name in DIALECTS}
    )

    def job(uow: SqlUnitOfWork) -> tuple[int, list[Any]]:
        own = ADD.scalar(uow.connection, ROW)
        return own, look.all(uow.connection, {"ids": list(range(own, own + wanted))})

    own, found = db.write_now(job)
    assert [row.id for row in found] == ([own] if wanted else [])


def test_an_error_is_sqlalchemys_and_does_not_show_what_was_written(db: Database) -> None:
    add = Hot(insert(leases))
    lease = {"name": "0912000118", "holder": "x", "until": AT, "token": 1}

    def job(uow: SqlUnitOfWork) -> None:
        add.run(uow.connection, lease)
        with pytest.raises(IntegrityError) as refused, uow.savepoint():
            add.run(uow.connection, lease)
        assert "[parameters" not in str(refused.value)
        assert Hot(select(leases.c.holder)).scalar(uow.connection, {}) == "x"

    db.write_now(job)


def test_a_naive_time_is_refused(db: Database) -> None:
    with pytest.raises(Exception, match="time zone"):
        db.write_now(lambda uow: ADD.scalar(uow.connection, ROW | {"at": datetime(2026, 1, 1)}))


def test_lists_written_anew_each_time_are_refused(db: Database) -> None:
    look = Hot(select(audit.c.id).where(audit.c.id.in_([1, 2])))
    with pytest.raises(TypeError):
        db.write_now(lambda uow: look.all(uow.connection, {}))
