"""The officers' door of the web page: who signed in with two factors, and nobody else."""

from __future__ import annotations

from aiohttp import web

from backend.domain.messaging import OFFICERS_ROOM, Address, ChannelName
from backend.web.browser import REFERRER, is_ours, signed_in
from bot.channels.doors import filled
from bot.channels.rest import BadRequest

_STARTERS = (
    "Đơn vị nào đang trễ nhiệm vụ?",
    "Tuần này có việc gì đến hạn?",
    "Hồ sơ nào sắp trễ hẹn?",
    "Số liệu tháng này",
)
_SIGN_OUT = (
    '<form class="leave" method="post" action="/sign-out"><button type="submit">Đăng xuất</button></form>'
)


class OfficersDoor:
    """The browser's cookie says who it is; the page's own token says nothing. One conversation for each account."""

    base, frames, forms, referrer = "/officer", "'none'", "'self'", REFERRER

    def __init__(self, office: str) -> None:
        self._text = filled(office=office, door=OFFICERS_ROOM, starters=_STARTERS, leave=_SIGN_OUT)

    async def page(self, request: web.Request) -> str:
        if await signed_in(request) is None:
            raise web.HTTPSeeOther(f"/sign-in?next={self.base}/")
        return self._text

    async def begin(self, request: web.Request) -> tuple[str, Address]:
        return OFFICERS_ROOM, await self.address(request, OFFICERS_ROOM)

    async def address(self, request: web.Request, token: str, *, active: bool = True) -> Address:
        if request.method == "POST" and not is_ours(request):
            raise BadRequest("Yêu cầu không đến từ trang này nên không được nhận.", 403)
        held = await signed_in(request, active=active)
        if held is None:
            raise BadRequest("Phiên đăng nhập đã hết, mời anh/chị đăng nhập lại.", 401)
        return Address(ChannelName.WEB, OFFICERS_ROOM, held.account)

    async def open(self, request: web.Request) -> bool:
        return await signed_in(request, active=False) is not None
