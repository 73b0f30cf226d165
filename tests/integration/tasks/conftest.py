"""A small province with officers of every role, and tasks in every group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.domain.messaging import Address, ChannelName
from backend.domain.running import Account
from backend.domain.scope import Scope
from backend.domain.task import Giver, SourceDocument, Task, TaskState
from backend.domain.viewer import Viewer
from backend.services.accounts.scope import scope_of
from tests.conftest import FixedClock

TODAY = date(2026, 11, 21)  # a Saturday; tasks are counted by calendar days
BUILDING, LAND, MONEY, COMMUNE = "H50.04", "H50.05", "H50.06", "H50.31"
DESK = "H50.04.01"  # stands under the construction department

OFFICERS = (
    Account("chutich", "Chủ tịch", frozenset({"chairman"})),
    Account("pct", "Phó Chủ tịch", frozenset({"vice_chairman"}), fields=("Đất đai",), block=(MONEY,)),
    Account("vp", "Chánh Văn phòng", frozenset({"office_leader"}), title="Chánh Văn phòng"),
    Account("theodoi", "Chuyên viên đất đai", frozenset({"specialist"}), fields=("Đất đai",)),
    Account("gd", "Giám đốc Sở Xây dựng", frozenset({"agency_head"})),
    Account("canbo", "Trần Văn Bình", frozenset({"officer"})),
    Account("dongnghiep", "Lê Thị Hoa", frozenset({"officer"})),
    Account("taichinh", "Cán bộ Sở Tài chính", frozenset({"officer"})),
    Account("xa", "Cán bộ xã", frozenset({"commune_officer"})),
    Account("tongdai", "Tổng đài", frozenset({"operator"})),
    Account("quantri", "Quản trị", frozenset({"administrator"})),
)
_HOMES = {"gd": BUILDING, "canbo": BUILDING, "dongnghiep": BUILDING, "taichinh": MONEY, "xa": COMMUNE}


@dataclass
class Office:
    """Who works where, and what they were given."""

    db: Database
    clock: FixedClock
    ids: dict[str, int]

    def viewer(
        self, name: str, *, channel: ChannelName = ChannelName.TERMINAL, group: bool = False
    ) -> Viewer:
        def look(uow: Any) -> Viewer:
            account = uow.accounts.by_name(name)
            address = Address(channel, "bot", name)
            number = uow.conversations.lock_or_start(address, uow.now)
            roles = account.roles if account else frozenset()
            return Viewer(number, address, account=name if account else "", roles=roles, group=group)

        return self.db.write_now(look)

    def scope(self, name: str, *, group: bool = False) -> Scope:
        viewer = self.viewer(name, group=group)
        return self.db.read_now(lambda uow: scope_of(uow, viewer))

    def put(self, *tasks: Task) -> None:
        for one in tasks:
            self.db.write_now(lambda uow, one=one: uow.tasks.put(one, uow.now))

    def do(self, verb: Any, name: str, *more: Any, **named: Any) -> Any:
        """A service call by an officer, within their scope."""
        viewer, scope = self.viewer(name), self.scope(name)
        return self.db.write_now(lambda uow: verb(uow, viewer, scope, *more, **named))

    def task(self, code: str) -> Task:
        found = self.db.read_now(lambda uow: uow.tasks.by_code(Scope(everything=True), code))
        assert found is not None
        return found  # type: ignore[no-any-return]

    def notices(self, kind: str = "") -> list[tuple[str, str, str]]:
        """(kind, subject, who is told)."""

        def read(uow: Any) -> list[tuple[str, str, str]]:
            due = uow.notices.due(self.clock.now().replace(year=2030), 1000)
            return [
                (
                    one.notice.kind,
                    one.notice.subject,
                    uow.conversations.get(one.notice.conversation_id).address.external_id,
                )
                for one in due
                if one.notice.kind.startswith(kind)
            ]

        return self.db.read_now(read)


def task(number: int, agency: int, due: date | None, **more: Any) -> Task:
    known: dict[str, Any] = {
        "code": f"NV-2026-{number:04d}",
        "content": f"Việc số {number}",
        "giver": Giver.CHAIRMAN,
        "agency_id": agency,
        "assigned_on": date(2026, 9, 1),
        "source": SourceDocument(f"{number}/UBND-KT", date(2026, 9, 1)),
        "due_on": due,
    }
    return Task(**{**known, **more})


def furnish(db: Database, clock: FixedClock) -> Office:
    agencies = [
        Agency("H50", "Ủy ban nhân dân tỉnh An Hòa", "province"),
        Agency("H50.01", "Văn phòng Ủy ban nhân dân tỉnh", "department", "H50"),
        Agency(BUILDING, "Sở Xây dựng", "department", "H50"),
        Agency(DESK, "Ban Quản lý dự án", "other", BUILDING),
        Agency(LAND, "Sở Nông nghiệp và Môi trường", "department", "H50"),
        Agency(MONEY, "Sở Tài chính", "department", "H50"),
        Agency(COMMUNE, "Ủy ban nhân dân xã Hòa Phú", "commune", "H50"),
    ]
    ids = db.write_now(lambda uow: {one.code: uow.agencies.put(one) for one in agencies})
    for one in OFFICERS:
        home = ids.get(_HOMES.get(one.name, ""))
        db.write_now(
            lambda uow, one=one, home=home: uow.accounts.add(replace(one, agency_id=home), "", uow.now)
        )
    office = Office(db, clock, ids)
    day = date.fromisoformat
    office.put(
        task(1, ids[BUILDING], day("2026-11-10")),
        task(2, ids[BUILDING], day("2026-11-25"), officer="Trần Văn Bình", officer_account="canbo"),
        task(3, ids[DESK], day("2026-11-01")),
        task(4, ids[LAND], day("2026-11-15"), field="Đất đai", giver=Giver.GOVERNMENT),
        task(5, ids[MONEY], day("2026-10-30"), together_with=(ids[BUILDING],)),
        task(6, ids[MONEY], day("2026-11-10"), state=TaskState.DONE, ended_on=day("2026-11-09")),
        task(7, ids[MONEY], day("2026-11-10"), state=TaskState.DONE, ended_on=day("2026-11-12")),
        task(8, ids[COMMUNE], day("2026-12-20"), state=TaskState.WORKING),
        task(9, ids[LAND], None, field="Đất đai"),
        task(10, ids[COMMUNE], day("2026-11-02"), state=TaskState.STOPPED, ended_on=day("2026-11-03")),
        task(
            11,
            ids[LAND],
            day("2026-11-20"),
            state=TaskState.CARRIED,
            ended_on=day("2026-11-20"),
            carried_to=2027,
        ),
    )
    return office


@pytest.fixture
def office(database_url: str, tools: Tools) -> Iterator[Office]:
    clock = FixedClock()
    db = open_database(database_url, replace(tools, clock=clock), workers=4)
    yield furnish(db, clock)
    db.close()
