"""A small office on both engines: the chairman on the 15th with two places, a weekly commune, the desk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from backend.db.engine import Database
from backend.db.unit_of_work import SqlUnitOfWork
from backend.domain.agency import Agency
from backend.domain.messaging import Address, ChannelName
from backend.domain.reception import BookingRequest, HostKind, ReceptionDay, ReceptionRule
from backend.domain.viewer import Viewer
from backend.services.reception import booking, days

REQUEST = BookingRequest(content="đền bù đất ở thôn 3", name="Nguyễn Thị Hoa", phone="0912345678")
_END = datetime(2099, 1, 1, tzinfo=UTC)
MORNING = ((time(7, 30), time(11, 30)),)


@dataclass
class Office:
    db: Database
    chairman: ReceptionRule
    commune: ReceptionRule
    desk: ReceptionRule

    def viewer(self, name: str) -> Viewer:
        address = Address(ChannelName.WEB, "main", name)
        number = self.db.write_now(lambda uow: uow.conversations.lock_or_start(address, uow.now))
        return Viewer(number, address)

    def days(self, rule: ReceptionRule) -> list[ReceptionDay]:
        return self.db.write_now(lambda uow: list(days.bookable_days(uow, rule)))

    def day(self, number: int) -> ReceptionDay:
        return self.db.read_now(lambda uow: uow.reception.day(number))

    def book(self, who: Viewer, day: ReceptionDay, **change: Any) -> booking.Booked | booking.NotBooked:
        asked = replace(REQUEST, **change)
        return self.db.write_now(lambda uow: booking.book(uow, who, day.id, asked, 1))

    def booked(self, who: Viewer, day: ReceptionDay) -> booking.Booked:
        done = self.book(who, day)
        assert isinstance(done, booking.Booked)
        return done

    def notices(self) -> list[Any]:
        return self.db.write_now(lambda uow: [one.notice for one in uow.notices.due(_END, 100)])


def _rule(
    uow: SqlUnitOfWork, agency_id: int, host: str, kind: HostKind, how: dict[str, Any]
) -> ReceptionRule:
    rule = ReceptionRule(
        host=host,
        host_kind=kind,
        agency_id=agency_id,
        rule=how,
        sessions=MORNING,
        place="Trụ sở Tiếp công dân",
        capacity=2,
        valid_from=date(2026, 1, 1),
        source="thông báo của tỉnh",
    )
    return replace(rule, id=uow.reception.put_rule(rule))


@pytest.fixture
def office(db: Database) -> Office:
    def make(uow: SqlUnitOfWork) -> tuple[ReceptionRule, ReceptionRule, ReceptionRule]:
        top = uow.agencies.put(Agency("H50", "Ủy ban nhân dân tỉnh", "province", aliases=("UBND tỉnh",)))
        board = uow.agencies.put(Agency("H50.02", "Ban Tiếp công dân tỉnh", "other", "H50"))
        low = uow.agencies.put(Agency("H50.31", "Ủy ban nhân dân xã Hòa Phú", "commune", "H50"))
        rules = (
            _rule(uow, top, "Chủ tịch UBND tỉnh", HostKind.CHAIRMAN, {"monthly_day": 15}),
            _rule(uow, low, "Chủ tịch UBND xã Hòa Phú", HostKind.COMMUNE_CHAIRMAN, {"weekly": 2}),
            _rule(uow, board, "Ban Tiếp công dân tỉnh", HostKind.DESK, {"every": "working_day"}),
        )
        days.ensure_days(uow)
        return rules

    return Office(db, *db.write_now(make))
