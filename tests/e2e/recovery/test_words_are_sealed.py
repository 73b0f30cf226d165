"""What people write is nowhere in clear: not in the database's files, not in its journals, not in any log.

Looked for byte by byte, in the spellings in which words get lost.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import struct
import subprocess
import sys
import time
import unicodedata
import urllib.request
import uuid
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

from backend.demo.showcase import SUPPLEMENT
from backend.text.fold import fold
from bot.app import ROOT, open_store
from tests.e2e.processes import App, Rasa, plain_environment, until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

#: Each stands in one kind of place; none is in the demonstration's own data.
QUESTION = "Trộm khoét vách nhà Út Quắn"
CONTENT = "Ông Bảy Khuỳnh xẻ núi Đá Chẻ"
NAME = "Quách Thị Ngọc Xuyến"
SPOKESMAN = "Triệu Quang Khoằm"
PHONE = "0938271645"
DECISION = "4417/QĐ-XPHC"
LONG = "Chuyện dài lê thê về con bò Sặt. " * 100
SENDER = "nguoi-gui-9f3c"  # who writes is known, what is written is not
WORDS = (QUESTION, CONTENT, NAME, SPOKESMAN, PHONE, DECISION, "con bò Sặt", "938 271 645", "0938 271 645")


def spellings(words: str) -> set[bytes]:
    """All the ways in which these words may have been written down in clear."""
    shapes = {words, fold(words), words.lower(), words.upper(), words.casefold()}
    shapes |= {unicodedata.normalize("NFD", one) for one in shapes}
    found = set()
    for one in shapes:
        plain = one.encode()
        found |= {plain, one.encode("utf-16-le"), one.encode("utf-16-be"), quote(one).encode()}
        found |= {json.dumps(one)[1:-1].encode(), plain.hex().encode(), repr(one)[1:-1].encode()}
        found |= {base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)}
    return found


def hits(folders: list[Path], wanted: set[bytes], since: float) -> set[str]:
    """Files written since then (of memory maps nobody knows when) that hold any of these."""
    found, looked = set(), 0
    for path in (path for folder in folders for path in folder.rglob("*")):
        with contextlib.suppress(FileNotFoundError):  # a database drops files of its own while it runs
            if path.is_file() and (path.stat().st_mtime >= since or path.name.endswith("-shm")):
                content = path.read_bytes()
                looked += 1
                if any(one in content for one in wanted):
                    found.add(path.name)
    assert looked
    return found


def photo() -> bytes:
    """A small PNG; what was written into it stays in its bytes as it is."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + bytes((7 * x * y) % 256 for x in range(64)) for y in range(64))
    made = io.BytesIO(b"")
    made.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)))
    made.write(chunk(b"tEXt", b"Comment\0" + QUESTION.encode()) + chunk(b"IDAT", zlib.compress(rows)))
    made.write(chunk(b"IEND", b""))
    return made.getvalue()


def post(url: str, body: Any) -> Any:
    return _send(urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}))


