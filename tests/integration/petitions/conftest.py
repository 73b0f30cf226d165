"""A small office that handles petitions, with a clock that can be moved, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.messaging import Address, ChannelName
from backend.domain.notice import Notice
from backend.domain.petition import NewPetition, Petition, PetitionKind, PetitionSource, Reporter, Story
from backend.domain.running import Account
from backend.domain.viewer import Viewer
from backend.services.petitions import alarms, filing
from backend.services.petitions.moving import Mover, move

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=VIETNAM)
REPORTER = Mover("conversation:1", frozenset({"reporter"}))
DESK = Mover("account:truc", frozenset({"operator"}))
CLERK = Mover("account:xd", frozenset({"officer"}))
HEAD = Mover("account:vp", frozenset({"office_leader"}))
STORY = Story("Đèn đường hẻm 12 hỏng cả tuần nay", "hẻm 12 Trần Phú")


@dataclass
class MovedClock:
    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at


@dataclass
class Office:
    db: Database
    clock: MovedClock
    agencies: dict[str, Agency] = field(default_factory=dict)

    def viewer(self, name: str = "hoa") -> Viewer:
        address = Address(ChannelName.WEB, "main", name)
        number = self.db.write_now(lambda uow: uow.conversations.lock_or_start(address, uow.now))
        return Viewer(number, address)

    def file(self, kind: PetitionKind = PetitionKind.FEEDBACK, **more: Any) -> Petition:
        new = NewPetition(
            kind=kind,
            source=more.pop("source", PetitionSource.CHAT),
            story=more.pop("story", STORY),
            reporter=more.pop("reporter", Reporter("Nguyễn Thị Hoa", "0912345678")),
            conversation_id=more.pop("conversation_id", self.viewer().conversation_id),
            **more,
        )
        return self.db.write_now(lambda uow: filing.file(uow, "conversation:1", new))

    def move(self, by: Mover, code: str, name: str, **more: Any) -> Petition:
        return self.db.write_now(lambda uow: move(uow, by, code, name, **more))

    def ring(self) -> int:
        return self.db.write_now(alarms.ring)

    def petition(self, code: str) -> Petition:
        found = self.db.read_now(lambda uow: uow.petitions.by_code(code))
        assert found is not None
        return found

    def notices(self) -> list[Notice]:
        end = self.clock.at + timedelta(days=4000)
        return self.db.write_now(lambda uow: [one.notice for one in uow.notices.due(end, 1000)])

    def later(self, **span: float) -> None:
        self.clock.at += timedelta(**span)


def furnish(db: Database, clock: MovedClock) -> Office:
    office = Office(db, clock)
    province = Agency("H50", "Ủy ban nhân dân tỉnh", "province")
    construction = Agency("H50.04", "Sở Xây dựng", "department", "H50")
    finance = Agency("H50.06", "Sở Tài chính", "department", "H50")

    def fill(uow: Any) -> None:
        for one in (province, construction, finance):
            office.agencies[one.code] = replace(one, id=uow.agencies.put(one))
        there = office.agencies["H50.04"].id
        for account in (
            Account("truc", "Trực", frozenset({"operator"})),
            Account("xd", "Chuyên viên Sở Xây dựng", frozenset({"officer"}), there),
            Account("gd", "Giám đốc Sở Xây dựng", frozenset({"agency_head"}), there),
        ):
            uow.accounts.add(account, "", uow.now)
        for day in range(400):
            uow.petitions.put_duty((clock.at + timedelta(days=day)).date(), "truc")

    db.write_now(fill)
    return office


@pytest.fixture
def office(database_url: str, tools: Tools) -> Iterator[Office]:
    clock = MovedClock()
    db = open_database(database_url, replace(tools, clock=clock), workers=2)
    yield furnish(db, clock)
    db.close()
