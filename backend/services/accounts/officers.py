"""Officers' accounts: add, list, new password, lock. Every change leaves an audit row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NoReturn

from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.domain.scope import ROLES, Reach, reach_of
from backend.services.accounts.secrets import hash_password

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,59}")


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
    if not _NAME.fullmatch(name):
        raise InvalidInput("name: 2 to 60 of a-z 0-9 . _ - and a letter first")
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        raise InvalidInput(f"role {', '.join(unknown) or 'missing'}: one of {', '.join(ROLES)}")
    agency_id = None
    if agency_code:
        agency = uow.agencies.by_code(agency_code)
        if agency is None:
            raise NotFound(f"no agency {agency_code}")
        agency_id = agency.id
    for code in block:
        if uow.agencies.by_code(code) is None:
            raise NotFound(f"no agency {code}")
    reach = reach_of(roles)
    if reach is Reach.AGENCY and agency_id is None:
        raise InvalidInput("these roles see their own agency: say which (--agency)")
    if reach is Reach.BLOCK and not (fields or block):
        raise InvalidInput(
            "these roles see the fields and agencies they follow: name them (--field, --follows)"
        )
    if uow.accounts.by_name(name) is not None:
        raise Conflict(f"account {name} exists already")
    account = Account(
        name, full_name or name, frozenset(roles), agency_id, title, tuple(fields), tuple(block)
    )
    uow.accounts.add(account, hash_password(password), uow.now)
    detail = {"roles": sorted(account.roles), "agency": agency_code}
    uow.audit.record(actor, "account_added", f"account:{name}", "ok", detail)
    return account


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


def _nobody(name: str) -> NoReturn:
    raise NotFound(f"no account {name}")
