"""Real processes to measure: Rasa's own server and the app, each started for the benchmark and ended after it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from backend.settings import Settings, read_settings
from bot.cli.language import rasa_command, rasa_environment, train

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, patience_s: float, want: str = "") -> float:
    """Seconds until ``url`` answers 200 (and its body holds ``want``). Raises TimeoutError."""
    began = time.monotonic()
    while time.monotonic() - began < patience_s:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if want in answer.read().decode():
                    return time.monotonic() - began
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise TimeoutError(url)


@contextmanager
def process(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as file:
        child = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=file, stderr=file)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def rasa_server(work: Path) -> Iterator[int]:
    """Rasa with the present model on a free port."""
    settings = read_settings(ROOT)
    port = free_port()
    model = train(settings)
    with process(rasa_command(settings, model, port), rasa_environment(settings), work / "rasa.log"):
        wait_for(f"http://127.0.0.1:{port}/status", 90)
        yield port


@contextmanager
def app_server(work: Path, rasa_port: int, **changes: str) -> Iterator[tuple[int, Settings]]:
    """The app with a database of its own (the demonstration province, unless changed)."""
    port = free_port()
    environment = {
        **os.environ,
        "MOTCUA_HOME": str(work / "home"),
        "MOTCUA_PORT": str(port),
        "MOTCUA_RASA_URL": f"http://127.0.0.1:{rasa_port}",
        "MOTCUA_LOG_LEVEL": "WARNING",
        **changes,
    }
    with process([sys.executable, "-m", "bot", "serve"], environment, work / "app.log"):
        wait_for(f"http://127.0.0.1:{port}/readyz", 120, '"ready"')
        yield port, read_settings(ROOT, environment)
