"""What was kept comes back, on either engine, and nothing half."""

from __future__ import annotations

import dataclasses
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from backend.db.archive import BackupError, kept_tables, read_manifest
from backend.db.backup import back_up
from backend.db.crypto import Cipher
from backend.db.engine import Database, open_database
from backend.db.restore import key_inside, restore
from backend.db.tables.agencies import agencies
from backend.db.tables.conversations import blobs, inbox
from backend.db.tables.dossiers import dossiers
from backend.db.unit_of_work import SqlUnitOfWork, Tools
from backend.domain.agency import Agency
from backend.domain.callback import CallbackRequest
from backend.domain.document import Direction, OfficialDocument
from backend.domain.leader import DutySession, DutyShift, Leader, LeaderEvent
from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from backend.domain.notice import Notice
from backend.domain.petition import (
    Alarm,
    DeadlineRule,
    NewPetition,
    PetitionKind,
    PetitionSource,
    Reporter,
    Story,
    Unit,
)
from backend.domain.petition_field import Suggestion
from backend.domain.petition_paper import ForwarderKind, Origin, Outcome, Paper, SealedOutcome
from backend.domain.running import Account
from tests.conftest import KEY, FixedClock, fresh_postgres

WORDS = "Tôi muốn phản ánh việc \u2028 riêng của gia đình"
ADDRESS = Address(ChannelName.WEB, "site", "abc")


def fill(uow: SqlUnitOfWork) -> None:
    """Some of every shape: instants, dates, JSON, sealed bytes, a child written before its parent."""
    uow.agencies.put(Agency("H15", "UBND tỉnh", "province", valid_from=date(2025, 7, 1)))
    uow.agencies.put(
        Agency("H15.1", "Sở Xây dựng", "department", parent_code="H15", valid_from=date(2025, 7, 1))
    )
    uow.connection.execute(agencies.update().where(agencies.c.code == "H15").values(parent_id=2))
    uow.accounts.add(Account("canbo", "Cán bộ", frozenset({"officer"}), 2), "", uow.now)
    uow.accounts.verify_phone(ADDRESS, "0912345678", uow.now)
    conversation = uow.conversations.lock_or_start(ADDRESS, uow.now)
    message = Incoming(ADDRESS, "e1", Kind.TEXT, WORDS)
    uow.inbox.add(conversation, 1, message, uow.now, "h", uow.now + timedelta(seconds=15))
    uow.conversations.save_state(conversation, {"form": WORDS})
    uow.blobs.add(conversation, "image/png", bytes(range(256)), uow.now)
    uow.notices.add(Notice("reminder", "booking:1", conversation, uow.now, "k1", {"a": WORDS}))
    uow.guesses.count_wrong("x")
    fill_petitions(uow, conversation)
    fill_registers(uow)
    uow.audit.record("shell:x", "tested", "database", "ok", {"số": 1})
    row = {"stage": 4, "source": "s", "as_of": uow.now, "tail": "t", "due_at": uow.now}
    uow.connection.execute(insert(dossiers), {"id": 7, "code": "A", "parent_id": None, **row})
    uow.connection.execute(insert(dossiers), {"id": 5, "code": "B", "parent_id": 7, **row})


def fill_petitions(uow: SqlUnitOfWork, conversation: int) -> None:
    """An earlier one that was merged into a later one, a sealed report, a call-back, a rule of the office's own."""
    new = NewPetition(PetitionKind.FEEDBACK, PetitionSource.CHAT, Story(WORDS), Reporter("An"), conversation)
    earlier, later = (uow.petitions.add(new, "PA", "duty", None, uow.now) for _ in range(2))
    uow.petitions.change(earlier.id, merged_into_id=later.id)
    uow.petitions.seal_report("web", {"words": WORDS}, uow.now)
    uow.callbacks.add(conversation, "voice", CallbackRequest("0912345678"), uow.now)
    rule = DeadlineRule(PetitionKind.FEEDBACK, Alarm.ANSWER, 3, Unit.WORKING, "2027-01-01", "QĐ 1", law=False)
    uow.petitions.put_rule(rule)
    person = Reporter("Bà Tư", "0987654321")
    uow.petition_papers.put(later.id, Paper(40, person, accepted_at=uow.now, body="Sở Xây dựng"))
    origin = Origin(ForwarderKind.PRESS, "Báo", "12/CV", date(2026, 11, 18), uow.now)
    uow.petition_papers.add_origin(later.id, origin)
    uow.petition_papers.close_sealed(1, SealedOutcome(Outcome.FORWARD, uow.now, "1/PC", WORDS))
    uow.petition_fields.suggest(later.id, Suggestion("roads", 0.75, "water", 2, "nb-x", uow.now))
    uow.petition_fields.learn("roads", ["đường", "ổ gà"])


