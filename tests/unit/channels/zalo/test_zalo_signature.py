"""Only what was signed with the account's secret key gets in."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo.signature import is_genuine, signature

APP, KEY, STAMP = "4410001", "khóa bí mật", "1699003881354"
BODY = b'{"event_name":"user_send_text","timestamp":"1699003881354"}'


def test_the_formula_is_a_plain_hash_of_the_four_parts() -> None:
    whole = (APP + BODY.decode() + STAMP + KEY).encode()
    assert signature(APP, BODY, STAMP, KEY) == hashlib.sha256(whole).hexdigest()


@pytest.mark.parametrize("prefix", ["mac=", "", " mac="])
def test_the_prefix_is_optional(prefix: str) -> None:
    assert is_genuine(prefix + signature(APP, BODY, STAMP, KEY), APP, BODY, STAMP, KEY)


def test_a_number_as_timestamp_counts_as_it_is_written() -> None:
    assert is_genuine(signature(APP, BODY, STAMP, KEY), APP, BODY, int(STAMP), KEY)


@pytest.mark.parametrize(
    ("header", "app", "body", "stamp", "key"),
    [
        ("", APP, BODY, STAMP, KEY),
        ("mac=", APP, BODY, STAMP, KEY),
        ("mac=đ\udce9", APP, BODY, STAMP, KEY),
        (signature(APP, BODY, STAMP, KEY)[:-1], APP, BODY, STAMP, KEY),
        (signature(APP, BODY, STAMP, KEY).upper(), APP, BODY, STAMP, KEY),
        (signature("5", BODY, STAMP, KEY), APP, BODY, STAMP, KEY),
        (signature(APP, BODY + b" ", STAMP, KEY), APP, BODY, STAMP, KEY),
        (signature(APP, BODY, STAMP, "secret of the app"), APP, BODY, STAMP, KEY),
        (signature(APP, BODY, STAMP, ""), APP, BODY, STAMP, ""),
        (signature(APP, BODY, "None", KEY), APP, BODY, None, KEY),
        (signature(APP, BODY, "True", KEY), APP, BODY, True, KEY),
    ],
)
def test_everything_else_is_refused(header: str, app: str, body: bytes, stamp: Any, key: str) -> None:
    assert not is_genuine(header, app, body, stamp, key)


@given(st.text(), st.binary(), st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_nothing_that_is_sent_breaks_it(header: str, body: bytes, stamp: Any) -> None:
    assert not is_genuine(header, APP, body, stamp, KEY)
