"""A room where officers order products: real database, real actions, real renderers, a worker that can be stopped."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text as sql_text

from actions.registry import gather
from backend.db.engine import Database
from backend.domain.agency import Agency
from backend.domain.conversation import ButtonRow, OutboxRow
from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from backend.domain.running import Account
from backend.domain.task import Giver, SourceDocument, Task, TaskState
from backend.domain.understanding import NOTHING, Understanding
from bot.dialogue.desk import Desk
from bot.dialogue.hub import Hub
from bot.dialogue.pipeline import Pipeline
from bot.dialogue.prepare import Preparation
from bot.products import Maker
from bot.replies.renderer import Replies
from bot.work import Workshop
from tests.conftest import FixedClock

TODAY = date(2026, 11, 21)
BUILDING, LAND = "H50.04", "H50.05"
OFFICERS = {
    "vp": Account("vp", "Chánh Văn phòng", frozenset({"office_leader"}), title="Chánh Văn phòng"),
    "canbo": Account("canbo", "Trần Văn Bình", frozenset({"officer"})),
    "tongdai": Account("tongdai", "Tổng đài", frozenset({"operator"})),
}


def terminal(name: str) -> Address:
    return Address(ChannelName.TERMINAL, name, f"at-{name}")


def telegram(name: str) -> Address:
    return Address(ChannelName.TELEGRAM, "7", f"chat-{name}")


class Reader:
    """In place of Rasa: a sentence is the name of its intent."""

    async def understand(self, incoming: Incoming) -> Understanding:
        if incoming.kind in (Kind.BUTTON, Kind.EVENT):
            return NOTHING
        return Understanding(incoming.text, 0.99, source="model", model_id="told")


@dataclass
class Room:
    db: Database
    clock: FixedClock
    holder: str = "one"
    makers: dict[str, Maker] | None = None
    hub: Hub = field(default_factory=Hub)
    desk: Desk = field(init=False)
    pipeline: Pipeline = field(init=False)
    work: Workshop = field(init=False)

    def __post_init__(self) -> None:
        actions, forms = gather()
        self.desk = Desk(
            replies=Replies(Path(__file__).resolve().parents[3] / "bot" / "replies"),
            actions=actions,
            forms=forms,
            office="Văn phòng thử",
            uses={},
            officers_only=frozenset(),
            holder=self.holder,
        )
        self.pipeline = Pipeline(self.db, self.desk, Preparation(Reader(), {}, _no_codes), self.hub)  # type: ignore[arg-type]
        self.work = Workshop(self.db, self.desk, self.pipeline, self.hub, self.makers)

    def furnish(self) -> Room:
        """Agencies, officers with a Telegram each, and tasks: two overdue at one agency, one at the other."""

        def fill(uow: Any) -> None:
            uow.agencies.put(Agency("H50", "Ủy ban nhân dân tỉnh", "province"))
            building = uow.agencies.put(Agency(BUILDING, "Sở Xây dựng", "department", "H50"))
            land = uow.agencies.put(Agency(LAND, "Sở Nông nghiệp và Môi trường", "department", "H50"))
            for one in OFFICERS.values():
                home = building if one.name == "canbo" else None
                made = Account(one.name, one.full_name, one.roles, home, one.title)
                uow.accounts.add(made, "x", uow.now)
                uow.conversations.lock_or_start(telegram(one.name), uow.now)
                uow.officers.bind(telegram(one.name), one.name, uow.now)
            for task in (
                a_task(1, building, "Sửa cầu Bến Hồ", due=date(2026, 11, 1)),
                a_task(2, building, "Quy hoạch khu dân cư", due=date(2026, 11, 20)),
                a_task(3, land, "Đo đạc đất đai", due=date(2026, 11, 19)),
                a_task(4, land, "Báo cáo rừng", due=date(2026, 12, 30), assigned=date(2026, 11, 18)),
                a_task(5, building, "Việc đã xong", due=date(2026, 11, 10), ended=date(2026, 11, 17)),
            ):
                uow.tasks.put(task, uow.now)

        self.db.write_now(fill)
        return self

    async def say(self, intent: str, address: Address, event: str = "") -> list[str]:
        """The keys of the answer to a sentence that means this."""
        return await self._converse(
            Incoming(address, event or secrets.token_hex(6), Kind.TEXT, intent, staff=_staff(address))
        )

    async def press(self, intent: str, values: Mapping[str, Any], address: Address) -> list[str]:
        """A button that an earlier answer would have offered."""
        number = secrets.token_urlsafe(12)

        def offer(uow: Any) -> None:
            where = uow.conversations.lock_or_start(address, uow.now)
            payload = {"intent": intent, "values": dict(values)}
            until = uow.now + timedelta(days=1)
            uow.buttons.add([ButtonRow(number, where, None, 1, 0, "", payload, expires_at=until)])

        self.db.write_now(offer)
        return await self._converse(
            Incoming(address, number, Kind.BUTTON, button=number, staff=_staff(address))
        )

    async def _converse(self, incoming: Incoming) -> list[str]:
        _, answered = await self.pipeline.converse(incoming, 10.0)
        assert answered is not None
        return [one.key for one in answered.spoken.messages]

    async def make(self) -> int:
        """Everything that is ordered is made and handed over; how many orders were taken."""
        count = 0
        while await self.work.round():
            count += 1
        await self.pipeline.close(10.0)
        return count

    def said(self, address: Address) -> Sequence[OutboxRow]:
        def look(uow: Any) -> Sequence[OutboxRow]:
            found = uow.conversations.find(address)
            return list(uow.outbox.recent(found.id, 0, 1000))

        return self.db.read_now(look)

    def last(self, address: Address) -> OutboxRow:
        return self.said(address)[-1]

    def content(self, row: OutboxRow, index: int = 0) -> bytes:
        return self.db.read_now(lambda uow: uow.blobs.read(row.body.files[index].blob_id))  # type: ignore[no-any-return]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.db.read_now(lambda uow: [tuple(row) for row in uow.connection.execute(sql_text(sql))])

    def audited(self, action: str) -> list[tuple[Any, ...]]:
        return self.rows(f"SELECT actor, outcome FROM audit WHERE action = '{action}' ORDER BY id")

    def later(self, **span: float) -> None:
        self.clock.set(self.clock.now() + timedelta(**span))


def _staff(address: Address) -> str:
    return address.account if address.channel is ChannelName.TERMINAL else ""


def a_task(
    number: int,
    agency: int,
    content: str,
    *,
    due: date,
    assigned: date = date(2026, 10, 1),
    ended: date | None = None,
) -> Task:
    return Task(
        f"NV-2026-{number:04d}",
        content,
        Giver.CHAIRMAN,
        agency,
        assigned,
        SourceDocument(f"{number}/UBND-KT", assigned),
        due_on=due,
        state=TaskState.DONE if ended else TaskState.OPEN,
        ended_on=ended,
    )


async def _no_codes(content: bytes) -> Sequence[str]:
    return ()
