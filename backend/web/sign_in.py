"""Officers sign in at a browser: ``/sign-in``, the second factor, the first time with an administrator's code."""

from __future__ import annotations

import asyncio
import time
from functools import cache
from typing import Any

import segno
from aiohttp import web

from backend.domain.errors import InvalidInput
from backend.domain.person import read_code
from backend.domain.sign_in import Stage, WebSession
from backend.services.accounts import sign_in
from backend.services.accounts.secrets import hash_password, password_fits
from backend.services.accounts.sign_in import Begun, NotSignedIn
from backend.web.api_keys import DATABASE
from backend.web.browser import (
    SITE,
    asset,
    drop_cookie,
    is_ours,
    page,
    session_at,
    set_cookie,
    signed_in,
    visitor_of,
)

#: Where an officer comes to when no page was asked for; pages that may be asked for begin with one of these.
HOME = "/officer/"
_PLACES = ("/officer", "/console")
_LONGEST = 200
_SAID = {
    "wrong": "Chưa đúng. Anh/chị kiểm tra lại rồi thử lần nữa.",
    "no_device": "Tài khoản này chưa có lớp xác thực thứ hai. Xin quản trị một mã rồi đăng nhập lần đầu.",
    "over": "Phiên đăng nhập đã hết hạn. Mời anh/chị đăng nhập lại.",
    "foreign": "Yêu cầu không đến từ trang này nên không được nhận. Mở lại trang đăng nhập rồi thử lại.",
    "differ": "Hai lần nhập mật khẩu không giống nhau.",
    "incomplete": "Còn ô chưa điền.",
}


def routes() -> list[web.RouteDef]:
    return [
        web.get("/sign-in", show),
        web.post("/sign-in", enter),
        web.get("/sign-in/first", show_first),
        web.post("/sign-in/first", enter_first),
        web.get("/sign-in/second", show_second),
        web.post("/sign-in/second", enter_second),
        web.post("/sign-out", leave),
        web.get(r"/desk/{name:[a-z]+\.(?:css|js)}", asset),
    ]


async def show(request: web.Request) -> web.Response:
    if await signed_in(request) is not None:
        return _go(_next(request))
    return _form(request, "sign_in.html")


async def enter(request: web.Request) -> web.Response:
    form = await _posted(request)
    if form is None:
        return _form(request, "sign_in.html", "foreign", 403)
    name, password = form.get("name", "").strip().lower(), form.get("password", "")
    if not name or not password:
        return _form(request, "sign_in.html", "incomplete", 400, name=name)
    db, visitor = request.app[DATABASE], visitor_of(request)
    kept = await db.read(lambda uow: uow.sign_ins.password_hash(name))
    fits = await asyncio.to_thread(_fits, kept, password)
    begun = await db.write(lambda uow: sign_in.begin(uow, name, fits, visitor))
    return _further(request, begun, "sign_in.html", name=name)


async def show_first(request: web.Request) -> web.Response:
    return _form(request, "sign_in_first.html")


async def enter_first(request: web.Request) -> web.Response:
    form = await _posted(request)
    if form is None:
        return _form(request, "sign_in_first.html", "foreign", 403)
    name, said = form.get("name", "").strip().lower(), form.get("code", "").strip()
    password = form.get("password", "")
    if not (name and said and password):
        return _form(request, "sign_in_first.html", "incomplete", 400, name=name, code=said)
    if password != form.get("again", ""):
        return _form(request, "sign_in_first.html", "differ", 400, name=name, code=said)
    try:
        hashed = await asyncio.to_thread(hash_password, password)
    except InvalidInput as error:
        problem = f"{error.values['reason']}.".capitalize()
        return _form(request, "sign_in_first.html", "", 400, name=name, code=said, problem=problem)
    code, visitor = read_code(said) or "", visitor_of(request)
    begun = await request.app[DATABASE].write(
        lambda uow: sign_in.begin_with_code(uow, name, code, hashed, visitor)
    )
    return _further(request, begun, "sign_in_first.html", name=name)


