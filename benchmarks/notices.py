"""Draining queued notices at a channel's own limit, with real senders against strict stand-ins in another process.

``./motcua bench notices [COUNT]``: COUNT notices (100,000) for as many people on Zalo, whose limit is 4,000 requests a
minute; then a tenth of it on Telegram (30 a second), whose server now and then wants a pause (Retry-After). Everything
between is real: notices are rendered, queued, claimed, sent, acknowledged. Told: the rate as a share of the limit, what
was lost or sent twice, refusals for the rate, the memory over time.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from backend.db.engine import Database, open_database
from backend.db.migrate import migrate
from backend.domain.clock import VIETNAM
from backend.domain.messaging import Address, ChannelName
from backend.domain.notice import Notice
from backend.domain.ports import MessageSender
from backend.domain.tokens import TokenPair
from benchmarks.servers import ROOT, free_port
from benchmarks.stores import tools
from bot.dialogue.deliver import Deliverer
from bot.dialogue.desk import Desk
from bot.dialogue.hub import Hub
from bot.notices.render import render_due
from bot.replies.renderer import Replies

COUNT = 100_000
ZALO_PER_S = 4000 / 60
TELEGRAM_PER_S = 30.0
_SLICE = 2000
_FACTS = {
    "title": "Đăng ký khai sinh", "agency": "UBND phường Trần Phú", "stage": 9, "whole_code": "", "due_at": "",
    "papers": [], "supplement_by": "", "fees": [], "pay_at": "", "reason": "", "early_days": 0, "place": [],
    "source": "Một cửa", "as_of": "09:00 30/11/2026", "for_other": False,
}  # fmt: skip


class DayClock:
    """Runs, and it is always day when the benchmark begins: nights are quiet."""

    def __init__(self) -> None:
        self._start = datetime(2026, 11, 30, 9, 0, tzinfo=VIETNAM)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)


@dataclass
class Watch:
    """Samples of this process's memory (MB) and of the progress."""

    memory: list[float] = field(default_factory=list)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, name: str, count: int, done: Callable[[], Awaitable[int]]) -> None:
        last = 0.0
        while not self.stopped.is_set():
            self.memory.append(resident_mb())
            if time.monotonic() - last > 60:
                last = time.monotonic()
                print(f"{name}: {await done()} of {count}", file=sys.stderr, flush=True)
            try:
                await asyncio.wait_for(self.stopped.wait(), 1.0)
            except TimeoutError:
                continue


