"""The duty desk's commands, as they are typed, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from backend.db.engine import Database
from backend.domain.agency import Agency
from backend.domain.callback import CallbackRequest
from backend.domain.petition import PetitionKind
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings

LETTER = (
    "petitions",
    "enter",
    "feedback",
    "--source",
    "letter",
    "--phone",
    "0912 345 678",
    "--name",
    "Lê Văn Bảy",
)


@pytest.fixture
def office(db: Database) -> Database:
    def fill(uow: Any) -> None:
        uow.agencies.put(Agency("H50", "UBND tỉnh", "province"))
        uow.agencies.put(Agency("H50.04", "Sở Xây dựng", "department", "H50"))

    db.write_now(fill)
    return db


def test_a_letter_is_entered_moved_and_shown(run: Any, office: Database) -> None:
    assert run(*LETTER, say="đèn hỏng").stdout.startswith(
        "PA-261121-0001  owner duty  classify by 2026-11-23"
    )
    assert "PA-261121-0001  received" in run("petitions", "list").stdout
    assert run("petitions", "list", "--late").stdout == ""
    moved = run("petitions", "move", "PA-261121-0001", "assign", "--agency", "H50.04").stdout
    assert moved.startswith("PA-261121-0001  assigned  owner duty  accept 2026-11-25")  # 24/11 is a day off
    bare = run("petitions", "show", "pa-261121-0001").stdout
    assert "Sở Xây dựng" in bare
    assert "đèn hỏng" not in bare
    whole = run("petitions", "show", "PA-261121-0001", "--words").stdout
    assert "đèn hỏng" in whole
    assert "0912345678" not in whole


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("move", "PA-261121-0001", "fly"), "expected one of classify"),
        (("move", "PA-261121-0009", "assign", "--agency", "H50"), "no such petition"),
        (("move", "PA-261121-0001", "assign", "--agency", "H99"), "no such petition or agency"),
        (("move", "PA-261121-0001", "accept"), "does not allow accept"),
        (("move", "PA-261121-0001", "decline"), "cần ghi lý do"),
        (
            ("move", "PA-261121-0001", "assign", "--agency", "H50.04", "--about", "H50.04"),
            "giao cho UBND tỉnh",
        ),
        (("show", "PA-261121-0009"), "no such petition"),
        (("duty", "2026-11-21", "nobody"), "no such account"),
        (("duty", "mai", "nobody"), "expected a date"),
        (("enter", "rumour", "--source", "letter"), "kind: feedback"),
        (("enter", "feedback", "--source", "chat"), "entered by the chat"),
        (("enter", "feedback", "--source", "visit", "--phone", "12"), "not a telephone number"),
        (
            ("deadline", "feedback", "nap", "3", "working", "--valid-from", "2027-01-01", "--source", "QĐ"),
            "nap",
        ),
        (("sealed", "7", "--reader", "x"), "not named for the sealed lane"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(
    run: Any, office: Database, words: tuple[str, ...], told: str
) -> None:
    run(*LETTER, say="đèn hỏng")
    with pytest.raises(CommandError, match=told):
        run("petitions", *words, say="chữ")


def test_nothing_said_is_nothing_entered(run: Any, office: Database) -> None:
    with pytest.raises(CommandError, match="nothing on standard input"):
        run(*LETTER, say=" ")


def test_a_denunciation_on_paper_is_sealed(run: Any, office: Database) -> None:
    told = run("petitions", "enter", "denunciation", "--source", "letter", say="ông Tám nhận tiền").stdout
    assert told == "sealed\n"
    assert run("petitions", "list").stdout == ""
    assert "unread" in run("petitions", "sealed").stdout


def test_a_rule_of_time_counts_from_its_day(run: Any, office: Database) -> None:
    rule = (
        "deadline",
        "feedback",
        "classify",
        "3",
        "working",
        "--valid-from",
        "2026-11-01",
        "--source",
        "QĐ 1",
    )
    run("petitions", *rule)
    assert "classify by 2026-11-26" in run(*LETTER, say="đèn hỏng").stdout
    assert "QĐ 1" in run("petitions", "deadlines").stdout


def test_callbacks_are_listed_masked_and_ticked_off(run: Any) -> None:
    request = CallbackRequest("0912345678", "chiều", "hỏi đất")
    with opened_store(present_settings()) as db:  # with the key that the commands use
        db.write_now(lambda uow: uow.callbacks.add(None, "voice", request, uow.now))
    listed = run("callbacks", "list").stdout
    assert "GL-261121-0001" in listed
    assert "0912345678" not in listed
    assert "hỏi đất" not in listed
    assert "0912345678" in run("callbacks", "list", "--show").stdout
    run("callbacks", "done", "gl-261121-0001", "--note", "đã gọi")
    assert run("callbacks", "list").stdout == ""
    with pytest.raises(CommandError, match="closed before"):
        run("callbacks", "done", "GL-261121-0001")
    with pytest.raises(CommandError, match="no such call-back"):
        run("callbacks", "done", "GL-261121-0009")


def test_every_kind_can_be_entered(run: Any, office: Database) -> None:
    for kind in PetitionKind:
        assert run("petitions", "enter", str(kind), "--source", "visit", say="chuyện").stdout
