"""Random histories of news, refusals, dying senders, crashes and clock jumps.

No notice is lost, none is sent twice to a channel that acknowledged it, none leaves in the quiet hours.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.engine import open_database
from backend.db.unit_of_work import Tools
from backend.domain.clock import VIETNAM
from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import Address, ChannelName, Outgoing
from backend.domain.viewer import Viewer
from backend.services.notices.ladder import climb_unseen
from backend.services.notices.stopping import stop
from backend.services.quiet import QUIET_FROM, QUIET_TO
from bot.dialogue.deliver import Deliverer
from bot.dialogue.hub import Hub
from bot.notices.render import render_due
from tests.integration.notices.conftest import PHONE, MovedClock, Post, make_desk

CHANNELS = ((ChannelName.TELEGRAM, "bot"), (ChannelName.ZNS, "oa-1"), (ChannelName.SMS, "brand"))
KINDS = ("dossier_ready", "dossier_supplement", "dossier_processing", "reception_moved")

_steps = st.one_of(
    st.tuples(st.just("news"), st.integers(0, 7)),
    st.tuples(st.just("render"), st.booleans()),
    st.tuples(st.just("deliver"), st.sampled_from(["well", "refuse", "later", "die"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 10, 60, 60 * 5, 60 * 11, 60 * 24 * 9])),
    st.tuples(st.just("take over"), st.integers(0, 1)),
    st.tuples(st.just("stop"), st.integers(0, 1)),
    st.tuples(st.just("unseen"), st.just(0)),
)


class Died(BaseException):
    """The process is gone: nothing after this line happened."""


@dataclass
class FarEnd:
    """A channel's other side: what it acknowledged, and when."""

    clock: MovedClock
    mood: str = "well"
    acknowledged: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)

    async def send(self, _external_id: str, body: Outgoing) -> str:
        if self.mood == "refuse":
            raise SendFailed("blocked", Next.GIVE_UP)
        if self.mood == "later":
            raise SendFailed("network", Next.RETRY)
        self.times.append(self.clock.at)
        if self.mood == "die":  # it may have arrived; nobody was told
            raise Died
        self.acknowledged.append(body.text)
        return f"m{len(self.acknowledged)}"


@dataclass
class History:
    post: Post
    ends: dict[ChannelName, FarEnd]
    people: list[int]
    stopped: set[int] = field(default_factory=set)
    codes: int = 0

    def step(self, name: str, value: Any) -> None:
        if name == "news":
            self.codes += 1
            person = self.people[value % len(self.people)]
            kind = KINDS[value % len(KINDS)]
            more = {"on": "2026-12-03", "opens": "08:00", "host": "Chủ tịch", "was_on": "2026-12-02"}
            more |= {"papers": ["Giấy cam kết"]} if kind == "dossier_supplement" else {}
            more |= {"place": "Trụ sở"} if kind == "reception_moved" else {}
            self.post.notice(person, kind, f"H50.34-261109-{self.codes:04d}", **more)
        elif name == "render":
            self.render(crash=value)
        elif name == "deliver":
            self.deliver(value)
        elif name == "wait":
            self.post.later(minutes=value)
        elif name == "take over":
            self.post.db.write_now(lambda uow: uow.outbox.cancel_bot_rows(self.people[value]))
        elif name == "stop":
            viewer = Viewer(self.people[value], Address(ChannelName.TELEGRAM, "bot", f"p{value}"))
            self.post.db.write_now(lambda uow: stop(uow, viewer))
            self.stopped.add(value)
        else:
            self.post.db.write_now(climb_unseen)

    def render(self, *, crash: bool) -> None:
        if not crash:
            self.post.round()
            return

        def dying(uow: Any) -> None:
            render_due(uow, self.post.desk, self.post.reach)
            raise Died

        with contextlib.suppress(Died):
            self.post.db.write_now(dying)

    def deliver(self, mood: str) -> None:
        for channel, account in CHANNELS:
            end = self.ends[channel]
            end.mood = mood
            deliverer = Deliverer(self.post.db, Hub(), end, channel, account, "one", per_second=100_000)
            with contextlib.suppress(Died, BaseExceptionGroup):
                asyncio.run(deliverer.round())

    def settle(self) -> None:
        """Good weather for three days."""
        for _ in range(12):
            self.post.later(hours=6)
            self.post.db.write_now(climb_unseen)
            self.post.round()
            self.deliver("well")


@pytest.fixture(scope="module")
def template(sqlite_template: Path) -> Path:
    return sqlite_template


@contextlib.contextmanager
def office(template: Path, tools: Tools) -> Iterator[History]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "db.sqlite3"
        shutil.copy(template, path)
        clock = MovedClock()
        db = open_database(f"sqlite:///{path}", replace(tools, clock=clock), workers=1)
        post = Post(db, clock, make_desk())
        for kind in KINDS:
            post.route(kind, zns_template="1", zns_values={"ma": "code"})
        people = [
            post.person("p0", phone=PHONE),
            post.person("p1"),
            post.person("web", ChannelName.WEB, "0987654321", "site"),
        ]
        try:
            yield History(post, {channel: FarEnd(clock) for channel, _ in CHANNELS}, people)
        finally:
            db.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(_steps, max_size=25))
def test_nothing_is_lost_nothing_is_said_twice_and_nights_are_quiet(
    template: Path, tools: Tools, history: list[tuple[str, Any]]
) -> None:
    with office(template, tools) as happened:
        for name, value in history:
            happened.step(name, value)
        happened.settle()
        steps = happened.post.steps()
        open_still = [
            one for one in steps if one.notice_status in {"waiting"} or one.status in {"queued", "sending"}
        ]
        assert [one for one in open_still if one.channel != "web"] == []
        arrived = Counter(
            one.subject.partition(":")[2]
            for one in steps
            for end in happened.ends.values()
            for text in end.acknowledged
            if one.subject.partition(":")[2] in text
        )
        assert all(count == 1 for count in arrived.values())
        for one in steps:
            code = one.subject.partition(":")[2]
            ended = one.notice_status in {"called", "failed", "muted", "cancelled", "unseen"}
            # a sender that died may have reached the person: then it is marked as uncertain, not as acknowledged
            assert arrived[code] or ended or one.status in {"dead", "sent"} or one.channel == "web", one
        for end in happened.ends.values():
            for at in end.times:
                assert QUIET_TO <= at.astimezone(VIETNAM).time() < QUIET_FROM


def test_the_check_can_fail(template: Path, tools: Tools) -> None:
    """A deliverer without quiet hours would be seen."""
    with office(template, tools) as happened:
        happened.step("news", 0)
        happened.post.round()
        happened.post.clock.at += timedelta(hours=14)
        happened.deliver("well")
        assert happened.ends[ChannelName.TELEGRAM].times == []
        happened.post.clock.at += timedelta(hours=9)
        happened.deliver("well")
        assert len(happened.ends[ChannelName.TELEGRAM].times) == 1
