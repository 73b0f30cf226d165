"""Dossiers with a result, a petition with an answer, people whom they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from backend.db.engine import open_database
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.domain.dossier import Applicant, Filing, Stage
from backend.domain.petition import (
    NewPetition,
    Petition,
    PetitionKind,
    PetitionSource,
    PetitionState,
    Reporter,
    Story,
)
from backend.services.petitions import filing
from tests.conftest import FixedClock
from tests.integration.people.conftest import ANNA, BINH, Street, dossier

DONE, RUNNING, BINHS = "H50.34-261101-0001", "H50.34-261101-0002", "H50.34-261101-0003"


@pytest.fixture
def street(database_url: str, tools: Tools) -> Iterator[Street]:
    clock = FixedClock()
    db = open_database(database_url, replace(tools, clock=clock), workers=4)
    filings = [
        Filing(dossier(DONE, Stage.DONE), Applicant("Nguyễn Thị An", ANNA)),
        Filing(dossier(RUNNING), Applicant("Nguyễn Thị An", ANNA)),
        Filing(dossier(BINHS, Stage.RETURNED), Applicant("Trần Văn Bình", BINH)),
    ]
    db.write_now(lambda uow: uow.dossiers.put_many(filings))
    yield Street(db, clock)
    db.close()


def answered(street: Street, conversation_id: int, reopened: int = 0) -> Petition:
    """A petition of this conversation that the Department of Construction has answered."""

    def fill(uow: Any) -> Petition:
        agency = uow.agencies.put(Agency("H50.04", "Sở Xây dựng", "department"))
        new = NewPetition(
            kind=PetitionKind.FEEDBACK,
            source=PetitionSource.CHAT,
            story=Story("Đèn đường hỏng cả tuần"),
            reporter=Reporter("Nguyễn Thị An", ANNA),
            conversation_id=conversation_id,
        )
        filed = filing.file(uow, "conversation:1", new)
        answer(uow, filed.id, agency, reopened)
        found = uow.petitions.by_code(filed.code)
        assert found is not None
        return found  # type: ignore[no-any-return]

    return street.db.write_now(fill)


def answer(uow: Any, petition_id: int, agency: int, reopened: int) -> None:
    uow.petitions.change(
        petition_id,
        state=PetitionState.ANSWERED,
        agency_id=agency,
        answer="Đã thay bóng.",
        reopened=reopened,
    )
