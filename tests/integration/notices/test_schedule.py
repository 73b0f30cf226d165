"""Scheduled work: once per slot over all replicas, caught up once after downtime, never in a burst."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.domain.clock import VIETNAM
from backend.jobs.schedule import DEAD_AFTER, Daily, Round, Schedule, last_slot
from tests.integration.notices.conftest import Post


class Counted:
    """Work that counts its runs and fails when it is told to."""

    def __init__(self) -> None:
        self.runs = 0
        self.fails = 0
        self._more = asyncio.Condition()

    async def ran(self, times: int) -> None:
        async with self._more:
            await self._more.wait_for(lambda: self.runs >= times)

    async def __call__(self) -> int:
        async with self._more:
            self.runs += 1
            self._more.notify_all()
        if self.fails:
            self.fails -= 1
            raise RuntimeError("not today")
        return 3


def at(post: Post, *when: int) -> None:
    post.clock.at = datetime(*when, tzinfo=VIETNAM)  # type: ignore[misc,arg-type]


async def test_one_of_many_replicas_runs_a_slot(post: Post) -> None:
    work = Counted()
    job = Daily("digest", "30 7 * * *", work)
    replicas = [Schedule(post.db, f"r{number}", [job]) for number in range(5)]
    at(post, 2026, 11, 30, 7, 30)
    done = await asyncio.gather(*(one.catch_up(job) for one in replicas))
    assert sorted(done) == [0, 0, 0, 0, 3]
    assert work.runs == 1


async def test_after_a_week_without_power_it_runs_once(post: Post) -> None:
    work = Counted()
    job = Daily("digest", "30 7 * * *", work)
    schedule = Schedule(post.db, "r", [job])
    at(post, 2026, 11, 23, 8, 0)
    await schedule.catch_up(job)
    at(post, 2026, 11, 30, 9, 0)
    assert [await schedule.catch_up(job) for _ in range(3)] == [3, 0, 0]
    assert work.runs == 2


async def test_what_is_too_late_is_let_go(post: Post) -> None:
    work = Counted()
    job = Daily("digest", "30 7 * * *", work, late=timedelta(hours=3))
    at(post, 2026, 11, 30, 11, 0)
    assert await Schedule(post.db, "r", [job]).catch_up(job) == 0
    assert work.runs == 0


@pytest.mark.parametrize(("day", "runs"), [(28, 0), (29, 0), (30, 1)])  # Saturday, Sunday, Monday
async def test_office_work_rests_on_days_off(post: Post, day: int, runs: int) -> None:
    work = Counted()
    job = Daily("digest", "30 7 * * *", work, working_days=True)
    at(post, 2026, 11, day, 8, 0)
    await Schedule(post.db, "r", [job]).catch_up(job)
    assert work.runs == runs


async def test_a_run_that_failed_or_died_is_tried_again_later(post: Post) -> None:
    work = Counted()
    work.fails = 1
    job = Daily("digest", "30 7 * * *", work)
    one, two = Schedule(post.db, "r1", [job]), Schedule(post.db, "r2", [job])
    at(post, 2026, 11, 30, 7, 31)
    assert await one.catch_up(job) == 0
    assert await two.catch_up(job) == 0  # perhaps it is still at it
    post.clock.at += DEAD_AFTER + timedelta(minutes=1)
    assert await two.catch_up(job) == 3
    assert work.runs == 2


async def test_a_round_belongs_to_one_process_until_it_falls_silent(post: Post) -> None:
    work = Counted()
    job = Round("notices", 20.0, work)
    one, two = Schedule(post.db, "r1", [job]), Schedule(post.db, "r2", [job])
    assert (await one.round(job), await two.round(job)) == (3, 0)
    post.later(seconds=61)
    assert await two.round(job) == 3


async def test_a_failing_round_does_not_end_the_others(post: Post) -> None:
    bad, good = Counted(), Counted()
    bad.fails = 99
    jobs: list[Any] = [Round("bad", 0.05, bad), Round("good", 0.05, good)]
    running = asyncio.create_task(Schedule(post.db, "r", jobs).run())
    async with asyncio.timeout(20):
        await asyncio.gather(good.ran(3), bad.ran(3))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert running.cancelled()


def test_names_are_unique(post: Post) -> None:
    with pytest.raises(ValueError, match="two jobs"):
        Schedule(post.db, "r", [Round("a", 1.0, Counted()), Daily("a", "0 2 * * *", Counted())])


def test_the_last_slot_is_not_after_now() -> None:
    job = Daily("half hours", "*/30 7-16 * * *", Counted())
    evening = datetime(2026, 11, 30, 23, 0, tzinfo=VIETNAM)
    assert last_slot(job, evening) == datetime(2026, 11, 30, 16, 30, tzinfo=VIETNAM)
    exact = datetime(2026, 11, 30, 10, 30, tzinfo=VIETNAM)
    assert last_slot(job, exact) == exact
