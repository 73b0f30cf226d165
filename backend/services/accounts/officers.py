"""Officers' accounts: add, take over from a list, new password, lock. Every change leaves an audit row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, NoReturn

from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.domain.scope import ROLES, Reach, reach_of
from backend.services.accounts.secrets import hash_password

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,59}")
#: Roles that no list may give, whoever drops it somewhere: they open accounts, and what is sealed.
BY_COMMAND = frozenset({"administrator", "inspector"})
_CHANGEABLE = ("full_name", "roles", "agency_id", "title", "fields", "block")


def add_officer(
    uow: UnitOfWork,
    actor: str,
    name: str,
    password: str,
    *,
    roles: Sequence[str],
    full_name: str = "",
    agency_code: str = "",
    title: str = "",
    fields: Sequence[str] = (),
    block: Sequence[str] = (),
) -> Account:
    """A new account that can log in at once.

    Raises:
        InvalidInput: name, role or password cannot be used. NotFound: no such agency. Conflict: name taken.
    """
    agency_id = None
    if agency_code:
        agency = uow.agencies.by_code(agency_code)
        if agency is None:
            raise NotFound(f"no agency {agency_code}")
        agency_id = agency.id
    account = Account(
        name, full_name or name, frozenset(roles), agency_id, title, tuple(fields), tuple(block)
    )
    _check(uow, account)
    if uow.accounts.by_name(name) is not None:
        raise Conflict(f"account {name} exists already")
    uow.accounts.add(account, hash_password(password), uow.now)
    detail = {"roles": sorted(account.roles), "agency": agency_code}
    uow.audit.record(actor, "account_added", f"account:{name}", "ok", detail)
    return account


def take_over(uow: UnitOfWork, actor: str, wanted: Account) -> Literal["created", "changed", "unchanged"]:
    """Add or change an account as the office's list has it. A new one has no password: it opens nothing yet.

    Raises:
        InvalidInput: as ``add_officer``, or a role is given that only a command may give. NotFound: no such agency.
    """
    known = uow.accounts.by_name(wanted.name)
    _check(uow, wanted)
    given = wanted.roles - (known.roles if known is not None else frozenset())
    if given & BY_COMMAND:
        names = ", ".join(sorted(given & BY_COMMAND))
        _refuse("roles", f"role {names}: by command only", f"vai trò {names} chỉ được giao bằng lệnh")
    about = f"account:{wanted.name}"
    if known is None:
        uow.accounts.add(wanted, "", uow.now)
        uow.audit.record(actor, "account_added", about, "ok", {"roles": sorted(wanted.roles)})
        return "created"
    columns = [name for name in _CHANGEABLE if getattr(known, name) != getattr(wanted, name)]
    if columns:
        uow.accounts.change(wanted)
        detail: dict[str, Any] = {"columns": columns}
        if "roles" in columns:
            detail |= {"from": sorted(known.roles), "to": sorted(wanted.roles)}
        uow.audit.record(actor, "account_changed", about, "ok", detail)
    if known.active != wanted.active:
        set_active(uow, actor, wanted.name, wanted.active)
    return "changed" if columns or known.active != wanted.active else "unchanged"


def set_password(uow: UnitOfWork, actor: str, name: str, password: str) -> None:
    """Raises NotFound, or InvalidInput for a password that is too short."""
    if not uow.accounts.set_password(name, hash_password(password)):
        _nobody(name)
    uow.audit.record(actor, "password_set", f"account:{name}", "ok")


def set_active(uow: UnitOfWork, actor: str, name: str, active: bool) -> None:
    """A locked account keeps its history but opens nothing. Raises NotFound."""
    if not uow.accounts.set_active(name, active):
        _nobody(name)
    uow.audit.record(actor, "account_unlocked" if active else "account_locked", f"account:{name}", "ok")


def _check(uow: UnitOfWork, account: Account) -> None:
    """Raises InvalidInput (``about`` is the column) and NotFound."""
    if not _NAME.fullmatch(account.name):
        _refuse(
            "name",
            "name: 2 to 60 of a-z 0-9 . _ - and a letter first",
            "tên đăng nhập gồm 2 đến 60 ký tự a-z 0-9 . _ - và bắt đầu bằng chữ",
        )
    unknown = ", ".join(sorted(account.roles - set(ROLES)))
    if unknown or not account.roles:
        _refuse("roles", f"role {unknown or 'missing'}: one of {', '.join(ROLES)}", "vai trò không có")
    for code in account.block:
        if uow.agencies.by_code(code) is None:
            raise NotFound(f"no agency {code}")
    reach = reach_of(account.roles)
    if reach is Reach.AGENCY and account.agency_id is None:
        _refuse(
            "agency_id",
            "these roles see their own agency: say which (--agency)",
            "vai trò này cần ghi cơ quan",
        )
    if reach is Reach.BLOCK and not (account.fields or account.block):
        _refuse(
            "fields",
            "these roles see the fields and agencies they follow: name them (--field, --follows)",
            "vai trò này cần ghi lĩnh vực hoặc cơ quan theo dõi",
        )


def _refuse(about: str, message: str, reason: str) -> NoReturn:
    raise InvalidInput(message, about=about, reason=reason)


def _nobody(name: str) -> NoReturn:
    raise NotFound(f"no account {name}")
