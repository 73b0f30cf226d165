"""The chat page in a real Chromium, against a real app with the real language model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.e2e.processes import App, Rasa
from tests.language import copy_province
from tests.needs import need_browser

#: No sandbox: tests may run as root. The rest keeps the browser from calling home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 30_000
_WATCH_POLICY = (
    "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"
)


@dataclass
class Seen:
    """What a page did: complaints on its console, messages it posted, bytes that came over the wire."""

    complaints: list[str] = field(default_factory=list)
    posted: list[dict[str, Any]] = field(default_factory=list)
    bytes: float = 0


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = need_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def counter(small_province: Path, language: Rasa, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = tmp_path_factory.mktemp("web") / "home"
    copy_province(small_province, home)
    app = App(home, language.ensure().url, MOTCUA_OFFICE_NAME="Văn phòng UBND tỉnh An Hòa (minh họa)")
    app.start()
    app.ready()
    yield app
    app.stop()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[[str], tuple[Page, Seen]]]:
    """Opens an address in a browser of its own and keeps an eye on it."""
    contexts: list[BrowserContext] = []

    def open_page(url: str) -> tuple[Page, Seen]:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_WATCH_POLICY)
        page, seen = context.new_page(), Seen()
        page.on("console", lambda said: seen.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("request", partial(_note_post, seen))
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", partial(_add_bytes, seen))
        page.goto(url)
        return page, seen

    yield open_page
    for context in contexts:
        context.close()


def _note_post(seen: Seen, request: Request) -> None:
    if request.url.endswith("/chat/messages"):
        seen.posted.append(dict(request.post_data_json or {}))


def _add_bytes(seen: Seen, event: dict[str, Any]) -> None:
    seen.bytes += event["encodedDataLength"]


@pytest.fixture
def portal(counter: App, tmp_path: Path) -> Iterator[str]:
    """The province's portal: a page of another origin with the one script line."""
    page = (
        '<!doctype html><meta charset="utf-8"><title>Cổng</title><link rel="icon" href="data:,"><p>Cổng</p>\n'
    )
    page += f'<script src="{counter.url}/chat/widget.js" async></script>\n'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: requests are not of interest."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()
