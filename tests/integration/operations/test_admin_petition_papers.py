"""The reception board's commands for paper petitions, as they are typed, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from backend.db.engine import Database
from backend.domain.agency import Agency
from backend.domain.running import Account
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings

PA = "PA-261121-0001"
PRESS = ("--source", "forwarded", "--forwarder", "press", "--from", "Báo An Hòa", "--number", "12/CV")


@pytest.fixture
def office(db: Database) -> Database:
    def fill(uow: Any) -> None:
        for one in (
            Agency("H50", "UBND tỉnh", "province"),
            Agency("H50.04", "Sở Xây dựng", "department", "H50"),
            Agency("H50.31", "UBND xã Hòa Phú", "commune", "H50"),
        ):
            uow.agencies.put(one)
        uow.accounts.add(Account("tt", "Thanh tra", frozenset({"inspector"})), "", uow.now)

    db.write_now(fill)
    return db


def enter(run: Any, *words: str, say: str = "Đường thôn 3 đầy ổ gà, xe té hoài") -> str:
    return str(run("petitions", "enter", *words, say=say).stdout)


def move(run: Any, *words: str) -> str:
    return str(run("petitions", "move", PA, *words).stdout)


def test_what_another_body_sent_is_counted_once_and_reported_back(run: Any, office: Database) -> None:
    assert enter(run, "feedback", *PRESS, "--dated", "2026-11-18").startswith(PA)
    again = enter(run, "feedback", *PRESS, say="bản khác")
    assert again.startswith(f"{PA}  entered before, counted once")
    deputy = ("--forwarder", "deputy", "--from", "Đoàn ĐBQH", "--number", "5/ĐĐBQH")
    assert PA in run("petitions", "link", PA.lower(), *deputy).stdout
    assert "counted once" in enter(run, "feedback", "--source", "forwarded", *deputy)
    shown = run("petitions", "show", PA).stdout
    assert "from press Báo An Hòa  no. 12/CV  2026-11-18" in shown
    assert "from deputy Đoàn ĐBQH" in shown
    assert run("petitions", "to-report").stdout == ""
    move(run, "file_away", "--reason", "nội dung đã được trả lời")
    assert run("petitions", "to-report").stdout.count(PA) == 2
    assert run("petitions", "report-back", PA, "--document", "20/BC").stdout == "2 told\n"
    with pytest.raises(CommandError, match="nobody waits"):
        run("petitions", "report-back", PA, "--document", "20/BC")


def test_a_delegation_with_who_speaks_for_it(run: Any, office: Database) -> None:
    group = ("--source", "delegation", "--people", "40", "--representative", "Bà Tư")
    assert enter(run, "proposal", *group, "--representative-phone", "0987 654 321").startswith(PA)
    shown = run("petitions", "show", PA).stdout
    assert "people 40" in shown
    assert "Bà Tư" not in shown
    with pytest.raises(CommandError, match="người đại diện"):
        enter(run, "proposal", "--source", "delegation", "--people", "40")


def test_skipping_a_level_is_explained_in_words(run: Any, office: Database) -> None:
    enter(run, "complaint", "--source", "letter")
    with pytest.raises(CommandError, match="not marked"):
        run("petitions", "explain", PA)
    move(
        run, "guide", "--reason", "xã chưa giải quyết", "--document", "3/HD", "--agency", "H50.31", "--skips-level"
    )  # fmt: skip
    words = run("petitions", "explain", PA).stdout
    assert "UBND xã Hòa Phú" in words
    assert "skips a level" in run("petitions", "show", PA).stdout


def test_a_suggestion_is_shown_and_confirmed_or_changed(run: Any, office: Database) -> None:
    enter(run, "feedback", "--source", "letter", "--commune", "H50.31")
    shown = run("petitions", "show", PA).stdout
    assert "suggested roads (Hạ tầng giao thông)" in shown
    assert "agency UBND xã Hòa Phú" in shown
    move(run, "classify", "--suggested")
    shown = run("petitions", "show", PA).stdout
    assert "field roads" in shown
    assert "decided roads" in shown
    assert "1 of 1 suggestions right" in run("petitions", "fields").stdout


def test_duplicates_are_listed_with_reasons_and_joined_and_parted(run: Any, office: Database) -> None:
    place = ("--source", "letter", "--commune", "H50.31", "--at", "10.5,106.7", "--phone", "0912345678")
    enter(run, "feedback", *place)
    enter(run, "feedback", *place, say="duong thon 3 day o ga, xe te hoai")
    other = "PA-261121-0002"
    listed = run("petitions", "duplicates", PA).stdout
    assert listed.startswith(f"{other}  ")
    assert "cách 0 m" in listed
    move(run, "merge", "--into", other)
    assert f"merged {PA}  to be told by letter or telephone" in run("petitions", "show", other).stdout
    assert "classified" in move(run, "unmerge", "--reason", "hai việc")
    run("petitions", "duplicate-rule", "any", "100", "10", "--alike", "1.0")
    assert run("petitions", "duplicates", PA).stdout == ""


def test_a_sealed_one_is_disposed_of_and_the_list_says_by_when(run: Any, office: Database) -> None:
    assert enter(run, "denunciation", *PRESS, say="ông Kín nhận tiền") == "sealed\n"
    assert "unread  check by 2026-12-02" in run("petitions", "sealed").stdout  # 24/11 is a day off
    given = ("--reader", "tt", "--reason", "không thuộc thẩm quyền", "--document", "1/PC")
    with pytest.raises(CommandError, match="not named"):
        run("petitions", "dispose", "1", "forward", *given[2:], "--reader", "nobody")
    with pytest.raises(CommandError, match="expected one of"):
        run("petitions", "dispose", "1", "burn", *given)
    assert run("petitions", "dispose", "1", "forward", *given).stdout == "1  forward\n"
    with pytest.raises(CommandError, match="disposed of before"):
        run("petitions", "dispose", "1", "forward", *given)
    assert "forward 1/PC" in run("petitions", "sealed").stdout
    assert run("petitions", "list").stdout == ""
    with opened_store(present_settings()) as db:  # the refused try was recorded as well
        tries = db.read_now(
            lambda uow: uow.connection.exec_driver_sql(
                "SELECT outcome FROM audit WHERE action = 'sealed_outcome' ORDER BY id"
            ).all()
        )
    assert [one[0] for one in tries] == ["refused", "ok"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("move", PA, "forward", "--reason", "x", "--body", "Bộ Xây dựng"), "cần ghi số"),
        (("move", PA, "guide", "--reason", "x"), "cơ quan có thẩm quyền"),
        (("move", PA, "send_back", "--reason", "x", "--document", "1"), "không cho trả đơn"),
        (("move", PA, "forward", "--reason", "x", "--body", "Bộ", "--document", "1" * 61), "quá dài|dài quá"),
        (("move", PA, "answered_elsewhere", "--document", "1"), "does not allow"),
        (("move", PA, "unmerge", "--reason", "x"), "does not allow"),
        (("move", PA, "classify", "--field", "hạ tầng"), "không có lĩnh vực"),
        (("move", PA, "classify", "--kind", "rumour"), "expected one of"),
        (("move", PA, "classify", "--kind", "denunciation"), "ngăn kín"),
        (("link", "PA-261121-0009", "--from", "x", "--number", "1"), "no such petition"),
        (("link", PA, "--from", "x", "--number", " "), "số văn bản"),
        (("link", PA, "--from", "x", "--number", "1", "--forwarder", "aunt"), "forwarder"),
        (("report-back", "PA-261121-0009", "--document", "1"), "no such petition"),
        (("explain", "PA-261121-0009"), "no such petition"),
        (("duplicates", "PA-261121-0009"), "no such petition"),
        (("duplicate-rule", "nope", "1", "1"), "no such field"),
        (("enter", "feedback", "--source", "letter", "--at", "far"), "latitude"),
        (("enter", "feedback", "--source", "letter", "--at", "91,0"), "not a place"),
        (("enter", "feedback", "--source", "letter", "--commune", "H9"), "no such agency"),
        (("enter", "feedback", "--source", "forwarded"), "nơi chuyển"),
        (("enter", "feedback", "--source", "portal"), "mã trên Cổng"),
        (("enter", "feedback", "--source", "letter", "--dated", "hôm qua"), "2026-11-20"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    run: Any, office: Database, words: tuple[str, ...], told: str
) -> None:
    enter(run, "feedback", "--source", "letter")
    before = run("petitions", "show", PA).stdout
    with pytest.raises(CommandError, match=told):
        run("petitions", *words, say="chữ")
    assert run("petitions", "show", PA).stdout == before
