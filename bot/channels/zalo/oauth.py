"""Consent and renewal of access: OAuth with PKCE, as Zalo has it."""

from __future__ import annotations

import base64
import hashlib
import secrets
from urllib.parse import urlencode

import aiohttp

from backend.domain.tokens import TokenPair
from bot.channels.zalo.answers import Answer, Silent, as_word, ask

OFFICIAL = "https://oauth.zaloapp.com"
ANSWER_S = 10.0
#: Where the answer does not say how long the token lasts, in seconds.
UNTOLD_S = 3600
_RATE_LIMIT = -32


class ConsentRefused(Exception):
    """Zalo gives no tokens for this code or refresh token: a person has to consent again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def new_verifier() -> str:
    """43 characters that only we know until the code is exchanged."""
    return secrets.token_urlsafe(32)


def challenge(verifier: str) -> str:
    """What of the verifier is shown before (S256, base64url without padding)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class ZaloOauth:
    """``secret``: the app's secret (not the account's secret key). ``base`` empty: the official address."""

    def __init__(self, session: aiohttp.ClientSession, app_id: str, secret: str, base: str = "") -> None:
        self._session = session
        self._app_id = app_id
        self._secret = secret
        self._base = base or OFFICIAL

    async def by_code(self, code: str, verifier: str) -> TokenPair:
        """Tokens for a code that the administrator's browser brought back; it works once, for 10 minutes.

        Raises:
            ConsentRefused: not this code, or not this verifier.
            Silent: no answer.
        """
        given = {"code": code, "code_verifier": verifier, "grant_type": "authorization_code"}
        return await self._tokens(given)

    async def by_refresh(self, refresh: str) -> TokenPair:
        """A new pair; the one before is dead as soon as Zalo has answered. Raises as ``by_code``."""
        return await self._tokens({"refresh_token": refresh, "grant_type": "refresh_token"})

    async def _tokens(self, given: dict[str, str]) -> TokenPair:
        answer = await ask(
            self._session,
            f"{self._base}/v4/oa/access_token",
            {"secret_key": self._secret},
            ANSWER_S,
            data={"app_id": self._app_id, **given},
        )
        if answer.error == _RATE_LIMIT:
            raise Silent(asked=False)
        if answer.error:
            raise ConsentRefused(f"refused ({answer.error})")
        return _pair(answer)


def permission_url(app_id: str, redirect: str, verifier: str, state: str, base: str = "") -> str:
    """Where the administrator of the account says yes."""
    asked = {
        "app_id": app_id,
        "redirect_uri": redirect,
        "code_challenge": challenge(verifier),
        "state": state,
    }
    return f"{base or OFFICIAL}/v4/oa/permission?{urlencode(asked)}"


def _pair(answer: Answer) -> TokenPair:
    """The tokens stand at the top of the answer; ``expires_in`` is text."""
    access, refresh = (as_word(answer.body.get(name)) for name in ("access_token", "refresh_token"))
    if not access or not refresh:
        raise ConsentRefused("no tokens in the answer")
    lasts = as_word(answer.body.get("expires_in"))
    seconds = int(lasts) if lasts.isascii() and lasts.isdigit() and len(lasts) < 9 else UNTOLD_S
    return TokenPair(access, refresh, max(1, seconds))
