"""Pages for officers' browsers: who is signed in, forged requests, headers, templates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

from backend.domain.clock import VIETNAM
from backend.domain.sign_in import Lasting, Stage, WebSession
from backend.services.accounts import sign_in
from backend.services.accounts.sign_in import Visitor
from backend.web.api_keys import DATABASE

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
#: With "no-referrer" a browser hides the origin of its own forms, too.
REFERRER = "same-origin"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "pages"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["local"] = lambda moment, form="%H:%M %d/%m/%Y": moment.astimezone(VIETNAM).strftime(form)
_ASSETS = {path.name: path.read_bytes() for path in (_HERE / "assets").iterdir()}
_TYPES = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Site:
    """What every officers' page needs. ``origin``: scheme and host that browsers know; "" takes the request's."""

    office: str
    lasting: Lasting
    origin: str = ""

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https:")

    @property
    def cookie(self) -> str:
        """A browser takes a ``__Host-`` cookie from this very host alone, and only over TLS."""
        return "__Host-motcua" if self.secure else "motcua_officer"


SITE: web.AppKey[Site] = web.AppKey("officers_site")


def site_of(office: str, lasting: Lasting, public_url: str) -> Site:
    parts = urlsplit(public_url)
    return Site(office, lasting, f"{parts.scheme}://{parts.netloc}" if parts.netloc else "")


def page(file: str, status: int = 200, /, **values: Any) -> web.Response:
    """A rendered page that no cache keeps and no frame shows."""
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": REFERRER,
    }
    text = _PAGES.get_template(file).render(values)
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


async def asset(request: web.Request) -> web.Response:
    body = _ASSETS.get(request.match_info["name"])
    if body is None:
        raise web.HTTPNotFound
    kind = _TYPES[Path(request.match_info["name"]).suffix]
    headers = {"Cache-Control": "public, max-age=300"}
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


def visitor_of(request: web.Request) -> Visitor:
    """Behind a web server of this machine the address is told by it; a stranger's own header does not count."""
    remote = request.remote or ""
    place = request.headers.get("X-Real-IP", remote)[:60] if remote in _LOOPBACK else remote
    return Visitor(place, request.headers.get("User-Agent", ""))


def is_ours(request: web.Request) -> bool:
    """Whether a request that changes something was made by a page of ours: browsers say so, and scripts cannot lie.

    See the Fetch standard on ``Origin`` and ``Sec-Fetch-Site``. A request that says nothing is not taken for ours.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")  # older browsers, and hosts without TLS
    known = request.app[SITE].origin
    return bool(origin) and (origin == known or urlsplit(origin).netloc == request.host)


async def signed_in(request: web.Request, *, active: bool = True) -> WebSession | None:
    """The browser's whole session; None when it must sign in first.

    ``active`` says that a person did something: it puts off the end by rest.
    """
    held = await session_at(request)
    if held is None or held.stage is not Stage.FULL:
        return None
    db = request.app[DATABASE]
    if active and await db.read(lambda uow: sign_in.is_due(held, uow.now)):
        await db.write(lambda uow: sign_in.seen(uow, held))
    return held


async def session_at(request: web.Request) -> WebSession | None:
    """The browser's session at whatever stage."""
    site = request.app[SITE]
    token = request.cookies.get(site.cookie, "")[:100]
    if not token:
        return None
    return await request.app[DATABASE].read(lambda uow: sign_in.session_of(uow, token, site.lasting))


def set_cookie(response: web.StreamResponse, site: Site, token: str) -> None:
    response.set_cookie(
        site.cookie,
        token,
        httponly=True,
        samesite="Strict",
        secure=site.secure,
        path="/",
        max_age=int(site.lasting.most.total_seconds()),
    )


def drop_cookie(response: web.StreamResponse, site: Site) -> None:
    response.del_cookie(site.cookie, path="/", secure=site.secure, httponly=True, samesite="Strict")
