"""telemelya, a mock of Telegram written by others, with the two fakes that it stands on.

It lives in an environment of its own, made from ``requirements/telegram-mock.txt``: it shares nothing with the app.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = ROOT / ".motcua" / "env" / "telegram"
REQUIREMENTS = ROOT / "requirements" / "telegram-mock.txt"
KEY = "key-of-the-tests"
_REDIS = "from fakeredis import TcpFakeServer; TcpFakeServer(('127.0.0.1', {}), server_type='redis').serve_forever()"


def mock_python() -> Path:
    """The mock environment's Python; the environment is made or renewed when its requirements changed."""
    python, stamp = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    own_uv = ROOT / ".motcua" / "env" / "tools" / "bin" / "uv"
    uv = str(own_uv) if own_uv.exists() else shutil.which("uv")
    if uv:
        subprocess.run([uv, "venv", "-q", "--clear", "-p", sys.executable, str(ENVIRONMENT)], check=True)
        install = [uv, "pip", "sync", "-q", "--require-hashes", "-p", str(python), str(REQUIREMENTS)]
    else:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(REQUIREMENTS)]
    subprocess.run(install, check=True)
    stamp.write_text(wanted)
    return python


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def process(
    command: Sequence[str | Path], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A child that ends with the block; what it prints goes to ``log``."""
    with log.open("ab") as out:
        child = subprocess.Popen(
            [str(one) for one in command],
            env=dict(environment),
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(8)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_for(ready: Callable[[], bool], what: str, log: Path, patience_s: float = 60.0) -> None:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        with contextlib.suppress(OSError, httpx.HTTPError):
            if ready():
                return
        time.sleep(0.1)
    raise TimeoutError(f"{what} did not start:\n{log.read_text(errors='replace')[-3000:]}")


def listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


@contextlib.contextmanager
def telegram_mock(logs: Path) -> Iterator[str]:
    """A running mock; yields its address."""
    python = mock_python()
    redis, storage, server = free_port(), free_port(), free_port()
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {
        **plain,
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        "MINIO_ENDPOINT": f"127.0.0.1:{storage}",
        "MOCK_SERVER_HOST": "127.0.0.1",
        "MOCK_SERVER_PORT": str(server),
        "AUTH_KEYS": KEY,
    }
    with contextlib.ExitStack() as stack:
        moto = [python.with_name("moto_server"), "-H", "127.0.0.1", "-p", str(storage)]
        stack.enter_context(process([python, "-c", _REDIS.format(redis)], plain, logs / "redis.log"))
        stack.enter_context(process(moto, plain, logs / "moto.log"))
        wait_for(lambda: listens(redis), "fakeredis", logs / "redis.log")
        wait_for(lambda: listens(storage), "moto", logs / "moto.log")
        log = logs / "telemelya.log"
        stack.enter_context(process([python, "-m", "telemelya.server.app"], settings, log))
        wait_for(lambda: listens(server), "telemelya", log)
        yield f"http://127.0.0.1:{server}"
