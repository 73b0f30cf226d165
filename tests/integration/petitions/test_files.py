"""Photos of petitions are fetched from their messenger and lie here, sealed; what cannot be had is given up in time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from backend.db.repositories.petition_files import MOST_TRIES
from backend.domain.messaging import Attachment, ChannelName
from backend.domain.petition import PetitionFile
from bot.photos import fetch_files
from tests.integration.petitions.conftest import Office

PICTURE = b"\xff\xd8\xff a hole in the road"


def app_with(office: Office, **fetch: Any) -> Any:
    return SimpleNamespace(db=office.db, fetch={ChannelName(name): one for name, one in fetch.items()})


async def have(attachment: Attachment) -> bytes:
    assert attachment.reference == "file-1"
    return PICTURE


async def gone(_: Attachment) -> bytes:
    raise OSError("gone")


def filed(office: Office) -> None:
    office.file(files=(PetitionFile("image/jpeg", "telegram", "file-1"),))


async def test_a_photo_is_kept_here_once(office: Office) -> None:
    filed(office)
    app = app_with(office, telegram=have)
    assert [await fetch_files(app) for _ in range(2)] == [1, 0]
    petition = office.db.read_now(lambda uow: uow.petitions.listed(["received"], None, 9))[0]
    (file,) = office.db.read_now(lambda uow: uow.petitions.files(petition.id))
    assert office.db.read_now(lambda uow: uow.blobs.read(file.blob_id)) == PICTURE


async def test_what_is_gone_is_tried_some_times(office: Office) -> None:
    filed(office)
    app = app_with(office, telegram=gone)
    for _ in range(MOST_TRIES):
        assert await fetch_files(app) == 0
    assert office.db.read_now(lambda uow: uow.petition_files.unfetched(9)) == []


async def test_a_channel_that_is_switched_off_harms_nothing(office: Office) -> None:
    filed(office)
    assert await fetch_files(app_with(office)) == 0
    assert len(office.db.read_now(lambda uow: uow.petition_files.unfetched(9))) == 1
