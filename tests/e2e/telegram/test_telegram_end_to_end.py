"""The Telegram path from end to end: unmodified python-telegram-bot against a mock server written by others.

Rasa is not needed: codes, buttons, numbers and pictures are understood without it, and so are the menu's words.
"""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import httpx
import pytest
import qrcode

from backend.demo.showcase import PROCESSING, SUPPLEMENT
from backend.settings import read_settings
from tests.e2e.telegram.conftest import ROOT, SECRET, TOKEN, Chat, Running, keyboard, texts
from tests.needs import need_speech

pytestmark = pytest.mark.e2e
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def qr_picture(content: str) -> bytes:
    picture = io.BytesIO()
    qrcode.make(content).save(picture)
    return picture.getvalue()


def titles(message: dict[str, object]) -> list[str]:
    return [str(one["text"]) for row in keyboard(message) for one in row]


def test_a_text_is_answered(chat: Chat) -> None:
    answered = chat.say(PROCESSING.code.lower().replace("-", " "))
    assert PROCESSING.code in texts(answered)
    assert "còn" in texts(answered)
    assert chat.calls("sendChatAction")[0]["action"] == "typing"


def test_the_menus_start_greets_with_buttons(chat: Chat) -> None:
    chat.send(command="start")
    (greeting,) = chat.replies()
    assert "Chào anh/chị" in greeting["text"]
    assert "Tra cứu hồ sơ" in titles(greeting)


def test_a_pressed_button_is_answered_and_stops_turning(chat: Chat) -> None:
    chat.send(command="start")
    (greeting,) = chat.replies()
    asked = chat.press(greeting, "Tra cứu hồ sơ")
    assert "mã hồ sơ" in texts(asked)
    assert len(chat.calls("answerCallbackQuery")) == 1
    assert SUPPLEMENT.code in texts(chat.say(SUPPLEMENT.code))


def test_a_button_of_somebody_elses_chat_opens_nothing(chat: Chat, running: Running) -> None:
    chat.send(command="start")
    (greeting,) = chat.replies()
    with httpx.Client(timeout=20.0) as http:
        stranger = Chat(running, http)
        assert "hết hiệu lực" in texts(stranger.press(greeting, "Tra cứu hồ sơ"))


def test_ones_own_number_opens_ones_dossiers(chat: Chat) -> None:
    contact = {"phone_number": f"+84{PROCESSING.phone[1:]}", "first_name": "Hà", "user_id": chat.id}
    chat.say("xin chào")
    assert chat.post(chat.update(contact=contact)) == 200
    assert "Đã xác minh" in texts(chat.replies())
    assert PROCESSING.code in texts(chat.say("hồ sơ"))


def test_somebody_elses_number_opens_nothing(chat: Chat) -> None:
    contact = {"phone_number": f"+84{PROCESSING.phone[1:]}", "first_name": "Hà", "user_id": chat.id + 1}
    chat.say("xin chào")
    assert chat.post(chat.update(contact=contact)) == 200
    assert "không phải số của chính" in texts(chat.replies())
    assert PROCESSING.code not in texts(chat.say("hồ sơ"))


def test_an_unknown_code_offers_to_share_the_number(chat: Chat) -> None:
    said = chat.say("H50.34-261118-9998")
    asking = [one for one in said if "keyboard" in (one["reply_markup"] or {})]
    assert [one["reply_markup"]["keyboard"][0][0]["request_contact"] for one in asking] == [True]
    assert len(texts(said).split("H50.34-261118-9998")) == 2  # said once: nothing was sent again


@pytest.mark.parametrize("link", [False, True])
def test_a_photo_of_the_receipts_qr_code_is_read(chat: Chat, link: bool) -> None:
    content = (
        f"https://dichvucong.gov.vn/tra-cuu-ho-so?ma_ho_so={PROCESSING.code}" if link else PROCESSING.code
    )
    file_id = chat.upload("receipt.png", qr_picture(content))
    chat.send(photo_file_id=file_id, photo_caption="")
    assert PROCESSING.code in texts(chat.replies())


