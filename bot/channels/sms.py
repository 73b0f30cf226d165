"""Text messages through the office's own gateway, by a plain HTTP contract that a small adapter can meet.

``POST`` {"to": "0912345678", "text": "…", "brand": "…"} with ``Authorization: Bearer KEY``; 200 {"id": "…"} means
taken.
Every operator's brandname service differs, and none was at hand: the contract is ours (docs/channels.md).
"""

from __future__ import annotations

import asyncio
import unicodedata
from typing import Any

import aiohttp

from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import Outgoing

SEND_S = 10.0
#: Three parts of a long message in the 7-bit alphabet (3 x 153 characters): more costs more than it says.
LONGEST = 459
_LATER_S = 60.0
_REFUSED, _TOO_MANY, _TROUBLE = 400, 429, 500


class SmsSender:
    """``MessageSender`` for text messages. The number is in the message, not in the address."""

    def __init__(self, session: aiohttp.ClientSession, url: str, key: str, brand: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._brand = brand

    async def send(self, _external_id: str, body: Outgoing) -> str:
        """The gateway's id of the message.

        Raises:
            SendFailed: with what the deliverer should do next.
        """
        if not body.phone:
            raise SendFailed("no number", Next.GIVE_UP)
        wanted = {"to": body.phone, "text": plain(body.text), "brand": self._brand}
        try:
            async with (
                asyncio.timeout(SEND_S),
                self._session.post(self._url, json=wanted, headers=self._headers) as answer,
            ):
                return await _taken(answer)
        except TimeoutError:
            raise SendFailed("no answer in time", Next.RETRY) from None
        except aiohttp.ClientError as error:
            raise SendFailed(type(error).__name__, Next.RETRY) from None


async def _taken(answer: aiohttp.ClientResponse) -> str:
    if answer.status == _TOO_MANY:
        raise SendFailed("rate limit", Next.PAUSE, _wait_of(answer.headers.get("Retry-After", "")))
    if answer.status >= _TROUBLE:
        raise SendFailed(f"gateway {answer.status}", Next.RETRY)
    if answer.status >= _REFUSED:
        raise SendFailed(f"gateway refused: {answer.status}", Next.GIVE_UP)
    try:
        told: Any = await answer.json(content_type=None)
    except ValueError:
        return ""  # it was taken; the gateway only did not say under which number
    return str(told.get("id", "")) if isinstance(told, dict) else ""


def _wait_of(header: str) -> float:
    return float(header) if header.isascii() and header.isdigit() else _LATER_S


def plain(text: str) -> str:
    """Without accents and line breaks, at most ``LONGEST`` characters: one accent would halve the room."""
    bare = unicodedata.normalize("NFD", " ".join(text.split())).replace("đ", "d").replace("Đ", "D")
    letters = "".join(one for one in bare if not unicodedata.combining(one))
    short = letters.replace("“", '"').replace("”", '"').replace("–", "-").replace("…", "...")
    short = short.encode("ascii", "ignore").decode()
    return short if len(short) <= LONGEST else short[: LONGEST - 3].rstrip() + "..."
