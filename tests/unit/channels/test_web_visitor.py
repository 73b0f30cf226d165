"""Who a new visitor of the page is: the web server of this machine may say, a stranger may not."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.channels.web import _visitor


@pytest.mark.parametrize(
    ("remote", "told", "counted"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("198.51.100.4", "203.0.113.9", "198.51.100.4"),
        ("127.0.0.1", "x" * 500, "x" * 60),
    ],
)
def test_the_header_counts_only_from_this_machine(remote: str, told: str | None, counted: str) -> None:
    headers = {"X-Real-IP": told} if told else {}
    request = make_mocked_request("POST", "/chat/session", headers=headers).clone(remote=remote)
    assert _visitor(request) == counted
