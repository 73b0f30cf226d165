"""What Zalo answers decides what the deliverer does next; what people wrote is in no error and no log."""

from __future__ import annotations

import logging

import pytest
import structlog

from backend.db.engine import Database
from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import Outgoing, OutgoingButton, OutgoingFile, Template
from bot.channels.zalo.sender import ZaloSender
from bot.channels.zalo.zns import ZnsSender
from tests.integration.zalo.conftest import LAN, WORDS, Blobs, kept
from tests.zalo_stand_in.server import ZaloStandIn

SECRET_WORDS = "tôi tố cáo ông A"
FEE = OutgoingButton("Lệ phí", id="kT3x-56789_abcde")
PDF = OutgoingFile(1, "phieu-hen.pdf", "application/pdf")
PNG = OutgoingFile(2, "bieu-do.png", "image/png")


async def refusal(sender: ZaloSender | ZnsSender, body: Outgoing | None = None, to: str = LAN) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await sender.send(to, body or Outgoing(SECRET_WORDS))
    assert SECRET_WORDS not in str(caught.value)
    return caught.value


def texts(server: ZaloStandIn) -> list[str]:
    return [one.text for one in server.messages(LAN)]


async def test_the_message_goes_out_with_its_buttons(sender: ZaloSender, server: ZaloStandIn) -> None:
    message_id = await sender.send(LAN, Outgoing("Anh/chị cần gì ạ?", (FEE,)))
    (sent,) = server.messages(LAN)
    assert (sent.id, sent.text, sent.payloads) == (
        message_id,
        "Anh/chị cần gì ạ?",
        {"Lệ phí": "#kT3x-56789_abcde"},
    )


@pytest.mark.parametrize(
    ("code", "next_", "after_s"),
    [
        (-32, Next.PAUSE, 60.0),
        (-200, Next.RETRY, 0.0),
        (-213, Next.GIVE_UP, 0.0),
        (-230, Next.GIVE_UP, 0.0),
        (-232, Next.GIVE_UP, 0.0),
        (-211, Next.PAUSE, 3600.0),
        (-224, Next.PAUSE, 3600.0),
        (-240, Next.GIVE_UP, 0.0),
        (-77, Next.RETRY, 0.0),
        (-234, Next.RETRY, 20.5 * 3600),  # it is 09:30
    ],
)
async def test_each_refusal_has_its_consequence(
    sender: ZaloSender, server: ZaloStandIn, code: int, next_: Next, after_s: float
) -> None:
    server.refuse("message", code)
    failed = await refusal(sender)
    assert (failed.next, failed.after_s) == (next_, after_s)
    assert str(code) in failed.reason


async def test_what_the_office_must_put_right_is_said(sender: ZaloSender, server: ZaloStandIn) -> None:
    server.refuse("message", -224)
    with structlog.testing.capture_logs() as logs:
        await refusal(sender)
    assert [(one["event"], one["code"]) for one in logs] == [("zalo_refused", -224)]
    assert SECRET_WORDS not in str(logs)


async def test_after_seven_days_the_message_is_given_up(sender: ZaloSender, server: ZaloStandIn) -> None:
    server.days_later = 7.1
    failed = await refusal(sender)
    assert (failed.next, failed.reason) == (Next.GIVE_UP, "outside the 7-day window (-230)")


@pytest.mark.parametrize("spoilt", ["expire", "issue"])
async def test_a_dead_token_is_renewed_once_and_the_message_goes(
    sender: ZaloSender, server: ZaloStandIn, db: Database, spoilt: str
) -> None:
    if spoilt == "expire":
        server.consent.expire()
    else:
        server.refuse("message", -216)
    await sender.send(LAN, Outgoing("một"))
    assert texts(server) == ["một"]
    assert (server.consent.renewals, kept(db).generation) == (1, 2)


