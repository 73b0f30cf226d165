"""The Zalo path from end to end: real processes, against our own stand-in of Zalo.

Rasa is not needed: codes, buttons, numbers and pictures are understood without it, and so are the menu's words.
"""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
import qrcode

from backend.demo.showcase import PROCESSING, SUPPLEMENT
from tests.e2e.processes import until
from tests.e2e.zalo.conftest import Person, Running, words
from tests.zalo_stand_in.server import APP_SECRET, OA_KEY

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@pytest.fixture(autouse=True)
def nothing_that_zalo_would_mind(running: Running) -> Iterator[None]:
    """Every event acknowledged with 200 within two seconds, nobody written to who withdrew."""
    before = len(running.zalo.state()["violations"])
    yield
    assert running.zalo.state()["violations"][before:] == []


def qr_picture(content: str) -> bytes:
    picture = io.BytesIO()
    qrcode.make(content).save(picture)
    return picture.getvalue()


def test_who_follows_is_greeted_and_presses_a_button(person: Person) -> None:
    person.does("followed")
    (greeting,) = person.replies()
    assert "rút lại đồng ý" in greeting["text"]
    assert greeting["kind"] == "buttons"
    asked = person.presses(greeting, "Tra cứu hồ sơ")
    assert "mã hồ sơ" in words(asked)


def test_a_citizen_asks_for_a_dossier_and_goes_on_with_a_button(person: Person, running: Running) -> None:
    answered = person.says(SUPPLEMENT.code.lower().replace("-", " "), lambda said: SUPPLEMENT.code in said)
    buttons = answered[-1]["payloads"]
    assert buttons
    assert all(payload.startswith("#") for payload in buttons.values())
    title = next(iter(buttons))
    assert person.presses(answered[-1], title)
    told = "SELECT count(*) FROM outbox WHERE conversation_id = ? AND delivered_at IS NOT NULL"
    until(lambda: running.one(told, running.conversation(person)) >= 2, "receipts", 20)


def test_a_typed_number_means_the_same_as_the_button(person: Person, running: Running) -> None:
    running.zalo.control("switch", buttons_work=False)
    try:
        person.does("followed")
        (greeting,) = person.replies()
        assert greeting["kind"] == "text"
        assert "1. Tra cứu hồ sơ" in greeting["text"]
        assert "mã hồ sơ" in words(person.says("1"))
    finally:
        running.zalo.control("switch", buttons_work=True)


def test_a_picture_with_a_code_is_read(person: Person) -> None:
    assert PROCESSING.code in words(person.sends_picture("qr.png", qr_picture(PROCESSING.code)))


def test_a_place_and_a_number_are_answered(person: Person) -> None:
    person.does("place", latitude="10.79", longitude="106.78")
    assert "vị trí" in words(person.replies())
    person.does("submitted", phone="84912345678")
    assert "Zalo không xác nhận" in words(person.replies())


def test_a_forged_event_changes_nothing(person: Person, running: Running) -> None:
    body = json.dumps({"event_name": "user_send_text", "timestamp": "1", "message": {"text": "x"}}).encode()
    for header in ({}, {"X-ZEvent-Signature": "mac=" + "0" * 64}):
        rows = running.one("SELECT count(*) FROM inbox")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(running.webhook, body, header), timeout=10)
        refused.value.close()
        assert refused.value.code == 403
        assert running.one("SELECT count(*) FROM inbox") == rows


def test_tokens_change_while_people_write(person: Person, running: Running) -> None:
    """Each token lasts two seconds; nobody notices."""
    before = running.zalo.state()
    running.zalo.control("switch", lasts_s=2)
    try:
        for number in range(6):
            assert person.says(PROCESSING.code if number % 2 else SUPPLEMENT.code)
            time.sleep(1)
    finally:
        running.zalo.control("switch", lasts_s=90_000)
    assert person.says(PROCESSING.code)
    after = running.zalo.state()
    assert after["renewals"] - before["renewals"] >= 3
    assert after["refused_renewals"] == before["refused_renewals"]


def test_an_outage_of_zalo_loses_nothing_and_doubles_nothing(person: Person, running: Running) -> None:
    others = [Person(running) for _ in range(3)]
    everybody = [person, *others]
    running.zalo.control("switch", outage=True)
    try:
        for one in everybody:
            one.does("said", text=PROCESSING.code)
            one.does("said", text=SUPPLEMENT.code)
        tried = running.zalo.state()["tried"]
        until(lambda: running.zalo.state()["tried"] >= tried + 8, "tries in vain")  # more than a message has
        assert [one.messages() for one in everybody] == [[]] * 4
    finally:
        running.zalo.control("switch", outage=False)
    for one in everybody:
        said = one.replies(lambda told: f"Hồ sơ {SUPPLEMENT.code}" in told)
        told = [code for text in said for code in (PROCESSING.code, SUPPLEMENT.code) if code in text["text"]]
        assert told == [PROCESSING.code, SUPPLEMENT.code]
        assert one.hears_nothing(0.5)


def test_while_the_app_is_away_zalo_tries_again(person: Person, running: Running) -> None:
    """Its tries after 30 s and 5 min, twenty times as fast."""
    running.zalo.control("switch", scale=20)
    running.app.stop()
    try:
        person.does("said", text=PROCESSING.code, wait=False)
        time.sleep(0.5)
    finally:
        running.start()
    assert PROCESSING.code in words(person.replies(lambda told: PROCESSING.code in told))
    assert person.hears_nothing()


def test_who_withdraws_is_erased_and_never_written_to_again(person: Person, running: Running) -> None:
    person.says(PROCESSING.code, lambda told: PROCESSING.code in told)
    where = running.conversation(person)
    person.does("withdrew")
    for table in ("inbox", "outbox", "buttons"):
        assert running.one(f"SELECT count(*) FROM {table} WHERE conversation_id = ?", where) == 0
    assert running.one("SELECT count(*) FROM conversations WHERE external_id = ?", person.id) == 0
    assert person.hears_nothing()


def test_neither_secrets_nor_what_people_wrote_are_in_the_log(person: Person, running: Running) -> None:
    person.says("cháu Nguyễn Bảo Ngọc sinh năm 2020")
    tokens = running.zalo.state()["tokens"]
    log = running.app.said()
    for secret in (APP_SECRET, OA_KEY, *tokens.values(), "Bảo Ngọc", person.id, PROCESSING.phone):
        assert secret not in log
