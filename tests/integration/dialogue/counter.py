"""A counter with a made-up office behind it: real database, real turns, a language side that is told what to say."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text as sql_text

from actions.base import Action, Button, Outcome, Reply, StartForm, Turn
from backend.db.engine import Database
from backend.domain.conversation import Conversation, InboxRow, OutboxRow
from backend.domain.errors import Conflict
from backend.domain.messaging import Address, Attachment, ChannelName, Incoming, Kind
from backend.domain.understanding import NOTHING, Understanding
from bot.dialogue.desk import Desk
from bot.dialogue.hub import Hub
from bot.dialogue.pipeline import Pipeline
from bot.dialogue.prepare import Preparation
from bot.replies.renderer import Replies
from tests.unit.dialogue.booth import FORMS

WEB = ChannelName.WEB
ADDRESS = Address(WEB, "default", "visitor-1")

_WORDS = {
    "callback": ["ask_phone", "done"],
    "said": ["echo", "slow", "menu", "counted", "kept", "out_of_scope", "fee", "parking"],
    "booth": [
        "ask_what", "ask_day", "ask_people", "ask_leader", "ask_note", "summary", "done", "left",
        "what_too_short", "day_unclear", "people_unclear", "day_full", "field_what", "field_day", "field_people",
    ],
}  # fmt: skip


class Told:
    """In place of Rasa: every sentence means the intent of its first word; ``hold`` makes one wait."""

    def __init__(self) -> None:
        self.holds: dict[str, asyncio.Event] = {}
        self.asked: list[str] = []

    def hold(self, text: str) -> asyncio.Event:
        self.holds[text] = asyncio.Event()
        return self.holds[text]

    async def understand(self, incoming: Incoming) -> Understanding:
        self.asked.append(incoming.text)
        if incoming.kind is Kind.BUTTON:
            return NOTHING
        if incoming.text in self.holds:
            await self.holds[incoming.text].wait()
        first = (incoming.text.split() or [""])[0]
        intent = first if first in ACTIONS else "out_of_scope"
        return Understanding(intent, 0.95, source="model", model_id="told")


def echo(turn: Turn) -> Outcome:
    turn.uow.audit.record(turn.viewer.actor, "echoed", "text", "ok")
    return Reply("said/echo", {"text": turn.text}, remember={"last": turn.text})


def menu(turn: Turn) -> Outcome:
    return Reply(
        "said/menu",
        {"text": ""},
        buttons=(
            Button("Đếm", "counted", {"by": 1}, changes=True),
            Button("Lặp lại", "echo"),
        ),
    )


def counted(turn: Turn) -> Outcome:
    turn.uow.audit.record(turn.viewer.actor, "counted", "button", "ok")
    return Reply("said/counted", {"text": turn.value("by")})


def refusing(turn: Turn) -> Outcome:
    """Changes something, then finds that it may not."""
    turn.uow.audit.record(turn.viewer.actor, "half_done", "x", "ok")
    raise Conflict()


def broken(turn: Turn) -> Outcome:
    turn.uow.audit.record(turn.viewer.actor, "half_done", "x", "ok")
    raise ZeroDivisionError


ACTIONS: dict[str, Action] = {
    "echo": echo,
    "menu": menu,
    "counted": counted,
    "refusing": refusing,
    "broken": broken,
    "booth": lambda turn: StartForm("booth"),
    "callback": lambda turn: StartForm("callback"),
    "contact_shared": lambda turn: Reply("said/kept", {"text": "own"}),
    "contact_not_own": lambda turn: Reply("said/kept", {"text": "another's"}),
    "dossier_status": lambda turn: Reply("said/counted", {"text": turn.codes_from_photo}),
    "fee": lambda turn: Reply("said/fee", {"text": ""}),
    "out_of_scope": lambda turn: Reply("said/out_of_scope", {"text": turn.text}),
}


def words() -> Replies:
    """The bot's own replies, and one line for each made-up key: the key, then ``text`` where it is given."""
    own = Replies(Path(__file__).resolve().parents[3] / "bot" / "replies")
    for topic, names in _WORDS.items():
        for name in names:
            own.override(
                "vi", f"{topic}/{name}", f"{topic}/{name}: {{{{ text if text is defined else '' }}}}"
            )
    return own


def message(text: str, event: str = "", address: Address = ADDRESS, **more: Any) -> Incoming:
    return Incoming(address, event or f"e-{text}", more.pop("kind", Kind.TEXT), text, **more)


def press(button_id: str, event: str = "", address: Address = ADDRESS) -> Incoming:
    return Incoming(address, event or f"p-{button_id}", Kind.BUTTON, button=button_id)


@dataclass
class Counter:
    db: Database
    desk: Desk
    told: Told = field(default_factory=Told)
    hub: Hub = field(default_factory=Hub)
    pipeline: Pipeline = field(init=False)

    def __post_init__(self) -> None:
        self.pipeline = self.worker()

    def worker(self) -> Pipeline:
        """Another process's pipeline over the same database."""
        fetch = {ADDRESS.channel: _picture}
        preparation = Preparation(self.told, fetch, _code_in_picture)  # type: ignore[arg-type]
        return Pipeline(self.db, self.desk, preparation, self.hub)

    async def say(self, text: str, event: str = "", **more: Any) -> list[str]:
        """The keys of the replies to this message."""
        _, answered = await self.pipeline.converse(message(text, event, **more), 10.0)
        assert answered is not None, f"no answer to {text!r}"
        return [one.key for one in answered.spoken.messages]

    async def press(self, button_id: str, event: str = "", address: Address = ADDRESS) -> list[str]:
        _, answered = await self.pipeline.converse(press(button_id, event, address), 10.0)
        assert answered is not None
        return [one.key for one in answered.spoken.messages]

    def offered(self, address: Address = ADDRESS) -> list[str]:
        return list(self.conversation(address).state.get("offered", ()))

    def conversation(self, address: Address = ADDRESS) -> Conversation:
        found = self.db.read_now(lambda uow: uow.conversations.find(address))
        assert found is not None
        return found

    def inbox(self, address: Address = ADDRESS) -> Sequence[InboxRow]:
        where = self.conversation(address).id
        return self.db.read_now(lambda uow: uow.inbox.recent(where, 0, 1000))

    def outbox(self, address: Address = ADDRESS) -> Sequence[OutboxRow]:
        where = self.conversation(address).id
        return self.db.read_now(lambda uow: uow.outbox.recent(where, 0, 1000))

    def said(self, address: Address = ADDRESS) -> list[str]:
        return [row.body.text for row in self.outbox(address)]

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        def look(uow: Any) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in uow.connection.execute(sql_text(sql), values)]

        return self.db.read_now(look)

    def change(self, sql: str, **values: Any) -> None:
        self.db.write_now(lambda uow: uow.connection.execute(sql_text(sql), values) and None)


async def _picture(attachment: Attachment) -> bytes:
    return attachment.reference.encode()


async def _code_in_picture(content: bytes) -> Sequence[str]:
    return (content.decode(),)


def desk_of(actions: Mapping[str, Action] = ACTIONS, holder: str = "one", lease_s: float = 15.0) -> Desk:
    return Desk(
        replies=words(),
        actions=actions,
        forms=FORMS,
        office="Văn phòng thử",
        uses={},
        officers_only=frozenset(),
        holder=holder,
        lease_s=lease_s,
    )


def audited(counter: Counter) -> list[str]:
    return [row[0] for row in counter.rows("SELECT action FROM audit ORDER BY id")]