async def test_a_token_that_is_refused_even_when_new_pauses_the_account(
    sender: ZaloSender, server: ZaloStandIn
) -> None:
    server.refuse("message", -216, -216)
    failed = await refusal(sender)
    assert (failed.next, failed.after_s, server.consent.renewals) == (Next.PAUSE, 60.0, 1)


@pytest.mark.parametrize("code", [-201, -233])
async def test_refused_buttons_become_numbers_and_that_is_remembered(
    sender: ZaloSender, server: ZaloStandIn, code: int
) -> None:
    server.refuse("message", code)
    for text in ("một", "hai"):
        await sender.send(LAN, Outgoing(text, (FEE,)))
    assert texts(server) == [f"{text}\n1. Lệ phí\n{WORDS.numbers}" for text in ("một", "hai")]
    assert len([one for one in server.tried if one.endswith("cs")]) == 3


async def test_a_message_that_is_wrong_without_buttons_too_is_not_held_against_them(
    sender: ZaloSender, server: ZaloStandIn
) -> None:
    assert (await refusal(sender, Outgoing("x", (FEE,)), to="nobody")).next is Next.GIVE_UP
    await sender.send(LAN, Outgoing("hai", (FEE,)))
    assert server.messages(LAN)[0].payloads


async def test_a_long_text_goes_on_where_it_stopped(sender: ZaloSender, server: ZaloStandIn) -> None:
    body = Outgoing("\n\n".join(f"{n} " + "đoạn " * 350 for n in range(3)), (FEE,))
    server.outage = False
    await sender.send(LAN, body)
    whole = texts(server)
    assert (len(whole), server.sent[-1].payloads) == (3, {"Lệ phí": "#kT3x-56789_abcde"})
    server.sent.clear()
    server.refuse("message", 0, -200)
    assert (await refusal(sender, body)).next is Next.RETRY
    await sender.send(LAN, body)
    assert texts(server) == whole


async def test_buttons_refused_in_the_middle_of_a_long_text_repeat_nothing(
    sender: ZaloSender, server: ZaloStandIn
) -> None:
    server.buttons_work = False
    await sender.send(LAN, Outgoing("\n\n".join(f"{n} " + "đoạn " * 350 for n in range(3)), (FEE,)))
    assert [text[0] for text in texts(server)] == ["0", "1", "2"]
    assert texts(server)[-1].endswith(f"1. Lệ phí\n{WORDS.numbers}")


async def test_a_limit_that_counts_otherwise_is_met_with_shorter_pieces(
    sender: ZaloSender, server: ZaloStandIn
) -> None:
    server.refuse("message", -210)
    text = "đoạn " * 300
    await sender.send(LAN, Outgoing(text))
    assert " ".join(texts(server)).split() == text.split()
    assert len(texts(server)) == 3


async def test_the_number_is_asked_for_with_zalos_own_form(sender: ZaloSender, server: ZaloStandIn) -> None:
    ask = OutgoingButton("Gửi số điện thoại", asks_contact=True)
    await sender.send(LAN, Outgoing("Anh/chị cho xin số.", (ask,)))
    assert [one.kind for one in server.messages(LAN)] == ["text", "request_user_info"]


async def test_files_and_pictures_are_sent(sender: ZaloSender, server: ZaloStandIn, blobs: Blobs) -> None:
    blobs.update({1: b"%PDF-1.7", 2: b"\x89PNG"})
    await sender.send(LAN, Outgoing("Gửi anh/chị.", files=(PDF, PNG)))
    assert [one.kind for one in server.messages(LAN)] == ["text", "file", "media"]
    assert sorted(content for _, content in server.files.values()) == [b"%PDF-1.7", b"\x89PNG"]


