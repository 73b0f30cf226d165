"""Zalo is gone for a while: nothing is lost, nothing that was acknowledged is sent twice, order holds."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter as Tally
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from backend.db.engine import Database
from backend.domain.messaging import Address, ChannelName, Outgoing, Receipt, Sight
from bot.channels.zalo.sender import ZaloSender
from bot.dialogue import deliver
from bot.dialogue.deliver import MOST_TRIES, Deliverer
from bot.dialogue.hub import Hub
from tests.conftest import FixedClock
from tests.recording_desk import until
from tests.zalo_stand_in.server import OA_ID, ZaloStandIn

PEOPLE = ("an", "binh", "chi")


def queue(db: Database, person: str, *texts: str) -> None:
    address = Address(ChannelName.ZALO, OA_ID, person)

    def add(uow: Any) -> None:
        conversation = uow.conversations.get(uow.conversations.lock_or_start(address, uow.now))
        uow.outbox.add(conversation, [Outgoing(one) for one in texts], uow.now, inbox_id=None)

    db.write_now(add)


def counts(db: Database) -> dict[str, int]:
    found = dict(db.read_now(lambda uow: uow.outbox.counts()))
    return {name: count for name, count in found.items() if count}


@contextlib.asynccontextmanager
async def ticking(clock: FixedClock) -> AsyncIterator[None]:
    async def tick() -> None:
        while True:
            await asyncio.sleep(0.005)
            clock.set(clock.now() + timedelta(seconds=0.005))

    task = asyncio.create_task(tick())
    try:
        yield
    finally:
        task.cancel()


@pytest_asyncio.fixture
async def delivering(
    db: Database, sender: ZaloSender, server: ZaloStandIn, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    monkeypatch.setattr(deliver, "IDLE_S", 0.05)
    for person in PEOPLE:
        server.spoke(person)
    deliverer = Deliverer(db, Hub(), sender, ChannelName.ZALO, OA_ID, "one", per_second=2000)
    async with ticking(clock):
        task = asyncio.create_task(deliverer.run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.usefixtures("delivering")
async def test_ten_minutes_without_zalo(db: Database, server: ZaloStandIn, clock: FixedClock) -> None:
    """Far more tries than a message has; the waits are shortened, and the clock jumps in between."""
    server.outage = True
    for person in PEOPLE:
        queue(db, person, *(f"{person} {n}" for n in range(4)))
    for minutes in range(10):
        await until(lambda minutes=minutes: len(server.tried) > 2 * minutes, 30)
        await until(lambda: counts(db) == {"queued": 12}, 30)
        clock.set(clock.now() + timedelta(minutes=1))
    assert server.sent == []
    assert len(server.tried) > MOST_TRIES
    server.outage = False
    await until(lambda: counts(db).get("sent") == 12, 30)
    for person in PEOPLE:
        assert [one.text for one in server.messages(person)] == [f"{person} {n}" for n in range(4)]


@pytest.mark.usefixtures("delivering")
async def test_only_what_was_never_acknowledged_may_come_twice(db: Database, server: ZaloStandIn) -> None:
    server.lost_answers["cs"] = 2
    for person in PEOPLE:
        queue(db, person, *(f"{person} {n}" for n in range(4)))
    await until(lambda: counts(db) == {"sent": 12}, 30)
    copies = Tally(one.text for one in server.sent)
    assert len(copies) == 12
    assert sum(copies.values()) == 12 + 2


@pytest.mark.usefixtures("delivering")
async def test_the_rate_limit_holds_everybody_and_loses_nobody(
    db: Database, server: ZaloStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.channels.zalo import sender as sending

    failure = sending.ZaloSender._failure

    def soon(self: ZaloSender, *given: Any) -> Any:
        failed = failure(self, *given)
        failed.after_s = min(failed.after_s, 0.05)
        return failed

    monkeypatch.setattr(sending.ZaloSender, "_failure", soon)
    server.refuse("message", *[-32] * (MOST_TRIES + 4))
    for person in PEOPLE:
        queue(db, person, f"{person} 1", f"{person} 2")
    await until(lambda: counts(db) == {"sent": 6}, 30)
    assert sorted(one.text for one in server.sent) == [f"{p} {n}" for p in PEOPLE for n in (1, 2)]


@pytest.mark.usefixtures("delivering")
async def test_a_consent_that_ran_out_holds_everything_until_there_is_a_new_one(
    db: Database, server: ZaloStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.channels.zalo import sender as sending
    from tests.integration.zalo.conftest import consent

    monkeypatch.setattr(sending, "RATE_LIMIT_S", 0.05)
    server.consent.issue()
    queue(db, "an", "một", "hai")
    await until(lambda: server.consent.refused, 30)
    await asyncio.sleep(0.5)
    assert server.sent == []
    assert set(counts(db)) <= {"queued", "sending"}
    consent(db, server)
    await until(lambda: counts(db) == {"sent": 2}, 30)
    assert [one.text for one in server.messages("an")] == ["một", "hai"]


@pytest.mark.usefixtures("delivering")
async def test_receipts_find_their_message(db: Database, server: ZaloStandIn, clock: FixedClock) -> None:
    queue(db, "an", "một")
    await until(lambda: counts(db) == {"sent": 1})
    ids = (server.sent[0].id,)
    for sight, expected in ((Sight.DELIVERED, 1), (Sight.DELIVERED, 0), (Sight.READ, 1)):
        receipt = Receipt(ChannelName.ZALO, OA_ID, ids, sight, clock.now())
        assert db.write_now(lambda uow, receipt=receipt: uow.outbox.sighted(receipt)) == expected
