"""Sending what was committed, for channels that are pushed to (Telegram, Zalo).

One delivery lease per channel account, so its rate limits are kept in one place. A row is ``sending`` (committed)
before the network is touched; one whose sender died is sent once more and counted as uncertain.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import structlog

from backend.domain.conversation import OutboxRow
from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import ChannelName
from backend.domain.ports import MessageSender, Transactions
from bot.dialogue.hub import Hub

log = structlog.get_logger(__name__)

LEASE_S = 20.0
IDLE_S = 1.0
MOST_TRIES = 6
#: Messages under way in one round; the lease must outlast the slowest of them.
AT_ONCE = 20


class Deliverer:
    """Delivers one channel account's rows while it holds the lease.

    ``per_second`` is the account's own limit; each conversation has at most one message under way.
    """

    def __init__(
        self,
        db: Transactions,
        hub: Hub,
        sender: MessageSender,
        channel: ChannelName,
        account: str,
        holder: str,
        per_second: float = 25.0,
    ) -> None:
        self._db = db
        self._hub = hub
        self._sender = sender
        self._channel = channel
        self._account = account
        self._holder = holder
        self._gap_s = 1.0 / per_second
        self._next_at = 0.0
        self._paused_until = 0.0

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            try:
                if await self._lead() and await self.round():
                    continue
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the database is away: what is queued stays queued
                log.error("delivery_round_failed", channel=self._channel, error=type(error).__name__)
            self._hub.outgoing.clear()
            try:
                await asyncio.wait_for(self._hub.outgoing.wait(), IDLE_S)
            except TimeoutError:
                continue

    async def round(self) -> int:
        """Send what may be sent now; returns how many rows were tried."""
        wait = self._paused_until - time.monotonic()
        if wait > 0:
            await asyncio.sleep(min(wait, IDLE_S))
            return 0
        tried = 0
        async with asyncio.TaskGroup() as sends:
            while tried < AT_ONCE and time.monotonic() >= self._paused_until:
                await asyncio.sleep(self._next_at - time.monotonic())
                row = await self._claim()
                if row is None:
                    break
                self._next_at = time.monotonic() + self._gap_s
                sends.create_task(self._send(row))
                tried += 1
        return tried

    async def _lead(self) -> bool:
        name = f"deliver:{self._channel}:{self._account}"
        return (
            await self._db.write(
                lambda uow: uow.leases.take(name, self._holder, uow.now, uow.now + timedelta(seconds=LEASE_S))
            )
            is not None
        )

    async def _claim(self) -> OutboxRow | None:
        """The next row, taken only when it is its turn: a sender that dies leaves no row ``sending`` untouched."""
        rows = await self._db.write(
            lambda uow: uow.outbox.claim(
                self._channel, self._account, uow.now, uow.now + timedelta(seconds=LEASE_S), 1
            )
        )
        return rows[0] if rows else None

    async def _send(self, row: OutboxRow) -> None:
        if time.monotonic() < self._paused_until:  # another row of this round met the rate limit
            await self._later(row, self._paused_until - time.monotonic(), "rate limit")
            return
        try:
            outside = await self._sender.send(row.address.external_id, row.body)
        except SendFailed as failure:
            await self._not_sent(row, failure)
            return
        except Exception as error:  # a bug in the sender: this row must not hold up its conversation for ever
            await self._not_sent(row, SendFailed(type(error).__name__, Next.RETRY))
            return
        await self._db.write(lambda uow: uow.outbox.sent(row.id, uow.now, outside))

    async def _not_sent(self, row: OutboxRow, failure: SendFailed) -> None:
        log.warning(
            "not_sent", outbox=row.id, channel=self._channel, reason=failure.reason, next=failure.next
        )
        if failure.next is Next.PAUSE:
            self._paused_until = max(self._paused_until, time.monotonic() + (failure.after_s or 1.0))
            await self._later(row, failure.after_s or 1.0, failure.reason)
        elif failure.next is Next.GIVE_UP or row.attempts + 1 >= MOST_TRIES:
            await self._db.write(lambda uow: uow.outbox.failed(row.id, failure.reason))
        else:
            await self._later(row, failure.after_s or min(300.0, 2.0 ** (row.attempts + 1)), failure.reason)

    async def _later(self, row: OutboxRow, after_s: float, reason: str) -> None:
        await self._db.write(
            lambda uow: uow.outbox.retry(row.id, uow.now + timedelta(seconds=after_s), reason)
        )
