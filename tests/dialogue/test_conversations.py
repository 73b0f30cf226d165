"""Conversations as they should go, turn by turn, through the real path (tests/dialogue/conversations/*.yml).

Steps: ``user`` types, ``press`` presses a button of the last replies by a part of its title (``from: N`` one of the
N-th step's, to press a stale one), ``later`` moves the clock, ``bot`` names the reply keys in order, with what the
replies must say (``mentions``) and must not (``never``). ``desk`` is a move that somebody of the office makes with the
petition of that code, ``told`` what the notices then say. ``verified_phone`` is a number the channel vouches for,
``full_on`` a day on which every reception is fully booked.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml

from backend.demo.showcase import ALL
from backend.domain.messaging import Address, ChannelName, Contact, Incoming, Kind
from backend.domain.ports import UnitOfWork
from backend.services.petitions.moving import Mover, move
from backend.text.fold import fold
from bot.app import Application
from bot.channels.rest import replies_json
from bot.notices.render import render_due
from tests.dialogue.test_paraphrases import _PLACE, typed
from tests.language import NOW, Said, application, copy_province, settings_for

pytestmark = pytest.mark.xdist_group("language")

_FOLDER = Path(__file__).parent / "conversations"
_STEPS = {"user", "press", "later", "bot", "desk", "told"}
_FIELDS = {"name", "steps", "verified_phone", "staff", "full_on"}
_KEPT = re.compile(r"\b(?:TD|PA|HT|GL)-\d{6}-\d{4}\b")
#: Only these may say that something was registered; a row of the database must stand behind each.
_SAYS_KEPT = {
    *("reception/booked", "reception/rescheduled", "reception/already"),
    *("petition/filed", "petition/help_recorded", "callback/recorded"),
}


def conversations() -> list[Any]:
    return [
        pytest.param(one, id=f"{path.stem}-{number}")
        for path in sorted(_FOLDER.glob("*.yml"))
        for number, one in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1)
    ]


class Visitor:
    """One person with a conversation of their own, before a counter whose clock can be moved."""

    def __init__(self, home: Path, rasa_url: str, told: dict[str, Any]) -> None:
        self._home, self._rasa_url, self._told = home, rasa_url, told
        self._now = datetime.fromisoformat(NOW)
        self._open = AsyncExitStack()
        self._app: Application | None = None
        self._shown: list[list[tuple[str, str]]] = []
        channel = ChannelName.TELEGRAM if "verified_phone" in told else ChannelName.TERMINAL
        self._address = Address(channel, told.get("staff", "public"), "somebody")

    async def arrive(self) -> None:
        settings = settings_for(self._home, self._rasa_url, MOTCUA_NOW=self._now.isoformat())
        self._app = await self._open.enter_async_context(application(settings))

    async def leave(self) -> None:
        await self._open.aclose()

    @property
    def app(self) -> Application:
        assert self._app is not None
        return self._app

    async def comes_back_after(self, span: str) -> None:
        hours, unit = re.fullmatch(r"(\d+)(h|m)", span).groups()  # type: ignore[union-attr]
        await self.leave()
        self._now += timedelta(hours=int(hours)) if unit == "h" else timedelta(minutes=int(hours))
        await self.arrive()

    async def shares_phone(self, phone: str) -> list[Said]:
        return await self._sends(kind=Kind.CONTACT, contact=Contact(phone, verified=True))

    async def types(self, words: str) -> list[Said]:
        return await self._sends(kind=Kind.TEXT, text=words)

    async def presses(self, title: str, at: int | None = None) -> list[Said]:
        """``at`` counts this person's messages from 1; without it, the last replies' buttons are meant."""
        buttons = self._shown[-1 if at is None else at - 1]
        found = [payload for shown, payload in buttons if fold(title) in fold(shown)]
        assert found, f"no button {title!r} among {[shown for shown, _ in buttons]}"
        return await self._sends(kind=Kind.BUTTON, button=found[0].removeprefix("#"))

    async def is_told(self) -> list[str]:
        """What the notices that are due say."""

        def render(uow: UnitOfWork) -> list[str]:
            render_due(uow, self.app.desk)
            conversation = uow.conversations.find(self._address)
            assert conversation is not None
            rows = uow.outbox.recent(conversation.id, 0, 100)
            return [row.body.text for row in rows if row.kind == "notice"]

        return await self.app.db.write(render)

    async def _sends(self, **what: Any) -> list[Said]:
        incoming = Incoming(self._address, uuid.uuid4().hex, staff=self._told.get("staff", ""), **what)
        replies, in_time = await self.app.chat.converse(incoming, 20)
        assert in_time, f"no answer in time to {what}"
        shown = replies_json("somebody", list(replies))
        said = [Said(one["metadata"]["key"], one["text"], _buttons(one)) for one in shown]
        self._shown.append([button for one in said for button in one.buttons])
        return said


def _buttons(reply: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((button["title"], button["payload"]) for button in reply.get("buttons", ()))


@pytest_asyncio.fixture
async def visitor(
    conversation: dict[str, Any], province: Path, rasa_url: str, tmp_path: Path
) -> AsyncIterator[Visitor]:
    copy_province(province, tmp_path)
    person = Visitor(tmp_path, rasa_url, conversation)
    await person.arrive()
    yield person
    await person.leave()


@pytest.mark.parametrize("conversation", conversations())
async def test_goes_as_it_should(visitor: Visitor, conversation: dict[str, Any]) -> None:
    if phone := conversation.get("verified_phone"):
        await visitor.shares_phone(phone)
        await visitor.types("hủy")
    if day := conversation.get("full_on"):
        await visitor.app.db.write(lambda uow: fill(uow, date.fromisoformat(day)))
    said: list[Said] = []
    last = ""
    for step in conversation["steps"]:
        if "later" in step:
            await visitor.comes_back_after(step["later"])
        elif "user" in step:
            last = _PLACE.sub(typed, step["user"])
            said = await visitor.types(last * step.get("times", 1))
        elif "press" in step:
            last = f"[{step['press']}]"
            said = await visitor.presses(step["press"], step.get("from"))
        elif "desk" in step:
            await visitor.app.db.write(partial(at_the_desk, step=step))
        elif "told" in step:
            told = fold(" ".join(await visitor.is_told()))
            assert all(fold(words) in told for words in step["told"]), (step["told"], told)
        else:
            check(said, step, last)
        if not step.keys() & {"bot", "desk", "told"}:
            await is_true(visitor.app, said)


#: Somebody who may make every move that an office makes.
_OFFICE = Mover("account:tongdai", frozenset({"operator", "reception", "administrator"}))


def at_the_desk(uow: UnitOfWork, step: dict[str, Any]) -> None:
    """``{desk: MOVE, code: PA-…, agency: CODE, reason: …, answer: …, into: PA-…}``"""
    agency = uow.agencies.by_code(step["agency"]) if "agency" in step else None
    into = uow.petitions.by_code(step["into"]) if "into" in step else None
    words = {name: step[name] for name in ("reason", "answer") if name in step}
    move(uow, _OFFICE, step["code"], step["desk"], agency=agency, into=into, **words)


def fill(uow: UnitOfWork, on: date) -> None:
    rules = [rule.id for rule in uow.reception.rules(on)]
    for day in uow.reception.days(rules, on, on):
        while uow.reception.take_seat(day.id):
            pass


def kept(code: str, uow: UnitOfWork) -> object | None:
    """The row behind a code that somebody was told."""
    if code.startswith("TD"):
        return uow.reception.booking(code)
    return uow.callbacks.by_code(code) if code.startswith("GL") else uow.petitions.by_code(code)


def check(said: list[Said], step: dict[str, Any], last: str) -> None:
    wanted = [step["bot"]] if isinstance(step["bot"], str) else step["bot"]
    assert [one.key for one in said] == wanted, (last, [one.text for one in said])
    heard = fold(" ".join(one.text for one in said))
    for words in step.get("mentions", ()):
        assert fold(_PLACE.sub(typed, words)) in heard, (last, words, heard)
    for words in step.get("never", ()):
        assert fold(_PLACE.sub(typed, words)) not in heard, (last, words, heard)


async def is_true(app: Application, said: list[Said]) -> None:
    """What holds for every reply there is, whatever was asked."""
    for one in said:
        names = [shown.name for shown in ALL.values() if shown.name and shown.name in one.text]
        assert not names, f"a person's name was said: {one.key}"
        assert not re.search(r"\b[Nn]ộp (?:ở|tại|lên)(?: \w+){0,3} huyện", one.text), one.text
        assert not re.search(r"\b(?:em|mình) (?:là|sẽ|xin|chưa|đã|không|có thể)\b", one.text), one.text
        if re.search(r"\bĐã (?:ghi nhận|ghi yêu cầu|đổi sang)\b", one.text):
            assert one.key in _SAYS_KEPT, one.text
        if one.key in _SAYS_KEPT:
            code = _KEPT.findall(one.text)[0]
            assert await app.db.read(partial(kept, code)) is not None, code


def test_conversations_are_well_formed() -> None:
    found = [param.values[0] for param in conversations()]
    assert len(found) >= 40
    names = [one["name"] for one in found]
    assert len(names) == len(set(names))
    for one in found:
        assert set(one) <= _FIELDS, one["name"]
        assert all(len(_STEPS & set(step)) == 1 for step in one["steps"]), one["name"]
        assert any("bot" in step for step in one["steps"]), one["name"]
