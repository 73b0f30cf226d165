"""A button is a row of the server: of one conversation, for some days, once when it changes something."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.messaging import Address, ChannelName
from bot.dialogue.speak import BUTTON_LASTS
from tests.conftest import FixedClock
from tests.integration.dialogue.counter import Counter, audited

OTHER = Address(ChannelName.WEB, "default", "visitor-2")


async def menu(counter: Counter) -> list[str]:
    await counter.say("menu", f"menu-{len(counter.rows('SELECT id FROM inbox'))}")
    return counter.offered()


async def test_a_button_means_its_intent_and_values(counter: Counter) -> None:
    count, _ = await menu(counter)
    assert await counter.press(count) == ["said/counted"]
    assert counter.said()[-1] == "said/counted: 1"


async def test_a_button_that_changes_something_works_once(counter: Counter) -> None:
    count, repeat = await menu(counter)
    await counter.press(count)
    assert await counter.press(count, "again") == ["button/used"]
    assert audited(counter) == ["counted"]
    assert await counter.press(repeat, "1") == ["said/echo"]
    assert await counter.press(repeat, "2") == ["said/echo"]


async def test_the_press_itself_repeated_by_the_channel_changes_nothing(counter: Counter) -> None:
    count, _ = await menu(counter)
    await counter.press(count, "press-1")
    receipt = await counter.pipeline.accept(
        __import__("tests.integration.dialogue.counter", fromlist=["press"]).press(count, "press-1")
    )
    assert receipt.repeated
    assert audited(counter) == ["counted"]


async def test_a_button_of_another_conversation_has_expired(counter: Counter) -> None:
    count, _ = await menu(counter)
    assert await counter.press(count, address=OTHER) == ["button/expired"]
    assert audited(counter) == []


async def test_a_button_nobody_offered_has_expired(counter: Counter) -> None:
    await menu(counter)
    assert await counter.press("x" * 16) == ["button/expired"]
    assert await counter.press("' OR 1=1 --") == ["button/expired"]


async def test_a_button_expires(counter: Counter, clock: FixedClock) -> None:
    count, _ = await menu(counter)
    clock.set(clock.now() + BUTTON_LASTS + timedelta(seconds=1))
    assert await counter.press(count) == ["button/expired"]


async def test_a_takeover_voids_the_buttons_before_it(counter: Counter) -> None:
    count, _ = await menu(counter)
    counter.change("UPDATE conversations SET epoch = epoch + 1")
    assert await counter.press(count) == ["button/expired"]


async def test_a_typed_number_presses_the_latest_replys_button(counter: Counter) -> None:
    await menu(counter)
    assert await counter.say("1") == ["said/counted"]
    assert audited(counter) == ["counted"]


async def test_a_typed_number_means_nothing_after_a_reply_without_buttons(counter: Counter) -> None:
    await menu(counter)
    await counter.say("echo a")
    assert counter.offered() == []
    assert await counter.say("1") == ["said/out_of_scope"]
    assert audited(counter) == ["echoed"]


async def test_a_typed_number_beyond_the_buttons_presses_none(counter: Counter) -> None:
    await menu(counter)
    assert await counter.say("3") == ["said/out_of_scope"]
    assert await counter.say("0") == ["said/out_of_scope"]


async def test_an_old_replys_button_may_still_be_pressed(counter: Counter) -> None:
    count, _ = await menu(counter)
    await counter.say("echo a")
    assert await counter.press(count) == ["said/counted"]


async def test_a_forms_buttons_end_with_the_form(counter: Counter) -> None:
    await counter.say("booth")
    await counter.say("bán bánh")
    await counter.say("2026-12-01")
    (alone,) = counter.offered()
    await counter.say("hủy")
    assert await counter.press(alone) == ["button/expired"]
    await counter.say("booth", "again")
    await counter.say("bán bánh", "b2")
    await counter.say("2026-12-01", "d2")
    assert await counter.press(alone, "p2") == ["button/expired", "booth/ask_people"]


async def test_confirming_twice_completes_once(counter: Counter) -> None:
    for text in ("booth", "bán bánh", "2026-12-01", "1", "không"):
        await counter.say(text)
    confirm = counter.offered()[0]
    assert await counter.press(confirm) == ["booth/done"]
    assert await counter.press(confirm, "again") == ["button/expired"]


async def test_another_matters_button_is_answered_while_a_form_is_open(counter: Counter) -> None:
    _, repeat = await menu(counter)
    await counter.say("booth")
    assert await counter.press(repeat) == ["said/echo", "booth/ask_what"]
    assert await counter.say("bán bánh") == ["booth/ask_day"]


@pytest.mark.parametrize("text", ["1.", "1)", " 1 "])
async def test_people_type_numbers_in_their_own_ways(counter: Counter, text: str) -> None:
    await menu(counter)
    assert await counter.say(text) == ["said/counted"]


async def test_a_whole_title_still_counts_after_a_reply_without_buttons(counter: Counter) -> None:
    await menu(counter)
    shown = counter.outbox()[-1].body.buttons[1].title
    await counter.say("gì đó khác", "other")
    assert counter.offered() == []
    assert await counter.say(shown.upper(), "typed") == ["said/echo"]
    assert await counter.say("1", "number") != ["said/counted"], "a bare number is about what was shown last"
