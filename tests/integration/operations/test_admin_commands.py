"""The operator's commands, as they are typed, on both engines."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.db.engine import Database
from backend.db.tables.people import accounts, api_keys, audit
from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from backend.services.accounts.secrets import key_hash, password_fits
from bot.cli.errors import CommandError

PASSWORD = "một mật khẩu dài"


def traces(db: Database) -> list[tuple[str, str]]:
    query = select(audit.c.action, audit.c.subject).order_by(audit.c.id)
    return [tuple(row) for row in db.read_now(lambda uow: uow.connection.execute(query).all())]


def test_an_account_gets_a_password_that_only_its_hash_remembers(run: Any, db: Database) -> None:
    run("account", "add", "nam", "--role", "operator", "--role", "reception", say=PASSWORD + "\n")
    kept = db.read_now(lambda uow: uow.connection.execute(select(accounts.c.password_hash)).scalar_one())
    assert kept.startswith("$argon2id$")
    assert password_fits(kept, PASSWORD)
    assert not password_fits(kept, PASSWORD + ".")
    assert not password_fits("", "")
    assert "operator,reception" in run("account", "list").stdout
    assert traces(db) == [("account_added", "account:nam")]


@pytest.mark.parametrize(
    ("words", "password", "told"),
    [
        (("nam", "--role", "operator"), "short", "at least 10"),
        (("nam", "--role", "king"), PASSWORD, "role king: one of chairman"),
        (("Nam Anh", "--role", "operator"), PASSWORD, "name: 2 to 60"),
        (("nam", "--role", "operator", "--agency", "H99"), PASSWORD, "no agency H99"),
    ],
)
def test_an_unusable_account_is_refused_and_nothing_is_kept(
    run: Any, db: Database, words: tuple[str, ...], password: str, told: str
) -> None:
    with pytest.raises(CommandError, match=told):
        run("account", "add", *words, say=password + "\n")
    assert db.read_now(lambda uow: uow.accounts.all()) == []


def test_an_account_is_added_once_and_can_be_locked_and_get_a_new_password(run: Any, db: Database) -> None:
    run("account", "add", "nam", "--role", "operator", say=PASSWORD)
    with pytest.raises(CommandError, match="exists already"):
        run("account", "add", "nam", "--role", "office_leader", say=PASSWORD)
    run("account", "lock", "nam")
    assert "locked" in run("account", "list").stdout
    run("account", "lock", "nam", "--undo")
    run("account", "password", "nam", say="mật khẩu mới hơn")
    kept = db.read_now(lambda uow: uow.connection.execute(select(accounts.c.password_hash)).scalar_one())
    assert password_fits(kept, "mật khẩu mới hơn")
    with pytest.raises(CommandError, match="no account lan"):
        run("account", "password", "lan", say=PASSWORD)


def test_a_key_is_shown_once_and_works_until_it_is_revoked(run: Any, db: Database) -> None:
    shown = run("key", "add", "cong", "--scope", "dossiers:write").stdout.strip().splitlines()[-1]
    kept = db.read_now(lambda uow: uow.accounts.key(key_hash(shown)))
    assert kept is not None
    assert kept.scopes == {"dossiers:write"}
    column = db.read_now(lambda uow: uow.connection.execute(select(api_keys.c.key_hash)).scalar_one())
    assert shown not in column
    run("key", "revoke", "cong")
    revoked = db.read_now(lambda uow: uow.accounts.key(key_hash(shown)))
    assert revoked is not None
    assert revoked.revoked
    with pytest.raises(CommandError, match="no working key cong"):
        run("key", "revoke", "cong")
    with pytest.raises(CommandError, match="not used again"):
        run("key", "add", "cong", "--scope", "dossiers:write")
    with pytest.raises(CommandError, match="scope everything"):
        run("key", "add", "khac", "--scope", "everything")
    assert shown not in run("key", "list").stdout


def test_an_entered_day_beats_the_library_and_can_be_taken_back(run: Any, db: Database) -> None:
    run("calendar", "add", "2026-11-23", "off", "--source", "Thông báo 9", "--name", "Hoán đổi")
    assert "Hoán đổi  [Thông báo 9]" in run("calendar", "list").stdout
    again = run("calendar", "add", "2026-11-23", "work", "--source", "Thông báo 10").stdout
    assert "in place of an earlier entry" in again
    run("calendar", "remove", "2026-11-23")
    assert "entered" not in run("calendar", "list").stdout
    with pytest.raises(CommandError, match="no entry"):
        run("calendar", "remove", "2026-11-23")
    with pytest.raises(CommandError, match="expected a date"):
        run("calendar", "add", "23/11/2026", "off", "--source", "x")
    assert [action for action, _ in traces(db)] == [
        "calendar_entered",
        "calendar_entered",
        "calendar_removed",
    ]


def test_messages_put_aside_are_listed_without_words_and_reading_them_leaves_a_trace(run: Any) -> None:
    from bot.cli.store import opened_store, present_settings

    address = Address(ChannelName.WEB, "site", "abc")
    with opened_store(present_settings()) as db:  # with the key file that the command will use

        def lose(uow: Any) -> int:
            conversation = uow.conversations.lock_or_start(address, uow.now)
            message = Incoming(address, "e1", Kind.TEXT, "chuyện riêng")
            row = uow.inbox.add(conversation, 1, message, uow.now, "h", uow.now + timedelta(seconds=15))
            uow.inbox.put_aside(row, uow.now, "KeyError")
            return int(row)

        number = db.write_now(lose)
        plain = run("put-aside").stdout
        assert f"{number}  2026-11-21 09:30  web       KeyError" in plain
        assert "chuyện riêng" not in plain
        assert traces(db) == []
        assert "chuyện riêng" in run("put-aside", "--show-text").stdout
        assert traces(db) == [("message_read", f"inbox:{number}")]


def test_a_demonstration_goes_only_into_an_empty_database(run: Any, db: Database) -> None:
    with pytest.raises(CommandError, match="no such demonstration"):
        run("demo", "load", "other")
    run("account", "add", "nam", "--role", "operator", say=PASSWORD)
    with pytest.raises(CommandError, match="not empty"):
        run("demo", "load")


def test_backup_and_restore_as_an_operator_does_them(run: Any, db: Database, tmp_path: Path) -> None:
    file, key_file = tmp_path / "b.zip", tmp_path / "home" / "secret.key"
    run("account", "add", "nam", "--role", "operator", say=PASSWORD)
    told = run("backup", str(file), "--with-key").stderr
    assert "WARNING: the key file is inside" in told
    assert traces(db)[-1] == ("backed_up", "database")
    with pytest.raises(CommandError, match="not empty"):
        run("restore", str(file))
    assert run("restore", str(file), "--replace", say="n\n").exit_code == 1
    run("account", "add", "lan", "--role", "operator", say=PASSWORD)
    kept = key_file.read_bytes()
    key_file.unlink()
    with pytest.raises(CommandError, match=r"secret\.key is missing"):
        run("restore", str(file), "--replace", "--yes")
    assert not key_file.exists()
    run("restore", str(file), "--replace", "--yes", "--with-key")
    assert key_file.read_bytes() == kept
    assert key_file.stat().st_mode & 0o077 == 0
    assert [one.name for one in db.read_now(lambda uow: uow.accounts.all())] == ["nam"]
    key_file.write_text("1:" + "A" * 43 + "=\n")
    with pytest.raises(CommandError, match="another key file"):
        run("restore", str(file), "--replace", "--yes", "--with-key")


def test_a_restore_beside_a_running_app_is_refused(run: Any, tmp_path: Path) -> None:
    import socket

    file = tmp_path / "b.zip"
    run("backup", str(file))
    door = tmp_path / "home" / "run" / "app.sock"
    door.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(door))
        listening.listen(1)
        with pytest.raises(CommandError, match="the app is running"):
            run("restore", str(file))


def test_retention_counts_first_and_then_forgets(run: Any, db: Database) -> None:
    dry = run("retention", "--dry-run")
    assert "would forget" in dry.stderr
    assert "messages   0" in dry.stdout
    assert "forgot what is older than 180 days" in run("retention").stderr