def test_a_picture_sent_as_a_file_is_read_too(chat: Chat) -> None:
    chat.say("xin chào")
    file_id = chat.upload("receipt.png", qr_picture(SUPPLEMENT.code))
    document = {"file_id": file_id, "file_unique_id": "x", "mime_type": "image/png", "file_size": 900}
    assert chat.post(chat.update(document=document)) == 200
    assert SUPPLEMENT.code in texts(chat.replies())


def test_a_voice_note_that_cannot_be_had_becomes_a_call_back(chat: Chat) -> None:
    chat.say("xin chào")
    assert chat.post(chat.update(voice={"file_id": "v", "file_unique_id": "v", "duration": 3})) == 200
    assert "chưa nghe được" in texts(chat.replies())
    assert "Anh/chị cần hỏi việc gì" in texts(chat.say("0912 345 678"))


def test_a_voice_note_is_heard_read_back_and_answered(chat: Chat, tmp_path: Path) -> None:
    need_speech(read_settings(ROOT).home / "env" / "speech" / "bin" / "python")
    note = tmp_path / "note.wav"
    subprocess.run(["espeak-ng", "-v", "vi+f2", "-s", "140", "-w", note, "đăng ký kết hôn"], check=True)
    chat.say("xin chào")
    voice = {"file_id": chat.upload("note.oga", note.read_bytes()), "file_unique_id": "n", "duration": 2}
    assert chat.post(chat.update(voice=voice)) == 200
    (heard,) = chat.replies()
    assert "Tôi nghe được: “đăng ký kết hôn”" in heard["text"]
    assert "Đăng ký kết hôn" in texts(chat.press(heard, "Đúng, hỏi câu này"))


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "forged"}, {SECRET_HEADER: SECRET[:-1]}])
def test_a_forged_or_missing_secret_is_refused(chat: Chat, running: Running, headers: dict[str, str]) -> None:
    chat.say("xin chào")
    rows = running.rows("inbox")
    answer = httpx.post(running.webhook, json=chat.update(text=PROCESSING.code), headers=headers)
    assert answer.status_code == 403
    assert chat.stays_silent()
    assert running.rows("inbox") == rows


def test_a_repeated_update_changes_nothing(chat: Chat, running: Running) -> None:
    chat.say("xin chào")
    update = chat.update(text=PROCESSING.code)
    assert chat.post(update) == 200
    assert PROCESSING.code in texts(chat.replies())
    before = running.rows("inbox"), running.rows("outbox"), running.rows("buttons")
    assert [chat.post(update) for _ in range(3)] == [200, 200, 200]
    assert chat.stays_silent()
    assert (running.rows("inbox"), running.rows("outbox"), running.rows("buttons")) == before


def test_a_repeated_press_changes_nothing(chat: Chat, running: Running) -> None:
    chat.send(command="start")
    (greeting,) = chat.replies()
    ids = {one["text"]: one["callback_data"] for row in keyboard(greeting) for one in row}
    chat_of = {"id": chat.id, "type": "private"}
    shown = {"message_id": greeting["message_id"], "chat": chat_of, "date": 1}
    person = {"id": chat.id, "is_bot": False, "first_name": "Lan"}
    callback = {"id": f"cb{chat.id}", "from": person, "chat_instance": "1", "message": shown}
    update = {"update_id": 5, "callback_query": {**callback, "data": ids["Tra cứu hồ sơ"]}}
    assert chat.post(update) == 200
    chat.replies()
    rows = running.rows("inbox")
    assert chat.post(update) == 200
    assert chat.stays_silent()
    assert running.rows("inbox") == rows


def test_an_update_that_cannot_be_read_is_acknowledged_and_harms_nobody(chat: Chat) -> None:
    assert chat.post({"update_id": 1, "message": {"text": "không đủ"}}) == 200
    assert chat.say("xin chào")


def test_neither_the_token_nor_what_people_wrote_is_in_the_log(chat: Chat, running: Running) -> None:
    chat.say("lệ phí khai sinh của cháu Nguyễn Bảo Ngọc")
    log = running.log.read_text(errors="replace")
    for secret in (TOKEN, TOKEN.partition(":")[2], SECRET, "Bảo Ngọc", PROCESSING.phone):
        assert secret not in log
