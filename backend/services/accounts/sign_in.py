"""Signing in at a browser: password, then digits of an authenticator (RFC 6238); both counted when wrong.

Refusals are results, not exceptions: their counters and audit rows must stay. Hashing a password takes tenths of a
second on purpose, so that callers do it outside of any transaction.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp

from backend.domain.ports import UnitOfWork
from backend.domain.sign_in import (
    HALF_WAY,
    WRONG_EVERYWHERE,
    WRONG_FROM,
    WRONG_HERE,
    Lasting,
    Stage,
    WebSession,
)
from backend.services.accounts.secrets import key_hash

_CODE_PURPOSE, _ASKER_PURPOSE = "officer_code", "sign_in"
_STEP_S = 30
_AGENT = 120
#: A person who is busy makes no request for a moment; noting each of them would be a write per message.
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from: the network address, and what the browser calls itself."""

    place: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """``token`` is for the browser's cookie alone."""

    token: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """``why``: wrong, blocked (``until``), no_device, over."""

    why: str
    until: datetime | None = None


def begin(uow: UnitOfWork, name: str, fits: bool, visitor: Visitor) -> Begun | NotSignedIn:
    """``fits``: whether the password was the account's. An account without a second factor gets no further."""
    if (stopped := _blocked(uow, name, visitor)) is not None:
        return stopped
    if not fits:
        return _wrong(uow, name, visitor, "password")
    if not uow.sign_ins.secret(name):
        uow.audit.record("visitor", "sign_in", f"account:{name}", "no_device")
        return NotSignedIn("no_device")
    return _session(uow, name, Stage.CODE, visitor)


def begin_with_code(
    uow: UnitOfWork, name: str, code: str, password_hash: str, visitor: Visitor
) -> Begun | NotSignedIn:
    """The first time, or after a lost telephone: an administrator's code opens the way to a new password and device.

    Every browser that is still signed in is signed out.
    """
    if (stopped := _blocked(uow, name, visitor)) is not None:
        return stopped
    if uow.officers.take_code(uow.cipher.fingerprint(code, _CODE_PURPOSE), uow.now, name) is None:
        return _wrong(uow, name, visitor, "code")
    uow.accounts.set_password(name, password_hash)
    uow.sign_ins.end_all(name, uow.now)
    uow.audit.record(f"account:{name}", "password_set", f"account:{name}", "ok")
    begun = _session(uow, name, Stage.DEVICE, visitor)
    held = uow.sign_ins.session(key_hash(begun.token), uow.now)
    assert held is not None
    uow.sign_ins.offer_secret(held.id, pyotp.random_base32())
    return begun


def device_address(uow: UnitOfWork, held: WebSession, office: str) -> tuple[str, str]:
    """What the authenticator is to be told: the ``otpauth:`` address of the QR picture, and the bare secret."""
    secret = uow.sign_ins.offered_secret(held.id)
    return pyotp.TOTP(secret).provisioning_uri(name=held.account, issuer_name=office), secret


def pass_second(
    uow: UnitOfWork, held: WebSession, digits: str, visitor: Visitor, lasting: Lasting, wall_s: float
) -> Begun | NotSignedIn:
    """Digits of this moment, or of a step before or after it (clocks differ); each counts once.

    ``wall_s``: seconds since 1970 as the officer's telephone counts them, which knows nothing of a set clock.
    """
    if (stopped := _blocked(uow, held.account, visitor)) is not None:
        return stopped
    setting_up = held.stage is Stage.DEVICE
    secret = uow.sign_ins.offered_secret(held.id) if setting_up else uow.sign_ins.secret(held.account)
    step = _step_of(secret, digits, wall_s)
    if step is None or not (setting_up or uow.sign_ins.use_step(held.account, step)):
        return _wrong(uow, held.account, visitor, "digits")
    if setting_up:
        uow.sign_ins.keep_secret(held.account, secret, step, uow.now)
        uow.audit.record(f"account:{held.account}", "device_set", f"account:{held.account}", "ok")
    token = secrets.token_urlsafe(32)
    uow.sign_ins.advance(held.id, key_hash(token), uow.now, uow.now + lasting.most)
    uow.audit.record(f"account:{held.account}", "signed_in", f"session:{held.id}", "ok")
    return Begun(token, Stage.FULL)


def session_of(uow: UnitOfWork, token: str, lasting: Lasting) -> WebSession | None:
    """The browser with this token, at whatever stage; None when it was never there, ended, or sat idle too long."""
    held = uow.sign_ins.session(key_hash(token), uow.now) if token else None
    if held is None or (held.stage is Stage.FULL and uow.now - held.seen_at > lasting.idle):
        return None
    return held


def seen(uow: UnitOfWork, held: WebSession) -> None:
    """The person did something: the time of rest begins anew."""
    uow.sign_ins.touch(held.id, uow.now)


def is_due(held: WebSession, now: datetime) -> bool:
    """Whether ``seen`` is worth a write."""
    return now - held.seen_at >= _NOTED_EVERY


def sign_out(uow: UnitOfWork, held: WebSession) -> None:
    if uow.sign_ins.end(held.id, uow.now):
        uow.audit.record(f"account:{held.account}", "signed_out", f"session:{held.id}", "ok")


def sign_out_all(uow: UnitOfWork, actor: str, name: str) -> int:
    """Every browser of this account, at once. Raises NotFound."""
    count = uow.sign_ins.end_all(name, uow.now)
    uow.audit.record(actor, "signed_out", f"account:{name}", "ok", {"browsers": count})
    return count


def _session(uow: UnitOfWork, name: str, stage: Stage, visitor: Visitor) -> Begun:
    token = secrets.token_urlsafe(32)
    agent = visitor.agent[:_AGENT]
    uow.sign_ins.begin(key_hash(token), name, stage, agent, uow.now, uow.now + HALF_WAY)
    return Begun(token, stage)


def _step_of(secret: str, digits: str, wall_s: float) -> int | None:
    """The 30-second step whose digits these are, around that moment."""
    if not secret or not (digits.isascii() and digits.isdigit()):
        return None
    step = int(wall_s) // _STEP_S
    totp = pyotp.TOTP(secret)
    for near in (step, step - 1, step + 1):
        if secrets.compare_digest(totp.at(near * _STEP_S), digits):
            return near
    return None


def _askers(uow: UnitOfWork, name: str, visitor: Visitor) -> tuple[tuple[str, int], ...]:
    places = (
        (f"{name}\0{visitor.place}", WRONG_HERE),
        (name, WRONG_EVERYWHERE),
        (f"\0{visitor.place}", WRONG_FROM),
    )
    return tuple((uow.cipher.fingerprint(one, _ASKER_PURPOSE), most) for one, most in places)


def _blocked(uow: UnitOfWork, name: str, visitor: Visitor) -> NotSignedIn | None:
    if any(uow.guesses.used(asker) >= most for asker, most in _askers(uow, name, visitor)):
        return NotSignedIn("blocked", uow.guesses.window_end())
    return None


def _wrong(uow: UnitOfWork, name: str, visitor: Visitor, which: str) -> NotSignedIn:
    for asker, _most in _askers(uow, name, visitor):
        uow.guesses.count_wrong(asker)
    known = uow.accounts.by_name(name) is not None
    uow.audit.record("visitor", "sign_in", f"account:{name if known else '?'}", "wrong", {"which": which})
    return NotSignedIn("wrong")