async def test_an_upload_that_expired_meanwhile_is_made_again(
    sender: ZaloSender, server: ZaloStandIn, blobs: Blobs
) -> None:
    blobs[1] = b"%PDF-1.7"
    server.refuse("message", 0, -100)
    await sender.send(LAN, Outgoing("Đây ạ.", files=(PDF,)))
    assert [one.kind for one in server.messages(LAN)] == ["text", "file"]
    assert len(server.uploads) == 2


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (PNG, bytes(1024 * 1024 + 1)),
        (PDF, bytes(5 * 1024 * 1024 + 1)),
        (OutgoingFile(1, "a.xlsx", "application/vnd.ms-excel"), b"x"),
        (PDF, None),
    ],
)
async def test_a_file_that_cannot_go_is_given_up_after_the_words(
    sender: ZaloSender, server: ZaloStandIn, blobs: Blobs, file: OutgoingFile, content: bytes | None
) -> None:
    if content is not None:
        blobs[file.blob_id] = content
    assert (await refusal(sender, Outgoing("Đây ạ.", files=(file,)))).next is Next.GIVE_UP
    assert texts(server) == ["Đây ạ."]
    assert not server.uploads


async def test_an_outage_pauses_the_account_and_longer_each_time(
    sender: ZaloSender, server: ZaloStandIn
) -> None:
    server.outage = True
    failed = [await refusal(sender, Outgoing(str(n))) for n in range(3)]
    assert {one.next for one in failed} == {Next.PAUSE}
    server.outage = False
    await sender.send(LAN, Outgoing("0"))
    assert texts(server) == ["0"]


async def test_without_consent_sending_waits(
    sender: ZaloSender, server: ZaloStandIn, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    db.write_now(lambda uow: uow.tokens.refuse("zalo", kept(db).account, 1, "refused (-14014)", uow.now))
    server.consent.expire()
    failed = await refusal(sender)
    assert (failed.next, failed.after_s) == (Next.PAUSE, 60.0)
    assert "-14014" in failed.reason
    for secret in (server.consent.access, server.consent.refresh, SECRET_WORDS):
        assert secret not in caplog.text


NOTICE = Template("10001", {"code": "H50.34-261008-0975", "status": "đã có kết quả"})


async def test_a_template_goes_to_the_phone(zns: ZnsSender, server: ZaloStandIn) -> None:
    first = await zns.send("print-of-lan", Outgoing("x", template=NOTICE))
    (sent,) = server.messages("84912345678")
    assert (sent.id, sent.message) == (first, dict(NOTICE.values))
    await zns.send("a conversation's id", Outgoing("x", template=NOTICE, phone="0987654321"))
    assert server.messages("84987654321")


async def test_template_codes_have_their_own_meanings(zns: ZnsSender, server: ZaloStandIn) -> None:
    server.without_zalo.add("84912345678")
    body = Outgoing(SECRET_WORDS, template=NOTICE)
    assert (await refusal(zns, body, "print-of-lan")).reason == "no Zalo at this number (-118)"
    server.refuse("template", -115)
    failed = await refusal(zns, body, "print-of-lan")
    assert (failed.next, failed.reason) == (Next.GIVE_UP, "out of money (-115)")
    wrong = Outgoing("x", template=Template("10001", {"code": "1"}))
    assert (await refusal(zns, wrong, "print-of-lan")).next is Next.GIVE_UP


async def test_a_template_needs_a_template_and_a_number(zns: ZnsSender, server: ZaloStandIn) -> None:
    assert (await refusal(zns, Outgoing("x"), "print-of-lan")).next is Next.GIVE_UP
    assert (await refusal(zns, Outgoing("x", template=NOTICE), "unknown")).next is Next.GIVE_UP
    assert (await refusal(zns, Outgoing("x", template=NOTICE, phone="12"), "")).next is Next.GIVE_UP
    assert not server.tried


async def test_an_old_token_is_renewed_for_templates_too(zns: ZnsSender, server: ZaloStandIn) -> None:
    server.consent.expire()
    await zns.send("print-of-lan", Outgoing("x", template=NOTICE))
    assert (len(server.sent), server.consent.renewals) == (1, 1)
