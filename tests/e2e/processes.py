"""Real processes that tests kill, stop and start again: Rasa, the app, and ``up`` with both below it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.settings import Settings, dotenv, read_settings
from benchmarks.servers import free_port
from bot.app import ROOT
from bot.cli.language import model_file, rasa_command, rasa_environment, train

#: Two cores that do other things, too: patience is long, because nothing here measures speed.
PATIENCE_S = 120.0


def plain_environment(**changes: str) -> dict[str, str]:
    """This process's environment without the settings of whoever runs the tests, here or in ``.env``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return {**kept, **dict.fromkeys(dotenv(ROOT / ".env"), ""), **changes}


def until(condition: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """What the condition returned once it was true. Raises TimeoutError."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if result := condition():
                return result
        time.sleep(0.1)
    raise TimeoutError(what)


def get_json(url: str) -> tuple[int, dict[str, Any]]:
    """Status and body; (0, {}) when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"{}")
    except OSError:
        return 0, {}


def children_of(pid: int) -> dict[int, str]:
    """Process ids and command lines of the direct children (Linux)."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it ended while we looked
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == pid:
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    found[int(folder.name)] = b" ".join(words).decode(errors="replace")
    return found


def alive(pid: int) -> bool:
    """True while it runs; a zombie does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Child:
    """A process of ours with its log; started, killed and started again with the same command."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.command = list(command)
        self.environment = dict(environment)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """As the power cut does: without a word."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def wait(self, patience_s: float = PATIENCE_S) -> int:
        assert self._process is not None
        return self._process.wait(patience_s)

    def stop(self) -> None:
        """End it in good order, if it runs."""
        if not self.running:
            return
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


class Rasa(Child):
    """Rasa's own server with the trained model, always on the same port."""

    def __init__(self, folder: Path) -> None:
        settings = read_settings(ROOT)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = rasa_command(settings, train(settings), self.port)
        super().__init__(command, rasa_environment(settings), folder / "rasa.log")

    def answers(self) -> bool:
        return get_json(f"{self.url}/status")[0] == 200

    def ensure(self) -> Rasa:
        """Running and answering, whatever the test before did to it."""
        if self.running:
            self.signal(signal.SIGCONT)
        else:
            self.start()
        until(self.answers, f"Rasa: {self.said()[-2000:]}")
        return self


class App(Child):
    """``serve`` on a port of its own."""

    def __init__(self, home: Path, rasa_url: str, **changes: str) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        scratch = home / "scratch"  # temporary files of the app, so that tests can look at them, too
        scratch.mkdir(parents=True, exist_ok=True)
        environment = plain_environment(
            MOTCUA_HOME=str(home),
            MOTCUA_PORT=str(self.port),
            MOTCUA_RASA_URL=rasa_url,
            TMPDIR=str(scratch),
            **changes,
        )
        super().__init__([sys.executable, "-m", "bot", "serve"], environment, home / "log" / "app.log")

    @property
    def settings(self) -> Settings:
        return read_settings(ROOT, self.environment)

    def state(self) -> str:
        """As /readyz tells it; "" when it does not answer."""
        return str(get_json(f"{self.url}/readyz")[1].get("status", ""))

    def ready(self, state: str = "ready") -> App:
        until(lambda: self.state() == state, f"{state!r}: {self.said()[-3000:]}")
        return self


class Up(Child):
    """``up``: the supervisor, with Rasa and the app as its children, in a home of its own."""

    def __init__(self, home: Path, **changes: str) -> None:
        self.home = home
        self.port, self.rasa_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = plain_environment(
            MOTCUA_HOME=str(home), MOTCUA_PORT=str(self.port), MOTCUA_RASA_PORT=str(self.rasa_port), **changes
        )
        super().__init__([sys.executable, "-m", "bot", "up"], environment, home / "log" / "up.log")

    @property
    def settings(self) -> Settings:
        return read_settings(ROOT, self.environment)

    def child(self, words: str) -> int:
        """The id of the child whose command has these words; 0 while there is none."""
        found = (pid for pid, command in children_of(self.pid).items() if words in command)
        return next(found, 0)

    @property
    def app_pid(self) -> int:
        return self.child("bot serve")

    @property
    def rasa_pid(self) -> int:
        return self.child("rasa run")

    def state(self) -> str:
        return str(get_json(f"{self.url}/readyz")[1].get("status", ""))

    def ready(self, state: str = "ready") -> Up:
        until(lambda: self.state() == state, f"{state!r}: {self.said()[-3000:]}")
        return self


def lend_language(home: Path) -> Path:
    """The trained model and Rasa's environment for a home of a test; returns the model's file there."""
    ours = read_settings(ROOT)
    model = train(ours)
    theirs = read_settings(ROOT, plain_environment(MOTCUA_HOME=str(home)))
    there = model_file(theirs)
    there.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(model, there)
    (home / "env").symlink_to(ours.home / "env")
    return there
