"""Messages in Zalo's shape, and what its error codes mean."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.clock import VIETNAM
from backend.domain.delivery import Next
from backend.domain.messaging import Outgoing, OutgoingButton, OutgoingFile, Template
from bot.channels.splitting import units
from bot.channels.zalo.errors import OA, ZNS, meaning_of
from bot.channels.zalo.files import ZaloFiles
from bot.channels.zalo.oauth import challenge, new_verifier
from bot.channels.zalo.outage import Outage
from bot.channels.zalo.sender import until_dawn_s
from bot.channels.zalo.shapes import Piece, Words, form_message, pieces_of, text_message
from bot.channels.zalo.zns import tracking_id
from tests.zalo_stand_in.shapes import CsMessage

WORDS = Words("(Nhắn số để chọn.)", "Chỉ để gọi lại.")
ASK = OutgoingButton("Gửi số điện thoại", asks_contact=True)


def choice(title: str) -> OutgoingButton:
    return OutgoingButton(title, id=f"{title:x<16}"[:16])


def test_buttons_stand_below_the_last_piece() -> None:
    pieces = pieces_of(Outgoing("đoạn dài. " * 400, (choice("Lệ phí"),)), WORDS, plain=False)
    assert len(pieces) == 3
    assert [bool(piece.buttons) for piece in pieces] == [False, False, True]


def test_a_button_carries_an_unmistakable_payload_and_a_link_its_address() -> None:
    piece = Piece("Chọn:", (choice("fee"), OutgoingButton("Nộp", url="https://dichvucong.gov.vn")))
    body = text_message("lan", piece)
    assert body["message"]["attachment"]["payload"]["buttons"] == [
        {"title": "fee", "type": "oa.query.hide", "payload": "#feexxxxxxxxxxxxx"},
        {"title": "Nộp", "type": "oa.open.url", "payload": {"url": "https://dichvucong.gov.vn"}},
    ]


@pytest.mark.parametrize("plain", [True, False])
def test_too_many_choices_or_none_allowed_become_numbers(plain: bool) -> None:
    buttons = tuple(choice(f"việc {n}") for n in range(3 if plain else 6))
    link = OutgoingButton("Nộp", url="https://dichvucong.gov.vn")
    (piece,) = pieces_of(Outgoing("Chọn:", (*buttons, link)), WORDS, plain=plain)
    assert piece.buttons == ()
    lines = piece.text.splitlines()
    assert lines[:3] == ["Chọn:", "1. việc 0", "2. việc 1"]
    assert lines[-2:] == [WORDS.numbers, "Nộp: https://dichvucong.gov.vn"]


def test_a_link_within_the_office_is_written_out() -> None:
    buttons = (choice("fee"), OutgoingButton("Mẫu", url="http://10.0.0.5/mau"))
    (piece,) = pieces_of(Outgoing("Xem:", buttons), WORDS, plain=False)
    assert (piece.text, len(piece.buttons)) == ("Xem:\nMẫu: http://10.0.0.5/mau", 1)


def test_the_form_and_the_files_follow() -> None:
    file = OutgoingFile(3, "a.pdf", "application/pdf")
    pieces = pieces_of(Outgoing("Cho em xin số.", (ASK,), files=(file,)), WORDS, plain=False)
    assert [(one.text, one.asks, one.file) for one in pieces] == [
        ("Cho em xin số.", "", None),
        ("", ASK.title, None),
        ("", "", file),
    ]


_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6000)
_BUTTONS = st.lists(
    st.builds(choice, st.text("abcd efg", min_size=1, max_size=120).filter(str.strip)), max_size=8
)


@given(_TEXTS, _BUTTONS, st.booleans(), st.booleans())
def test_every_piece_is_what_zalo_takes(
    text: str, buttons: list[OutgoingButton], plain: bool, asks: bool
) -> None:
    body = Outgoing(text, (*buttons, *((ASK,) if asks else ())))
    for piece in pieces_of(body, WORDS, plain=plain):
        shaped = form_message("lan", piece.asks, WORDS) if piece.asks else text_message("lan", piece)
        CsMessage(shaped, {}, buttons_work=True)  # raises where it is refused
        assert units(piece.text) <= 1900


@given(_TEXTS, _BUTTONS)
def test_pieces_before_the_last_are_the_same_with_and_without_buttons(
    text: str, buttons: list[OutgoingButton]
) -> None:
    """Or a message that changes over half-way would lose or repeat words."""
    body = Outgoing(text, tuple(buttons))
    with_, without = (pieces_of(body, WORDS, plain=plain) for plain in (False, True))
    assert [one.text for one in with_[:-1]] == [one.text for one in without[: len(with_) - 1]]


def test_the_two_tables_differ_where_the_numbers_do() -> None:
    assert meaning_of(-216, OA).renews
    assert meaning_of(-216, ZNS).next is Next.GIVE_UP
    assert meaning_of(-230, OA).reason == "outside the 7-day window (-230)"
    assert meaning_of(-32, OA).next is meaning_of(-32, ZNS).next is Next.PAUSE


def test_no_message_is_dropped_for_what_the_office_can_put_right() -> None:
    for code in (-204, -205, -209, -212, -219, -223, -211, -221, -224, -235, -320, -321):
        meaning = meaning_of(code, OA)
        assert (meaning.next, meaning.alerts) == (Next.PAUSE, True), code
        assert meaning.after_s >= 300


def test_an_unknown_code_is_tried_again_and_said() -> None:
    meaning = meaning_of(-9999, OA)
    assert (meaning.next, meaning.alerts, meaning.reason) == (Next.RETRY, True, "refused (-9999)")


@pytest.mark.parametrize(("hour", "left"), [(22, 8), (2, 4), (6, 24), (12, 18)])
def test_the_night_ends_at_six(hour: int, left: int) -> None:
    assert until_dawn_s(datetime(2026, 11, 21, hour, tzinfo=VIETNAM)) == left * 3600


FILES = ZaloFiles(None, (".zdn.vn", "files.example.vn"), "http://127.0.0.1:8099")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://photo-1.zdn.vn/a.jpg", True),
        ("https://zdn.vn/a.jpg", True),
        ("https://FILES.example.vn/a", True),
        ("http://127.0.0.1:8099/files/1", True),
        ("http://photo-1.zdn.vn/a.jpg", False),
        ("https://photo-1.zdn.vn:8443/a", False),
        ("https://" + "x@photo.zdn.vn/a", False),
        ("https://photo.zdn.vn.example.com/a", False),
        ("https://" + "evilzdn.vn/a", False),
        ("http://127.0.0.1:8098/a", False),
        ("https://127.0.0.1/a", False),
        ("file:///etc/passwd", False),
        ("https://[::1/a", False),
        ("", False),
    ],
)
def test_files_are_fetched_from_zalo_alone(address: str, allowed: bool) -> None:
    assert FILES.allowed(address) is allowed


def test_the_verifier_is_43_characters_and_its_challenge_has_no_padding() -> None:
    verifier = new_verifier()
    assert len(verifier) == len(challenge(verifier)) == 43
    assert (
        challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_a_notice_is_tracked_by_the_same_id_however_often_it_is_tried() -> None:
    one, other = Template("1", {"a": "1", "b": "2"}), Template("1", {"b": "2", "a": "1"})
    assert tracking_id("print", one) == tracking_id("print", other) != tracking_id("another", one)


def test_an_outage_holds_the_account_and_charges_no_message() -> None:
    outage = Outage(longest_s=4.0)
    waits = [outage.silence("a"), outage.silence("b"), outage.silence("a")]
    assert [one.next for one in waits] == [Next.PAUSE] * 3
    assert all(0 < one.after_s <= 1.0 for one in waits)  # one outage, one wait


def test_one_message_that_is_never_answered_holds_up_nobody() -> None:
    outage = Outage(longest_s=4.0)
    assert outage.silence("a").next is Next.PAUSE
    outage.answered("b")
    assert outage.silence("a").next is Next.RETRY
    outage.answered("a")
    assert outage.silence("a").next is Next.PAUSE
