"""Voice notes, languages and call-backs, with the real actions and forms; the recogniser is told what it heard."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from actions.registry import gather
from backend.db.engine import Database
from backend.domain.messaging import Attachment, Incoming, Kind
from backend.domain.understanding import Entity, Understanding
from bot.dialogue.pipeline import Pipeline
from bot.dialogue.prepare import Preparation
from tests.integration.dialogue.counter import ADDRESS, Counter, desk_of

NOTE = {"kind": Kind.VOICE, "attachments": (Attachment(Kind.VOICE, "note", "audio/ogg", 900),)}
ENGLISH = "what can you do for me"
READINGS = {
    "bạn giúp được gì": Understanding("help", 0.9, source="model", language="vi"),
    ENGLISH: Understanding("help", 0.9, source="model", language="en"),
    "0912 345 678": Understanding("out_of_scope", 0.9, source="model", language="en"),
    "hello": Understanding("greeting", 0.9, source="model", language="en"),
    "English please": Understanding(
        "language_switch", 0.9, (Entity("language", "English", 0, 7),), source="model", language="en"
    ),
    "nói tiếng Khmer được không": Understanding(
        "language_switch", 0.9, (Entity("language", "tiếng Khmer", 4, 15),), source="model", language="vi"
    ),
    "đổi ngôn ngữ": Understanding("language_switch", 0.9, source="model", language="vi"),
    "gọi lại cho tôi": Understanding("human_handoff", 0.9, source="model", language="vi"),
    "xóa dữ liệu": Understanding("delete_my_data", 0.9, source="model", language="vi"),
}


class Reader:
    """In place of Rasa: these sentences mean these things."""

    async def understand(self, incoming: Incoming) -> Understanding:
        known = READINGS.get(incoming.text, Understanding("out_of_scope", 0.9, source="model"))
        korean = "드" in incoming.text
        return dataclasses.replace(known, language="ko") if korean else known


class Spoken(Counter):
    """``heard`` is what the recogniser makes of the next voice note; None: there is no recogniser."""

    heard: str | Exception | None = None

    def worker(self) -> Pipeline:
        async def fetch(attachment: Attachment) -> bytes:
            return attachment.reference.encode()

        async def hear(note: bytes) -> str:
            assert note == b"note"
            if isinstance(self.heard, Exception):
                raise self.heard
            return self.heard or ""

        async def no_codes(_: bytes) -> tuple[str, ...]:
            return ()

        preparation = Preparation(Reader(), {ADDRESS.channel: fetch}, no_codes, hear)  # type: ignore[arg-type]
        return Pipeline(self.db, self.desk, preparation, self.hub)


@pytest.fixture
def counter(db: Database) -> Spoken:
    actions, forms = gather()
    return Spoken(db, dataclasses.replace(desk_of(actions), forms=forms))


async def press_nth(counter: Counter, number: int) -> list[str]:
    return await counter.press(counter.offered()[number - 1])


async def test_what_was_heard_counts_only_after_a_yes(counter: Spoken) -> None:
    counter.heard = "bạn giúp được gì"
    assert await counter.say("", "v1", **NOTE) == ["media/heard"]
    assert "bạn giúp được gì" in counter.said()[-1]
    assert await press_nth(counter, 1) == ["social/help"]


async def test_yes_may_be_typed_and_no_drops_it(counter: Spoken) -> None:
    counter.heard = "bạn giúp được gì"
    await counter.say("", "v1", **NOTE)
    assert await counter.say("đúng rồi") == ["social/help"]
    await counter.say("", "v2", **NOTE)
    yes = counter.offered()[0]
    assert await press_nth(counter, 2) == ["media/say_again"]
    assert await counter.press(yes, "late") == ["button/expired"]


async def test_typing_something_else_drops_what_was_heard(counter: Spoken) -> None:
    counter.heard = "bạn giúp được gì"
    await counter.say("", "v1", **NOTE)
    assert await counter.say("gọi lại cho tôi") == ["social/person"]
    assert "heard" not in counter.conversation().state


async def test_a_heard_answer_goes_into_the_open_form(counter: Spoken) -> None:
    await counter.say("gọi lại cho tôi")
    await press_nth(counter, 1)
    await counter.say("0912 345 678")
    counter.heard = "hỏi về đất đai"
    assert await counter.say("", "v1", **NOTE) == ["media/heard"]
    assert await press_nth(counter, 1) == ["callback/ask_when"]


@pytest.mark.parametrize("heard", ["", ValueError("no sound"), TimeoutError()])
async def test_a_note_that_nobody_hears_becomes_a_call_back(counter: Spoken, heard: Any) -> None:
    counter.heard = heard
    assert await counter.say("", "v1", **NOTE) == ["media/voice_callback", "callback/ask_phone"]
    assert await counter.say("số 0912 345 678 nha") == ["callback/ask_about"]
    assert await counter.say("hồ sơ đất của tôi") == ["callback/ask_when"]
    assert await press_nth(counter, 2) == ["callback/summary"]
    assert counter.rows("SELECT count(*) FROM callbacks") == [(0,)]
    assert await counter.say("đồng ý") == ["callback/recorded"]
    (waiting,) = counter.db.read_now(lambda uow: uow.callbacks.waiting(10))
    assert waiting.request is not None
    assert (waiting.topic, waiting.request.phone) == ("voice", "0912345678")
    assert (waiting.request.about, waiting.request.when) == ("hồ sơ đất của tôi", "buổi chiều")
    assert "0912345678" not in counter.said()[-1]
    assert waiting.code in counter.said()[-1]


async def test_asking_twice_shows_the_first_request_and_it_can_be_withdrawn(counter: Spoken) -> None:
    await call_back(counter)
    await counter.say("gọi lại cho tôi", "g2")
    assert await press_nth(counter, 1) == ["callback/already"]
    assert await press_nth(counter, 1) == ["callback/withdrawn"]
    assert counter.rows("SELECT status FROM callbacks") == [("withdrawn",)]


async def test_deleting_my_data_takes_the_call_back_with_it(counter: Spoken) -> None:
    await call_back(counter)
    await counter.say("xóa dữ liệu")
    assert await press_nth(counter, 1) == ["social/deleted"]
    assert counter.rows("SELECT status, request FROM callbacks") == [("withdrawn", None)]


async def call_back(counter: Spoken) -> None:
    await counter.say("gọi lại cho tôi")
    await press_nth(counter, 1)
    await counter.say("0912 345 678")
    await counter.say("hồ sơ đất")
    await counter.say("chiều mai")
    assert await counter.say("đồng ý") == ["callback/recorded"]


async def test_english_is_answered_in_english_and_vietnamese_in_vietnamese(counter: Spoken) -> None:
    await counter.say(ENGLISH)
    assert counter.said()[-1].startswith("I can help")
    assert counter.conversation().language == "en"
    await counter.say("bạn giúp được gì")
    assert counter.said()[-1].startswith("Tôi giúp được")


async def test_a_telephone_number_is_in_no_language(counter: Spoken) -> None:
    await counter.say("0912 345 678")
    assert counter.conversation().language == "vi"


async def test_a_hello_alone_does_not_change_the_language(counter: Spoken) -> None:
    await counter.say("hello")
    assert counter.said()[-1].startswith("Chào")


async def test_a_language_asked_for_stays(counter: Spoken) -> None:
    assert await counter.say("English please") == ["social/language"]
    assert counter.said()[-1].startswith("I now answer in English")
    await counter.say("bạn giúp được gì")
    assert counter.said()[-1].startswith("I can help")


async def test_a_language_that_is_not_spoken_leads_to_a_person(counter: Spoken) -> None:
    assert await counter.say("nói tiếng Khmer được không") == ["social/other_language"]
    assert "tiếng Khmer" in counter.said()[-1]
    assert "phiên dịch" in counter.said()[-1]
    assert await press_nth(counter, 1) == ["social/person"]


async def test_a_strange_script_is_named_and_choices_are_offered(counter: Spoken) -> None:
    assert await counter.say("드 서류는 어디에") == ["social/other_language"]
    assert "tiếng Hàn" in counter.said()[-1]
    assert await press_nth(counter, 2) == ["social/language"]
    assert counter.conversation().language == "en"


async def test_no_language_named_is_asked_for(counter: Spoken) -> None:
    assert await counter.say("đổi ngôn ngữ") == ["social/which_language"]
