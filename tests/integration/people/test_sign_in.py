"""Officers at browsers: a code once, then a password and digits; sessions that end; guessing that stops."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select, text

from backend.db.tables.people import audit
from backend.domain.messaging import OFFICERS_ROOM, Address, ChannelName
from backend.domain.running import Account
from backend.domain.sign_in import WRONG_HERE, Lasting
from backend.services.accounts import binding
from backend.services.accounts.sign_in import sign_out_all
from backend.web import sign_in
from backend.web.api_keys import DATABASE
from backend.web.browser import SITE, site_of
from bot.channels.web import WebChannel
from bot.dialogue.chat_desk import ChatDesk
from bot.officers import OfficersDoor
from tests.conftest import FixedClock
from tests.integration.products.room import Room

NAME, PASSWORD = "hoa", "một câu dễ nhớ"
OURS = {"Sec-Fetch-Site": "same-origin"}
LASTING = Lasting(timedelta(minutes=120), timedelta(hours=12))


@pytest.fixture
def room(db: Any, clock: FixedClock) -> Room:
    room = Room(db, clock).furnish()
    officer = Account(NAME, "Lê Thị Hoa", frozenset({"office_leader"}))
    db.write_now(lambda uow: uow.accounts.add(officer, "", uow.now))
    return room


@pytest_asyncio.fixture
async def client(room: Room) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(site_over(room))) as client:
        yield client


def site_over(room: Room) -> web.Application:
    site = web.Application()
    site[DATABASE] = room.db
    site[SITE] = site_of("Văn phòng thử", LASTING, "")
    desk = ChatDesk(room.db, room.pipeline, room.hub)
    site.add_routes(WebChannel(desk, [], OfficersDoor("Văn phòng thử")).routes())
    site.add_routes(sign_in.routes())
    return site


class Officer:
    """A person at a browser with a telephone beside it."""

    def __init__(self, client: TestClient[Any, Any], room: Room) -> None:
        self.client, self.room = client, room
        self.secret = ""
        self.steps = 0

    def digits(self) -> str:
        """The digits of now; each call a step later, since digits count once (a step ahead is still good)."""
        self.steps += 1
        return pyotp.TOTP(self.secret).at(int(time.time()) + 30 * (self.steps - 1))

    async def send(self, path: str, headers: dict[str, str] | None = None, **form: str) -> Any:
        return await self.client.post(
            path, data=form, headers=OURS if headers is None else headers, allow_redirects=False
        )

    async def first_time(self, code: str | None = None, password: str = PASSWORD) -> Any:
        code = code or self.room.db.write_now(lambda uow: binding.give_code(uow, "shell", NAME)).code
        answer = await self.send("/sign-in/first", name=NAME, code=code, password=password, again=password)
        if answer.status == 303:
            shown = await (await self.client.get("/sign-in/second")).text()
            found = re.search(r'class="secret">([A-Z2-7 ]+)<', shown)
            assert found, shown
            self.secret = found[1].replace(" ", "")
        return answer

    async def enter(self) -> Any:
        return await self.send("/sign-in/second", digits=self.digits())

    async def page(self) -> int:
        return int((await self.client.get("/officer/", allow_redirects=False)).status)


@pytest.fixture
def officer(client: TestClient[Any, Any], room: Room) -> Officer:
    return Officer(client, room)


def kept(room: Room) -> list[tuple[str, str, str]]:
    def read(uow: Any) -> list[tuple[str, str, str]]:
        rows = uow.connection.execute(
            select(audit.c.action, audit.c.subject, audit.c.outcome).order_by(audit.c.id)
        )
        return [tuple(row) for row in rows]

    return room.db.read_now(read)  # type: ignore[no-any-return]


async def test_a_code_sets_password_and_device_and_opens_the_page(officer: Officer) -> None:
    assert await officer.page() == 303
    assert (await officer.first_time()).headers["Location"] == "/sign-in/second?next=/officer/"
    assert await officer.page() == 303, "a password alone opens nothing"
    assert (await officer.enter()).headers["Location"] == "/officer/"
    assert await officer.page() == 200
    assert (await officer.send("/sign-out")).status == 303
    assert await officer.page() == 303
    assert (await officer.send("/sign-in", name=NAME.upper(), password=PASSWORD)).status == 303
    assert (await officer.enter()).status == 303
    assert await officer.page() == 200


async def test_the_cookie_is_kept_from_scripts_and_other_sites(officer: Officer) -> None:
    answer = await officer.first_time()
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    secured = site_of("x", LASTING, "https://motcua.example.vn/chat")
    assert (secured.cookie, secured.secure) == ("__Host-motcua", True)


async def test_digits_count_once(officer: Officer) -> None:
    await officer.first_time()
    used = officer.digits()
    assert (await officer.send("/sign-in/second", digits=used)).status == 303
    await officer.send("/sign-out")
    await officer.send("/sign-in", name=NAME, password=PASSWORD)
    assert (await officer.send("/sign-in/second", digits=used)).status == 401
    assert (await officer.send("/sign-in/second", digits=officer.digits())).status == 303


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"name": NAME, "password": "sai mật khẩu"}, 401, "Chưa đúng"),
        ({"name": "khong-co-ai", "password": PASSWORD}, 401, "Chưa đúng"),
        ({"name": "", "password": ""}, 400, "Còn ô chưa điền"),
        ({"name": "'; DROP TABLE accounts; --", "password": "x" * 5000}, 401, "Chưa đúng"),
    ],
)
async def test_what_is_wrong_is_said_without_telling_which(
    officer: Officer, form: dict[str, str], status: int, said: str
) -> None:
    await officer.first_time()
    answer = await officer.send("/sign-in", **form)
    assert answer.status == status
    assert said in await answer.text()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"password": "ngắn", "again": "ngắn"}, "ít nhất 10 ký tự"),
        ({"password": PASSWORD, "again": "khác hẳn thế này"}, "không giống nhau"),
        ({"password": "", "again": ""}, "Còn ô chưa điền"),
    ],
)
async def test_a_bad_first_password_does_not_use_the_code_up(
    officer: Officer, room: Room, form: dict[str, str], said: str
) -> None:
    code = room.db.write_now(lambda uow: binding.give_code(uow, "shell", NAME)).code
    answer = await officer.send("/sign-in/first", name=NAME, code=code, **form)
    assert (answer.status, said in (await answer.text())) == (400, True)
    assert (await officer.first_time(code)).status == 303


async def test_somebody_elses_code_opens_nothing_and_stays_good(officer: Officer, room: Room) -> None:
    code = room.db.write_now(lambda uow: binding.give_code(uow, "shell", NAME)).code
    answer = await officer.send("/sign-in/first", name="leader", code=code, password=PASSWORD, again=PASSWORD)
    assert answer.status == 401
    assert (await officer.first_time(code)).status == 303


async def test_guessing_stops_within_the_hour_and_the_right_password_does_not_help(
    officer: Officer, room: Room, clock: FixedClock
) -> None:
    await officer.first_time()
    statuses = [
        (await officer.send("/sign-in", name=NAME, password=f"đoán lần {n}")).status for n in range(7)
    ]
    assert statuses == [401] * WRONG_HERE + [429] * 2
    answer = await officer.send("/sign-in", name=NAME, password=PASSWORD)
    assert answer.status == 429
    assert "thử lại sau" in await answer.text()
    clock.set(clock.now() + timedelta(hours=1))
    assert (await officer.send("/sign-in", name=NAME, password=PASSWORD)).status == 401, (
        "no device was confirmed"
    )
    assert ("sign_in", f"account:{NAME}", "wrong") in kept(room)


async def test_another_sites_form_is_not_taken(officer: Officer) -> None:
    for headers in ({}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await officer.send("/sign-in", headers=headers, name=NAME, password=PASSWORD)
        assert answer.status == 403
    await officer.first_time()
    await officer.enter()
    for path in ("/sign-out", "/officer/chat/messages"):
        assert (await officer.send(path, headers={"Origin": "https://elsewhere.example"})).status in {
            400,
            403,
        }
    assert await officer.page() == 200


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/officerx", "/officer/../x//y", "\\evil"]
)
async def test_one_is_never_sent_to_another_site(officer: Officer, wanted: str) -> None:
    await officer.first_time()
    answer = await officer.client.post(
        "/sign-in/second",
        params={"next": wanted},
        data={"digits": officer.digits()},
        headers=OURS,
        allow_redirects=False,
    )
    assert answer.headers["Location"] == "/officer/"


async def test_rest_time_locks_and_sign_out_end_it(officer: Officer, room: Room, clock: FixedClock) -> None:
    began = clock.now()
    await officer.first_time()
    await officer.enter()
    clock.set(began + timedelta(minutes=119))
    assert await officer.page() == 200
    clock.set(began + timedelta(minutes=119 + 119))
    assert await officer.page() == 200, "each request puts off the end"
    clock.set(began + timedelta(minutes=119 + 119 + 121))
    assert await officer.page() == 303
    officer.steps = 1
    await officer.send("/sign-in", name=NAME, password=PASSWORD)
    await officer.enter()
    assert await officer.page() == 200
    room.db.write_now(lambda uow: uow.accounts.set_active(NAME, False))
    assert await officer.page() == 303
    room.db.write_now(lambda uow: uow.accounts.set_active(NAME, True))
    assert await officer.page() == 200
    assert room.db.write_now(lambda uow: sign_out_all(uow, "shell", NAME)) == 2, "the one at rest, too"
    assert await officer.page() == 303


async def test_it_ends_at_the_most_after_its_hours(officer: Officer, clock: FixedClock) -> None:
    began = clock.now()
    await officer.first_time()
    await officer.enter()
    for hour in range(1, 12):
        clock.set(began + timedelta(hours=hour))
        assert await officer.page() == 200
    clock.set(began + timedelta(hours=12))
    assert await officer.page() == 303


async def test_a_new_code_signs_every_browser_out(officer: Officer, room: Room) -> None:
    await officer.first_time()
    await officer.enter()
    lost = Officer(officer.client, room)
    async with TestClient(TestServer(site_over(room))) as elsewhere:
        lost.client = elsewhere
        assert (await lost.first_time(password="một câu khác hẳn")).status == 303
    assert await officer.page() == 303


async def test_the_page_speaks_for_the_officer_and_nobody_elses_words_get_in(
    officer: Officer, room: Room
) -> None:
    await officer.first_time()
    await officer.enter()
    headers = {**OURS, "Content-Type": "application/json"}
    begun = await officer.client.post("/officer/chat/session", json={}, headers=headers)
    assert (await begun.json())["session"] == OFFICERS_ROOM
    number = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
    sent = await officer.client.post(
        "/officer/chat/messages",
        json={"session": OFFICERS_ROOM, "id": number, "text": "xin chào"},
        headers=headers,
    )
    assert sent.status == 202

    def viewers(uow: Any) -> Any:
        return uow.conversations.find(Address(ChannelName.WEB, OFFICERS_ROOM, NAME))

    assert room.db.read_now(viewers) is not None
    async with TestClient(TestServer(site_over(room))) as stranger:
        for path in ("/officer/chat/history", "/officer/chat/events"):
            assert (await stranger.get(path, params={"session": OFFICERS_ROOM})).status == 401


async def test_nothing_that_is_kept_opens_anything(officer: Officer, room: Room) -> None:
    await officer.first_time()
    await officer.enter()
    token = officer.client.session.cookie_jar.filter_cookies(officer.client.make_url("/"))[
        "motcua_officer"
    ].value

    def dump(uow: Any) -> str:
        rows = [
            tuple(row)
            for table in ("accounts", "web_sessions", "second_factors", "officer_codes", "audit")
            for row in uow.connection.execute(text(f"SELECT * FROM {table}"))
        ]
        return repr(rows)

    shown = room.db.read_now(dump)
    assert officer.secret
    for secret in (officer.secret, token, PASSWORD):
        assert secret not in shown
