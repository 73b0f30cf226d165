"""What was committed is sent: in order, one at a time per conversation, and never silently twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from backend.domain.conversation import OutboxRow
from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import Address, ChannelName, Outgoing
from bot.dialogue.deliver import LEASE_S, MOST_TRIES, Deliverer
from tests.conftest import FixedClock
from tests.integration.dialogue.counter import Counter

TELEGRAM = ChannelName.TELEGRAM
A = Address(TELEGRAM, "bot-1", "a")
B = Address(TELEGRAM, "bot-1", "b")
LATER = timedelta(seconds=LEASE_S + 1)


class Messenger:
    """The channel's far end: remembers what arrived, fails as it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.fails: dict[str, list[Exception]] = {}
        self.under_way = 0
        self.most_under_way: dict[str, int] = {}

    async def send(self, external_id: str, body: Outgoing) -> str:
        self.most_under_way[external_id] = self.most_under_way.get(external_id, 0) + 1
        try:
            await asyncio.sleep(0)
            waiting = self.fails.get(body.text, [])
            if waiting:
                raise waiting.pop(0)
            self.got.append((external_id, body.text))
            return f"m{len(self.got)}"
        finally:
            self.most_under_way[external_id] -= 1


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


@pytest.fixture
def deliverer(counter: Counter, messenger: Messenger) -> Deliverer:
    return Deliverer(counter.db, counter.hub, messenger, TELEGRAM, "bot-1", "one", per_second=10_000)


def queue(
    counter: Counter, address: Address, *texts: str, kind: str = "reply", author: str = "bot"
) -> list[int]:
    def add(uow: Any) -> list[int]:
        conversation = uow.conversations.get(uow.conversations.lock_or_start(address, uow.now))
        bodies = [Outgoing(text) for text in texts]
        return list(uow.outbox.add(conversation, bodies, uow.now, inbox_id=None, kind=kind, author=author))

    return counter.db.write_now(add)


def claim(counter: Counter, limit: int = 20) -> Sequence[OutboxRow]:
    lease = timedelta(seconds=LEASE_S)
    return counter.db.write_now(
        lambda uow: uow.outbox.claim(TELEGRAM, "bot-1", uow.now, uow.now + lease, limit)
    )


def statuses(counter: Counter) -> list[str]:
    return [row[0] for row in counter.rows("SELECT status FROM outbox ORDER BY id")]


async def drain(deliverer: Deliverer) -> None:
    while await deliverer.round():
        pass


def test_one_row_per_conversation_oldest_first(counter: Counter) -> None:
    queue(counter, A, "a1", "a2")
    queue(counter, B, "b1")
    assert [row.body.text for row in claim(counter)] == ["a1", "b1"]
    assert claim(counter) == []
    assert statuses(counter) == ["sending", "queued", "sending"]


async def test_everything_arrives_in_order_and_once(
    counter: Counter, deliverer: Deliverer, messenger: Messenger
) -> None:
    queue(counter, A, "a1", "a2", "a3")
    queue(counter, B, "b1", "b2")
    await drain(deliverer)
    assert [text for who, text in messenger.got if who == "a"] == ["a1", "a2", "a3"]
    assert [text for who, text in messenger.got if who == "b"] == ["b1", "b2"]
    assert set(statuses(counter)) == {"sent"}
    assert await deliverer.round() == 0


def test_other_channels_and_accounts_are_left_alone(counter: Counter) -> None:
    queue(counter, Address(ChannelName.WEB, "bot-1", "a"), "web")
    queue(counter, Address(TELEGRAM, "bot-2", "a"), "other account")
    assert claim(counter) == []


def test_a_notice_waits_behind_replies_but_holds_none_up(counter: Counter) -> None:
    (notice,) = queue(counter, A, "nhắc hẹn", kind="notice")
    later = counter.db.write_now(
        lambda uow: uow.outbox.retry(notice, uow.now + timedelta(hours=1), "not yet")
    )
    assert later is None
    queue(counter, A, "trả lời")
    assert [row.body.text for row in claim(counter)] == ["trả lời"]


def test_what_the_bot_queued_before_a_takeover_is_cancelled(counter: Counter) -> None:
    queue(counter, A, "của bot")
    queue(counter, A, "của cán bộ", author="account:tongdai")
    counter.change("UPDATE conversations SET epoch = epoch + 1")
    assert claim(counter) == []
    assert [row.body.text for row in claim(counter)] == ["của cán bộ"]
    assert statuses(counter) == ["cancelled", "sending"]


def test_a_takeover_cancels_what_is_queued(counter: Counter) -> None:
    queue(counter, A, "một", "hai")
    queue(counter, A, "của cán bộ", author="account:tongdai")
    where = counter.conversation(A).id
    assert counter.db.write_now(lambda uow: uow.outbox.cancel_bot_rows(where)) == 2
    assert statuses(counter) == ["cancelled", "cancelled", "queued"]


