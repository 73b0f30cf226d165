"""``up``: two children, Rasa and the app. One that ends is started again with growing waits; Ctrl-C ends both."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
#: A child that ran this long is healthy: the next wait starts small again.
HEALTHY_S = 60.0
STOP_S = 3.0
_PR_SET_PDEATHSIG = 1


class PortTaken(RuntimeError):
    """Somebody listens there already."""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None  # None: our own standard error


def check_port(host: str, port: int, setting: str) -> None:
    """Raises PortTaken, with what to do about it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"port {port} on {host} cannot be used ({error.strerror}); set {setting} to another"
            ) from None


def _die_with_parent() -> None:
    """The child gets SIGTERM when the supervisor dies, however it dies (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def supervise(children: Sequence[Child], *, cwd: Path) -> int:
    """Run until told to stop (SIGINT or SIGTERM); both children end within five seconds."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(_keep_running(child, stop, cwd)) for child in children]
    await stop.wait()
    await asyncio.gather(*tasks)
    return 0


async def _keep_running(child: Child, stop: asyncio.Event, cwd: Path) -> None:
    wait_s = FIRST_WAIT_S
    while not stop.is_set():
        began = time.monotonic()
        process = await _start(child, cwd)
        child = replace(child, environment=_without_start(child.environment))
        ended = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set():
            await _end(process)
            return
        if time.monotonic() - began > HEALTHY_S:
            wait_s = FIRST_WAIT_S
        print(
            f"{child.name} ended (exit {process.returncode}); starting it again in {wait_s:g} s",
            file=sys.stderr,
            flush=True,
        )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait_s)
        wait_s = min(LONGEST_WAIT_S, wait_s * 2)


def _without_start(environment: Mapping[str, str]) -> Mapping[str, str]:
    """What is started again does not say how long ago ``up`` was called."""
    return {name: value for name, value in environment.items() if name != "MOTCUA_BEGAN"}


async def _start(child: Child, cwd: Path) -> asyncio.subprocess.Process:
    target: int | None = None
    if child.log is not None:
        child.log.parent.mkdir(parents=True, exist_ok=True)
        target = os.open(child.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return await asyncio.create_subprocess_exec(
            *child.command,
            cwd=cwd,
            env=dict(child.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=target,
            stderr=target,
            preexec_fn=_die_with_parent,
            start_new_session=True,  # Ctrl-C reaches the supervisor only, which ends its children in order
        )
    finally:
        if target is not None:
            os.close(target)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
