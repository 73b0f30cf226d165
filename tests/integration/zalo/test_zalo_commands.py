"""``admin zalo``, as it is typed: consent by code or by hand, the state; no token is ever printed."""

from __future__ import annotations

import asyncio
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner, Result

from backend.db.engine import Database
from bot.cli.admin import admin
from bot.cli.errors import CommandError
from tests.integration.zalo.conftest import kept
from tests.zalo_stand_in.server import APP_ID, APP_SECRET, OA_ID, ZaloStandIn, stand_in

Typed = Callable[..., Result]


@pytest.fixture
def zalo() -> Iterator[ZaloStandIn]:
    """The stand-in on a thread of its own: the commands have their own event loop."""
    server, ready, loop = ZaloStandIn(), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with stand_in(server=server):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    yield server
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@pytest.fixture
def typed(database_url: str, tmp_path: Path, zalo: ZaloStandIn, monkeypatch: pytest.MonkeyPatch) -> Typed:
    for name, value in {
        "HOME": str(tmp_path / "home"),
        "DATABASE_URL": database_url,
        "NOW": "2026-11-21T09:30",
        "PUBLIC_URL": "https://motcua.example.vn",
        "ZALO_APP_ID": APP_ID,
        "ZALO_APP_SECRET": APP_SECRET,
        "ZALO_OA_ID": OA_ID,
        "ZALO_OAUTH": zalo.address,
    }.items():
        monkeypatch.setenv(f"MOTCUA_{name}", value)

    def run(*words: str, say: str = "") -> Result:
        result = CliRunner().invoke(admin, ["zalo", *words], input=say)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def store(typed: Typed) -> Iterator[Database]:
    from bot.app import open_store
    from bot.cli.store import present_settings

    db = open_store(present_settings())
    yield db
    db.close()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def consent_in_browser(address: str) -> str:
    """Open the printed address; returns where the browser is sent to."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    except urllib.error.HTTPError as redirect:
        return str(redirect.headers["Location"])
    raise AssertionError("not sent anywhere")


def test_consent_from_the_printed_address_to_the_kept_tokens(
    typed: Typed, store: Database, zalo: ZaloStandIn
) -> None:
    assert "NONE" in typed("status").stdout
    address = typed("authorise").stdout.strip().splitlines()[-1]
    assert parse_qs(urlsplit(address).query)["app_id"] == [APP_ID]
    back = consent_in_browser(address)
    told = typed("code", back)
    assert (kept(store).access, kept(store).refresh) == (zalo.consent.access, zalo.consent.refresh)
    shown = told.output + typed("status").output
    assert "good" in shown
    assert zalo.consent.access not in shown
    assert zalo.consent.refresh not in shown
    audit = store.read_now(
        lambda uow: uow.connection.exec_driver_sql("SELECT action, subject FROM audit").all()
    )
    assert [tuple(row) for row in audit] == [("zalo_consent", f"oa:{OA_ID}")]


def test_a_code_works_only_after_a_consent_was_begun_and_once(typed: Typed, store: Database) -> None:
    with pytest.raises(CommandError, match="no consent was begun"):
        typed("code", "code-7")
    typed("authorise")
    with pytest.raises(CommandError, match="-14003"):
        typed("code", "code-7")
    with pytest.raises(CommandError, match="no consent was begun"):
        typed("code", "code-7")
    assert kept(store).needs_consent


@pytest.mark.parametrize("given", ["https://motcua.example.vn/?state=x", " "])
def test_an_address_without_a_code_is_refused_and_the_consent_stays_begun(
    typed: Typed, store: Database, given: str
) -> None:
    typed("authorise")
    with pytest.raises(CommandError, match="no code"):
        typed("code", given)
    assert store.write_now(lambda uow: uow.tokens.take_verifier("zalo", OA_ID)) is not None


def test_tokens_are_entered_by_hand_and_never_as_arguments(typed: Typed, store: Database) -> None:
    typed("tokens", "--expires-in", "7200", say="access-x\nrefresh-x\n")
    assert (kept(store).access, kept(store).refresh, kept(store).generation) == ("access-x", "refresh-x", 1)
    with pytest.raises(CommandError, match="two tokens"):
        typed("tokens", say="access-y\n\n")
    assert kept(store).generation == 1


def test_the_state_says_when_a_person_is_needed(typed: Typed, store: Database) -> None:
    typed("tokens", say="access-x\nrefresh-x\n")
    store.write_now(lambda uow: uow.tokens.refuse("zalo", OA_ID, 1, "refused (-14014)", uow.now))
    shown = typed("status").stdout
    assert "CONSENT NEEDED AGAIN: refused (-14014)" in shown
    assert "MISSING" in shown  # the secret key is not set here
    typed("tokens", say="access-z\nrefresh-z\n")
    assert "good" in typed("status").stdout


def test_without_the_settings_nothing_is_done(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_PUBLIC_URL", "")
    with pytest.raises(CommandError, match="--redirect"):
        typed("authorise")
    monkeypatch.setenv("MOTCUA_ZALO_APP_ID", "")
    with pytest.raises(CommandError, match="not set up"):
        typed("status")
