"""``admin zalo``: the office's consent to speak for its Official Account, and how it stands. No token is ever shown."""

from __future__ import annotations

import asyncio
import getpass
import secrets
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qs, urlsplit

import typer

from backend.domain.clock import VIETNAM
from backend.domain.messaging import ChannelName
from backend.domain.tokens import TokenPair, Tokens
from backend.settings import ZaloSettings
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork

zalo = typer.Typer(no_args_is_help=True, help="The Zalo Official Account: consent, tokens, state.")
_CHANNEL = ChannelName.ZALO
_LONGEST_TOKEN = 4000


def _account() -> ZaloSettings:
    found = present_settings().zalo
    if not found.app_id:
        raise CommandError(
            "Zalo is not set up: MOTCUA_ZALO_APP_ID, _APP_SECRET and _OA_ID (docs/channels.md)"
        )
    return found


@zalo.command("authorise")
def zalo_authorise(
    redirect: Annotated[
        str, typer.Option(help="as declared at oa.zalo.me; MOTCUA_PUBLIC_URL/ if left out")
    ] = "",
) -> None:
    """Print the address where the account's administrator says yes; the code comes back to the redirect address."""
    from bot.channels.zalo.oauth import new_verifier, permission_url

    account, public = _account(), present_settings().public_url
    redirect = redirect or (f"{public}/" if public else "")
    if not redirect.startswith("https://"):
        raise CommandError(
            "--redirect https://… is needed (or MOTCUA_PUBLIC_URL), the same as declared at oa.zalo.me"
        )
    verifier = new_verifier()
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: uow.tokens.begin(_CHANNEL, account.oa_id, verifier, uow.now))
    print(
        "open this as the account's administrator, then type ./motcua admin zalo code CODE:", file=sys.stderr
    )
    print(permission_url(account.app_id, redirect, verifier, secrets.token_urlsafe(9), account.oauth))


@zalo.command("code")
def zalo_code(
    code: Annotated[str, typer.Argument(help="the code, or the whole address that the browser was sent to")],
) -> None:
    """Exchange the code for tokens; it works once, for ten minutes after the consent."""
    account = _account()
    if "://" in code:
        code = parse_qs(urlsplit(code).query).get("code", [""])[0]
    if not code.strip():
        raise CommandError("there is no code in it")
    with opened_store(present_settings()) as db:
        verifier = db.write_now(lambda uow: uow.tokens.take_verifier(_CHANNEL, account.oa_id))
        if verifier is None:
            raise CommandError("no consent was begun, or its code was used: ./motcua admin zalo authorise")
        pair = asyncio.run(_exchange(account, code.strip(), verifier))
        generation = db.write_now(lambda uow: _put(uow, account.oa_id, pair))
    print(f"{account.oa_id}: tokens kept (generation {generation}), renewed by themselves from now on")


async def _exchange(account: ZaloSettings, code: str, verifier: str) -> TokenPair:
    import aiohttp

    from bot.channels.zalo.answers import Silent
    from bot.channels.zalo.oauth import ConsentRefused, ZaloOauth

    async with aiohttp.ClientSession(trust_env=True) as session:
        oauth = ZaloOauth(session, account.app_id, account.app_secret, account.oauth)
        try:
            return await oauth.by_code(code, verifier)
        except ConsentRefused as refusal:
            raise CommandError(
                f"Zalo: {refusal.reason}; begin again: ./motcua admin zalo authorise"
            ) from None
        except Silent:
            raise CommandError("Zalo does not answer; begin again: ./motcua admin zalo authorise") from None


@zalo.command("tokens")
def zalo_tokens(
    expires_in: Annotated[
        int, typer.Option(min=60, max=90 * 86400, help="seconds that the access token still lasts")
    ] = 3600,
) -> None:
    """Enter a pair of tokens: asked for, or two lines on standard input (access token, refresh token)."""
    account = _account()
    access, refresh = _typed("Access token: "), _typed("Refresh token: ")
    if not access or not refresh or max(len(access), len(refresh)) > _LONGEST_TOKEN:
        raise CommandError("two tokens are needed, one a line; nothing was changed")
    with opened_store(present_settings()) as db:
        pair = TokenPair(access, refresh, expires_in)
        generation = db.write_now(lambda uow: _put(uow, account.oa_id, pair))
    print(f"{account.oa_id}: tokens kept (generation {generation})")


def _typed(prompt: str) -> str:
    return (getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()


def _put(uow: SqlUnitOfWork, oa_id: str, pair: TokenPair) -> int:
    generation = uow.tokens.put(_CHANNEL, oa_id, pair, uow.now)
    uow.audit.record(shell_actor(), "zalo_consent", f"oa:{oa_id}", "ok", {"generation": generation})
    return generation


@zalo.command("status")
def zalo_status() -> None:
    """What is set up, and how the tokens stand."""
    account = _account()
    with opened_store(present_settings()) as db:
        kept = db.read_now(lambda uow: uow.tokens.get(_CHANNEL, account.oa_id))
        now: datetime = db.read_now(lambda uow: uow.now)
    print(f"account     {account.oa_id}  app {account.app_id}")
    print(f"secret key  {'set' if account.oa_secret else 'MISSING: every event is refused'}")
    print(f"tokens      {token_state(kept, now)}")
    if kept is not None and kept.expires_at is not None:
        print(
            f"generation  {kept.generation}, issued {_at(kept.issued_at)}, access until {_at(kept.expires_at)}"
        )


def token_state(kept: Tokens | None, now: datetime) -> str:
    """One line for a person."""
    if kept is None or (kept.needs_consent and not kept.refused):
        return "NONE: ./motcua admin zalo authorise"
    if kept.refused:
        return f"CONSENT NEEDED AGAIN: {kept.refused}; nothing is sent and nothing lost until then"
    return "to be renewed" if kept.renew_at is not None and kept.renew_at <= now else "good"


def _at(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M") if moment else "-"
