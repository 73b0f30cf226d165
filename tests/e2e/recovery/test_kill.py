"""Kill -9 in the middle of two hundred conversations: nothing lost, nothing twice, nothing out of order.

Once below the supervisor with SQLite, once with two apps on one PostgreSQL. The counts are printed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from backend.settings import Settings
from tests.e2e.processes import App, Rasa, Up, lend_language
from tests.e2e.recovery import ledger
from tests.e2e.recovery.clients import SECRET, RestCaller, TelegramPerson, Town
from tests.e2e.recovery.scripts import Script, ask, book, chat, scripts
from tests.e2e.recovery.slow_telegram import SlowTelegram, slow_telegram
from tests.integration.telegram.stand_in import TOKEN

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

AT_ONCE = 16
#: Messages that are acknowledged before the kill comes, counted from the start of its share of the conversations.
INTO_THE_TALK = 60
UNDER_WAY = ("queued", "sending")
Blow = Callable[[], Awaitable[None]]


def telegram_settings(telegram: SlowTelegram) -> dict[str, str]:
    return {
        "MOTCUA_TELEGRAM_TOKEN": TOKEN,
        "MOTCUA_TELEGRAM_SECRET": SECRET,
        "MOTCUA_TELEGRAM_API": telegram.url,
        "MOTCUA_PUBLIC_URL": "http://127.0.0.1",
        "MOTCUA_LEASE": "5",
    }


async def talk(town: Town, script: Script, room: asyncio.Semaphore) -> None:
    async with room:
        if script.kind == "telegram":
            await chat(TelegramPerson(town, 1001 + script.number), script)
        else:
            caller = RestCaller(town, f"{script.kind}-{script.number}")
            await (book if script.kind == "booking" else ask)(caller, script)


async def strike(town: Town, blow: Blow) -> None:
    """Wait until the talk is in full swing and a message is on its way to Telegram, then strike."""
    since = town.acknowledged
    while town.acknowledged < since + INTO_THE_TALK:  # noqa: ASYNC110  (it watches processes, which set no event)
        await asyncio.sleep(0.01)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            while not town.telegram.under_way:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
    await blow()


async def catastrophe(town: Town, blows: Sequence[Blow], calm: Callable[[], Any]) -> None:
    """All conversations, a share of them for each blow; before each, everything runs again."""
    everything, rest, telegram = scripts(), asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(AT_ONCE)
    share = -(-len(everything) // len(blows))
    async with asyncio.TaskGroup() as chats:  # these wait for leases to run out: they may go on meanwhile
        for number, blow in enumerate(blows):
            await asyncio.to_thread(calm)
            async with asyncio.TaskGroup() as talks:
                talks.create_task(strike(town, blow))
                for script in everything[number * share : (number + 1) * share]:
                    if script.kind == "telegram":
                        chats.create_task(talk(town, script, telegram))
                    else:
                        talks.create_task(talk(town, script, rest))


async def settled(settings: Settings, patience_s: float = 90.0) -> None:
    """Wait until nothing is left to send, as somebody sees it who looks from outside."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        books = await asyncio.to_thread(ledger.read_books, settings)
        waiting = [row for row in books.outbox if row.channel == "telegram" and row.status in UNDER_WAY]
        if not waiting and all(row.status == "done" for row in books.messages):
            return
        await asyncio.sleep(1.0)
    raise AssertionError(f"still waiting: {waiting}")


def check(settings: Settings, town: Town, telegram: SlowTelegram) -> dict[str, int]:
    books = ledger.read_books(settings)
    ledger.nothing_lost(books, town)
    ledger.nothing_out_of_order(books, town)
    ledger.nothing_twice(books, town)
    made = sum(script.kind == "booking" for script in scripts())
    booked = ledger.bookings_are_right(books, made)
    assert booked["full_days"] > 0  # otherwise the places were never fought for
    sent = ledger.deliveries_are_counted(books, telegram)
    ledger.first_copies_in_order(books, telegram)
    assert 0 < sent["resent"] <= books.uncertain  # a kill did land between sending and sent
    return {
        "conversations": len(scripts()),
        "messages": len(books.messages),
        "repeated by clients": town.repeated,
        "lost": 0,
        "answered twice": 0,
        "out of order": 0,
        **booked,
        **sent,
        "uncertain": books.uncertain,
    }


def told(capsys: pytest.CaptureFixture[str], name: str, counts: dict[str, int]) -> None:
    with capsys.disabled():
        print(f"\n{name}: " + ", ".join(f"{what.replace('_', ' ')} {n}" for what, n in counts.items()))


async def test_kills_under_the_supervisor(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lend_language(home)
    async with slow_telegram() as telegram, aiohttp.ClientSession() as http:
        up = Up(home, **telegram_settings(telegram))
        town = Town(http, [up.url], telegram)

        async def kill(*which: str) -> None:
            for pid in [up.child(words) for words in which]:
                os.kill(pid, signal.SIGKILL)

        blows: list[Blow] = [
            lambda: kill("bot serve"),
            lambda: kill("rasa run"),
            lambda: kill("rasa run", "bot serve"),
        ]
        up.start()
        try:
            await catastrophe(town, blows, up.ready)
            await settled(up.settings)
        finally:
            await asyncio.to_thread(up.stop)
        restarts = {name: up.said().count(f"{name} ended") for name in ("Rasa", "the app")}
        assert restarts == {"Rasa": 2, "the app": 2}
        counts = await asyncio.to_thread(check, up.settings, town, telegram)
        told(capsys, "kill -9 of the app, of Rasa, of both (SQLite)", counts)


async def test_kills_of_two_apps_on_postgresql(
    postgres_home: Callable[[], tuple[Path, str]],
    rasa: Rasa,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first_home, url = await asyncio.to_thread(postgres_home)
    async with slow_telegram() as telegram, aiohttp.ClientSession() as http:
        shared = telegram_settings(telegram) | {
            "MOTCUA_DATABASE_URL": url,
            "MOTCUA_KEY_FILE": str(first_home / "secret.key"),
        }
        apps = [App(home, rasa.url, **shared) for home in (first_home, tmp_path / "second")]
        town = Town(http, [app.url for app in apps], telegram)

        async def kill(*which: App | Rasa) -> None:
            for one in which:
                await asyncio.to_thread(one.kill)
            await asyncio.sleep(1.0)  # the other one is alone for a moment
            for one in which:
                one.start()

        def calm() -> None:
            rasa.ensure()
            for app in apps:
                app.ready()

        blows: list[Blow] = [
            lambda: kill(apps[0]),
            lambda: kill(apps[1]),
            lambda: kill(rasa, apps[0]),
        ]
        for app in apps:
            app.start()
        try:
            await catastrophe(town, blows, calm)
            await settled(apps[0].settings)
        finally:
            for app in apps:
                await asyncio.to_thread(app.stop)
        counts = await asyncio.to_thread(check, apps[0].settings, town, telegram)
        told(
            capsys,
            "kill -9 of one app, of the other, of Rasa and an app at once (two apps on PostgreSQL)",
            counts,
        )
