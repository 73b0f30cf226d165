"""Updates in the Bot API's own shapes become messages that the rest of the system understands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.messaging import Address, ChannelName, Contact, Kind
from bot.channels.raw import Unreadable
from bot.channels.telegram.addressed import Me
from bot.channels.telegram.translate import translate

ME = Me(123456789, "MotCuaBot")
LAN = {"id": 5001, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
PRIVATE = {"id": 5001, "type": "private", "first_name": "Lan"}
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Tổ dân phố 5"}


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 42, "from": LAN, "chat": PRIVATE, "date": 1795000000, **fields}


def update(**fields: Any) -> dict[str, Any]:
    return {"update_id": 900, "message": message(**fields)}


def in_group(text: str, **fields: Any) -> dict[str, Any]:
    return update(chat=GROUP, text=text, **fields)


def entity(kind: str, offset: int, length: int, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **fields}


def test_a_text_keeps_its_words_and_place() -> None:
    incoming = translate(update(text="Hồ sơ của tôi đến đâu rồi?"), ME)
    assert incoming is not None
    assert incoming.address == Address(ChannelName.TELEGRAM, "123456789", "5001")
    assert (incoming.kind, incoming.text) == (Kind.TEXT, "Hồ sơ của tôi đến đâu rồi?")
    assert incoming.event_id == "m5001:42"
    assert incoming.sent_at == datetime.fromtimestamp(1795000000, UTC)
    assert not incoming.group


def test_letters_typed_with_loose_marks_are_joined() -> None:
    incoming = translate(update(text="Ho\u0302\u0300 so\u031b"), ME)
    assert incoming is not None
    assert incoming.text == "Hồ sơ"


def test_half_a_surrogate_pair_can_be_stored() -> None:
    incoming = translate(update(text="a\ud83db"), ME)
    assert incoming is not None
    assert incoming.text.encode() == "a\ufffdb".encode()


def test_a_repeated_update_has_the_same_event_id() -> None:
    first, again = (translate(update(text="1"), ME) for _ in range(2))
    assert first is not None
    assert again is not None
    assert first.event_id == again.event_id


def test_the_same_message_number_in_another_chat_is_another_event() -> None:
    here, there = translate(update(text="1"), ME), translate(update(text="1", chat={**PRIVATE, "id": 7}), ME)
    assert here is not None
    assert there is not None
    assert here.event_id != there.event_id


def test_a_command_is_named_with_its_argument() -> None:
    incoming = translate(update(text="/start H12-1", entities=[entity("bot_command", 0, 6)]), ME)
    assert incoming is not None
    assert (incoming.kind, incoming.text) == (Kind.TEXT, "/start H12-1")
    assert incoming.metadata == {"command": "start", "argument": "H12-1"}


def test_a_slash_inside_a_sentence_is_no_command() -> None:
    incoming = translate(update(text="xem /help nhé", entities=[entity("bot_command", 4, 5)]), ME)
    assert incoming is not None
    assert incoming.metadata == {}


def test_an_edit_names_the_message_that_it_rewrites() -> None:
    original = translate(update(text="sai"), ME)
    edited = translate({"update_id": 901, "edited_message": message(text="đúng", edit_date=1795000009)}, ME)
    assert original is not None
    assert edited is not None
    assert (edited.kind, edited.text, edited.edits) == (Kind.EDITED, "đúng", original.event_id)
    assert edited.event_id == "u901"


def test_a_moving_live_location_is_not_an_edit() -> None:
    place = {"latitude": 10.8, "longitude": 106.7}
    assert translate({"update_id": 902, "edited_message": message(location=place)}, ME) is None


# --- buttons ------------------------------------------------------------------------------------------------


def pressed(**fields: Any) -> dict[str, Any]:
    keyboard = [[{"text": "Lệ phí", "callback_data": "kT3x"}, {"text": "Giấy tờ", "callback_data": "pQ9z"}]]
    shown = {
        **message(text="Chọn:", reply_markup={"inline_keyboard": keyboard}),
        "from": {"id": 1, "is_bot": True},
    }
    callback = {"id": "77001", "from": LAN, "chat_instance": "9", "message": shown, "data": "pQ9z", **fields}
    return {"update_id": 903, "callback_query": callback}


def test_a_pressed_button_brings_its_id_and_its_title() -> None:
    incoming = translate(pressed(), ME)
    assert incoming is not None
    assert (incoming.kind, incoming.button, incoming.text) == (Kind.BUTTON, "pQ9z", "Giấy tờ")
    assert incoming.event_id == "c77001"
    assert incoming.address.external_id == "5001"


def test_a_button_below_a_message_too_old_to_be_shown_still_works() -> None:
    incoming = translate(pressed(message={"chat": PRIVATE, "message_id": 3, "date": 0}), ME)
    assert incoming is not None
    assert (incoming.button, incoming.text) == ("pQ9z", "")


@pytest.mark.parametrize("missing", ["data", "message"])
def test_a_press_that_is_not_of_our_messages_is_left_alone(missing: str) -> None:
    callback = pressed()
    del callback["callback_query"][missing]
    assert translate(callback, ME) is None


def test_a_button_id_longer_than_telegram_allows_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        translate(pressed(data="x" * 65), ME)


# --- contacts -----------------------------------------------------------------------------------------------


def shared(**contact: Any) -> dict[str, Any]:
    return {"contact": {"phone_number": "+84912345678", "first_name": "Lan", "user_id": 5001, **contact}}


def contact_of(raw: dict[str, Any]) -> Contact | None:
    incoming = translate(raw, ME)
    assert incoming is not None
    return incoming.contact


def test_the_senders_own_number_is_vouched_for() -> None:
    assert contact_of(update(**shared())) == Contact("0912345678", verified=True)


def test_a_number_without_plus_sign_is_read_too() -> None:
    assert contact_of(update(**shared(phone_number="84912345678"))) == Contact("0912345678", verified=True)


@pytest.mark.parametrize("owner", [5002, None, "5001", True])
def test_somebody_elses_number_is_a_claim(owner: Any) -> None:
    assert contact_of(update(**shared(user_id=owner))) == Contact("0912345678", verified=False)


def test_a_forwarded_card_is_a_claim() -> None:
    origin = {"type": "user", "date": 1, "sender_user": LAN}
    assert contact_of(update(**shared(), forward_origin=origin)) == Contact("0912345678", verified=False)


def test_a_card_in_a_group_proves_nothing_about_the_group() -> None:
    reply = {"message_id": 1, "from": {"id": ME.id, "is_bot": True}}
    assert contact_of(update(**shared(), chat=GROUP, reply_to_message=reply)) == Contact("0912345678", False)


@pytest.mark.parametrize("phone", ["+1 202 555 0100", "", "abc"])
def test_what_is_no_vietnamese_number_is_something_else(phone: str) -> None:
    incoming = translate(update(**shared(phone_number=phone)), ME)
    assert incoming is not None
    assert (incoming.kind, incoming.contact) == (Kind.OTHER, None)


# --- photos, files, places ----------------------------------------------------------------------------------


def size(name: str, width: int, size_bytes: int) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": name, "width": width, "height": width, "file_size": size_bytes}


def test_the_largest_photo_within_the_limit_is_taken() -> None:
    sizes = [size("s", 90, 1_000), size("m", 800, 90_000), size("x", 4000, 9 * 1024 * 1024)]
    incoming = translate(update(photo=sizes, caption="biên nhận"), ME)
    assert incoming is not None
    assert (incoming.kind, incoming.text) == (Kind.PHOTO, "biên nhận")
    assert [one.reference for one in incoming.attachments] == ["m"]


def test_photos_without_a_stated_size_are_compared_by_their_area() -> None:
    sizes = [{"file_id": name, "width": width, "height": width} for name, width in (("s", 90), ("l", 1280))]
    incoming = translate(update(photo=sizes), ME)
    assert incoming is not None
    assert incoming.attachments[0].reference == "l"


def test_a_picture_sent_as_a_file_is_a_photo() -> None:
    incoming = translate(update(document={"file_id": "d", "mime_type": "image/png", "file_size": 5000}), ME)
    assert incoming is not None
    assert (incoming.kind, incoming.attachments[0].media_type) == (Kind.PHOTO, "image/png")


@pytest.mark.parametrize(
    "document",
    [
        {"file_id": "d", "mime_type": "application/pdf", "file_size": 5000},
        {"file_id": "d", "mime_type": "image/png", "file_size": 9 * 1024 * 1024},
    ],
)
def test_another_file_is_a_file(document: dict[str, Any]) -> None:
    incoming = translate(update(document=document), ME)
    assert incoming is not None
    assert incoming.kind is Kind.FILE


def test_each_photo_of_an_album_is_a_message_of_its_own() -> None:
    photos = [update(photo=[size("a", 9, 9)], media_group_id="g1", message_id=number) for number in (50, 51)]
    first, second = (translate(one, ME) for one in photos)
    assert first is not None
    assert second is not None
    assert first.event_id != second.event_id
    assert first.metadata == second.metadata == {"album": "g1"}


@pytest.mark.parametrize("name", ["voice", "audio", "video_note"])
def test_what_is_spoken_is_a_voice_note(name: str) -> None:
    incoming = translate(update(**{name: {"file_id": "v", "duration": 3, "mime_type": "audio/ogg"}}), ME)
    assert incoming is not None
    assert incoming.kind is Kind.VOICE


@pytest.mark.parametrize("name", ["sticker", "video", "animation", "poll", "dice"])
def test_what_nobody_here_can_read_is_other(name: str) -> None:
    incoming = translate(update(**{name: {"file_id": "f"}}, document={"file_id": "f"}), ME)
    assert incoming is not None
    assert incoming.kind is Kind.OTHER


def test_a_place_has_latitude_before_longitude() -> None:
    incoming = translate(update(location={"latitude": 10.5, "longitude": 106}), ME)
    assert incoming is not None
    assert (incoming.kind, incoming.location) == (Kind.LOCATION, (10.5, 106.0))


@pytest.mark.parametrize(
    "note",
    [{"new_chat_members": [LAN]}, {"pinned_message": {}}, {"message_auto_delete_timer_changed": {}}],
)
def test_telegrams_own_notes_are_not_answered(note: dict[str, Any]) -> None:
    assert translate(update(**note), ME) is None


# --- groups, channels, bots ---------------------------------------------------------------------------------


def test_talk_between_neighbours_is_left_alone() -> None:
    assert translate(in_group("mai họp tổ lúc mấy giờ?"), ME) is None


def test_a_mention_is_answered_in_the_group_and_cut_out() -> None:
    incoming = translate(
        in_group("😀 @motcuabot, lệ phí khai sinh?", entities=[entity("mention", 3, 10)]), ME
    )
    assert incoming is not None
    assert incoming.group
    assert incoming.address.external_id == str(GROUP["id"])
    assert incoming.text == "😀 lệ phí khai sinh?"


def test_a_mention_of_somebody_else_is_left_alone() -> None:
    assert translate(in_group("@hungnguyen ơi", entities=[entity("mention", 0, 11)]), ME) is None


def test_a_mention_by_name_is_answered() -> None:
    mention = entity("text_mention", 0, 6, user={"id": ME.id, "is_bot": True})
    incoming = translate(in_group("Một Cửa giờ làm việc?", entities=[{**mention, "length": 7}]), ME)
    assert incoming is not None
    assert incoming.text == "giờ làm việc?"


def test_a_reply_to_the_bot_is_answered() -> None:
    reply = {"message_id": 1, "from": {"id": ME.id, "is_bot": True}}
    incoming = translate(in_group("còn thời hạn?", reply_to_message=reply), ME)
    assert incoming is not None
    assert incoming.group


def test_a_photos_caption_may_mention_the_bot() -> None:
    raw = update(
        chat=GROUP,
        photo=[size("a", 9, 9)],
        caption="@MotCuaBot",
        caption_entities=[entity("mention", 0, 10)],
    )
    incoming = translate(raw, ME)
    assert incoming is not None
    assert (incoming.kind, incoming.text) == (Kind.PHOTO, "")


@pytest.mark.parametrize(
    ("name", "answered"), [("/help@MotCuaBot", True), ("/help", True), ("/help@OtherBot", False)]
)
def test_a_command_for_another_bot_is_left_alone(name: str, answered: bool) -> None:
    incoming = translate(in_group(name, entities=[entity("bot_command", 0, len(name))]), ME)
    assert (incoming is not None) is answered
    assert incoming is None or incoming.text == "/help"


def test_channel_posts_and_other_bots_are_left_alone() -> None:
    assert translate({"update_id": 1, "channel_post": message(text="tin")}, ME) is None
    assert translate(update(text="tin", chat={"id": -100, "type": "channel"}), ME) is None
    assert translate(update(text="tin", **{"from": {"id": 9, "is_bot": True}}), ME) is None


# --- what cannot be read ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"update_id": "1"},
        {"update_id": 1, "message": "x"},
        {"update_id": 1, "message": {"message_id": 1, "from": LAN, "text": "x"}},
        update(text=7),
        update(text="x", date="hôm qua"),
        update(text="x", chat={"id": 10**30, "type": "private"}),
        update(text="x", entities="none"),
        update(photo=[{"file_id": 3}]),
        update(location={"latitude": "10", "longitude": 3}),
    ],
)
def test_a_shape_that_is_not_telegrams_is_refused(raw: Any) -> None:
    with pytest.raises(Unreadable):
        translate(raw, ME)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_FIELDS = st.sampled_from(
    [
        "text",
        "caption",
        "from",
        "chat",
        "date",
        "message_id",
        "contact",
        "photo",
        "document",
        "voice",
        "location",
    ]
    + [
        "entities",
        "caption_entities",
        "reply_to_message",
        "media_group_id",
        "sticker",
        "reply_markup",
        "via_bot",
    ]
)


@given(
    st.dictionaries(_FIELDS, _JSON, max_size=4), st.sampled_from(["message", "edited_message"]), st.booleans()
)
def test_whatever_comes_is_read_or_refused(fields: dict[str, Any], kind: str, group: bool) -> None:
    base = message(text="/help", chat=GROUP if group else PRIVATE, entities=[entity("bot_command", 0, 5)])
    try:
        incoming = translate({"update_id": 5, kind: {**base, **fields}}, ME)
    except Unreadable:
        return
    assert incoming is None or incoming.event_id


@given(st.dictionaries(st.sampled_from(["id", "from", "message", "data"]), _JSON, max_size=3))
def test_whatever_is_pressed_is_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        incoming = translate(pressed(**fields), ME)
    except Unreadable:
        return
    assert incoming is None or incoming.button
