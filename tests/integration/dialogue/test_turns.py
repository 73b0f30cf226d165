"""Receive, prepare, turn: once, in order, whole or not at all."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from backend.domain.messaging import Address, Attachment, ChannelName, Contact, Kind
from bot.dialogue.turn import MOST_ATTEMPTS
from tests.conftest import FixedClock
from tests.integration.dialogue.counter import ADDRESS, Counter, audited, desk_of, message

pytestmark = pytest.mark.filterwarnings("error")


async def test_a_message_is_answered_and_everything_commits_together(counter: Counter) -> None:
    assert await counter.say("echo xin chào") == ["said/echo"]
    (row,) = counter.inbox()
    assert (row.status, row.seq) == ("done", 1)
    assert [(one.inbox_id, one.status) for one in counter.outbox()] == [(row.id, "queued")]
    assert counter.conversation().state["context"] == {"last": "echo xin chào"}
    assert audited(counter) == ["echoed"]
    assert counter.rows("SELECT answered_by FROM inbox") == [("bot",)]


async def test_a_repeated_event_changes_nothing(counter: Counter) -> None:
    await counter.say("echo a", "event-1")
    before = (counter.said(), counter.conversation(), audited(counter))
    receipt, answered = await counter.pipeline.converse(message("echo khác", "event-1"), 5.0)
    assert receipt.repeated
    assert answered is None
    await asyncio.gather(*(counter.pipeline.accept(message("echo a", "event-1")) for _ in range(5)))
    await counter.pipeline.close()
    assert (counter.said(), counter.conversation(), audited(counter)) == before
    assert counter.rows("SELECT count(*) FROM inbox") == [(1,)]


async def test_the_same_event_at_the_same_time_is_stored_once(counter: Counter) -> None:
    receipts = await asyncio.gather(
        *(counter.pipeline.accept(message("echo a", "event-1")) for _ in range(8))
    )
    assert sorted(receipt.repeated for receipt in receipts) == [False] + [True] * 7
    assert len({receipt.inbox_id for receipt in receipts}) == 1
    await counter.pipeline.close()
    assert counter.said() == ["said/echo: echo a"]


async def test_event_ids_of_different_accounts_do_not_meet(counter: Counter) -> None:
    other = Address(ChannelName.TELEGRAM, "bot-2", "visitor-1")
    await counter.say("echo a", "event-1")
    await counter.say("echo b", "event-1", address=other)
    assert counter.said(other) == ["said/echo: echo b"]


async def test_order_holds_when_later_messages_are_understood_first(counter: Counter) -> None:
    first = counter.told.hold("echo 1")
    second = counter.told.hold("echo 2")
    for text in ("echo 1", "echo 2", "echo 3"):
        await counter.pipeline.accept(message(text))
    await asyncio.sleep(0.2)
    assert counter.said() == []
    second.set()
    await asyncio.sleep(0.2)
    assert counter.said() == []
    first.set()
    await counter.pipeline.close()
    assert counter.said() == [f"said/echo: echo {n}" for n in (1, 2, 3)]


async def test_order_holds_for_many_messages_of_many_people_and_two_workers(counter: Counter) -> None:
    other = Counter(counter.db, desk_of(holder="two"), counter.told, counter.hub)
    people = [Address(ChannelName.WEB, "default", f"p{n}") for n in range(4)]
    for number in range(6):
        await asyncio.gather(
            *(
                (counter if (number + place) % 2 else other).pipeline.accept(
                    message(f"echo {number}", f"{place}-{number}", address)
                )
                for place, address in enumerate(people)
            )
        )
    await asyncio.gather(counter.pipeline.close(10.0), other.pipeline.close(10.0))
    for address in people:
        assert counter.said(address) == [f"said/echo: echo {number}" for number in range(6)]


async def test_a_slow_person_does_not_hold_up_another(counter: Counter) -> None:
    held = counter.told.hold("echo chậm")
    await counter.pipeline.accept(message("echo chậm"))
    assert await counter.say("echo nhanh", address=Address(ChannelName.WEB, "default", "b")) == ["said/echo"]
    held.set()
    await counter.pipeline.close()


async def test_a_refusing_action_is_undone_and_the_refusal_said_and_kept(counter: Counter) -> None:
    assert await counter.say("refusing") == ["errors/conflict"]
    assert audited(counter) == ["refusing"]
    assert counter.rows("SELECT outcome FROM audit") == [("errors/conflict",)]
    assert counter.inbox()[0].status == "done"


async def test_a_message_that_breaks_its_turn_is_put_aside_and_that_is_said(counter: Counter) -> None:
    assert await counter.say("broken") == ["errors/not_recorded"]
    (row,) = counter.inbox()
    assert row.status == "put_aside"
    assert row.attempts == MOST_ATTEMPTS + 1
    assert "half_done" not in audited(counter)
    assert audited(counter) == ["message_put_aside"]
    assert counter.rows("SELECT answered_by, reason FROM inbox") == [("nobody", "ZeroDivisionError")]
    aside = counter.db.read_now(lambda uow: uow.inbox.put_aside_rows(10))
    assert [one.id for one in aside] == [row.id]


async def test_what_comes_after_a_broken_message_is_answered(counter: Counter) -> None:
    await counter.pipeline.accept(message("broken"))
    assert await counter.say("echo sau") == ["said/echo"]
    assert [text.split(":")[0] for text in counter.said()][1:] == ["said/echo"]
    assert [row.status for row in counter.inbox()] == ["put_aside", "done"]


async def test_a_form_survives_a_message_that_was_put_aside(counter: Counter) -> None:
    await counter.say("booth")
    assert await counter.say("broken") == ["errors/not_recorded"]
    assert await counter.say("bán bánh") == ["booth/ask_day"]
    assert await counter.say("2026-12-01") == ["booth/ask_people"]
    await counter.say("hủy")
    assert "forms" not in counter.conversation().state


async def test_a_persons_conversation_is_left_to_that_person(counter: Counter) -> None:
    await counter.say("echo a")
    counter.change("UPDATE conversations SET owner = 'account:tongdai'")
    assert await counter.say("echo b") == []
    assert counter.said() == ["said/echo: echo a"]
    assert counter.rows("SELECT answered_by FROM inbox ORDER BY id") == [("bot",), ("account:tongdai",)]
    assert audited(counter) == ["echoed"]


@pytest.mark.parametrize("prepared", [False, True], ids=["being prepared", "waiting its turn"])
async def test_an_edit_replaces_a_message_that_still_waits(
    counter: Counter, clock: FixedClock, prepared: bool
) -> None:
    held = counter.told.hold("echo trước" if prepared else "echo sai")
    if prepared:
        await counter.pipeline.accept(message("echo trước", "m0"))
    await counter.pipeline.accept(message("echo sai", "m1"))
    await asyncio.sleep(0.1)
    edit = message("menu", "u2", kind=Kind.EDITED, edits="m1")
    assert (await counter.pipeline.accept(edit)).repeated
    held.set()
    await counter.pipeline.close()
    clock.set(clock.now() + timedelta(seconds=1))
    await counter.pipeline.recover()  # what was edited is prepared again
    assert counter.said()[-1] == "said/menu:"
    assert "said/echo: echo sai" not in counter.said()
    assert [row.status for row in counter.inbox()] == ["done"] * (1 + prepared)


async def test_an_edit_of_an_answered_message_is_noted_never_executed(counter: Counter) -> None:
    await counter.say("echo a", "m1")
    keys = await counter.say("echo b", "u2", kind=Kind.EDITED, edits="m1")
    assert "said/echo" not in keys
    assert audited(counter) == ["echoed"]
    assert [row.incoming.text for row in counter.inbox()] == ["echo a", "echo b"]
    assert [row.status for row in counter.inbox()] == ["done", "done"]


async def test_edits_do_not_disturb_an_open_form(counter: Counter) -> None:
    await counter.say("booth", "m1")
    await counter.say("echo", "u2", kind=Kind.EDITED, edits="m1")
    form = counter.conversation().state["forms"][0]
    assert form[0] == "booth"
    assert form[3] == {}


@pytest.mark.parametrize("kind", [Kind.VOICE, Kind.LOCATION, Kind.FILE, Kind.OTHER])
async def test_what_cannot_be_read_gets_its_own_answer_and_the_form_goes_on(
    counter: Counter, kind: Kind
) -> None:
    await counter.say("booth")
    assert await counter.say("", "v1", kind=kind) == [f"media/{kind}", "booth/ask_what"]


async def test_a_shared_number_answers_the_question_for_one(counter: Counter) -> None:
    await counter.say("callback")
    shared = Contact("0912345678", verified=False)
    assert await counter.say("", "c1", kind=Kind.CONTACT, contact=shared) == ["callback/done"]
    assert await counter.say("", "c2", kind=Kind.CONTACT, contact=shared) == ["said/kept"]


async def test_a_photo_with_a_code_is_about_that_dossier_even_in_a_form(counter: Counter) -> None:
    code = "H50.34-261008-0975"
    photo = (Attachment(Kind.PHOTO, f"{code}", "image/jpeg", 10),)
    await counter.say("booth")
    assert await counter.say("", "p1", kind=Kind.PHOTO, attachments=photo) == [
        "said/counted",
        "booth/ask_what",
    ]
    assert code in counter.said()[-2]
    await counter.say("bán bánh")
    assert await counter.say("", "p2", kind=Kind.PHOTO, attachments=photo) == [
        "said/counted",
        "booth/ask_day",
    ]


async def test_a_photo_without_a_code_says_so_and_the_form_goes_on(counter: Counter) -> None:
    photo = (Attachment(Kind.PHOTO, "a cat", "image/jpeg", 10),)
    await counter.say("booth")
    keys = await counter.say("", "p1", kind=Kind.PHOTO, attachments=photo)
    assert keys == ["media/photo_without_code", "booth/ask_what"]


async def test_state_and_words_are_sealed_in_the_database_files(counter: Counter, database_url: str) -> None:
    secret = "bí-mật-của-riêng-tôi-0912345678"
    await counter.say(f"echo {secret}", "s1")
    await counter.say("booth", "s2")
    await counter.say(secret, "s3")
    assert any(secret in text for text in counter.said())
    if database_url.startswith("sqlite"):
        from pathlib import Path

        folder = Path(database_url.removeprefix("sqlite:///")).parent
        content = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    else:
        tables = ("conversations", "inbox", "outbox", "buttons", "audit", "notices")
        content = "".join(str(row) for t in tables for row in counter.rows(f"SELECT * FROM {t}")).encode()
    for form in (secret, "0912345678", "bí-mật", "bán bánh"):
        assert form.encode() not in content
        assert form.encode("utf-16-le") not in content


async def test_a_form_left_for_a_day_is_not_resumed(counter: Counter, clock: FixedClock) -> None:
    await counter.say("booth")
    clock.set(clock.now() + timedelta(hours=25))
    assert await counter.say("echo a") == ["said/echo"]
    assert "forms" not in counter.conversation().state


async def test_the_language_side_out_of_reach_is_said_once(counter: Counter) -> None:
    from backend.domain.understanding import Understanding

    async def out_of_reach(incoming: object) -> Understanding:
        return Understanding("echo", 0.6, source="fallback")

    counter.told.understand = out_of_reach  # type: ignore[method-assign,assignment]
    assert await counter.say("echo a") == ["fallback/less", "said/echo"]
    assert await counter.say("echo b") == ["said/echo"]


async def test_waiting_longer_than_patience_gives_the_answer_later(counter: Counter) -> None:
    held = counter.told.hold("echo chậm")
    receipt, answered = await counter.pipeline.converse(message("echo chậm"), 0.1)
    assert answered is None
    held.set()
    await counter.pipeline.close()
    assert counter.said() == ["said/echo: echo chậm"]
    assert counter.rows("SELECT inbox_id FROM outbox") == [(receipt.inbox_id,)]


def test_addresses_are_what_a_conversation_is() -> None:
    assert Address(ChannelName.WEB, "default", "visitor-1") == ADDRESS
