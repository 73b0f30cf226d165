"""Sending what was committed, for channels that are pushed to (Telegram, Zalo).

One delivery lease per channel account, so its rate limits are kept in one place. A row is ``sending`` (committed)
before the network is touched; one whose sender died is sent once more and counted as uncertain.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from datetime import timedelta

import structlog

from backend.domain.conversation import OutboxRow
from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import ChannelName
from backend.domain.ports import MessageSender, Transactions
from backend.services.quiet import is_quiet
from bot.dialogue.hub import Hub

log = structlog.get_logger(__name__)

LEASE_S = 20.0
IDLE_S = 1.0
MOST_TRIES = 6
#: Messages under way at the same time.
AT_ONCE = 40
#: One looks for the lease this often; it must outlast the slowest message.
STRETCH_S = 4.0
#: So many sends late, and they follow each other at once; more lateness is lost.
MADE_UP = 3
#: A channel counts by its own clock, and what we send is on its way for a time: so much longer than its second.
LEEWAY_S = 0.05


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
        self._few = max(1, min(AT_ONCE, round(per_second / 10)))
        self._lately: deque[float] = deque(maxlen=max(1, int(per_second)))
        self._under_way: set[asyncio.Task[None]] = set()
        self._ended = False
        self._next_at = 0.0
        self._paused_until = 0.0

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                try:
                    self._ended = False
                    if await self._lead() and (await self._stretch() or self._ended):
                        continue  # what ended while we looked may have let the next of its conversation go
                except Exception as error:  # the database is away: what is queued stays queued
                    log.error("delivery_failed", channel=self._channel, error=type(error).__name__)
                self._hub.outgoing.clear()
                await self._news()
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _news(self) -> None:
        """Until something was queued, or an answer came: the next message of its conversation may go then."""
        queued = asyncio.create_task(self._hub.outgoing.wait())
        waiting = {queued, *self._under_way}
        await asyncio.wait(waiting, timeout=IDLE_S, return_when=asyncio.FIRST_COMPLETED)
        queued.cancel()

    async def round(self) -> int:
        """Send what may be sent now, and wait for every answer; returns how many rows were tried."""
        tried = await self._stretch()
        await asyncio.gather(*self._under_way)
        return tried

    async def _stretch(self) -> int:
        """Send for some seconds, so that the lease is renewed in time; returns how many rows were tried.

        Answers are not waited for: one that does not come holds up its own conversation, nobody else's.
        """
        wait = self._paused_until - time.monotonic()
        if wait > 0:
            await asyncio.sleep(min(wait, IDLE_S))
            return 0
        tried = 0
        until = time.monotonic() + STRETCH_S
        while self._paused_until <= time.monotonic() < until:
            if len(self._under_way) >= AT_ONCE:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
                continue
            rows = await self._claim()
            if not rows:
                break
            for row in rows:
                await self._turn()
                task = asyncio.create_task(self._send(row))
                self._under_way.add(task)
                task.add_done_callback(self._done)
            tried += len(rows)
        return tried

    async def _turn(self) -> None:
        """Wait for the next moment at which the account may send.

        Evenly, so that an answer need not wait behind a burst of notices. A little lateness is made up for, but
        never so that more go in any one second than the account may send.
        """
        await asyncio.sleep(self._next_at - time.monotonic())
        if len(self._lately) == self._lately.maxlen:
            await asyncio.sleep(self._lately[0] + 1.0 + LEEWAY_S - time.monotonic())
        now = time.monotonic()
        self._lately.append(now)
        self._next_at = max(self._next_at, now - MADE_UP * self._gap_s) + self._gap_s

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._ended = True
        if not task.cancelled() and (error := task.exception()):  # the row's lease runs out, it comes again
            log.error("delivery_not_noted", channel=self._channel, error=type(error).__name__)

    async def _lead(self) -> bool:
        name = f"deliver:{self._channel}:{self._account}"
        return (
            await self._db.write(
                lambda uow: uow.leases.take(name, self._holder, uow.now, uow.now + timedelta(seconds=LEASE_S))
            )
            is not None
        )

    async def _claim(self) -> Sequence[OutboxRow]:
        """The next few rows: as many as leave in a tenth of a second, so that a sender that dies leaves few behind."""
        return await self._db.write(
            lambda uow: uow.outbox.claim(
                self._channel,
                self._account,
                uow.now,
                uow.now + timedelta(seconds=LEASE_S),
                min(self._few, AT_ONCE - len(self._under_way)),
                quiet=is_quiet(uow.now),
            )
        )

    async def _send(self, row: OutboxRow) -> None:
        if time.monotonic() < self._paused_until:  # another row of this round met the rate limit
            await self._later(row, self._paused_until - time.monotonic(), "paused", counted=False)
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
            await self._later(row, failure.after_s or 1.0, failure.reason, counted=False)
        elif failure.next is Next.GIVE_UP or row.attempts + 1 >= MOST_TRIES:
            await self._db.write(lambda uow: uow.outbox.failed(row.id, failure.reason))
        else:
            await self._later(row, failure.after_s or min(300.0, 2.0 ** (row.attempts + 1)), failure.reason)

    async def _later(self, row: OutboxRow, after_s: float, reason: str, *, counted: bool = True) -> None:
        """``counted`` False: the account had to wait, which is no try of this message."""
        await self._db.write(
            lambda uow: uow.outbox.retry(
                row.id, uow.now + timedelta(seconds=after_s), reason, counted=counted
            )
        )
