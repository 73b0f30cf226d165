"""A Rasa for single commands: started when there is none, ended some minutes after its last use."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import aiohttp

from backend.settings import Settings
from bot.app import ROOT
from bot.cli.errors import CommandError
from bot.cli.language import rasa_command, rasa_environment, train

LINGERS_S = 300.0
GOES_S = 15.0


async def lingering_rasa(settings: Settings) -> None:
    """Make sure that a Rasa with today's model answers on the settings' port, and keep it for some minutes more.

    Raises:
        CommandError: another program's Rasa serves an older model there.
    """
    if settings.rasa_url:
        return
    model = await asyncio.to_thread(train, settings)
    _touch(settings)
    served = await _served(settings.rasa_port)
    if served is not None and Path(served).name == model.name:
        return
    if served is not None:
        await _let_go(settings, served)
    subprocess.Popen(  # noqa: ASYNC220 - returns at once: the child is on its own
        [sys.executable, "-m", "bot", "linger", str(model)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def linger(settings: Settings, model: Path) -> int:
    """Run Rasa until nobody has asked for some minutes (the process that ``lingering_rasa`` leaves behind)."""
    log = settings.home / "log" / "rasa.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        rasa = subprocess.Popen(
            rasa_command(settings, model, settings.rasa_port),
            cwd=ROOT,
            env=dict(rasa_environment(settings)),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while rasa.poll() is None and time.time() - _touched(settings) < LINGERS_S:
            time.sleep(1.0)
    finally:
        rasa.terminate()
        rasa.wait(10)
    return 0


def _mark(settings: Settings) -> Path:
    return settings.home / "run" / f"rasa-{settings.rasa_port}.used"


def _touch(settings: Settings) -> None:
    mark = _mark(settings)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    os.utime(mark)


def _touched(settings: Settings) -> float:
    try:
        return _mark(settings).stat().st_mtime
    except FileNotFoundError:
        return 0.0


async def _let_go(settings: Settings, served: str) -> None:
    """Tell the one that lingers with an older model that nobody needs it, and wait until it is gone."""
    _mark(settings).unlink(missing_ok=True)
    until = time.monotonic() + GOES_S
    while await _served(settings.rasa_port) is not None:
        if time.monotonic() > until:
            where = f"port {settings.rasa_port} serves {Path(served).name}"
            raise CommandError(f"the Rasa on {where}, which is not today's model: restart up")
        await asyncio.sleep(0.3)
    _touch(settings)


async def _served(port: int) -> str | None:
    """The file of the model that is served there, "" when it does not say; None when nobody answers."""
    url = f"http://127.0.0.1:{port}/status"
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(url, timeout=aiohttp.ClientTimeout(total=1.0)) as answer,
        ):
            return str((await answer.json()).get("model_file") or "") if answer.status == 200 else ""
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
