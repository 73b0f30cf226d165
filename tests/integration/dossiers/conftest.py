"""A few dossiers, an agency, two askers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.db.engine import Database
from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Applicant, Details, Dossier, FeeDue, Filing, Stage
from backend.domain.messaging import Address, ChannelName
from backend.domain.running import Source
from backend.domain.viewer import Viewer

SOURCE = "Hệ thống một cửa"
AS_OF = datetime(2026, 11, 20, 14, 5, tzinfo=VIETNAM)
CODE = "H50.34-261109-0041"
TAIL = "261109-0041"
PHONE = "0912345678"
NAME = "Nguyễn Thị Hạnh"


def dossier(code: str = CODE, stage: Stage = Stage.SUPPLEMENT, **more: Any) -> Dossier:
    told: dict[str, Any] = {
        "as_of": AS_OF,
        "title": "Đăng ký giám hộ",
        "procedure_code": "1.004837",
        "agency_name": "Ủy ban nhân dân phường Trần Phú",
        "holder": "Bà Lê Thị Kim, công chức hộ tịch",
        "step": "Chờ bổ sung",
        "raw_status": "Yêu cầu bổ sung",
        "received_at": datetime(2026, 11, 9, 8, 40, tzinfo=VIETNAM),
        "due_at": datetime(2026, 11, 25, 17, 0, tzinfo=VIETNAM),
        "details": Details(
            papers=("Giấy cam kết giám hộ",), fees=(FeeDue("Lệ phí", 20_000),), note="Gọi trước khi đến"
        ),
    }
    return Dossier(code, stage, SOURCE, **{**told, **more})


def filing(code: str = CODE, stage: Stage = Stage.SUPPLEMENT, phone: str = PHONE, **more: Any) -> Filing:
    return Filing(dossier(code, stage, **more), Applicant(NAME, phone))


@pytest.fixture
def viewer(db: Database) -> Viewer:
    address = Address(ChannelName.WEB, "web", "anna")
    conversation_id = db.write_now(lambda uow: uow.conversations.lock_or_start(address, uow.now))
    return Viewer(conversation_id, address)


@pytest.fixture
def owner(db: Database, viewer: Viewer) -> Viewer:
    """Somebody whose phone the channel vouched for."""
    proof = db.tools.cipher.fingerprint(PHONE, "phone")
    return replace(viewer, phone_proofs=frozenset({proof}))


@pytest.fixture
def put(db: Database) -> Callable[..., Any]:
    """Put filings from a source whose first load is over."""

    def put(*filings: Filing, loaded: bool = True) -> Any:
        def job(uow: Any) -> Any:
            when = uow.now - timedelta(days=30) if loaded else None
            uow.sources.put(Source(SOURCE, "table", AS_OF, when))
            return uow.dossiers.put_many(filings)

        return db.write_now(job)

    return put


@pytest.fixture
def known(db: Database, put: Callable[..., Any]) -> Database:
    db.write_now(
        lambda uow: uow.agencies.put(
            Agency(
                "H50.34",
                "Ủy ban nhân dân phường Trần Phú",
                "commune",
                address="13 đường Trung tâm",
                phone="0299 3861 104",
            )
        )
    )
    put(filing())
    return db
