"""An officer's first day at the browser: a code, a password, a telephone's digits, then questions; and the way out."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from bot.app import ROOT
from tests.e2e.processes import App
from tests.e2e.web.conftest import PATIENCE_MS, Seen
from tests.e2e.web.test_web_chat import ask, connected, said

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]
expect.set_options(timeout=PATIENCE_MS)

PASSWORD = "cầu Mới qua sông Cũ"
Visit = Callable[[str], tuple[Page, Seen]]


def admin(app: App, *words: str, say: str = "") -> str:
    """A command of the administrator, in a process of its own beside the running app."""
    command = [sys.executable, "-m", "bot", "admin", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=app.environment, input=say, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def leader(counter: App) -> str:
    name = "chanhvanphong"
    admin(
        counter,
        "account",
        "add",
        name,
        "--role",
        "office_leader",
        "--full-name",
        "Chánh Văn phòng",
        say=PASSWORD,
    )
    return name


def signed_in(page: Page, app: App, name: str) -> str:
    """Through the first sign-in; returns the secret that the telephone has now."""
    page.get_by_role("link", name="Lần đầu").click()
    page.get_by_label("Tên tài khoản").fill(name)
    page.get_by_label("Mã do quản trị cấp").fill(admin(app, "account", "code", name).splitlines()[-1])
    page.get_by_label("Mật khẩu mới").fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Tiếp tục").click()
    picture = page.get_by_alt_text("Mã QR")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 100, "the policy lets the picture be shown"
    secret = (page.locator(".secret").text_content() or "").replace(" ", "")
    page.get_by_label("6 chữ số").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Đăng nhập").click()
    return secret


def test_from_the_first_code_to_an_answer_and_out(counter: App, visit: Visit, leader: str) -> None:
    page, seen = visit(f"{counter.url}/officer/")
    expect(page).to_have_title("Đăng nhập cán bộ – Văn phòng UBND tỉnh An Hòa (minh họa)")
    secret = signed_in(page, counter, leader)
    expect(page).to_have_url(f"{counter.url}/officer/")
    connected(page)
    page.get_by_role("button", name="Đơn vị nào đang trễ nhiệm vụ?").click()
    said(page, "Phạm vi: toàn tỉnh")
    said(page, "nhiệm vụ đã quá hạn")
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
    assert seen.complaints == []
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(f"{counter.url}/sign-in")
    page.goto(f"{counter.url}/officer/")
    page.get_by_label("Tên tài khoản").fill(leader)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_label("Mật khẩu").press("Enter")
    digits = pyotp.TOTP(secret)
    page.get_by_label("6 chữ số").fill(digits.at(int(time.time()) + 30))  # those of now were used up
    page.get_by_label("6 chữ số").press("Enter")
    said(page, "Phạm vi: toàn tỉnh")  # the conversation is still there
    assert [one for one in seen.complaints if "401" not in one] == []


def test_a_page_left_open_is_sent_to_sign_in_when_the_account_is_signed_out(
    counter: App, visit: Visit, leader: str
) -> None:
    page, _seen = visit(f"{counter.url}/officer/")
    signed_in(page, counter, leader)
    connected(page)
    assert "signed out" in admin(counter, "account", "sign-out", leader)
    ask(page, "tuần này có việc gì đến hạn")
    page.wait_for_url(f"{counter.url}/sign-in?**")
    expect(page.get_by_role("alert")).to_contain_text("hết hạn")


def test_what_a_citizen_says_is_not_the_officers(counter: App, visit: Visit, leader: str) -> None:
    page, _seen = visit(f"{counter.url}/officer/")
    signed_in(page, counter, leader)
    connected(page)
    page.goto(counter.url)
    connected(page)
    ask(page, "đơn vị nào đang trễ nhiệm vụ")
    said(page, "cán bộ")
    assert "Phạm vi" not in (page.locator("#log").text_content() or "")
