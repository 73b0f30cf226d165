"""Who may come to the web page. The door for everybody; the one for officers is ``bot/officers.py``."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Protocol

from aiohttp import web

from backend.domain.messaging import Address, ChannelName
from bot.channels.rest import hashed

_PAGE = Path(__file__).parent / "web_assets" / "chat.html"
_STARTERS = ("Hồ sơ của tôi tới đâu?", "Thủ tục cần giấy tờ gì?", "Lịch tiếp công dân")


class Door(Protocol):
    """``base`` is the path before the page; ``frames`` and ``forms`` complete its Content-Security-Policy.

    ``referrer`` is its Referrer-Policy.
    """

    base: str
    frames: str
    forms: str
    referrer: str

    async def page(self, request: web.Request) -> str:
        """The page's text. Raises a redirect for who must sign in first."""

    async def begin(self, request: web.Request) -> tuple[str, Address]:
        """A new page asks for its token. Raises BadRequest."""

    async def address(self, request: web.Request, token: str, *, active: bool = True) -> Address:
        """Whose conversation this is; ``active``: a person did something. Raises BadRequest."""

    async def open(self, request: web.Request) -> bool:
        """Whether who reads along may still do so."""


class EverybodysDoor:
    """The visitor holds a random token; the conversation is kept under its hash."""

    base, frames, forms, referrer = "", "*", "'none'", "no-referrer"

    def __init__(self, office: str) -> None:
        self._text = filled(office=office, door="", starters=_STARTERS)

    async def page(self, request: web.Request) -> str:
        return self._text

    async def begin(self, request: web.Request) -> tuple[str, Address]:
        token = secrets.token_urlsafe(24)
        return token, address_of(token)

    async def address(self, request: web.Request, token: str, *, active: bool = True) -> Address:
        return address_of(token)

    async def open(self, request: web.Request) -> bool:
        return True


def address_of(token: str) -> Address:
    return Address(ChannelName.WEB, "default", hashed("web session", token)[:40])


def filled(*, office: str, door: str, starters: tuple[str, ...], leave: str = "") -> str:
    """The page's text; ``leave`` is markup, everything else is words."""
    items = "\n".join(
        f'          <li><button type="button" class="chip">{escape(one)}</button></li>' for one in starters
    )
    values: Mapping[str, str] = {
        "office": escape(office), "door": escape(door), "starters": items.strip(), "leave": leave
    }  # fmt: skip
    text = _PAGE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{{ {name} }}}}", value)
    return text
