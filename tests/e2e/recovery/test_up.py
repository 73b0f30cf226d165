"""``up``: a taken port is said in one line, what dies is started again, Ctrl-C ends everything."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.processes import Up, alive, get_json, lend_language, until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

#: The one limit of time that these tests assert: Ctrl-C must end both children within it.
END_S = 5.0
_AGAIN = re.compile(r"the app ended \(exit (-?\d+)\); starting it again in ([\d.]+) s")


@pytest.fixture
def up(home: Path) -> Iterator[Up]:
    lend_language(home)
    one = Up(home)
    yield one
    one.stop()


def both(up: Up) -> list[int]:
    """The process ids of the app and of Rasa, once both are there."""
    until(lambda: up.app_pid and up.rasa_pid, "both children")
    return [up.app_pid, up.rasa_pid]


def another_app(up: Up, than: int) -> bool:
    return up.app_pid not in {0, than}


def fails(up: Up) -> tuple[int, str]:
    done = subprocess.run(up.command, env=up.environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == ""
    return done.returncode, done.stderr


@contextlib.contextmanager
def open_page(up: Up) -> Iterator[None]:
    """Somebody's chat page, listening for live events: it must not hold the end up."""
    address = ("127.0.0.1", up.port)
    with contextlib.closing(http.client.HTTPConnection(*address, timeout=30)) as first:
        first.request("POST", "/chat/session", "{}", {"Content-Type": "application/json"})
        token = json.loads(first.getresponse().read())["session"]
    with contextlib.closing(http.client.HTTPConnection(*address, timeout=30)) as listening:
        listening.request("GET", f"/chat/events?session={token}")
        events = listening.getresponse()
        assert events.readline().startswith(b"retry")
        yield
        events.close()


@pytest.mark.parametrize("setting", ["MOTCUA_PORT", "MOTCUA_RASA_PORT"])
def test_a_taken_port_is_one_line(home: Path, setting: str) -> None:
    up = Up(home)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(up.environment[setting])))
        taken.listen()
        code, said = fails(up)
    assert code == 1
    (line,) = said.splitlines()
    assert up.environment[setting] in line
    assert setting in line


def test_without_a_model_it_would_train(home: Path) -> None:
    """A home without a model and without Rasa's environment: training is tried, and what is missing is said."""
    code, said = fails(Up(home))
    assert code == 1
    (line,) = said.splitlines()
    assert "language environment" in line


def test_the_dead_are_raised_and_ctrl_c_ends_all(up: Up) -> None:
    model = next((up.home / "models").iterdir())
    made = model.stat().st_mtime_ns
    up.start()
    up.ready()
    waits = []
    for _ in range(3):
        app, rasa = both(up)
        os.kill(app, signal.SIGKILL)
        until(partial(another_app, up, app), "another app")
        waits = [(int(code), float(wait)) for code, wait in _AGAIN.findall(up.said())]
        assert up.rasa_pid == rasa  # nobody else had to suffer
    assert [code for code, _ in waits] == [-9, -9, -9]
    assert [wait for _, wait in waits] == sorted({wait for _, wait in waits})
    up.ready()

    children = both(up)
    with open_page(up):
        up.signal(signal.SIGINT)
        began = time.monotonic()
        code = up.wait()
        assert time.monotonic() - began <= END_S
    assert code == 0
    assert not any(alive(pid) for pid in children)

    up.start()  # a second time, with nothing changed
    up.ready()
    assert "training" not in up.said()
    assert model.stat().st_mtime_ns == made
    assert list((up.home / "models").iterdir()) == [model]

    children = both(up)
    up.kill()  # the supervisor itself: its children do not live on without it
    until(lambda: not any(alive(pid) for pid in children), "the children's end")
    assert get_json(f"{up.url}/healthz")[0] == 0