def _send(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def say(app: App, words: str) -> list[str]:
    """Through the REST channel; "#" presses the first button of the last answer. Returns keys."""
    replies = post(f"{app.url}/webhooks/rest/webhook", {"sender": SENDER, "message": words})
    say.buttons = [b["payload"] for one in replies for b in one.get("buttons", ())]  # type: ignore[attr-defined]
    return [one["metadata"]["key"] for one in replies]


def press(app: App, number: int = 0) -> list[str]:
    return say(app, say.buttons[number])  # type: ignore[attr-defined]


def book(app: App) -> None:
    """A booking by a group, with every value distinctive."""
    answers = {
        "reception/ask_content": CONTENT,
        "reception/ask_decision": DECISION,
        "reception/ask_people": "3 người",
        "reception/ask_representative": SPOKESMAN,
        "reception/ask_name": NAME,
        "reception/ask_phone": PHONE,
    }
    keys = say(app, "tôi muốn đăng ký tiếp dân, gặp chủ tịch tỉnh")
    for _ in range(12):
        if keys[-1] == "reception/booked":
            return
        keys = say(app, answers[keys[-1]]) if keys[-1] in answers else press(app)
    raise AssertionError(keys)


def upload(app: App) -> None:
    """A question and a photo on the web page's own way."""
    session = post(f"{app.url}/chat/session", {})["session"]
    post(f"{app.url}/chat/messages", {"session": session, "id": str(uuid.uuid4()), "text": QUESTION})
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{fold(NAME)}.png"\r\n\r\n'
    body = head.encode() + photo() + f"\r\n--{edge}--\r\n".encode()
    _send(
        urllib.request.Request(
            f"{app.url}/chat/attachments?session={session}&id={uuid.uuid4()}",
            body,
            {"Content-Type": f"multipart/form-data; boundary={edge}"},
        )
    )
    history = f"{app.url}/chat/history?session={session}"
    until(
        lambda: "ảnh" in str([one for one in _send_get(history) if one["from"] == "bot"]),
        "the photo's answer",
    )


def _send_get(url: str) -> list[dict[str, Any]]:
    return list(_send(urllib.request.Request(url))["messages"])


def converse(app: App) -> None:
    say(app, QUESTION)
    say(app, LONG)
    say(app, f"ho so {SUPPLEMENT.code} cua {NAME} so {PHONE}")
    say(app, fold(QUESTION).upper())
    say(app, "hủy")
    book(app)
    upload(app)
    say(app, f"làm giấy khai sinh cho {NAME} cần gì")


def opened(app: App) -> str:
    """Everything that the home's key opens: the words must be there, or looking for them proves nothing."""

    def read(uow: Any) -> str:
        ids = [row.id for row in uow.connection.execute(text("SELECT id FROM inbox"))]
        found = [uow.inbox.get(one).incoming.text for one in ids]
        bookings = [row.code for row in uow.connection.execute(text("SELECT code FROM reception_bookings"))]
        return " ".join([*found, *(str(uow.reception.booking(code).request) for code in bookings)])

    db = open_store(app.settings)
    try:
        return db.read_now(read)
    finally:
        db.close()


@pytest.fixture
def stores(
    request: pytest.FixtureRequest, home: Path, postgres_home: Callable[[], tuple[Path, str]]
) -> tuple[Path, dict[str, str], list[Path]]:
    """A home, the settings of its database, and the folders in which the database keeps its files."""
    if request.param == "sqlite":
        return home, {}, [home]
    place, url = postgres_home()
    return place, {"MOTCUA_DATABASE_URL": url}, [place, Path(request.getfixturevalue("postgres").pgdata)]


@pytest.fixture
def app(stores: tuple[Path, dict[str, str], list[Path]], rasa: Rasa) -> Iterator[App]:
    home, settings, _ = stores
    app = App(home, rasa.url, MOTCUA_LOG_LEVEL="DEBUG", **settings)
    app.start()
    app.ready()
    yield app
    app.stop()


@pytest.mark.parametrize("stores", ["sqlite", "postgresql"], indirect=True)
def test_words_are_nowhere_in_clear(
    stores: tuple[Path, dict[str, str], list[Path]], app: App, rasa: Rasa
) -> None:
    home, settings, folders = stores
    since = time.time() - 1.0
    converse(app)
    if url := settings.get("MOTCUA_DATABASE_URL"):
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
        engine.dispose()
    everywhere = [*folders, rasa.log.parent]
    secret = {spelling for words in WORDS for spelling in spellings(words)}
    assert hits(everywhere, secret, since) == set()  # with the journals of a running app
    told = opened(app)
    assert all(words in told for words in (QUESTION, CONTENT, NAME, SPOKESMAN, DECISION))
    assert hits(folders, spellings(SENDER), since)  # such a search does find what is not sealed
    assert app.log in set(home.rglob("*.log"))
    app.stop()
    assert hits(everywhere, secret, since) == set()


def test_what_breaks_tells_where_but_not_what(home: Path) -> None:
    """An action fails with words in its message and its variables, a library logs them: the log has neither."""
    script = Path(__file__).with_name("broken_counter.py")
    environment = plain_environment(PYTHONPATH=str(ROOT))
    done = subprocess.run(
        [sys.executable, script, home, QUESTION], env=environment, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [b"errors/not_recorded"]
    for told in (b"ValueError", b"broken", b"some.library", b"LookupError"):
        assert told in done.stderr
    assert [one for one in spellings(QUESTION) if one in done.stderr] == []
