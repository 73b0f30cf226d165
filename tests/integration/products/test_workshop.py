"""Orders are made once, whatever dies on the way; whoever asked is told; rights count at every step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backend.domain.errors import NotFound
from backend.products.words import PNG
from bot.products import Asked, Draft, OfficeWords, Refused
from tests.integration.products.room import Room, telegram, terminal

WEEK = {"last": "2026-11-21", "form": "picture"}


def short_work(asked: Asked, words: OfficeWords) -> Draft:
    return Draft("a.png", PNG, "tuần này", words.scope(asked.scope), lambda: b"picture")


def broken_work(asked: Asked, words: OfficeWords) -> Draft:
    def render() -> bytes:
        raise ZeroDivisionError

    return replace(short_work(asked, words), render=render)


def statuses(room: Room) -> list[Any]:
    return [row[0] for row in room.rows("SELECT status FROM work ORDER BY id")]


async def test_a_product_is_promised_and_comes_as_a_message_of_its_own(room: Room) -> None:
    at = terminal("vp")
    assert await room.press("week_brief", WEEK, at) == ["product/on_the_way"]
    assert statuses(room) == ["waiting"]
    assert await room.make() == 1
    said = room.last(at)
    assert said.body.key == "product/ready"
    assert "Bản tin giao ban: 15/11/2026 – 21/11/2026." in said.body.text
    assert "Phạm vi: toàn tỉnh." in said.body.text
    assert [(one.name, one.media_type) for one in said.body.files] == [("giao-ban-20261121.png", PNG)]
    assert room.content(said).startswith(b"\x89PNG")
    assert statuses(room) == ["done"]
    assert room.audited("product_made") == [("account:vp", "ok")]


async def test_the_same_order_is_not_made_twice_and_there_is_an_end_to_orders(room: Room) -> None:
    at = terminal("vp")
    await room.press("week_brief", WEEK, at)
    assert await room.press("week_brief", WEEK, at) == ["product/already"]
    for day in range(1, 5):
        assert await room.press("week_brief", {**WEEK, "last": f"2026-11-0{day}"}, at) == [
            "product/on_the_way"
        ]
    assert await room.press("week_brief", {**WEEK, "last": "2026-11-09"}, at) == ["product/too_many"]
    assert len(statuses(room)) == 5


async def test_what_people_order_is_sealed(room: Room) -> None:
    await room.press("week_brief", WEEK, terminal("vp"))
    (args,) = room.rows("SELECT args FROM work")[0]
    assert b"2026-11-21" not in bytes(args)
    assert b"picture" not in bytes(args)


async def test_a_worker_that_dies_is_followed_by_another_one_and_the_product_comes_once(room: Room) -> None:
    room = Room(room.db, room.clock, makers={"week": short_work})
    other = Room(room.db, room.clock, "two", {"week": short_work})
    at = terminal("vp")
    await room.press("week_brief", WEEK, at)
    order = room.db.write_now(lambda uow: uow.work.claim("one", uow.now, uow.now.replace(hour=23)))
    assert await other.make() == 0  # somebody is at it
    room.later(days=1)
    assert await other.make() == 1
    # the first was only slow: what it made is dropped
    made = await room.work._make(order)
    assert room.db.write_now(lambda uow: room.work._deliver(uow, order, made)) is None
    assert [row.body.key for row in room.said(at)].count("product/ready") == 1
    assert len(room.rows("SELECT id FROM blobs")) == 1


async def test_a_crash_between_the_commit_and_the_turn_loses_nothing(room: Room) -> None:
    room = Room(room.db, room.clock, makers={"week": short_work})
    at = terminal("vp")
    await room.press("week_brief", WEEK, at)
    order = room.db.write_now(lambda uow: uow.work.claim("one", uow.now, uow.now.replace(hour=23)))
    made = await room.work._make(order)
    assert room.db.write_now(lambda uow: room.work._deliver(uow, order, made)) is not None
    other = Room(room.db, room.clock, "two", {"week": short_work})
    room.later(minutes=5)
    assert await other.pipeline.recover() == 1
    assert room.last(at).body.key == "product/ready"
    assert await other.make() == 0


async def test_after_three_tries_the_asker_is_told(room: Room) -> None:
    room = Room(room.db, room.clock, makers={"week": broken_work})
    at = telegram("vp")
    await room.press("week_brief", WEEK, at)
    for tried in (1, 2):
        assert await room.make() == 1
        assert await room.make() == 0, "not at once"
        assert room.rows("SELECT status, attempts FROM work") == [("waiting", tried)]
        room.later(minutes=1)
    assert await room.make() == 1
    assert room.rows("SELECT status, attempts, reason FROM work") == [("failed", 3, "ZeroDivisionError")]
    said = room.last(at).body
    assert (said.key, said.files) == ("product/failed", ())
    assert "Đã thử 3 lần" in said.text
    room.later(days=1)
    assert await room.make() == 0
    assert room.audited("product_made") == [("account:vp", "failed")]


async def test_workers_that_die_three_times_are_a_failure_too(room: Room) -> None:
    at = terminal("vp")
    await room.press("week_brief", WEEK, at)
    for _ in range(3):
        room.db.write_now(lambda uow: uow.work.claim("dead", uow.now, uow.now))
        room.later(minutes=1)
    assert await room.make() == 1
    assert room.last(at).body.key == "product/failed"
    assert statuses(room) == ["failed"]


async def test_an_account_locked_meanwhile_gets_nothing(room: Room) -> None:
    at = telegram("canbo")
    await room.press("week_brief", WEEK, at)
    room.db.write_now(lambda uow: uow.accounts.set_active("canbo", active=False))
    await room.make()
    assert room.last(at).body.files == ()
    assert [row.body.key for row in room.said(at)] == ["product/on_the_way", "staff/no_reach"]
    assert room.rows("SELECT id FROM blobs") == []
    assert room.audited("product_made") == [("account:canbo", "refused")]


async def test_a_messenger_unbound_or_bound_to_another_officer_gets_nothing(room: Room) -> None:
    at = telegram("canbo")
    await room.press("week_brief", WEEK, at)
    room.db.write_now(lambda uow: uow.officers.bind(at, "vp", uow.now))
    await room.make()
    assert room.last(at).body.key == "staff/no_reach"


async def test_rights_that_end_between_making_and_handing_over_count(room: Room) -> None:
    room = Room(room.db, room.clock, makers={"week": short_work})
    at = telegram("canbo")
    await room.press("week_brief", WEEK, at)
    order = room.db.write_now(lambda uow: uow.work.claim("one", uow.now, uow.now.replace(hour=23)))
    made = await room.work._make(order)
    room.db.write_now(lambda uow: room.work._deliver(uow, order, made))
    agency = room.rows("SELECT id FROM agencies WHERE code = 'H50.05'")[0][0]
    room.db.write_now(
        lambda uow: uow.connection.exec_driver_sql(
            f"UPDATE accounts SET agency_id = {agency} WHERE name = 'canbo'"
        )
    )
    room.later(minutes=5)
    await room.pipeline.recover(alone=True)
    await Room(room.db, room.clock, "two").pipeline.recover(alone=True)
    said = room.last(at).body
    assert (said.key, said.files) == ("product/scope_changed", ())


async def test_a_scope_that_changed_while_it_was_made_is_used_anew(room: Room) -> None:
    """Ordered for one agency; by the time it is made the officer belongs to another: that one's is sent."""
    seen: list[str] = []

    def note(asked: Asked, words: OfficeWords) -> Draft:
        seen.append(words.scope(asked.scope))
        return short_work(asked, words)

    room = Room(room.db, room.clock, makers={"week": note})
    at = telegram("canbo")
    await room.press("week_brief", WEEK, at)
    agency = room.rows("SELECT id FROM agencies WHERE code = 'H50.05'")[0][0]
    room.db.write_now(
        lambda uow: uow.connection.exec_driver_sql(
            f"UPDATE accounts SET agency_id = {agency} WHERE name = 'canbo'"
        )
    )
    await room.make()
    assert seen == ["Phạm vi: Sở Nông nghiệp và Môi trường."]
    assert "Phạm vi: Sở Nông nghiệp và Môi trường." in room.last(at).body.text


