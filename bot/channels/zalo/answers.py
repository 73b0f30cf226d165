"""One request to Zalo and what can come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import aiohttp


class Silent(Exception):
    """No answer that could be read. ``asked``: the request may have reached Zalo and been carried out."""

    def __init__(self, *, asked: bool) -> None:
        super().__init__("no answer")
        self.asked = asked


class NoConsent(Exception):
    """There is no token that can be renewed: a person has to consent (again). ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """``error`` 0: all is well. Zalo's own sentence is not kept: it may repeat what a person wrote."""

    error: int
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        found = self.body.get("data")
        return found if isinstance(found, dict) else {}

    def word(self, name: str) -> str:
        """A text or number in ``data``, as text; empty when it is missing."""
        return as_word(self.data.get(name))


def as_word(found: Any) -> str:
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


async def ask(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str], timeout_s: float, **body: Any
) -> Answer:
    """POST and read the answer.

    Raises:
        Silent: Zalo is out of reach, or said nothing that can be read.
    """
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with session.post(
            url, headers=headers, timeout=timeout, allow_redirects=False, **body
        ) as answer:
            raw, status = await answer.read(), answer.status
    except aiohttp.ClientConnectorError:
        raise Silent(asked=False) from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise Silent(asked=True) from None
    return _read(raw, status)


def _read(raw: bytes, status: int) -> Answer:
    if status == 429:  # not documented; the documented way is error -32
        return Answer(-32, {})
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    code = body.get("error", 0) if isinstance(body, dict) else None
    told = str(code).strip()
    if not isinstance(body, dict) or not told.lstrip("-").isdigit() or status >= 500:
        raise Silent(asked=True)
    return Answer(int(told), body)
