"""A small province with leaders, officers of every reach, messengers bound to them, and calendars written as files."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions import leaders
from actions.base import Reply, Turn
from backend.db.engine import Database, open_database
from backend.db.unit_of_work import SqlUnitOfWork, Tools
from backend.domain.agency import Agency
from backend.domain.leader import EventFilter, LeaderEvent, Sight
from backend.domain.messaging import Address, ChannelName
from backend.domain.notice import Notice
from backend.domain.running import Account
from backend.domain.understanding import Entity, Understanding
from backend.domain.viewer import Viewer
from backend.importers import calendar_table, duty_table
from backend.importers.base import Report
from backend.services.leaders.seeing import sight_of_account
from bot.replies.renderer import Replies
from tests.conftest import NOW, FixedClock

REPLIES = Replies(Path(__file__).parents[3] / "bot" / "replies")
AGENCIES = (
    Agency("H50", "Ủy ban nhân dân tỉnh", "province", phone="0299 3851 001", aliases=("UBND tỉnh",)),
    Agency("H50.01", "Văn phòng Ủy ban nhân dân tỉnh", "department", "H50", aliases=("Văn phòng UBND tỉnh",)),
    Agency("H50.04", "Sở Xây dựng", "department", "H50", phone="0299 3851 204"),
    Agency("H50.06", "Sở Tài chính", "department", "H50"),
    Agency("H50.09", "Sở Y tế", "department", "H50"),
)
CHAIR = {
    "leader": "Nguyễn Đức An",
    "title": "Chủ tịch UBND tỉnh",
    "agency": "UBND tỉnh",
    "account": "chutich",
}
HEAD = {
    "leader": "Đỗ Ngọc Linh",
    "title": "Giám đốc Sở Xây dựng",
    "agency": "Sở Xây dựng",
    "account": "giamdoc",
}
#: NOW is Saturday 21/11/2026; the week that is planned begins on the 23rd.
_PLAN = """
CHAIR|23/11/2026|7h30|9h00|Họp giao ban|Toàn tỉnh|
CHAIR|24/11/2026|8h|11h|Nghe báo cáo nhà ở||Sở Xây dựng
CHAIR|25/11/2026|15h|16h|Khám sức khỏe|Riêng|
CHAIR|26/11/2026|Sáng||Dự khánh thành trường học|Công khai|
HEAD|25/11/2026|14h|16h|Thẩm định quy hoạch||Sở Y tế
HEAD|27/11/2026|17h||Việc gia đình|Riêng|
"""
_NAMES = ("on", "starts", "ends", "subject", "visibility", "agencies")
WEEK = tuple(
    {**(CHAIR if who == "CHAIR" else HEAD), **dict(zip(_NAMES, cells, strict=True))}
    for who, *cells in (line.split("|") for line in _PLAN.strip().splitlines())
)


@dataclass
class Office:
    db: Database
    folder: Path
    clock: FixedClock

    def load(self, *rows: Mapping[str, str], **more: Any) -> Report:
        return self._load(calendar_table, "lich", rows, more)

    def load_duty(self, *rows: Mapping[str, str], **more: Any) -> Report:
        return self._load(duty_table, "truc", rows, more)

    def _load(self, table: Any, name: str, rows: Any, more: dict[str, Any]) -> Report:
        path = self.folder / f"{name}.csv"
        headings = {column: known[0] for column, (known, _one) in table.COLUMNS.items()}
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(headings.values()))
            writer.writeheader()
            for row in rows:
                writer.writerow({headings[column]: value for column, value in row.items()})
        run = table.import_calendar if table is calendar_table else table.import_duty
        as_of = more.pop("as_of", self.clock.now())
        report: Report = run(path, self.db.write_now, source="Lịch", as_of=as_of, **more)
        return report

    def sight(self, who: str) -> Sight:
        def look(uow: SqlUnitOfWork) -> Sight:
            account = uow.accounts.by_name(who)
            assert account is not None
            return sight_of_account(uow, account)

        return self.db.read_now(look)

    def seen(self, sight: Sight) -> list[LeaderEvent]:
        span = EventFilter(NOW - timedelta(days=60), NOW + timedelta(days=60))
        return self.db.read_now(lambda uow: list(uow.leaders.find(sight, span, limit=500).rows))

    def ask(self, who: str, text: str, **how: Any) -> Reply:
        """One question through the action; entities as keywords."""
        channel = how.pop("channel", ChannelName.WEB)
        intent = how.pop("intent", "leader_schedule")
        again, context, given = how.pop("again", False), how.pop("context", {}), how.pop("given", {})
        entities = tuple(Entity(name, value, text.find(value), 0) for name, value in how.items())

        def work(uow: SqlUnitOfWork) -> Reply:
            address = Address(channel, "main", who or "dan")
            number = uow.conversations.lock_or_start(address, uow.now)
            known = uow.accounts.by_name(who) if who else None
            viewer = Viewer(number, address, account=who, roles=known.roles if known else frozenset())
            read = Understanding(intent, 1.0, entities, source="model")
            rows_on = frozenset({ChannelName.WEB})
            turn = Turn(uow, viewer, text, read, context, given, rows_on=rows_on, again=again)
            reply = leaders.ACTIONS[intent](turn)
            assert isinstance(reply, Reply)
            return reply

        return self.db.write_now(work)

    @staticmethod
    def text(reply: Reply) -> str:
        parts = [one for one in (reply, reply.foot) if one is not None]
        return "\n".join(REPLIES.render(one.key, one.values) for one in parts)

    def notices(self) -> dict[tuple[str, str], Notice]:
        """What waits to be told, by whom it goes to and its kind."""

        def look(uow: SqlUnitOfWork) -> dict[tuple[str, str], Notice]:
            due = uow.notices.due(uow.now + timedelta(days=400), 1000)
            names = {}
            for one in due:
                address = uow.conversations.get(one.notice.conversation_id).address
                identity = uow.accounts.identity(address)
                names[str(identity.officer if identity else ""), one.notice.kind] = one.notice
            return names

        return self.db.write_now(look)

    def later(self, **span: float) -> None:
        self.clock.set(self.clock.now() + timedelta(**span))


def furnish(uow: SqlUnitOfWork) -> None:
    ids = {one.code: uow.agencies.put(one) for one in AGENCIES}
    accounts = (
        Account("chutich", "Nguyễn Đức An", frozenset({"chairman"}), ids["H50"]),
        Account("lanhdao", "Chánh Văn phòng", frozenset({"office_leader"}), ids["H50.01"]),
        Account("giamdoc", "Đỗ Ngọc Linh", frozenset({"agency_head"}), ids["H50.04"]),
        Account("xaydung", "Cán bộ Sở Xây dựng", frozenset({"officer"}), ids["H50.04"]),
        Account("vanthu", "Văn thư Sở Xây dựng", frozenset({"clerk"}), ids["H50.04"]),
        Account("yte", "Giám đốc Sở Y tế", frozenset({"agency_head"}), ids["H50.09"]),
        Account("taichinh", "Giám đốc Sở Tài chính", frozenset({"agency_head"}), ids["H50.06"]),
        Account("tongdai", "Tổng đài", frozenset({"operator"})),
    )
    for at, account in enumerate(accounts):
        uow.accounts.add(account, "", uow.now)
        address = Address(ChannelName.TELEGRAM, "7", str(100 + at))
        uow.conversations.lock_or_start(address, uow.now)
        uow.officers.bind(address, account.name, uow.now)


@pytest.fixture
def office(database_url: str, tools: Tools, tmp_path: Path) -> Iterator[Office]:
    clock = FixedClock()
    db = open_database(database_url, replace(tools, clock=clock), workers=2)
    db.write_now(furnish)
    yield Office(db, tmp_path, clock)
    db.close()


@pytest.fixture
def planned(office: Office) -> Office:
    report = office.load(*WEEK)
    assert (report.created, report.refused) == (len(WEEK), 0)
    return office
