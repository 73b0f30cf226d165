"""What Telegram answers decides what the deliverer does next; what people wrote is in no error."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from backend.domain.delivery import Next, SendFailed
from backend.domain.errors import NotFound
from backend.domain.messaging import Attachment, Kind, Outgoing, OutgoingButton, OutgoingFile
from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.files import NotFetched, TelegramFiles
from bot.channels.telegram.sender import TelegramSender
from tests.integration.telegram.stand_in import TOKEN, StandIn

SECRET_WORDS = "tôi tố cáo ông A"


@pytest_asyncio.fixture
async def api(server: StandIn) -> AsyncIterator[TelegramApi]:
    api = TelegramApi(TOKEN, server.url)
    yield api
    await api.close()


@pytest.fixture
def sender(api: TelegramApi) -> TelegramSender:
    return TelegramSender(api.bot)


async def refusal(sender: TelegramSender, body: Outgoing | None = None) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await sender.send("5001", body or Outgoing(SECRET_WORDS))
    assert SECRET_WORDS not in str(caught.value)
    return caught.value


async def test_the_message_goes_out_with_its_buttons(sender: TelegramSender, server: StandIn) -> None:
    body = Outgoing("Anh/chị cần gì ạ?", (OutgoingButton("Lệ phí", id="kT3x"),))
    assert await sender.send("5001", body) == "1001"
    (sent,) = server.called("sendMessage")
    assert (sent["chat_id"], sent["text"]) == (5001, "Anh/chị cần gì ạ?")
    assert sent["reply_markup"] == {"inline_keyboard": [[{"text": "Lệ phí", "callback_data": "kT3x"}]]}
    assert "parse_mode" not in sent


async def test_a_rate_limit_pauses_the_account_for_as_long_as_telegram_says(
    sender: TelegramSender, server: StandIn
) -> None:
    server.refuse("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7)
    failed = await refusal(sender)
    assert (failed.next, failed.after_s) == (Next.PAUSE, 7.0)


@pytest.mark.parametrize(
    ("code", "description", "next_"),
    [
        (403, "Forbidden: bot was blocked by the user", Next.GIVE_UP),
        (400, "Bad Request: chat not found", Next.GIVE_UP),
        (400, f"Bad Request: cannot read {SECRET_WORDS}", Next.GIVE_UP),
        (401, "Unauthorized", Next.PAUSE),
        (500, "Internal Server Error", Next.RETRY),
        (502, "Bad Gateway", Next.RETRY),
    ],
)
async def test_each_refusal_has_its_consequence(
    sender: TelegramSender, server: StandIn, code: int, description: str, next_: Next
) -> None:
    server.refuse("sendMessage", code, description)
    assert (await refusal(sender)).next is next_


async def test_a_group_that_moved_is_given_up(sender: TelegramSender, server: StandIn) -> None:
    server.refuse("sendMessage", 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009)
    assert (await refusal(sender)).next is Next.GIVE_UP


async def test_no_connection_is_tried_again() -> None:
    api = TelegramApi(TOKEN, "http://127.0.0.1:9")
    assert (await refusal(TelegramSender(api.bot))).next is Next.RETRY
    await api.close()


async def test_a_long_message_goes_on_where_it_stopped(sender: TelegramSender, server: StandIn) -> None:
    body = Outgoing("\n\n".join(f"{number} " + "chữ " * 800 for number in (1, 2, 3)))
    server.refusals["sendMessage"] = []
    await sender.send("5001", body)
    whole = [sent["text"] for sent in server.called("sendMessage")]
    assert len(whole) == 3
    server.calls.clear()
    other = Outgoing(body.text, key="again")
    original = server._sendMessage

    async def second_fails(given: dict[str, object]) -> object:
        if len(server.called("sendMessage")) == 2:
            server.refuse("sendMessage", 500, "Internal Server Error")
            return await _refused(server)
        return await original(given)

    server._sendMessage = second_fails  # type: ignore[method-assign]
    assert (await refusal(sender, other)).next is Next.RETRY
    server._sendMessage = original  # type: ignore[method-assign]
    await sender.send("5001", other)
    tried = [sent["text"] for sent in server.called("sendMessage")]
    assert tried == [whole[0], whole[1], whole[1], whole[2]]
    await sender.send("5001", other)  # the same words once more, later: from the start
    assert len(server.called("sendMessage")) == 7


async def _refused(server: StandIn) -> object:
    from tests.integration.telegram.stand_in import answer

    return answer(*server.refusals["sendMessage"].pop())


async def test_a_link_that_telegram_refuses_is_written_out(sender: TelegramSender, server: StandIn) -> None:
    server.refuse("sendMessage", 400, "Bad Request: BUTTON_URL_INVALID")
    await sender.send("5001", Outgoing("Xem:", (OutgoingButton("Mẫu", url="http://10.0.0.5/mau"),)))
    assert server.called("sendMessage")[-1]["text"] == "Xem:\nMẫu: http://10.0.0.5/mau"


async def test_the_token_is_in_no_log(
    sender: TelegramSender, server: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await sender.send("5001", Outgoing(SECRET_WORDS))
    server.refuse("sendMessage", 401, "Unauthorized")
    await refusal(sender)
    for secret in (TOKEN, TOKEN.partition(":")[2], SECRET_WORDS):
        assert secret not in caplog.text


async def test_a_photo_is_fetched(api: TelegramApi, server: StandIn) -> None:
    server.files["p1"] = b"\x89PNG" + bytes(1000)
    assert await TelegramFiles(api.bot).fetch(Attachment(Kind.PHOTO, "p1")) == server.files["p1"]


async def test_a_file_that_is_gone_or_too_large_is_not_fetched(api: TelegramApi, server: StandIn) -> None:
    server.files["big"] = bytes(2000)
    files = TelegramFiles(api.bot, largest=1000)
    for attachment in (Attachment(Kind.PHOTO, "gone"), Attachment(Kind.PHOTO, "big")):
        with pytest.raises(NotFetched) as caught:
            await files.fetch(attachment)
        assert TOKEN not in str(caught.value)
    calls = len(server.calls)
    with pytest.raises(NotFetched):
        await files.fetch(Attachment(Kind.PHOTO, "big", size_bytes=2000))
    assert len(server.calls) == calls  # known to be too large: not even asked for


PDF = OutgoingFile(1, "giay-hen.pdf", "application/pdf")
PNG = OutgoingFile(2, "bieu-do.png", "image/png")


async def read_blob(number: int) -> bytes:
    if number > 2:
        raise NotFound()
    return b"%PDF-1.7" if number == 1 else b"\x89PNG"


async def test_files_follow_the_words(api: TelegramApi, server: StandIn) -> None:
    sender = TelegramSender(api.bot, read_blob)
    assert await sender.send("5001", Outgoing("Gửi anh/chị.", files=(PDF, PNG))) == "1003"
    assert [method for method, _ in server.calls] == ["sendMessage", "sendDocument", "sendPhoto"]
    assert "giay-hen.pdf" in str(server.called("sendDocument"))


async def test_a_file_that_is_not_kept_any_more_is_given_up_after_the_words(
    api: TelegramApi, server: StandIn
) -> None:
    failed = await refusal(
        TelegramSender(api.bot, read_blob), Outgoing("Gửi ạ.", files=(OutgoingFile(9, "x.pdf", "x/y"),))
    )
    assert failed.next is Next.GIVE_UP
    assert [method for method, _ in server.calls] == ["sendMessage"]