async def show_second(request: web.Request) -> web.Response:
    held = await session_at(request)
    if held is None:
        return _go("/sign-in?why=over")
    if held.stage is Stage.FULL:
        return _go(_next(request))
    return await _second(request, held)


async def enter_second(request: web.Request) -> web.Response:
    form = await _posted(request)
    if form is None:
        return _form(request, "sign_in.html", "foreign", 403)
    held, site, visitor = await session_at(request), request.app[SITE], visitor_of(request)
    if held is None or held.stage is Stage.FULL:
        return _form(request, "sign_in.html", "over", 401)
    digits = "".join(form.get("digits", "").split())
    wall_s = time.time()
    passed = await request.app[DATABASE].write(
        lambda uow: sign_in.pass_second(uow, held, digits, visitor, site.lasting, wall_s)
    )
    if isinstance(passed, NotSignedIn):
        return await _second(request, held, passed)
    response = _go(_next(request))
    set_cookie(response, site, passed.token)
    return response


async def leave(request: web.Request) -> web.Response:
    if not is_ours(request):
        return _form(request, "sign_in.html", "foreign", 403)
    held = await session_at(request)
    if held is not None:
        await request.app[DATABASE].write(lambda uow: sign_in.sign_out(uow, held))
    response = _go("/sign-in")
    drop_cookie(response, request.app[SITE])
    return response


def _fits(kept: str, password: str) -> bool:
    return password_fits(kept or _nobodys(), password) and bool(kept)


@cache
def _nobodys() -> str:
    """Compared with when there is no such account, so that it takes as long as when there is one."""
    return hash_password("there is nobody here")


async def _posted(request: web.Request) -> dict[str, str] | None:
    """The form's fields, cut short; None when no page of ours sent it."""
    if not is_ours(request):
        return None
    posted = await request.post()
    return {name: str(value)[:_LONGEST] for name, value in posted.items() if isinstance(value, str)}


def _next(request: web.Request) -> str:
    """Where to go afterwards: a page of ours, never another site's."""
    wanted = request.query.get("next", "")
    ours = any(wanted == one or wanted.startswith(f"{one}/") for one in _PLACES)
    return wanted if ours and "\\" not in wanted and "//" not in wanted else HOME


def _form(
    request: web.Request, file: str, why: str = "", status: int = 200, /, **values: Any
) -> web.Response:
    why = why or (request.query.get("why", "") if request.method == "GET" else "")
    given = {
        "office": request.app[SITE].office,
        "problem": _SAID.get(why, ""),
        "next": _next(request),
        **values,
    }
    return page(file, status, **given)


def _further(request: web.Request, begun: Begun | NotSignedIn, file: str, /, **values: Any) -> web.Response:
    if isinstance(begun, NotSignedIn):
        return _refusal(request, begun, file, **values)
    response = _go(f"/sign-in/second?next={_next(request)}")
    set_cookie(response, request.app[SITE], begun.token)
    return response


def _refusal(request: web.Request, refused: NotSignedIn, file: str, /, **values: Any) -> web.Response:
    if refused.until is not None:
        return _form(request, file, "", 429, until=refused.until, **values)
    return _form(request, file, refused.why, 401, **values)


async def _second(request: web.Request, held: WebSession, refused: NotSignedIn | None = None) -> web.Response:
    site = request.app[SITE]
    values: dict[str, Any] = {}
    if held.stage is Stage.DEVICE:
        address, secret = await request.app[DATABASE].read(
            lambda uow: sign_in.device_address(uow, held, site.office)
        )
        groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        values = {"picture": _qr(address), "secret": groups}
    if refused is not None:
        return _refusal(request, refused, "sign_in_second.html", **values)
    return _form(request, "sign_in_second.html", **values)


def _qr(address: str) -> str:
    """A ``data:`` address of the picture; it never stands in a file or an address of its own."""
    return str(
        segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    )


def _go(place: str) -> web.Response:
    return web.Response(status=303, headers={"Location": place, "Cache-Control": "no-store"})
