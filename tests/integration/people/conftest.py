"""People with a Telegram account whose number is verified, browsers without one, a clock that can be moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.domain.dossier import Applicant, Dossier, Filing, Stage
from backend.domain.messaging import Address, ChannelName
from backend.domain.notice import Notice
from backend.domain.viewer import Viewer
from backend.services import people
from tests.conftest import NOW, FixedClock

ANNA, BINH = "0912345678", "0987654321"
ANNAS, BINHS = "H50.34-261109-0041", "H50.34-261109-0042"
TELEGRAM = Address(ChannelName.TELEGRAM, "7", "100")
ZALO = Address(ChannelName.ZALO, "oa", "200")
BROWSER = Address(ChannelName.WEB, "default", "abc")
BINHS_TELEGRAM = Address(ChannelName.TELEGRAM, "7", "101")


@dataclass
class Street:
    """Who stands where."""

    db: Database
    clock: FixedClock

    def viewer(self, address: Address, *, group: bool = False) -> Viewer:
        """As the next turn of this conversation would see it."""

        def look(uow: Any) -> Viewer:
            number = uow.conversations.lock_or_start(address, uow.now)
            identity = uow.accounts.identity(address)
            proofs = frozenset({identity.phone_print} if identity and identity.phone_print else ())
            return Viewer(number, address, phone_proofs=frozenset() if group else proofs, group=group)

        return self.db.write_now(look)

    def verify(self, address: Address, phone: str) -> Viewer:
        self.viewer(address)
        self.db.write_now(lambda uow: people.vouch(uow, address, phone))
        return self.viewer(address)

    def do(self, verb: Any, address: Address, *more: Any) -> Any:
        """One service call by whoever is at this address."""
        viewer = self.viewer(address)
        return self.db.write_now(lambda uow: verb(uow, viewer, *more))

    def later(self, **span: float) -> None:
        self.clock.set(self.clock.now() + timedelta(**span))

    def notices(self) -> list[Notice]:
        end = self.clock.now() + timedelta(days=4000)
        return self.db.write_now(lambda uow: [due.notice for due in uow.notices.due(end, 1000)])

    def rows(self, query: Any) -> list[Any]:
        return self.db.read_now(lambda uow: list(uow.connection.execute(query).all()))


def dossier(code: str, stage: Stage = Stage.PROCESSING) -> Dossier:
    return Dossier(
        code,
        stage,
        "Hệ thống một cửa",
        NOW - timedelta(hours=1),
        title="Đăng ký giám hộ",
        procedure_code="1.004837",
        agency_name="Ủy ban nhân dân phường Trần Phú",
        received_at=NOW - timedelta(days=9),
        finished_at=NOW - timedelta(hours=1) if stage.has_result else None,
    )


def furnish(db: Database, clock: FixedClock) -> Street:
    filings = [
        Filing(dossier(ANNAS), Applicant("Nguyễn Thị An", ANNA)),
        Filing(dossier(BINHS), Applicant("Trần Văn Bình", BINH)),
    ]
    db.write_now(lambda uow: uow.dossiers.put_many(filings))
    return Street(db, clock)


@pytest.fixture
def street(database_url: str, tools: Tools) -> Iterator[Street]:
    clock = FixedClock()
    db = open_database(database_url, replace(tools, clock=clock), workers=4)
    yield furnish(db, clock)
    db.close()
