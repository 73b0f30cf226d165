"""Linking as it is talked: a counter with the real forms, actions and sentences, two channels of one person."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from actions.registry import gather
from backend.db.engine import Database
from backend.domain.dossier import Applicant, Filing
from backend.domain.messaging import Address, ChannelName, Contact, Incoming, Kind
from backend.domain.understanding import NOTHING, Understanding
from bot.dialogue.understanding import RasaClient
from tests.integration.dialogue.counter import Counter, Told, desk_of
from tests.integration.people.conftest import ANNA, ANNAS, TELEGRAM, dossier

PAGE = Address(ChannelName.WEB, "default", "page")


class Reading(Told):
    """Codes are read as the language side reads them; everything else here is about linking."""

    async def understand(self, incoming: Incoming) -> Understanding:
        if incoming.kind is not Kind.TEXT:
            return NOTHING
        read = await RasaClient.understand(_DEAF, incoming)
        return read if read.source == "code" else Understanding(_meant(incoming.text), 0.95, source="model")


def _meant(text: str) -> str:
    """What the model makes of the sentences of this file."""
    for begin, intent in (
        ("hủy", "unlink_channel"),
        ("các kênh", "linked_channels"),
        ("báo", "prefer_channel"),
    ):
        if text.startswith(begin):
            return intent
    return "link_channel"


_DEAF = RasaClient.__new__(RasaClient)
_DEAF._failures, _DEAF._open_until = 99, float("inf")


@pytest.fixture
def talk(db: Database) -> Counter:
    db.write_now(
        lambda uow: uow.dossiers.put_many([Filing(dossier(ANNAS), Applicant("Nguyễn Thị An", ANNA))])
    )
    actions, forms = gather()
    return Counter(db, replace(desk_of(actions), forms=forms), Reading())


async def share(talk: Counter) -> None:
    contact = Incoming(TELEGRAM, "c1", Kind.CONTACT, contact=Contact(ANNA, verified=True))
    _, answered = await talk.pipeline.converse(contact, 10.0)
    assert answered is not None


async def test_from_one_channel_to_the_other_and_back(talk: Counter) -> None:
    assert await talk.say("liên kết kênh khác", address=PAGE) == ["linking/verify_first"]
    await share(talk)
    assert await talk.say("liên kết kênh khác", "t1", address=TELEGRAM) == ["linking/code"]
    (code,) = set(re.findall(r"LK-\w{8}", talk.said(TELEGRAM)[-1]))
    assert await talk.say(code, "t2", address=TELEGRAM) == ["linking/own_code"]
    assert await talk.say("liên kết LK-22222H22", "w2", address=PAGE) == ["linking/wrong_code"]
    assert await talk.say("liên kết LK-12", "w3", address=PAGE) == ["linking/wrong_code"]
    assert await talk.say(f"liên kết {code.lower()}", "w4", address=PAGE) == ["linking/linked"]
    assert await talk.say(ANNAS, "w5", address=PAGE) == ["dossier/explained"]
    assert "Người nộp" in talk.said(PAGE)[-1]
    assert await talk.say("các kênh đã liên kết", "w6", address=PAGE) == ["linking/list"]
    listed = talk.said(PAGE)[-1]
    assert "Telegram" in listed
    assert TELEGRAM.external_id not in listed
    assert ANNA not in listed
    assert await talk.say("báo qua Telegram cho tôi", "w7", address=PAGE) == ["linking/preferred"]
    assert await talk.say("hủy liên kết", "w8", address=PAGE) == ["linking/unlinked"]
    assert await talk.say(ANNAS, "w9", address=PAGE) == ["dossier/explained"]
    assert "Người nộp" not in talk.said(PAGE)[-1]
    assert await talk.say("hủy liên kết", "w10", address=PAGE) == ["linking/nothing_linked"]


async def test_the_telegram_side_unlinks_the_page_by_name(talk: Counter) -> None:
    await share(talk)
    await talk.say("liên kết", "t1", address=TELEGRAM)
    (code,) = set(re.findall(r"LK-\w{8}", talk.said(TELEGRAM)[-1]))
    await talk.say(code, "w1", address=PAGE)
    assert await talk.say("hủy liên kết trang web", "t2", address=TELEGRAM) == ["linking/unlinked"]
    assert "trang web" in talk.said(TELEGRAM)[-1]
    assert await talk.say("các kênh đang liên kết", "t3", address=TELEGRAM) == ["linking/only_here"]


async def test_a_group_links_nobody(talk: Counter) -> None:
    await share(talk)
    assert await talk.say("liên kết kênh khác", "g1", address=TELEGRAM, group=True) == [
        "linking/private_only"
    ]


async def test_a_caller_of_the_rest_channel_is_nobodys_channel(talk: Counter) -> None:
    rest = Address(ChannelName.REST, "default", "anyone")
    assert await talk.say("liên kết kênh khác", "r1", address=rest) == ["linking/not_here"]
