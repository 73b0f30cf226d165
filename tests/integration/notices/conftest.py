"""A post office: real database and real words; the far ends of chat, ZNS and SMS note what arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.domain.clock import VIETNAM
from backend.domain.messaging import Address, ChannelName
from backend.domain.notice import Notice, Step
from backend.services.notices.ladder import Reach, climb, climb_unseen
from backend.services.notices.routes import change_route
from bot.dialogue.desk import Desk
from bot.notices.render import render_due
from bot.replies.renderer import Replies

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=VIETNAM)
PHONE = "0912345678"
REACH = Reach(zns="oa-1", sms="brand")
ROOT = Path(__file__).resolve().parents[3]
FACTS = {
    "title": "Đăng ký giám hộ", "agency": "UBND phường Trần Phú", "stage": 9, "whole_code": "", "due_at": "",
    "papers": [], "supplement_by": "", "fees": [], "pay_at": "", "reason": "", "early_days": 0, "place": [],
    "source": "Một cửa", "as_of": "09:00 30/11/2026", "for_other": False,
}  # fmt: skip


@dataclass
class MovedClock:
    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at


@dataclass
class Post:
    db: Database
    clock: MovedClock
    desk: Desk
    reach: Reach = REACH
    _made: int = field(default=0)

    def person(
        self, name: str, channel: ChannelName = ChannelName.TELEGRAM, phone: str = "", account: str = "bot"
    ) -> int:
        address = Address(channel, account, name)

        def meet(uow: Any) -> int:
            if phone:
                uow.accounts.verify_phone(address, phone, uow.now)
            return int(uow.conversations.lock_or_start(address, uow.now))

        return self.db.write_now(meet)

    def notice(self, conversation: int, kind: str = "dossier_ready", code: str = "", **more: Any) -> None:
        self._made += 1
        code = code or f"H50.34-261109-{self._made:04d}"
        due_at = more.pop("due_at", self.clock.at)
        values = {**FACTS, "code": code, **more}
        one = Notice(f"notices/{kind}", f"dossier:{code}", conversation, due_at, f"k{self._made}", values)
        assert self.db.write_now(lambda uow: uow.notices.add(one))

    def route(self, kind: str, **change: Any) -> None:
        self.db.write_now(lambda uow: change_route(uow, "test", kind, **change))

    def round(self) -> None:
        """What the job does every twenty seconds."""
        self.db.write_now(climb)
        while self.db.write_now(lambda uow: render_due(uow, self.desk, self.reach)):
            pass

    def unseen(self) -> int:
        return self.db.write_now(climb_unseen)

    def steps(self) -> list[Step]:
        return list(self.db.read_now(lambda uow: uow.notices.steps(None, [], 1000)))[::-1]

    def out(self) -> list[tuple[str, str, str]]:
        """Channel, receiver's number or id, text of every row of the outbox."""

        def read(uow: Any) -> list[tuple[str, str, str]]:
            rows = [
                row
                for name, account in (("telegram", "bot"), ("zns", "oa-1"), ("sms", "brand"), ("web", "site"))
                for row in uow.outbox.claim(ChannelName(name), account, uow.now, uow.now, 1000)
            ]
            return [
                (row.address.channel, row.body.phone or row.address.external_id, row.body.text)
                for row in rows
            ]

        with_rollback: list[tuple[str, str, str]] = []

        class Undo(Exception):
            pass

        def look(uow: Any) -> None:
            with_rollback.extend(read(uow))
            raise Undo

        with pytest.raises(Undo):
            self.db.write_now(look)
        return with_rollback

    def fail(self, channel: str, account: str, reason: str = "blocked") -> None:
        """The channel refuses whatever it is given now."""

        def refuse(uow: Any) -> None:
            for row in uow.outbox.claim(ChannelName(channel), account, uow.now, uow.now, 1000):
                uow.outbox.failed(row.id, reason)

        self.db.write_now(refuse)

    def later(self, **span: float) -> None:
        self.clock.at += timedelta(**span)


def make_desk() -> Desk:
    return Desk(Replies(ROOT / "bot" / "replies"), {}, {}, "Văn phòng", {}, frozenset(), "holder", 15.0)


@pytest.fixture
def post(database_url: str, tools: Tools) -> Iterator[Post]:
    clock = MovedClock()
    db = open_database(database_url, replace(tools, clock=clock), workers=2)
    yield Post(db, clock, make_desk())
    db.close()


Make = Callable[..., Any]