@pytest.mark.parametrize("refusal", [Refused("product/only_givers"), NotFound()])
async def test_a_rule_that_says_no_is_not_tried_again(room: Room, refusal: Exception) -> None:
    def refusing(asked: Asked, words: OfficeWords) -> Draft:
        raise refusal

    room = Room(room.db, room.clock, makers={"week": refusing})
    at = terminal("vp")
    await room.press("week_brief", WEEK, at)
    assert await room.make() == 1
    assert room.last(at).body.key == refusal.key  # type: ignore[attr-defined]
    assert statuses(room) == ["failed"]


async def test_whoever_has_no_reach_orders_nothing(room: Room) -> None:
    for name in ("tongdai", "nobody"):
        assert await room.press("week_brief", WEEK, terminal(name)) != ["product/on_the_way"]
    assert statuses(room) == []


async def test_a_conversation_that_is_erased_takes_its_orders_along(room: Room) -> None:
    at = terminal("vp")
    await room.press("week_brief", WEEK, at)
    where = room.db.read_now(lambda uow: uow.conversations.find(at).id)
    room.db.write_now(lambda uow: uow.conversations.erase(where))
    assert statuses(room) == []
    assert await room.make() == 0


async def test_an_open_form_goes_on_after_the_product(room: Room) -> None:
    at = telegram("vp")
    await room.press("week_brief", WEEK, at)
    assert (await room.say("reception_booking", at))[-1].startswith("reception")
    asked = room.last(at).body.key
    await room.make()
    assert [row.body.key for row in room.said(at)][-2:] == ["product/ready", asked]