def fill_registers(uow: SqlUnitOfWork) -> None:
    """A document with its words and readers, an entry of a calendar, a shift."""
    on, subject = date(2026, 11, 1), "Bảng giá \u2028 đất"
    one = OfficialDocument(Direction.OUT, "1/QĐ-UBND", "quyết định", subject, "UBND tỉnh", on)
    uow.documents.add([dataclasses.replace(one, agency_id=1, readers=(2,))])
    leader = Leader(1, "An", "Chủ tịch")
    leader = dataclasses.replace(leader, id=uow.leaders.put(leader))
    uow.leaders.add(LeaderEvent(leader, "k", uow.now, WORDS, agencies=(2,)))
    uow.duty.add(DutyShift(1, on, DutySession.ALL, "An", phone="0912345678"))


def everything(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every kept table, except the trace that the restore itself leaves."""

    def read(uow: SqlUnitOfWork) -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        for table in kept_tables():
            rows = uow.connection.execute(select(table).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows if "restored" not in row]
        return found

    return db.read_now(read)


@pytest.fixture
def archive(db: Database, tmp_path: Path) -> Path:
    db.write_now(fill)
    path = tmp_path / "backup.zip"
    back_up(db, path, program="0.1.0")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path, tools: Tools) -> Iterator[Database]:
    """A second, empty database; with ``db`` this makes every pair of engines."""
    if request.param == "postgresql":
        url = fresh_postgres(request.getfixturevalue("postgres"))
    else:
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "target.sqlite3")
        url = f"sqlite:///{tmp_path / 'target.sqlite3'}"
    database = open_database(url, tools, workers=2)
    yield database
    database.close()


def rewritten(archive: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of the archive with some members changed (None: left out); its own checksums are right again."""
    copy = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return copy


def test_everything_comes_back_on_every_pair_of_engines(
    db: Database, target: Database, archive: Path
) -> None:
    restore(target, archive, actor="shell:x")
    assert everything(target) == everything(db)


def test_sealed_words_are_readable_with_the_key_and_only_with_it(
    db: Database, target: Database, archive: Path
) -> None:
    restore(target, archive, actor="shell:x")
    assert target.read_now(lambda uow: uow.inbox.get(1)).incoming.text == WORDS
    assert target.read_now(lambda uow: uow.blobs.read(1)) == bytes(range(256))
    with zipfile.ZipFile(archive) as opened:
        inside = b"".join(opened.read(name) for name in opened.namelist())
    assert b"gia \xc4\x91\xc3\xacnh" not in inside
    assert b"0912345678" not in inside


def test_numbering_goes_on_behind_what_was_restored(target: Database, archive: Path) -> None:
    restore(target, archive, actor="shell:x")
    added = target.write_now(lambda uow: uow.blobs.add(None, "image/png", b"x", uow.now))
    assert added == 2


def test_the_restore_leaves_a_trace(db: Database, archive: Path) -> None:
    restore(db, archive, actor="shell:nam", replace=True)
    last = db.read_now(
        lambda uow: uow.connection.exec_driver_sql("SELECT actor, action FROM audit ORDER BY id DESC").first()
    )
    assert tuple(last or ()) == ("shell:nam", "restored")


def test_a_database_that_holds_something_is_left_alone(db: Database, archive: Path) -> None:
    before = everything(db)
    with pytest.raises(BackupError, match="not empty"):
        restore(db, archive, actor="shell:x")
    assert everything(db) == before


def test_replace_puts_the_archive_in_the_place_of_what_is_there(db: Database, archive: Path) -> None:
    before = everything(db)
    db.write_now(
        lambda uow: uow.accounts.add(Account("khac", "K", frozenset({"office_leader"})), "", uow.now)
    )
    restore(db, archive, actor="shell:x", replace=True)
    assert everything(db) == before


@pytest.mark.parametrize("at", [0.1, 0.4, 0.7])
def test_a_damaged_archive_changes_nothing(db: Database, archive: Path, at: float) -> None:
    content = bytearray(archive.read_bytes())
    place = int(len(content) * at)
    content[place : place + 40] = bytes(40)
    archive.write_bytes(bytes(content))
    before = everything(db)
    with pytest.raises(BackupError):
        restore(db, archive, actor="shell:x", replace=True)
    assert everything(db) == before


def test_a_cut_archive_is_refused(db: Database, archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(BackupError, match="damaged"):
        read_manifest(archive)


def _less_agencies(name: str, content: bytes) -> bytes:
    return content.split(b"\n", 1)[1] if name == "tables/agencies.jsonl" else content


def _other_name(name: str, content: bytes) -> bytes:
    return content.replace("Sở Xây dựng".encode(), "Sở Tài chính".encode()) if "agencies" in name else content


def _no_inbox(name: str, content: bytes) -> bytes | None:
    return None if name == "tables/inbox.jsonl" else content


def _nonsense(name: str, content: bytes) -> bytes:
    return b'{"a": 1}\n' if name == "tables/audit.jsonl" else content


@pytest.mark.parametrize("change", [_less_agencies, _other_name, _no_inbox, _nonsense])
def test_an_archive_whose_tables_are_not_what_the_manifest_says_changes_nothing(
    db: Database, archive: Path, change: Callable[[str, bytes], bytes | None]
) -> None:
    before = everything(db)
    with pytest.raises(BackupError, match="nothing was changed"):
        restore(db, rewritten(archive, change), actor="shell:x", replace=True)
    assert everything(db) == before


def _manifest(**values: Any) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps({**json.loads(content), **values}).encode() if name == "manifest.json" else content

    return change


def test_an_altered_manifest_is_noticed(db: Database, archive: Path) -> None:
    with pytest.raises(BackupError, match="altered"):
        restore(db, rewritten(archive, _manifest(program="9.9")), actor="shell:x", replace=True)


def test_another_archive_format_is_named(db: Database, archive: Path) -> None:
    with pytest.raises(BackupError, match="archive format 2"):
        restore(db, rewritten(archive, _manifest(format=2)), actor="shell:x", replace=True)


def test_another_schema_version_is_refused_with_what_to_do(db: Database, tmp_path: Path) -> None:
    db.write_now(
        lambda uow: uow.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    )
    path = tmp_path / "old.zip"
    back_up(db, path, program="0.0.9")
    db.write_now(
        lambda uow: uow.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0007'")
    )
    with pytest.raises(BackupError, match=r"schema 0000 \(program 0\.0\.9\).*then upgrade"):
        restore(db, path, actor="shell:x", replace=True)


def test_an_archive_of_another_key_is_refused_before_anything_is_touched(
    database_url: str, archive: Path, clock: FixedClock, tools: Tools
) -> None:
    other = Tools(Cipher({1: bytes(32)}, 1), clock, tools.calendar)
    database = open_database(database_url, other, workers=2)
    try:
        with pytest.raises(BackupError, match="another key file"):
            restore(database, archive, actor="shell:x", replace=True)
    finally:
        database.close()


def test_an_archive_stays_readable_after_the_key_was_changed(
    db: Database, archive: Path, clock: FixedClock, tools: Tools
) -> None:
    newer = Tools(Cipher({1: KEY, 2: bytes(32)}, 2), clock, tools.calendar)
    db.tools = newer
    restore(db, archive, actor="shell:x", replace=True)
    sealed = db.read_now(lambda uow: uow.connection.execute(select(inbox.c.body)).scalar_one())
    assert newer.cipher.open_json(sealed, "inbox.body")["text"] == WORDS


def test_a_backup_is_one_moment_while_others_write(db: Database, tmp_path: Path) -> None:
    db.write_now(fill)

    def write_more(table: str, rows: int) -> None:
        if table == "agencies":  # read before blobs: what is added now must not be in the archive
            db.write_now(lambda uow: uow.blobs.add(None, "image/png", b"late", uow.now))

    made = back_up(db, tmp_path / "b.zip", program="0.1.0", progress=write_more)
    here = db.read_now(lambda uow: uow.connection.execute(select(func.count()).select_from(blobs)).scalar())
    assert (made.tables["blobs"].rows, here) == (1, 2)


def test_an_existing_file_is_not_overwritten_and_a_failure_leaves_none(
    db: Database, tmp_path: Path, archive: Path
) -> None:
    with pytest.raises(BackupError, match="exists already"):
        back_up(db, archive, program="0.1.0")
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(db, tmp_path / "nowhere" / "b.zip", program="0.1.0")

    def fail(table: str, rows: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(BackupError, match="No space"):
        back_up(db, tmp_path / "full.zip", program="0.1.0", progress=fail)
    assert sorted(path.name for path in tmp_path.glob("full*")) == []


def test_only_its_owner_can_read_the_archive_and_the_key_is_inside_only_on_request(
    db: Database, tmp_path: Path, archive: Path
) -> None:
    key_file = tmp_path / "secret.key"
    key_file.write_text("1:abc\n")
    with_key = tmp_path / "with-key.zip"
    back_up(db, with_key, program="0.1.0", key_file=key_file)
    assert archive.stat().st_mode & 0o077 == 0
    assert key_inside(archive) is None
    assert key_inside(with_key) == b"1:abc\n"
