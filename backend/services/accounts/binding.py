"""A messenger speaks for an officer once they typed a code that an administrator gave them; and dated delegation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.domain.errors import InvalidInput, NotFound
from backend.domain.messaging import Address
from backend.domain.officer import OFFICER_CODE_LASTS, Delegation
from backend.domain.person import REACHING, new_code
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer

_PURPOSE = "officer_code"


@dataclass(frozen=True, slots=True)
class OfficerCode:
    """To be told to the officer in person; it is kept as a keyed hash only. ``until`` is aware."""

    code: str
    until: datetime


def give_code(uow: UnitOfWork, actor: str, name: str) -> OfficerCode:
    """A code for one messenger of this account; one given before and not used is void.

    Raises:
        NotFound: no such account. InvalidInput: it is locked.
    """
    account = uow.accounts.by_name(name)
    if account is None:
        raise NotFound(f"no account {name}")
    if not account.active:
        raise InvalidInput(f"account {name} is locked")
    code, until = new_code(), uow.now + OFFICER_CODE_LASTS
    uow.officers.add_code(uow.cipher.fingerprint(code, _PURPOSE), name, actor, uow.now, until)
    uow.audit.record(actor, "officer_code", f"account:{name}", "ok")
    return OfficerCode(code, until)


def bind(uow: UnitOfWork, viewer: Viewer, code: str) -> str | None:
    """The account that this conversation speaks for from now on; None when it is no officer's open code.

    Only where the channel itself knows its user: a browser is shared, and forgets.
    """
    if viewer.group or viewer.address.channel not in REACHING:
        return None
    name = uow.officers.take_code(uow.cipher.fingerprint(code, _PURPOSE), uow.now)
    if name is None:
        return None
    uow.officers.bind(viewer.address, name, uow.now)
    uow.audit.record(f"account:{name}", "officer_bound", f"conversation:{viewer.conversation_id}", "ok")
    return name


def unbind(uow: UnitOfWork, actor: str, address: Address) -> bool:
    """This messenger is nobody's at the office any more; at once."""
    done = uow.officers.unbind(address)
    if done:
        uow.audit.record(actor, "officer_unbound", str(address.channel), "ok")
    return done


def unbind_all(uow: UnitOfWork, actor: str, name: str) -> int:
    """Every messenger of the account: a telephone was lost, an officer left. Raises NotFound."""
    count = uow.officers.unbind_all(name)
    uow.audit.record(actor, "officer_unbound", f"account:{name}", "ok", {"channels": count})
    return count


def delegate(uow: UnitOfWork, actor: str, delegation: Delegation) -> int:
    """Let one officer see what another sees, between two days.

    Raises:
        NotFound: one of the accounts. InvalidInput: the days, the two the same, or no document.
    """
    for name in (delegation.from_, delegation.to):
        if uow.accounts.by_name(name) is None:
            raise NotFound(f"no account {name}")
    if delegation.from_ == delegation.to:
        raise InvalidInput("nobody stands in for themselves")
    if delegation.ends_on < delegation.starts_on or delegation.ends_on < uow.today:
        raise InvalidInput("the last day lies before the first, or in the past")
    if not delegation.source.strip():
        raise InvalidInput("which document says so? (--source)")
    number = uow.officers.delegate(delegation, actor)
    days = {"from": delegation.starts_on.isoformat(), "to": delegation.ends_on.isoformat()}
    uow.audit.record(actor, "delegated", f"account:{delegation.from_}", delegation.to, days)
    return number


def revoke(uow: UnitOfWork, actor: str, delegation_id: int) -> None:
    """Ends at once. Raises NotFound unless it stood."""
    if not uow.officers.revoke(delegation_id, uow.now):
        raise NotFound(f"no delegation {delegation_id}")
    uow.audit.record(actor, "delegation_revoked", f"delegation:{delegation_id}", "ok")