def resident_mb() -> float:
    """Of this process, now; without pages of files (SQLite's cache in the system's memory), which cost nobody."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1024


def fill(db: Database, channel: ChannelName, account: str, count: int) -> None:
    """So many people with one notice each, due now."""
    for start in range(0, count, _SLICE):
        numbers = range(start, min(start + _SLICE, count))

        def job(uow: Any, numbers: range = numbers) -> None:
            for number in numbers:
                where = Address(channel, account, str(1_000_000 + number))
                person = uow.conversations.lock_or_start(where, uow.now)
                code = f"H50.34-261109-{number:06d}"
                values = {**_FACTS, "code": code}
                one = Notice(
                    "notices/dossier_ready", f"dossier:{code}", person, uow.now, f"{channel}:{code}", values
                )
                uow.notices.add(one)

        db.write_now(job)


async def drain(
    db: Database, sender: MessageSender, channel: ChannelName, account: str, rate: float, count: int
) -> Any:
    """Render and deliver until all is sent; figures of it."""
    replies = Replies(ROOT / "bot" / "replies")
    desk = Desk(replies, {}, {}, "Văn phòng", {}, frozenset(), "bench")
    hub = Hub()
    watch = Watch()
    deliverer = Deliverer(db, hub, sender, channel, account, "bench", per_second=rate)

    async def done() -> int:
        return (await db.read(lambda uow: uow.outbox.counts())).get("sent", 0)

    watching = asyncio.create_task(watch.run(str(channel), count, done))
    began = time.monotonic()
    rendered = 0
    while part := await db.write(lambda uow: render_due(uow, desk)):
        rendered += part
    rendered_s = time.monotonic() - began
    delivering = asyncio.create_task(deliverer.run())
    began = time.monotonic()
    while await db.read(_waiting):  # noqa: ASYNC110 - the end stands in the database, not in this process
        await asyncio.sleep(0.25)
    took = time.monotonic() - began
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    watch.stopped.set()
    await watching
    counts = await db.read(lambda uow: dict(uow.outbox.counts()))
    tenth = max(1, len(watch.memory) // 10)
    return {
        "count": count,
        "rendered_per_s": rendered / rendered_s,
        "seconds": took,
        "per_s": counts.get("sent", 0) / took,
        "counts": counts,
        "memory_mb_first_tenth": max(watch.memory[tenth : 2 * tenth] or watch.memory),
        "memory_mb_last_tenth": max(watch.memory[-tenth:]),
    }


def _waiting(uow: Any) -> bool:
    counts = uow.outbox.counts()
    return bool(counts.get("queued", 0) or counts.get("sending", 0))


@asynccontextmanager
async def process(module: str, port: int) -> Any:
    """A stand-in as a process of its own, until the end."""
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", module, str(port), cwd=ROOT)
    try:
        await _answers(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        await child.wait()


async def _answers(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise RuntimeError("the stand-in does not answer")


async def zalo(db: Database, count: int) -> dict[str, Any]:
    from bot.channels.zalo.api import ZaloApi
    from bot.channels.zalo.oauth import ZaloOauth
    from bot.channels.zalo.sender import ZaloSender
    from bot.channels.zalo.shapes import Words
    from bot.channels.zalo.tokens import TokenKeeper

    fill(db, ChannelName.ZALO, "oa", count)
    async with process("tests.zalo_stand_in", free_port()) as base, ClientSession() as session:
        users = [str(1_000_000 + number) for number in range(count)]
        state = await _control(session, base, "known", {"users": users})
        pair = TokenPair(state["tokens"]["access"], state["tokens"]["refresh"], 90_000)
        await db.write(lambda uow: uow.tokens.put(ChannelName.ZALO, "oa", pair, uow.now))
        keeper = TokenKeeper(db, ZaloOauth(session, "app", "secret", base), "oa", "bench", DayClock())
        api = ZaloApi(session, keeper, base, base)
        sender = ZaloSender(api, Words(numbers="{}", contact="{}"), _no_file, DayClock())
        figures = await drain(db, sender, ChannelName.ZALO, "oa", ZALO_PER_S, count)
        tally = await _control(session, base, "tally", {})
    return _told(figures, tally, ZALO_PER_S)


async def telegram(db: Database, count: int) -> dict[str, Any]:
    from bot.channels.telegram.api import TelegramApi
    from bot.channels.telegram.sender import TelegramSender

    fill(db, ChannelName.TELEGRAM, "42", count)
    async with process("benchmarks.telegram_far_end", free_port()) as base, ClientSession() as session:
        api = TelegramApi("42:" + "a" * 35, base)
        try:
            sender = TelegramSender(api.bot, _no_file)
            figures = await drain(db, sender, ChannelName.TELEGRAM, "42", TELEGRAM_PER_S, count)
        finally:
            await api.close()
        tally = await _control(session, base, "tally", {})
    return _told(figures, tally, TELEGRAM_PER_S)


async def _no_file(_blob: int) -> bytes:
    raise OSError("no files here")


async def _control(session: ClientSession, base: str, what: str, given: Any) -> Any:
    async with session.post(f"{base}/control/{what}", json=given) as answer:
        answer.raise_for_status()
        return await answer.json()


def _told(figures: dict[str, Any], tally: dict[str, Any], limit: float) -> dict[str, Any]:
    return {
        **figures,
        "share_of_limit": figures["per_s"] / limit,
        "arrived": tally["arrived"],
        "arrived_twice": tally["twice"],
        "rate_refusals": tally["rate_refusals"],
        "lost": figures["count"] - tally["arrived"],
    }


def run(file: Path | None) -> dict[str, Any]:
    """``file`` is a number of notices, if given."""
    count = int(file.name) if file is not None and file.name.isdigit() else COUNT
    return asyncio.run(_run(count))


async def _run(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'notices.sqlite3'}"
        migrate(url)
        db = open_database(url, replace(tools(), clock=DayClock()))
        try:
            found = await telegram(db, max(1, count // 10))
            print(f"telegram: {found}", file=sys.stderr, flush=True)
        finally:
            db.close()
        url = f"sqlite:///{Path(folder) / 'zalo.sqlite3'}"
        migrate(url)
        db = open_database(url, replace(tools(), clock=DayClock()))
        try:
            return {"zalo": await zalo(db, count), "telegram": found}
        finally:
            db.close()
