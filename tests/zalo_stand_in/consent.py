"""Consent and tokens: a refresh token works once, and its use ends the old access token."""

from __future__ import annotations

import base64
import hashlib
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

WRONG_CONSENT, USED = -14003, -14014
NO_TOKEN, OLD_TOKEN = -216, -220


@dataclass
class Consent:
    """``lasts_s``: the life of an access token. ``renewals`` counts pairs that were given for a refresh token."""

    app_id: str
    secret: str
    redirect: str = "https://motcua.example.vn/"
    lasts_s: float = 90_000.0
    access: str = ""
    refresh: str = ""
    until: float = 0.0
    renewals: int = 0
    refused: int = 0
    codes: dict[str, str] = field(default_factory=dict)  # code -> challenge
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def issue(self) -> tuple[str, str]:
        """A new pair; the one before is dead from now on."""
        number = next(self._numbers)
        self.access, self.refresh = f"access-{number}", f"refresh-{number}"
        self.until = time.monotonic() + self.lasts_s
        return self.access, self.refresh

    def judge(self, given: str | None) -> int:
        """0 when this access token works."""
        if not given or given != self.access:
            return NO_TOKEN
        return OLD_TOKEN if time.monotonic() >= self.until else 0

    def expire(self) -> None:
        self.until = time.monotonic()

    def allow(self, app_id: str, redirect: str, challenge: str) -> str:
        """The administrator says yes; returns the code. Raises ValueError."""
        if app_id != self.app_id or redirect != self.redirect or len(challenge) != 43:
            raise ValueError("Invalid redirect uri")
        code = f"code-{next(self._numbers)}"
        self.codes[code] = challenge
        return code

    def exchange(self, secret: str | None, form: dict[str, str]) -> dict[str, Any]:
        """The answer to a request for tokens."""
        if secret != self.secret or form.get("app_id") != self.app_id:
            return _refusal(WRONG_CONSENT, "Invalid app")
        if set(form) == {"app_id", "grant_type", "refresh_token"} and form["grant_type"] == "refresh_token":
            if form["refresh_token"] != self.refresh:
                self.refused += 1
                return _refusal(USED, "Invalid refresh token")
            self.renewals += 1
        elif set(form) == {"app_id", "grant_type", "code", "code_verifier"}:
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            shown = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if len(form["code_verifier"]) != 43 or self.codes.pop(form["code"], "") != shown:
                return _refusal(WRONG_CONSENT, "Invalid code verifier")
        else:
            return _refusal(WRONG_CONSENT, "Invalid grant")
        access, refresh = self.issue()
        return {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": str(max(1, int(self.lasts_s))),
        }


def _refusal(code: int, name: str) -> dict[str, Any]:
    return {"error": code, "error_name": name, "error_description": name, "error_reason": name}
