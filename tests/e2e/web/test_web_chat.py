"""What a citizen does on the chat page: ask, choose, come back, lose the network, delete; and from within a portal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, Route, expect

from backend.demo.showcase import PROCESSING
from tests.e2e.processes import App
from tests.e2e.web.conftest import PATIENCE_MS, Seen

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]
expect.set_options(timeout=PATIENCE_MS)

#: Everything that a first visit with one question may take over the wire (bytes).
MOST_BYTES = 150 * 1024
_FOREIGN_SCRIPT = (
    "document.body.append(Object.assign(document.createElement('script'), {text: 'window.evil = 1'}))"
)
Visit = Callable[[str], tuple[Page, Seen]]


def ask(page: Page | Frame, words: str) -> None:
    page.fill("#text", words)
    page.press("#text", "Enter")


def turns(page: Page | Frame) -> list[tuple[str, str]]:
    """(me or bot, text) of everything on the page."""
    script = "nodes => nodes.map(n => [n.dataset.from, n.querySelector('.bubble').textContent.trim()])"
    return [(who, text) for who, text in page.eval_on_selector_all("#log .turn", script)]


def said(page: Page | Frame, words: str) -> None:
    """Wait until the bot has said it."""
    expect(page.locator("#log .turn.bot .bubble", has_text=words).first).to_be_visible()


def connected(page: Page | Frame) -> None:
    expect(page.locator("#state")).to_have_attribute("data-state", "live")


def test_a_question_is_answered_within_the_budget(counter: App, visit: Visit) -> None:
    page, seen = visit(counter.url)
    connected(page)
    ask(page, f"ho so {PROCESSING.code.lower()} toi dau roi")
    said(page, PROCESSING.code)
    assert page.title().endswith("An Hòa (minh họa)")
    assert seen.complaints == []
    assert 10_000 < seen.bytes <= MOST_BYTES
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)


def test_the_page_keeps_to_its_policy(counter: App, visit: Visit) -> None:
    """The policy is on, and a foreign script would be stopped: the other tests would see its complaint."""
    page, seen = visit(counter.url)
    page.evaluate(_FOREIGN_SCRIPT)
    page.wait_for_timeout(200)
    assert page.evaluate("window.evil") is None
    assert any("CSP script-src" in one for one in seen.complaints)


def test_a_quick_reply_by_keyboard(counter: App, visit: Visit) -> None:
    page, seen = visit(counter.url)
    connected(page)
    ask(page, "xin chào")
    button = page.locator("button.choice:not(:disabled)", has_text="Tra cứu hồ sơ").first
    button.focus()
    page.keyboard.press("Enter")
    said(page, "mã hồ sơ")
    assert "button" in seen.posted[-1]
    assert page.evaluate("document.activeElement !== document.body")  # the keyboard did not get lost
    ask(page, PROCESSING.code)
    said(page, PROCESSING.code)
    assert seen.complaints == []


def test_a_reload_keeps_the_conversation(counter: App, visit: Visit) -> None:
    page, _ = visit(counter.url)
    connected(page)
    ask(page, "xin chào")
    said(page, "Chào anh/chị")
    expect(page.locator("button.choice:not(:disabled)").first).to_be_visible()
    before = turns(page)
    page.reload()
    connected(page)
    expect(page.locator("#log .turn")).to_have_count(len(before))
    assert turns(page) == before
    page.locator("button.choice:not(:disabled)", has_text="Tra cứu hồ sơ").first.click()  # it still works
    said(page, "mã hồ sơ")


def test_offline_it_waits_and_sends_the_same_once(counter: App, visit: Visit) -> None:
    page, seen = visit(counter.url)
    connected(page)
    ask(page, "xin chào")
    said(page, "Chào anh/chị")
    page.context.set_offline(True)
    ask(page, PROCESSING.code)
    expect(page.locator(".sent.wrong button")).to_have_text("Thử lại")
    assert page.inner_text("#banner")
    page.locator(".sent.wrong button").click()  # impatient: it fails once more
    expect(page.locator(".sent.wrong")).to_be_visible()
    page.context.set_offline(False)
    said(page, PROCESSING.code)
    ids = {one["id"] for one in seen.posted if one.get("text") == PROCESSING.code}
    assert len(ids) == 1
    page.reload()
    connected(page)
    said(page, PROCESSING.code)
    assert [who for who, text in turns(page) if text == PROCESSING.code] == ["me"]


def test_an_answer_lost_on_the_way_is_not_asked_for_twice(counter: App, visit: Visit) -> None:
    """The message arrives, its acknowledgement does not: the page sends the same again, and it counts once."""
    page, seen = visit(counter.url)
    connected(page)

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/chat/messages", lose_answer, times=1)
    ask(page, PROCESSING.code)
    said(page, PROCESSING.code)
    page.wait_for_timeout(2500)  # longer than its first retry waits
    page.reload()
    connected(page)
    said(page, PROCESSING.code)
    assert len({one["id"] for one in seen.posted}) == 1
    assert [who for who, text in turns(page) if text == PROCESSING.code] == ["me"]
    assert sum(PROCESSING.code in text for who, text in turns(page) if who == "bot") == 1


def test_deleted_means_gone(counter: App, visit: Visit) -> None:
    page, _ = visit(counter.url)
    connected(page)
    ask(page, PROCESSING.code)
    said(page, PROCESSING.code)
    token = page.evaluate("localStorage['motcua.session']")
    page.click("#forget")
    page.keyboard.press("Escape")
    expect(page.locator("#veil")).to_be_hidden()
    assert page.evaluate("localStorage['motcua.session']") == token  # a second thought changes nothing
    page.click("#forget")
    page.click("#ask-yes")
    expect(page.locator("#log")).not_to_contain_text(PROCESSING.code)
    expect(page.locator("#starters")).to_be_visible()
    gone = page.request.get(f"{counter.url}/chat/history?session={token}")
    assert (gone.status == 410) or gone.json()["messages"] == []
    page.reload()
    connected(page)
    assert PROCESSING.code not in page.inner_text("#log")


def test_from_within_a_portal_of_another_origin(counter: App, visit: Visit, portal: str) -> None:
    page, seen = visit(portal)
    page.wait_for_selector("#motcua-widget", state="attached")
    page.wait_for_load_state("load")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    while len(page.frames) < 2:  # the shadow around it is closed: nothing to select
        page.wait_for_timeout(50)
    frame = page.frames[1]
    frame.wait_for_selector("#text")
    assert frame.url.startswith(counter.url)
    connected(frame)
    ask(frame, PROCESSING.code)
    said(frame, PROCESSING.code)
    frame.press("#text", "Escape")
    page.wait_for_function("document.activeElement.id === 'motcua-widget'")
    assert seen.complaints == []
