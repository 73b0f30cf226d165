"""The way of a message: receive, prepare, turn. Order within a conversation holds with any number of workers.

Each message has a lease. A worker that dies leaves rows whose lease runs out; ``recover`` takes them up again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from backend.domain.conversation import InboxRow
from backend.domain.messaging import Incoming
from backend.domain.ports import Transactions
from backend.domain.understanding import Understanding
from bot.dialogue.desk import Desk
from bot.dialogue.hub import Hub, Signal
from bot.dialogue.prepare import Preparation
from bot.dialogue.receive import Receipt, receive
from bot.dialogue.turn import MOST_ATTEMPTS, Answered, Ready, TurnFailed, put_aside, take_turn

Prepared = tuple[Understanding, tuple[str, ...]]

log = structlog.get_logger(__name__)

#: Messages prepared at the same time in one process; more wait, committed, in the inbox.
AT_ONCE = 32
CLAIM_AT_ONCE = 50


class Pipeline:
    def __init__(self, db: Transactions, desk: Desk, preparation: Preparation, hub: Hub) -> None:
        self._db = db
        self._desk = desk
        self._preparation = preparation
        self._hub = hub
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiters: dict[int, asyncio.Future[Answered]] = {}

    async def accept(self, incoming: Incoming) -> Receipt:
        """Store the message; once this returns it is safe to acknowledge. The answer comes by itself."""
        receipt, preparing = await self._receive(incoming)
        if not receipt.repeated:
            self._spawn(self._work(receipt, incoming, preparing))
        return receipt

    async def converse(self, incoming: Incoming, patience_s: float) -> tuple[Receipt, Answered | None]:
        """Store the message and wait for its own answer; None when that takes longer than ``patience_s``."""
        receipt, preparing = await self._receive(incoming)
        if receipt.repeated:
            return receipt, None
        waiter: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiters[receipt.inbox_id] = waiter
        try:
            self._spawn(self._work(receipt, incoming, preparing))
            return receipt, await asyncio.wait_for(waiter, patience_s)
        except TimeoutError:
            return receipt, None
        finally:
            self._waiters.pop(receipt.inbox_id, None)

    def take_up(self, receipt: Receipt, incoming: Incoming) -> None:
        """Answer a message that a transaction of somebody else's has stored (the result of slow work)."""
        if not receipt.repeated:
            self._spawn(self._work(receipt, incoming, asyncio.create_task(self._prepare(incoming))))

    async def recover(self, *, alone: bool = False) -> int:
        """Take up messages whose worker is gone; returns how many. ``alone``: no other process can hold any."""
        taken = 0
        while rows := await self._claim(alone):
            taken += len(rows)
            await asyncio.gather(*(self._again(row) for row in rows))
        return taken

    async def close(self, patience_s: float = 3.0) -> None:
        """Let turns under way finish; what does not is taken up again at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience_s)
        for task in self._tasks:
            task.cancel()

    @property
    def under_way(self) -> int:
        return len(self._tasks)

    # --- pieces ------------------------------------------------------------------------------------------

    async def _receive(self, incoming: Incoming) -> tuple[Receipt, asyncio.Task[Prepared]]:
        """Store the message; meanwhile it is already being read, which changes nothing and is thrown away
        when the storing fails or the event had come before."""
        preparing = asyncio.create_task(self._prepare(incoming))
        try:
            receipt = await self._db.write(
                lambda uow: receive(uow, incoming, self._desk.holder, self._desk.lease_s)
            )
        except BaseException:
            preparing.cancel()
            raise
        if receipt.repeated:
            preparing.cancel()
        return receipt, preparing

    async def _prepare(self, incoming: Incoming) -> Prepared:
        async with self._room:
            return await self._preparation.prepare(incoming)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, receipt: Receipt, incoming: Incoming, preparing: asyncio.Task[Prepared]) -> None:
        self._hub.tell(Signal(receipt.conversation_id, typing=True))
        understood, codes = await preparing
        await self._turns(receipt.conversation_id, Ready(receipt.inbox_id, incoming.text, understood, codes))

    async def _again(self, row: InboxRow) -> None:
        if row.attempts > MOST_ATTEMPTS:
            await self._aside(row.id, "attempts used up")
            return
        if row.understood is not None:
            await self._turns(row.conversation_id, None)
            return
        understood, codes = await self._prepare(row.incoming)
        await self._turns(row.conversation_id, Ready(row.id, row.incoming.text, understood, codes))

    async def _turns(self, conversation_id: int, ready: Ready | None) -> None:
        """Answer messages of this conversation in order until none is ready."""
        while True:
            try:
                answered = await self._turn(conversation_id, ready)
            except TurnFailed as failure:
                if not await self._failed(failure):
                    ready = None if ready and ready.inbox_id == failure.inbox_id else ready
                continue
            if answered is None:
                return
            self._announce(answered)
            if not answered.more:
                return
            ready = None

    async def _turn(self, conversation_id: int, ready: Ready | None) -> Answered | None:
        return await self._db.write(lambda uow: take_turn(uow, self._desk, conversation_id, ready))

    async def _failed(self, failure: TurnFailed) -> bool:
        """Count the try; True when the message is to be tried again, False when it was put aside."""
        cause = failure.__cause__
        log.error("turn_failed", turn=failure.inbox_id, error=type(cause).__name__, exc_info=cause)
        attempts = await self._db.write(
            lambda uow: uow.inbox.failed_try(
                failure.inbox_id, uow.now + timedelta(seconds=self._desk.lease_s)
            )
        )
        if attempts > MOST_ATTEMPTS:
            await self._aside(failure.inbox_id, type(cause).__name__)
            return False
        await asyncio.sleep(0.05 * attempts)
        return True

    async def _aside(self, inbox_id: int, reason: str) -> None:
        answered = await self._db.write(lambda uow: put_aside(uow, self._desk, inbox_id, reason))
        if answered is not None:
            self._announce(answered)

    def _announce(self, answered: Answered) -> None:
        waiter = self._waiters.get(answered.inbox_id)
        if waiter is not None and not waiter.done():
            waiter.set_result(answered)
        self._hub.outgoing.set()
        self._hub.tell(Signal(answered.conversation.id, typing=False))
        self._hub.tell(Signal(answered.conversation.id))

    async def _claim(self, alone: bool) -> Sequence[InboxRow]:
        lease = timedelta(seconds=self._desk.lease_s)
        return await self._db.write(
            lambda uow: uow.inbox.claim_abandoned(
                self._desk.holder, uow.now, uow.now + lease, CLAIM_AT_ONCE, alone
            )
        )
