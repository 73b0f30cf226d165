"""What is over its time goes, in pieces; what must stay, stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from backend.db.engine import Database
from backend.db.tables.conversations import blobs, buttons, conversations, inbox, outbox
from backend.db.tables.notices import notices
from backend.db.tables.people import audit, guesses
from backend.db.tables.running import job_runs
from backend.db.unit_of_work import SqlUnitOfWork
from backend.domain.clock import VIETNAM
from backend.domain.conversation import ButtonRow
from backend.domain.messaging import Address, ChannelName, Incoming, Kind, Outgoing
from backend.domain.notice import Notice
from backend.domain.retention import Kept
from backend.jobs.retention import CRON, forget
from backend.jobs.schedule import Daily, Schedule, last_slot
from backend.services.retention import count_old, forget_some
from tests.conftest import NOW, FixedClock

DAYS = 180
ADDRESS = Address(ChannelName.WEB, "site", "abc")


def message(uow: SqlUnitOfWork, number: int, *, finished: bool = True) -> int:
    """A message with its reply, a button, a photo, a notice, all of this moment."""
    conversation = uow.conversations.lock_or_start(ADDRESS, uow.now)
    incoming = Incoming(ADDRESS, f"e{number}", Kind.TEXT, "chữ")
    row = uow.inbox.add(conversation, number, incoming, uow.now, "h", uow.now + timedelta(seconds=15))
    assert row is not None
    uow.outbox.add(uow.conversations.get(conversation), [Outgoing("trả lời")], uow.now, inbox_id=row)
    uow.outbox.add(
        uow.conversations.get(conversation), [Outgoing("nhắc")], uow.now, inbox_id=None, kind="notice"
    )
    expires = uow.now + timedelta(hours=2)
    uow.buttons.add([ButtonRow(f"b{number}", conversation, row, 1, 0, "", expires_at=expires)])
    uow.blobs.add(conversation, "image/png", b"x", uow.now)
    uow.notices.add(Notice("reminder", "booking:1", conversation, uow.now, f"k{number}"))
    uow.notices.cancel("booking:1")
    uow.conversations.save_state(conversation, {"form": "x"})
    uow.connection.execute(
        conversations.update().where(conversations.c.id == conversation).values(last_at=uow.now)
    )
    uow.guesses.count_wrong(f"asker{number}")
    uow.audit.record("bot", "tested", f"inbox:{row}", "ok")
    if finished:
        uow.connection.execute(inbox.update().where(inbox.c.id == row).values(status="done"))
    return row


def at(db: Database, clock: FixedClock, moment: datetime, *numbers: int, **how: Any) -> None:
    clock.set(moment)
    for number in numbers:
        db.write_now(lambda uow, number=number: message(uow, number, **how))
    clock.set(NOW)


def count(db: Database, table: Any) -> int:
    query = select(func.count()).select_from(table)
    return int(db.read_now(lambda uow: uow.connection.execute(query).scalar_one()))


@pytest.fixture
def history(db: Database, clock: FixedClock) -> Database:
    at(db, clock, NOW - timedelta(days=DAYS, hours=1), 1, 2, 3)
    at(db, clock, NOW - timedelta(days=DAYS) + timedelta(hours=1), 4)
    at(db, clock, NOW, 5)
    return db


async def test_what_is_old_goes_and_what_is_young_stays(history: Database) -> None:
    gone = await forget(history, DAYS, "job:retention")
    assert gone[Kept.MESSAGES] == gone[Kept.REPLIES] == gone[Kept.FILES] == gone[Kept.NOTICES] == 3
    left = {table.name: count(history, table) for table in (inbox, outbox, blobs, notices)}
    assert left == {"inbox": 2, "outbox": 4, "blobs": 2, "notices": 2}


async def test_buttons_and_guesses_go_a_day_after_they_stopped_to_count(history: Database) -> None:
    await forget(history, DAYS, "job:retention")
    assert (count(history, buttons), count(history, guesses)) == (1, 1)


async def test_the_audit_and_the_conversation_itself_stay(history: Database) -> None:
    before = count(history, audit)
    await forget(history, DAYS, "job:retention")
    assert count(history, audit) == before + 1  # and the trace of this run
    assert count(history, conversations) == 1


async def test_the_trace_holds_counts_only(history: Database) -> None:
    await forget(history, DAYS, "shell:nam")
    newest = select(audit.c.actor, audit.c.detail).order_by(audit.c.id.desc()).limit(1)
    actor, detail = history.read_now(lambda uow: uow.connection.execute(newest).one())
    assert actor == "shell:nam"
    assert detail == {
        "days": DAYS, "messages": 3, "replies": 3, "files": 3, "notices": 3, "buttons": 1, "guesses": 4
    }  # fmt: skip


async def test_a_silent_conversation_forgets_its_form_and_a_talking_one_does_not(
    db: Database, clock: FixedClock
) -> None:
    at(db, clock, NOW - timedelta(days=DAYS + 1), 1)
    await forget(db, DAYS, "job:retention")
    state = select(conversations.c.state)
    assert db.read_now(lambda uow: uow.connection.execute(state).scalar_one()) is None
    at(db, clock, NOW, 2)
    await forget(db, DAYS, "job:retention")
    assert db.read_now(lambda uow: uow.connection.execute(state).scalar_one()) is not None


async def test_a_message_that_nobody_finished_is_never_dropped(db: Database, clock: FixedClock) -> None:
    at(db, clock, NOW - timedelta(days=DAYS * 2), 1, finished=False)
    at(db, clock, NOW - timedelta(days=DAYS * 2), 2)
    gone = await forget(db, DAYS, "job:retention")
    assert (gone[Kept.MESSAGES], count(db, inbox)) == (1, 1)


def test_a_dry_run_counts_what_a_run_would_delete_and_changes_nothing(history: Database) -> None:
    counted = history.write_now(lambda uow: count_old(uow, DAYS))
    assert counted[Kept.MESSAGES] == counted[Kept.REPLIES] == 3
    assert count(history, inbox) == 5


def test_one_transaction_deletes_no_more_than_it_may(history: Database) -> None:
    sizes = [history.write_now(lambda uow: forget_some(uow, Kept.MESSAGES, DAYS, most=2)) for _ in range(3)]
    assert sizes == [2, 1, 0]


def test_the_oldest_go_first(history: Database) -> None:
    history.write_now(lambda uow: forget_some(uow, Kept.MESSAGES, DAYS, most=2))
    left = history.read_now(lambda uow: uow.connection.execute(select(inbox.c.id).order_by(inbox.c.id)))
    assert [row.id for row in left] == [3, 4, 5]


async def test_the_nightly_round_runs_once_a_day_after_two(history: Database, clock: FixedClock) -> None:
    async def work() -> int:
        return sum((await forget(history, DAYS, "job:retention")).values())

    job = Daily("retention", CRON, work)
    one, two = (Schedule(history, name, [job]) for name in ("one", "two"))
    clock.set(datetime(2026, 11, 22, 2, 0, tzinfo=VIETNAM))
    first = await one.catch_up(job)
    assert first > 4
    assert await two.catch_up(job) == 0
    finished = select(job_runs.c.outcome, job_runs.c.count, job_runs.c.holder)
    assert tuple(history.read_now(lambda uow: uow.connection.execute(finished).one())) == ("ok", first, "one")


def test_the_slot_is_the_office_s_date() -> None:
    async def nothing() -> int:
        return 0

    job = Daily("retention", CRON, nothing)
    evening_utc = datetime.fromisoformat("2026-11-21T20:00:00+00:00")  # 03:00 of the 22nd in Vietnam
    assert last_slot(job, evening_utc) == datetime(2026, 11, 22, 2, 0, tzinfo=VIETNAM)
    before = datetime(2026, 11, 22, 1, 59, tzinfo=VIETNAM)
    assert last_slot(job, before) == datetime(2026, 11, 21, 2, 0, tzinfo=VIETNAM)


def test_bookings_stay(history: Database) -> None:
    from backend.db.tables.agencies import agencies
    from backend.db.tables.reception import reception_bookings, reception_days, reception_rules

    def book(uow: SqlUnitOfWork) -> None:
        day = NOW.date()
        uow.connection.execute(
            insert(agencies), {"id": 1, "code": "H", "name": "U", "kind": "province", "valid_from": day}
        )
        common = {"sessions": [], "place": "p", "capacity": 1}
        uow.connection.execute(
            insert(reception_rules),
            {"id": 1, "host": "h", "host_kind": "desk", "agency_id": 1, "rule": {}, "valid_from": day}
            | {"source": "s"} | common,
        )  # fmt: skip
        uow.connection.execute(
            insert(reception_days), {"id": 1, "rule_id": 1, "on_date": day, "planned_on": day, **common}
        )
        old = NOW - timedelta(days=DAYS * 2)
        uow.connection.execute(
            insert(reception_bookings),
            {"code": "T", "day_id": 1, "conversation_id": 1, "status": "confirmed", "request": b"x"}
            | {"created_at": old},
        )

    history.write_now(book)
    for kind in Kept:
        while history.write_now(lambda uow, kind=kind: forget_some(uow, kind, DAYS)):
            pass
    assert count(history, reception_bookings) == 1
