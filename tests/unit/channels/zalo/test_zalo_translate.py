"""Every event of Zalo's list means what it should; nothing that can be sent breaks the reading."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.messaging import Address, ChannelName, Incoming, Kind, Sight
from bot.channels.raw import Unreadable
from bot.channels.zalo.events import EVENTS, Does, meaning_of
from bot.channels.zalo.translate import (
    Happening,
    Left,
    PersonAnswered,
    Said,
    Sighted,
    Withdrew,
    translate,
)
from tests.zalo_stand_in.events import Events

OA = "579745863508884884"
EVENT = Events("441", OA)
LAN = Address(ChannelName.ZALO, OA, "lan")


def read(event: dict[str, Any]) -> Happening | None:
    return translate(event, json.dumps(event).encode(), OA)


def said(event: dict[str, Any]) -> Incoming:
    happened = read(event)
    assert isinstance(happened, Said)
    assert happened.incoming.address == LAN
    return happened.incoming


def test_words() -> None:
    event = EVENT.said("lan", text="lệ phí khai sinh", quote_msg_id="q1")
    event["timestamp"] = "1699003881354"
    incoming = said(event)
    assert (incoming.kind, incoming.text) == (Kind.TEXT, "lệ phí khai sinh")
    assert incoming.event_id == event["message"]["msg_id"]
    assert incoming.sent_at == datetime(2023, 11, 3, 9, 31, 21, 354000, UTC)
    assert incoming.metadata == {"quoted": "q1"}


def test_a_pressed_button_comes_as_words() -> None:
    incoming = said(EVENT.said("lan", text="#AbCd-1234_efGH56"))
    assert (incoming.kind, incoming.button) == (Kind.BUTTON, "AbCd-1234_efGH56")


@pytest.mark.parametrize("text", ["#hàng", "# AbCd1234efGH5678", "#AbCd1234", "#AbCd1234efGH5678 ạ", "1"])
def test_what_a_person_types_with_a_hash_stays_words(text: str) -> None:
    assert said(EVENT.said("lan", text=text)).kind is Kind.TEXT


def test_an_undocumented_click_with_text_is_taken() -> None:
    assert said(EVENT.said("lan", "user_click_button", text="#AbCd-1234_efGH56")).kind is Kind.BUTTON


def test_a_picture_with_words() -> None:
    url = "https://photo.zdn.vn/a.jpg"
    incoming = said(EVENT.attached("lan", "image", {"thumbnail": url, "url": url}, "giấy hẹn đây"))
    (picture,) = incoming.attachments
    assert (incoming.kind, incoming.text, picture.kind, picture.reference) == (
        Kind.PHOTO,
        "giấy hẹn đây",
        Kind.PHOTO,
        url,
    )


def test_a_place_is_given_in_text() -> None:
    event = EVENT.place("lan", "10.7941502", "106.7829841")
    event["message"]["text"] = "Chợ Bến Thành"
    incoming = said(event)
    assert (incoming.kind, incoming.location) == (Kind.LOCATION, (10.7941502, 106.7829841))
    assert (incoming.text, incoming.metadata) == ("", {"place": "Chợ Bến Thành"})


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("x", "1"), ("91", "1"), ("1", "181"), ("nan", "1"), ("", "1")]
)
def test_a_place_nowhere_is_not_read(latitude: str, longitude: str) -> None:
    with pytest.raises(Unreadable):
        read(EVENT.place("lan", latitude, longitude))


@pytest.mark.parametrize(
    ("payload", "kind", "media_type"),
    [
        ({"name": "don.pdf", "type": "pdf", "size": "1200"}, Kind.FILE, "pdf"),
        ({"name": "anh.PNG", "type": "", "size": 7}, Kind.PHOTO, "image/png"),
        ({"name": "anh", "type": "image/jpeg"}, Kind.PHOTO, "image/jpeg"),
    ],
)
def test_a_file(payload: dict[str, Any], kind: Kind, media_type: str) -> None:
    url = "https://f1.zdn.vn/x"
    (file,) = said(EVENT.attached("lan", "file", {"checksum": "x", "url": url, **payload})).attachments
    assert (file.kind, file.media_type, file.size_bytes) == (kind, media_type, int(payload.get("size", 0)))


def test_a_voice_note() -> None:
    incoming = said(EVENT.attached("lan", "audio", {"url": "https://v.zdn.vn/x.amr"}))
    assert (incoming.kind, incoming.attachments[0].kind) == (Kind.VOICE, Kind.VOICE)


def test_a_link_with_a_code_is_the_code() -> None:
    payload = {
        "thumbnail": "",
        "description": "Cổng",
        "url": "https://dichvucong.gov.vn/x?ma=H50.34-261008-0975",
    }
    incoming = said(EVENT.attached("lan", "link", payload))
    assert (incoming.kind, incoming.text) == (Kind.TEXT, "H50.34-261008-0975")
    other = said(EVENT.attached("lan", "link", {**payload, "url": "https://example.vn"}))
    assert other.kind is Kind.OTHER


@pytest.mark.parametrize("kind", ["gif", "video", "sticker", "hologram"])
def test_what_nobody_can_read_is_said_to_be_so(kind: str) -> None:
    assert said(EVENT.attached("lan", kind, {"url": "https://x.zdn.vn/1", "id": "7"})).kind is Kind.OTHER


@pytest.mark.parametrize("phone", ["84912345678", 84912345678, "0912 345 678", "+84 912 345 678"])
def test_a_submitted_number_is_a_claim(phone: Any) -> None:
    event = EVENT.submitted("lan", phone)
    incoming = said(event)
    assert incoming.contact is not None
    assert (incoming.kind, incoming.contact.phone, incoming.contact.verified) == (
        Kind.CONTACT,
        "0912345678",
        False,
    )
    assert "Lan" not in repr(incoming)  # nothing of the form is kept but the number
    assert incoming.event_id == said(event).event_id != said(EVENT.submitted("lan", "0912345679")).event_id


@pytest.mark.parametrize("phone", ["", "abc", None, 12, True])
def test_a_form_without_a_number_is_something_else(phone: Any) -> None:
    assert said(EVENT.submitted("lan", phone)).kind is Kind.OTHER


def test_a_business_card_is_a_claim() -> None:
    card = json.dumps({"phone": "84912345678", "qrCodeUrl": "https://qr.example.vn"})
    incoming = said(EVENT.attached("lan", "business_card", {"description": card, "url": ""}))
    assert incoming.contact is not None
    assert (incoming.contact.phone, incoming.contact.verified) == ("0912345678", False)


def test_who_follows_is_greeted_once() -> None:
    event = EVENT.followed("lan")
    incoming = said(event)
    assert (incoming.kind, incoming.metadata["command"]) == (Kind.TEXT, "start")
    assert incoming.event_id == said(event).event_id


def test_who_leaves_and_who_withdraws() -> None:
    assert read(EVENT.followed("lan", "unfollow")) == Left(LAN)
    assert read(EVENT.withdrew("lan")) == Withdrew(LAN)


def test_receipts_are_noted_and_never_answered() -> None:
    received = read(EVENT.received("lan", "m1"))
    assert isinstance(received, Sighted)
    assert (received.receipt.message_ids, received.receipt.sight) == (("m1",), Sight.DELIVERED)
    assert (received.receipt.channel, received.receipt.account) == (ChannelName.ZALO, OA)
    seen = read(EVENT.seen("lan", "m1", "m2"))
    assert isinstance(seen, Sighted)
    assert (seen.receipt.message_ids, seen.receipt.sight) == (("m1", "m2"), Sight.READ)


def test_the_report_of_a_template_message_belongs_to_the_other_channel() -> None:
    report = read(EVENT.delivered("84912345678", "z1", "track"))
    assert isinstance(report, Sighted)
    assert (report.receipt.channel, report.receipt.message_ids) == (ChannelName.ZNS, ("z1", "track"))


def test_only_an_admins_answer_is_a_persons() -> None:
    assert read(EVENT.answered("lan", "chào chị", admin="7")) == PersonAnswered(LAN)
    assert read(EVENT.answered("lan", "chào chị")) is None


@pytest.mark.parametrize(
    "event",
    [
        EVENT.said("lan", "user_reacted_message", react_icon="/-heart"),
        EVENT.said("lan", "anonymous_send_text", text="x", conversation_id="c"),
        EVENT.said("lan", "user_click_chatnow"),
        EVENT.said("lan", "something_new"),
    ],
)
def test_what_is_ignored(event: dict[str, Any]) -> None:
    assert read(event) is None


@pytest.mark.parametrize(
    "name", ["user_send_text", "user_submit_info", "follow", "unfollow", "user_withdraw"]
)
def test_what_another_account_was_told_is_not_ours(name: str) -> None:
    event = {**EVENT.said("lan", name, text="x"), **EVENT.followed("lan", name), "user_id": "lan", "info": {}}
    event["recipient"] = {"id": "another"}
    event["oa_id"] = "another"
    assert read(event) is None


def test_the_table_says_what_is_done_with_every_event_and_why() -> None:
    documented = set(EVENTS) - {"user_click_link"}
    assert len(documented) == 20
    assert {
        "follow",
        "unfollow",
        "user_withdraw",
        "user_seen_message",
        "user_send_business_card",
    } <= documented
    assert all(why for _, why in EVENTS.values())
    assert meaning_of("oa_send_image")[0] is Does.PERSON
    assert meaning_of("anonymous_send_image")[0] is Does.NOTHING


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = ("sender", "recipient", "message", "follower", "info", "user_id", "timestamp", "oa_id")


@given(st.sampled_from(sorted(EVENTS)), st.dictionaries(st.sampled_from(_FIELDS), _JSON))
def test_no_body_breaks_the_reading(name: str, fields: dict[str, Any]) -> None:
    """Read, ignored or unreadable, and nothing else; also with a good event that one field is spoilt of."""
    for event in ({"event_name": name, **fields}, {**EVENT.said("lan", name, text="x"), **fields}):
        told = ""
        try:
            translate(event, b"{}", OA)
        except Unreadable as unreadable:
            told = str(unreadable)
        assert len(told) < 30  # a field's name, never its content


@given(_JSON)
def test_a_message_may_carry_anything(payload: Any) -> None:
    for kind in ("image", "location", "file", "audio", "link", "business_card", "video"):
        event = EVENT.said("lan", f"user_send_{kind}", attachments=[{"type": kind, "payload": payload}])
        try:
            translate(event, b"{}", OA)
        except Unreadable:
            continue
