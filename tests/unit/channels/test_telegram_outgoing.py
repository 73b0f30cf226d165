"""Pieces of a message and the buttons below the last of them."""

from __future__ import annotations

import pytest

from backend.domain.messaging import Outgoing, OutgoingButton, OutgoingFile
from bot.channels.telegram.keyboards import inline_keyboard, rows_of
from bot.channels.telegram.sender import pieces_of, with_written_links


def reply(title: str) -> OutgoingButton:
    return OutgoingButton(title, id=f"id-{title}"[:20])


def test_short_titles_stand_side_by_side_and_long_ones_alone() -> None:
    long = "Đăng ký khai sinh có yếu tố nước ngoài"
    rows = rows_of([reply("Lệ phí"), reply("Giấy tờ"), reply("Nơi nộp"), reply(long), reply("Thời hạn")])
    assert [[one.title for one in row] for row in rows] == [
        ["Lệ phí", "Giấy tờ"],
        ["Nơi nộp"],
        [long],
        ["Thời hạn"],
    ]


def test_a_button_carries_its_id_and_a_link_its_address() -> None:
    keyboard = inline_keyboard(
        [OutgoingButton("Lệ phí", id="kT3x"), OutgoingButton("Nộp", url="https://e.vn")]
    )
    assert keyboard is not None
    assert [(one.callback_data, one.url) for row in keyboard.inline_keyboard for one in row] == [
        ("kT3x", None),
        (None, "https://e.vn"),
    ]


ASK = OutgoingButton("Chia sẻ số điện thoại", asks_contact=True)


def test_the_buttons_stand_below_the_last_piece() -> None:
    pieces = pieces_of(Outgoing("đoạn dài. " * 700, (reply("Lệ phí"),)), private=True)
    assert [piece.markup is None for piece in pieces] == [True, False]


def test_the_phone_number_is_asked_for_with_telegrams_own_button() -> None:
    (piece,) = pieces_of(Outgoing("Cho em xin số.", (ASK,)), private=True)
    assert piece.markup is not None
    assert piece.markup.to_dict()["keyboard"] == [[{"text": ASK.title, "request_contact": True}]]
    assert piece.markup.to_dict()["one_time_keyboard"] is True


def test_with_other_buttons_about_the_request_follows_by_itself() -> None:
    first, second = pieces_of(Outgoing("Cho em xin số.", (reply("Bỏ qua"), ASK)), private=True)
    assert first.markup is not None
    assert second.markup is not None
    assert "inline_keyboard" in first.markup.to_dict()
    assert (second.text, "keyboard" in second.markup.to_dict()) == (ASK.title, True)


def test_a_group_is_never_asked_for_a_number() -> None:
    (piece,) = pieces_of(Outgoing("Cho em xin số.", (ASK,)), private=False)
    assert piece.markup is None


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_blank_text_sends_nothing(text: str) -> None:
    assert list(pieces_of(Outgoing(text), private=True)) == []


def test_refused_links_are_written_out() -> None:
    body = with_written_links(
        Outgoing("Xem:", (OutgoingButton("Mẫu", url="http://10.0.0.5/x"), reply("Khác")))
    )
    assert body.text == "Xem:\nMẫu: http://10.0.0.5/x"
    assert [one.title for one in body.buttons] == ["Khác"]


def test_files_follow_the_words() -> None:
    file = OutgoingFile(7, "giay-hen.pdf", "application/pdf")
    pieces = pieces_of(Outgoing("Gửi anh/chị.", (reply("Lệ phí"),), files=(file,)), private=True)
    assert [(piece.text, piece.file) for piece in pieces] == [("Gửi anh/chị.", None), ("", file)]
