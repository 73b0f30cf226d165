"""Codes and delegation, as an administrator types them."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.messaging import Address, ChannelName
from backend.domain.viewer import Viewer
from backend.services.accounts import binding
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings

PASSWORD = "một mật khẩu dài"
TELEGRAM = Address(ChannelName.TELEGRAM, "bot", "1")


@pytest.fixture
def two(run: Any) -> None:
    for name in ("nam", "lan"):
        run("account", "add", name, "--role", "office_leader", "--title", "Phó Văn phòng", say=PASSWORD)


def bound(code: str) -> str | None:
    """The store as the commands open it: with the key of their own home."""
    with opened_store(present_settings()) as db:
        return db.write_now(lambda uow: binding.bind(uow, Viewer(1, TELEGRAM), code))


def test_a_new_code_voids_the_one_before_and_works_once(run: Any, two: None) -> None:
    first = run("account", "code", "nam").stdout.strip().splitlines()[-1]
    second = run("account", "code", "nam").stdout.strip().splitlines()[-1]
    assert first != second
    assert bound(first) is None
    assert bound(second) == "nam"
    assert bound(second) is None
    assert "1 unlinked" in run("account", "unlink", "nam").stdout
    assert "0 unlinked" in run("account", "unlink", "nam").stdout


def test_codes_are_for_accounts_that_work(run: Any, two: None) -> None:
    with pytest.raises(CommandError, match="no account"):
        run("account", "code", "nobody")
    run("account", "lock", "nam")
    with pytest.raises(CommandError, match="locked"):
        run("account", "code", "nam")


def test_leave_is_covered_listed_and_ended(run: Any, two: None) -> None:
    days = ("--from", "2026-11-20", "--to", "2026-11-30", "--source", "QĐ 12")
    assert "delegation 1: lan for nam" in run("account", "delegate", "nam", "lan", *days).stdout
    assert "lan for nam  [QĐ 12]" in run("account", "delegations").stdout
    run("account", "revoke", "1")
    assert "(revoked)" in run("account", "delegations").stdout
    with pytest.raises(CommandError, match="no delegation"):
        run("account", "revoke", "1")
    with pytest.raises(CommandError, match="expected a date"):
        run("account", "delegate", "nam", "lan", "--from", "mai", "--to", "2026-11-30", "--source", "x")
    with pytest.raises(CommandError, match="themselves"):
        run("account", "delegate", "nam", "nam", *days)