def test_a_row_whose_sender_died_is_sent_once_more_and_counted(counter: Counter, clock: FixedClock) -> None:
    queue(counter, A, "a1", "a2")
    claim(counter)
    assert claim(counter) == []
    clock.set(clock.now() + LATER)
    assert [row.body.text for row in claim(counter)] == ["a1"]
    assert counter.db.read_now(lambda uow: uow.outbox.counts())["uncertain"] == 1


def test_a_row_that_kills_its_senders_is_dead_and_lets_the_next_go(
    counter: Counter, clock: FixedClock
) -> None:
    queue(counter, A, "a1", "a2")
    for _ in range(2):
        assert [row.body.text for row in claim(counter)] == ["a1"]
        clock.set(clock.now() + LATER)
    assert "a1" not in [row.body.text for row in claim(counter)]
    assert [row.body.text for row in claim(counter)] in (["a2"], [])
    assert statuses(counter) == ["dead", "sending"]
    assert counter.db.read_now(lambda uow: uow.outbox.counts())["uncertain"] == 1


async def test_a_failed_send_is_tried_again_later(
    counter: Counter, deliverer: Deliverer, messenger: Messenger, clock: FixedClock
) -> None:
    queue(counter, A, "a1", "a2")
    messenger.fails["a1"] = [SendFailed("network", Next.RETRY)]
    assert await deliverer.round() == 1
    assert await deliverer.round() == 0  # a2 waits for a1
    assert statuses(counter) == ["queued", "queued"]
    clock.set(clock.now() + timedelta(seconds=3))
    await drain(deliverer)
    assert messenger.got == [("a", "a1"), ("a", "a2")]


async def test_the_channel_says_how_long_to_wait(
    counter: Counter, deliverer: Deliverer, messenger: Messenger, clock: FixedClock
) -> None:
    queue(counter, A, "a1")
    messenger.fails["a1"] = [SendFailed("later", Next.RETRY, after_s=60)]
    await deliverer.round()
    clock.set(clock.now() + timedelta(seconds=59))
    assert await deliverer.round() == 0
    clock.set(clock.now() + timedelta(seconds=2))
    assert await deliverer.round() == 1


async def test_tries_end(
    counter: Counter, deliverer: Deliverer, messenger: Messenger, clock: FixedClock
) -> None:
    queue(counter, A, "a1", "a2")
    messenger.fails["a1"] = [SendFailed("network", Next.RETRY) for _ in range(100)]
    for _ in range(MOST_TRIES + 3):
        await deliverer.round()
        clock.set(clock.now() + timedelta(minutes=10))
    assert messenger.got == [("a", "a2")]
    assert statuses(counter) == ["failed", "sent"]
    assert counter.rows("SELECT attempts, reason FROM outbox ORDER BY id LIMIT 1") == [
        (MOST_TRIES, "network")
    ]


async def test_a_refused_message_is_given_up_and_the_next_goes(
    counter: Counter, deliverer: Deliverer, messenger: Messenger
) -> None:
    queue(counter, A, "a1", "a2")
    messenger.fails["a1"] = [SendFailed("blocked by the person", Next.GIVE_UP)]
    await drain(deliverer)
    assert messenger.got == [("a", "a2")]
    assert counter.rows("SELECT status, reason FROM outbox ORDER BY id LIMIT 1") == [
        ("failed", "blocked by the person")
    ]


async def test_a_rate_limit_pauses_the_whole_account(
    counter: Counter, deliverer: Deliverer, messenger: Messenger, clock: FixedClock
) -> None:
    queue(counter, A, "a1")
    queue(counter, B, "b1")
    messenger.fails["a1"] = [SendFailed("rate limit", Next.PAUSE, after_s=0.3)]
    await deliverer.round()
    assert ("a", "a1") not in messenger.got
    assert await deliverer.round() == 0  # this round only waits
    clock.set(clock.now() + timedelta(seconds=2))
    await asyncio.sleep(0.35)
    await drain(deliverer)
    assert sorted(messenger.got) == [("a", "a1"), ("b", "b1")]
    assert set(statuses(counter)) == {"sent"}


async def test_only_the_leader_delivers(counter: Counter, messenger: Messenger) -> None:
    one = Deliverer(counter.db, counter.hub, messenger, TELEGRAM, "bot-1", "one")
    two = Deliverer(counter.db, counter.hub, messenger, TELEGRAM, "bot-1", "two")
    loops = [asyncio.create_task(one.run()), asyncio.create_task(two.run())]
    queue(counter, A, *[f"a{n}" for n in range(5)])
    counter.hub.outgoing.set()
    async with asyncio.timeout(20):
        while set(statuses(counter)) != {"sent"}:  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.05)
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    assert messenger.got == [("a", f"a{n}") for n in range(5)]
    assert counter.rows("SELECT count(*) FROM leases") == [(1,)]
