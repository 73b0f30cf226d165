"""Polling: commit, then advance. Nothing is lost or taken twice, whatever Telegram or the database does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import structlog

from bot.channels.telegram.addressed import Me
from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.courtesy import Courtesy
from bot.channels.telegram.intake import TelegramIntake
from bot.channels.telegram.polling import LEASE_WAIT_S, LONG_WAIT_S, TelegramPoller
from tests.integration.telegram.stand_in import TOKEN, StandIn
from tests.recording_desk import RecordingDesk, until


def said(number: int, text: str) -> dict[str, Any]:
    person = {"id": 5001, "is_bot": False, "first_name": "Lan"}
    chat = {"id": 5001, "type": "private"}
    message = {"message_id": number, "from": person, "chat": chat, "date": 1795000000, "text": text}
    return {"update_id": 100 + number, "message": message}


class Polling:
    """A poller under way; ``waits`` are the pauses it took, which are not waited out."""

    def __init__(self, server: StandIn, desk: RecordingDesk) -> None:
        self.api = TelegramApi(TOKEN, server.url)
        self.courtesy = Courtesy(self.api.bot)
        self.waits: list[float] = []
        self.holds = True
        self.leases: set[str] = set()
        intake = TelegramIntake(desk.desk, self.courtesy, Me(123456789, "MotCuaBot"))
        self.poller = TelegramPoller(self.api, intake.take, self._lease, self._sleep)
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.task = asyncio.create_task(self.poller.run())

    async def stop(self) -> None:
        if self.task:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        await self.courtesy.close()
        await self.api.close()

    async def _lease(self, name: str) -> bool:
        self.leases.add(name)
        return self.holds

    async def _sleep(self, wait_s: float) -> None:
        self.waits.append(wait_s)
        await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def polling(server: StandIn, desk: RecordingDesk) -> AsyncIterator[Polling]:
    made = Polling(server, desk)
    yield made
    await made.stop()


async def test_messages_arrive_in_order_and_are_confirmed(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    server.add(*(said(number, f"tin {number}") for number in range(1, 6)))
    polling.start()
    await until(lambda: len(desk.accepted) == 5 and not server.updates)
    server.add(said(6, "tin 6"))
    await until(lambda: len(desk.accepted) == 6 and not server.updates)
    assert desk.texts == [f"tin {number}" for number in range(1, 7)]
    assert desk.tries == 6
    assert polling.leases == {"telegram-poll:123456789"}


async def test_a_webhook_that_was_set_is_removed_first(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    server.webhook = "https://example.vn/webhooks/telegram"
    server.add(said(1, "a"))
    polling.start()
    await until(lambda: desk.accepted)
    assert server.called("deleteWebhook")[0].get("drop_pending_updates") in (None, False)


async def test_what_could_not_be_stored_comes_again(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    desk.broken = 3
    server.add(said(1, "a"), said(2, "b"))
    polling.start()
    await until(lambda: len(desk.accepted) == 2)
    assert desk.texts == ["a", "b"]
    assert polling.waits[:3] == [1.0, 2.0, 4.0]  # and waits longer each time


async def test_half_a_batch_is_not_taken_twice(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    server.add(said(1, "a"), said(2, "b"), said(3, "c"))
    original, failed = desk.accept, []

    async def second_fails_once(incoming: Any) -> int:
        if incoming.text == "b" and not failed:
            failed.append(incoming)
            raise ConnectionError
        return await original(incoming)

    desk.accept = second_fails_once  # type: ignore[method-assign]
    polling.start()
    await until(lambda: len(desk.accepted) == 3 and not server.updates)
    assert (desk.texts, desk.tries) == (["a", "b", "c"], 3)


async def test_a_process_that_died_before_confirming_repeats_without_harm(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    server.add(said(1, "a"), said(2, "b"))
    first = Polling(server, desk)
    batch = await first.api.updates(None, 0)
    for update in batch:
        await first.poller._take(update)  # stored, and then the process dies: the offset never went out
    await first.stop()
    polling.start()
    await until(lambda: not server.updates)
    assert (desk.texts, desk.tries) == (["a", "b"], 4)


async def test_an_unreadable_update_stops_nobody(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    bad = {"update_id": 101, "message": {"message_id": "x", "text": "bí mật"}}
    server.add(bad, said(2, "b"))
    with structlog.testing.capture_logs() as logs:
        polling.start()
        await until(lambda: desk.accepted and not server.updates)
    assert desk.texts == ["b"]
    assert [one["event"] for one in logs] == ["telegram_update_unreadable"]
    assert "bí mật" not in str(logs)


async def test_a_rate_limit_is_obeyed(polling: Polling, server: StandIn, desk: RecordingDesk) -> None:
    server.refuse("getUpdates", 429, "Too Many Requests: retry after 9", retry_after=9)
    server.add(said(1, "a"))
    polling.start()
    await until(lambda: desk.accepted)
    assert polling.waits[0] == 9.0


async def test_a_conflict_is_said_once_and_waited_out(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    for _ in range(3):
        server.refuse("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    server.add(said(1, "a"))
    with structlog.testing.capture_logs() as logs:
        polling.start()
        await until(lambda: desk.accepted and not server.updates)
    assert polling.waits[:3] == [LONG_WAIT_S] * 3
    assert [one["event"] for one in logs] == ["telegram_conflict", "telegram_polling_again"]


@pytest.mark.parametrize(
    ("code", "description", "event"),
    [(401, "Unauthorized", "telegram_token_refused"), (502, "Bad Gateway", "telegram_out_of_reach")],
)
async def test_other_trouble_is_waited_out_too(
    polling: Polling, server: StandIn, desk: RecordingDesk, code: int, description: str, event: str
) -> None:
    server.refuse("deleteWebhook", code, description)
    server.add(said(1, "a"))
    with structlog.testing.capture_logs() as logs:
        polling.start()
        await until(lambda: desk.accepted)
    assert logs[0]["event"] == event
    assert TOKEN not in str(logs)


async def test_only_the_holder_of_the_lease_polls(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    polling.holds = False
    server.add(said(1, "a"))
    polling.start()
    await until(lambda: len(polling.waits) >= 3)
    assert set(polling.waits) == {LEASE_WAIT_S}
    assert server.calls == []
    polling.holds = True
    await until(lambda: desk.accepted)


async def test_a_count_that_begins_again_lower_is_followed(
    polling: Polling, server: StandIn, desk: RecordingDesk
) -> None:
    server.add(said(900, "a"))
    polling.start()
    await until(lambda: not server.updates and "offset" not in server.called("getUpdates")[-1])
    server.add(said(1, "b"))  # Telegram starts from a random number after a week without updates
    await until(lambda: len(desk.accepted) == 2)


async def test_a_pressed_button_stops_turning(polling: Polling, server: StandIn, desk: RecordingDesk) -> None:
    shown = said(1, "Chọn:")["message"]
    callback = {"id": "cb1", "from": shown["from"], "chat_instance": "1", "message": shown, "data": "kT3x"}
    server.add({"update_id": 1, "callback_query": callback})
    server.refuse("sendChatAction", 400, "Bad Request: not enough rights")  # losing this one harms nobody
    polling.start()
    await until(lambda: server.called("answerCallbackQuery") and server.called("sendChatAction"))
    assert server.called("answerCallbackQuery")[0]["callback_query_id"] == "cb1"
    assert [one.button for one in desk.accepted] == ["kT3x"]
