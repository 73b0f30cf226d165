"""Closed-loop load over HTTP/1.1, light enough not to take the processor from what it measures.

An HTTP client library costs about a millisecond of processor per request, as much as a parse; on a machine of two
cores that would be measured as if it were ours. This speaks just as much HTTP as the two servers answer with:
kept-alive connections and bodies of a told length.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import uvloop

#: Looks at an answer's body; raises when it is not what it should be.
Check = Callable[[bytes], None]


class BadAnswer(Exception):
    """Not 200, or not of a told length."""


@dataclass(frozen=True, slots=True)
class Target:
    port: int
    path: str
    bodies: Sequence[dict[str, Any]]
    check: Check


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._heard = b""
        self._body: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, mark, body = self._heard.partition(b"\r\n\r\n")
        if not mark or self._body is None:
            return
        lines = head.lower().split(b"\r\n")
        length = next((int(one.split(b":")[1]) for one in lines if one.startswith(b"content-length:")), None)
        if b" 200 " not in lines[0] + b" " or length is None:
            self._body.set_exception(BadAnswer(lines[0].decode()))
        elif len(body) >= length:
            self._heard = b""
            self._body.set_result(body)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._body is not None and not self._body.done():
            self._body.set_exception(exc or ConnectionResetError())

    async def post(self, head: str, body: bytes) -> bytes:
        if self._transport is None:
            raise ConnectionError("not connected")
        self._body = asyncio.get_running_loop().create_future()
        self._transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return await self._body

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _head(path: str) -> str:
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


async def _drive(port: int, path: str, callers: int, bodies: Sequence[bytes], check: Check) -> dict[str, Any]:
    head = _head(path)
    numbers = iter(range(len(bodies)))
    times = [0.0] * len(bodies)
    loop = asyncio.get_running_loop()

    async def caller() -> None:
        _transport, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
        for number in numbers:
            began = time.perf_counter()
            answer = await connection.post(head, bodies[number])
            times[number] = time.perf_counter() - began
            check(answer)
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return {"per_s": len(bodies) / (time.perf_counter() - began), **quantiles(times), "times": times}


def drive(
    port: int,
    path: str,
    callers: int,
    bodies: Sequence[dict[str, Any]],
    check: Check,
) -> dict[str, Any]:
    """Each caller sends its next request when it has its answer.

    ``times``: seconds, in the order of ``bodies``.
    """
    encoded = [json.dumps(one, ensure_ascii=False).encode() for one in bodies]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_drive(port, path, callers, encoded, check))


async def _alternate(one: Target, other: Target) -> tuple[dict[str, Any], dict[str, Any]]:
    loop = asyncio.get_running_loop()
    targets = (one, other)
    connections = [
        (await loop.create_connection(_Connection, "127.0.0.1", target.port))[1] for target in targets
    ]
    times: tuple[list[float], list[float]] = ([], [])
    for bodies in zip(one.bodies, other.bodies, strict=True):
        for target, connection, body, took in zip(targets, connections, bodies, times, strict=True):
            began = time.perf_counter()
            answer = await connection.post(_head(target.path), json.dumps(body, ensure_ascii=False).encode())
            took.append(time.perf_counter() - began)
            target.check(answer)
    for connection in connections:
        connection.close()
    first, second = ({"per_s": len(took) / sum(took), **quantiles(took)} for took in times)
    return first, second


def alternate(one: Target, other: Target) -> tuple[dict[str, Any], dict[str, Any]]:
    """One caller asks the two in turn, so that each meets the processor as the other left it."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_alternate(one, other))


def quantiles(times: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    ranked = sorted(times)
    return {
        "p50_ms": 1000 * statistics.median(ranked),
        "p99_ms": 1000 * ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))],
    }
