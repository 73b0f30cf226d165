"""The workshop: takes ordered products one by one, makes them off the turns' way, hands them back as inbox events.

A row is leased while it is made. A worker that dies leaves a lease that runs out; the next one tries again. In one
transaction the product is stored, the order ended and the event received: so it comes back once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog

from backend.domain.conversation import Conversation, InboxRow
from backend.domain.errors import DomainError
from backend.domain.messaging import Incoming, Kind
from backend.domain.ports import Transactions, UnitOfWork
from backend.domain.scope import Scope
from backend.domain.viewer import Viewer
from backend.domain.work import MOST_TRIES, WorkOrder, WorkStatus, event_id
from backend.services.accounts.scope import scope_of
from backend.services.briefs.ordering import print_of
from bot.dialogue.desk import Desk
from bot.dialogue.hub import Hub
from bot.dialogue.pipeline import Pipeline
from bot.dialogue.receive import Receipt, receive
from bot.dialogue.state import State
from bot.dialogue.turn import viewer_of
from bot.products import MAKERS, Asked, Draft, Maker, OfficeWords, Refused

log = structlog.get_logger(__name__)

#: Making one product takes a second; one that takes this long has failed.
MAKE_S = 60.0
LEASE_S = 90.0
#: How often one looks for orders that another process took, or that wait for their next try.
LOOK_S = 1.0

Event = tuple[Receipt, Incoming]


@dataclass(frozen=True, slots=True)
class Made:
    """A product, and what it was made under."""

    draft: Draft
    scope: Scope
    content: bytes


class Workshop:
    def __init__(
        self,
        db: Transactions,
        desk: Desk,
        pipeline: Pipeline,
        hub: Hub,
        makers: dict[str, Maker] | None = None,
    ) -> None:
        self._db = db
        self._desk = desk
        self._pipeline = pipeline
        self._hub = hub
        self._makers = makers or dict(MAKERS)
        self._words = OfficeWords(desk)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            while await self.round():
                pass
            await asyncio.sleep(LOOK_S)

    async def round(self) -> bool:
        """Take one order and see it through; False when there is none to take."""
        order = await self._db.write(
            lambda uow: uow.work.claim(self._desk.holder, uow.now, uow.now + timedelta(seconds=LEASE_S))
        )
        if order is None:
            return False
        event = await self._see_through(order)
        if event is not None:
            self._pipeline.take_up(*event)
        return True

    async def _see_through(self, order: WorkOrder) -> Event | None:
        if order.tries > MOST_TRIES:  # whoever tried last did not live to say so
            return await self._give_up(order, "its workers died")
        try:
            made = await self._make(order)
        except DomainError as refusal:
            return await self._refuse(order, refusal)
        except Exception as error:
            log.error(
                "work_failed", work=order.id, kind=order.kind, error=type(error).__name__, exc_info=error
            )
            if order.tries >= MOST_TRIES:
                return await self._give_up(order, type(error).__name__)
            wait = timedelta(seconds=2.0**order.tries)
            reason = type(error).__name__
            await self._db.write(lambda uow: uow.work.again(order, self._desk.holder, uow.now + wait, reason))
            return None
        return await self._db.write(lambda uow: self._deliver(uow, order, made))

    async def _make(self, order: WorkOrder) -> Made:
        def gather(uow: UnitOfWork) -> tuple[Draft, Scope]:
            viewer = self._viewer(uow, order)
            scope = scope_of(uow, viewer)
            if scope.empty:
                raise Refused("staff/no_reach")
            rows = viewer.address.channel in self._desk.rows_on
            asked = Asked(uow, viewer, scope, order.args, rows)
            return self._makers[order.kind](asked, self._words), scope

        draft, scope = await self._db.read(gather)
        async with asyncio.timeout(MAKE_S):
            content = await asyncio.to_thread(draft.render)
        return Made(draft, scope, content)

    def _viewer(self, uow: UnitOfWork, order: WorkOrder) -> Viewer:
        """As a turn of this conversation would see the asker now. Raises Refused when it is no longer theirs."""
        conversation = uow.conversations.get(order.conversation_id)
        event = _event(conversation, order, {})
        row = InboxRow(0, conversation.id, 0, "", 0, event, None)
        viewer = viewer_of(uow, conversation, row, State())
        if viewer.account != order.account:
            raise Refused("staff/no_reach")
        return viewer

    def _deliver(self, uow: UnitOfWork, order: WorkOrder, made: Made) -> Event | None:
        if not uow.work.end(order, self._desk.holder, WorkStatus.DONE, uow.now):
            return None  # another worker's by now: what was made here is dropped
        draft = made.draft
        blob = uow.blobs.add(order.conversation_id, draft.media_type, made.content, uow.now)
        detail = {
            "kind": order.kind,
            "rows": draft.rows,
            "bytes": len(made.content),
            "scope": print_of(made.scope),
        }
        uow.audit.record(f"account:{order.account}", "product_made", f"work:{order.id}", "ok", detail)
        return _received(uow, self._desk, order, "product_ready", {
            "kind": order.kind,
            "args": dict(order.args),
            "blob": blob,
            "name": draft.name,
            "media_type": draft.media_type,
            "title": draft.title,
            "notes": list(draft.notes),
            "scope": draft.scope,
            "scope_print": print_of(made.scope),
            "taken_at": uow.now.isoformat(),
            **draft.more,
        })  # fmt: skip

    async def _refuse(self, order: WorkOrder, refusal: DomainError) -> Event | None:
        """A rule said no when it was to be made: no second try, the reason is told."""

        def tell(uow: UnitOfWork) -> Event | None:
            if not uow.work.end(order, self._desk.holder, WorkStatus.FAILED, uow.now, refusal.key):
                return None
            detail = {"kind": order.kind, "why": refusal.key}
            uow.audit.record(
                f"account:{order.account}", "product_made", f"work:{order.id}", "refused", detail
            )
            said = {"key": refusal.key, "said": {name: _plain(one) for name, one in refusal.values.items()}}
            return _received(uow, self._desk, order, "product_failed", said)

        return await self._db.write(tell)

    async def _give_up(self, order: WorkOrder, reason: str) -> Event | None:
        def tell(uow: UnitOfWork) -> Event | None:
            if not uow.work.end(order, self._desk.holder, WorkStatus.FAILED, uow.now, reason):
                return None
            detail = {"kind": order.kind, "why": reason}
            uow.audit.record(f"account:{order.account}", "product_made", f"work:{order.id}", "failed", detail)
            said = {
                "asked_at": uow.work.asked_at(order.id).isoformat(),
                "tries": min(order.tries, MOST_TRIES),
            }
            return _received(
                uow, self._desk, order, "product_failed", {"key": "product/failed", "said": said}
            )

        return await self._db.write(tell)


def _event(conversation: Conversation, order: WorkOrder, metadata: dict[str, Any]) -> Incoming:
    return Incoming(
        conversation.address, event_id(order.id), Kind.EVENT, staff=order.account, metadata=metadata
    )


def _plain(value: Any) -> Any:
    """As JSON can keep it; days and instants as ISO text, which the replies read."""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | list | None) else str(value)


def _received(uow: UnitOfWork, desk: Desk, order: WorkOrder, intent: str, values: dict[str, Any]) -> Event:
    conversation = uow.conversations.get(order.conversation_id)
    incoming = _event(conversation, order, {"intent": intent, "values": values})
    return receive(uow, incoming, desk.holder, desk.lease_s), incoming
