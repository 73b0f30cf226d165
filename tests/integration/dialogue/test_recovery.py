"""Workers die: what they held is taken up once, in order, and a message that kills workers is put aside."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.understanding import Understanding
from bot.dialogue.receive import receive
from bot.dialogue.turn import MOST_ATTEMPTS
from tests.conftest import FixedClock
from tests.integration.dialogue.counter import ADDRESS, Counter, audited, desk_of, message

LEASE = timedelta(seconds=15)


def stored(counter: Counter, *texts: str, holder: str = "dead", lease_s: float = 15.0) -> list[int]:
    """Messages whose worker died right after the first commit."""
    return [
        counter.db.write_now(lambda uow, t=text: receive(uow, message(t), holder, lease_s)).inbox_id
        for text in texts
    ]


async def test_nothing_is_taken_while_its_lease_lasts(counter: Counter) -> None:
    stored(counter, "echo 1")
    assert await counter.pipeline.recover() == 0
    assert counter.said() == []


async def test_an_abandoned_message_is_answered_once(counter: Counter, clock: FixedClock) -> None:
    stored(counter, "echo 1")
    clock.set(clock.now() + 2 * LEASE)
    assert await counter.pipeline.recover() == 1
    assert await counter.pipeline.recover() == 0
    assert counter.said() == ["said/echo: echo 1"]


async def test_only_the_first_unfinished_of_a_conversation_is_claimed(
    counter: Counter, clock: FixedClock
) -> None:
    first, second, _ = stored(counter, "echo 1", "echo 2", "echo 3")
    clock.set(clock.now() + 2 * LEASE)
    until = clock.now() + LEASE
    claim = lambda uow: uow.inbox.claim_abandoned("two", uow.now, until, 50, False)  # noqa: E731
    assert [row.id for row in counter.db.write_now(claim)] == [first]
    assert counter.db.write_now(claim) == []
    counter.db.write_now(lambda uow: uow.inbox.finish(first, "bot", uow.now))
    assert [row.id for row in counter.db.write_now(claim)] == [second]


async def test_all_of_a_conversation_are_answered_in_order(counter: Counter, clock: FixedClock) -> None:
    stored(counter, "echo 1", "echo 2", "echo 3")
    clock.set(clock.now() + 2 * LEASE)
    assert await counter.pipeline.recover() == 3
    assert counter.said() == [f"said/echo: echo {n}" for n in (1, 2, 3)]


async def test_two_workers_recover_without_doubling(counter: Counter, clock: FixedClock) -> None:
    stored(counter, "echo 1", "echo 2")
    clock.set(clock.now() + 2 * LEASE)
    other = Counter(counter.db, desk_of(holder="two"), counter.told, counter.hub)
    import asyncio

    await asyncio.gather(counter.pipeline.recover(), other.pipeline.recover())
    await counter.pipeline.recover()
    assert counter.said() == ["said/echo: echo 1", "said/echo: echo 2"]


async def test_a_process_alone_with_its_database_need_not_wait_for_leases(counter: Counter) -> None:
    stored(counter, "echo 1", "echo 2", "echo 3")
    assert await counter.pipeline.recover(alone=True) == 3
    assert counter.said() == [f"said/echo: echo {n}" for n in (1, 2, 3)]


async def test_a_prepared_message_is_not_prepared_again(counter: Counter, clock: FixedClock) -> None:
    (first,) = stored(counter, "xyz")
    read = Understanding("echo", 0.9, source="model")
    counter.db.write_now(lambda uow: uow.inbox.prepared(first, read, ()))
    clock.set(clock.now() + 2 * LEASE)
    await counter.pipeline.recover()
    assert counter.said() == ["said/echo: xyz"]
    assert counter.told.asked == []


async def test_a_message_that_kills_its_workers_is_put_aside(counter: Counter, clock: FixedClock) -> None:
    (first,) = stored(counter, "echo 1")
    until = clock.now()
    for _ in range(MOST_ATTEMPTS - 1):
        clock.set(clock.now() + 2 * LEASE)
        until = clock.now() + LEASE
        rows = counter.db.write_now(
            lambda uow, u=until: uow.inbox.claim_abandoned("two", uow.now, u, 50, False)
        )
        assert [row.id for row in rows] == [first]
    clock.set(clock.now() + 2 * LEASE)
    await counter.pipeline.recover()
    assert counter.inbox()[0].status == "put_aside"
    assert audited(counter) == ["message_put_aside"]
    assert len(counter.said()) == 1


async def test_recovery_leaves_finished_conversations_alone(counter: Counter, clock: FixedClock) -> None:
    await counter.say("echo 1")
    clock.set(clock.now() + 2 * LEASE)
    assert await counter.pipeline.recover(alone=True) == 0
    assert counter.conversation(ADDRESS).last_seq == 1
