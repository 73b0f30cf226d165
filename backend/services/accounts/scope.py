"""What an officer may see, worked out for each question: own reach, and that of whoever they stand in for today."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.domain.scope import NO_SCOPE, Reach, Scope, reach_of
from backend.domain.viewer import Viewer
from backend.services.agencies.tree import tree


def scope_of(uow: UnitOfWork, viewer: Viewer) -> Scope:
    """Fails closed: no account, a locked one, a group, a role without reach or an agency that is gone see nothing."""
    if not viewer.account or viewer.group:
        return NO_SCOPE
    own = uow.accounts.by_name(viewer.account)
    if own is None or not own.active:
        return NO_SCOPE
    found = account_scope(uow, own)
    for absent in uow.officers.absent_for(own.name, uow.today):
        lent = account_scope(uow, absent)
        if not lent.empty:
            found = found.joined(replace(lent, instead_of=(absent.full_name,)))
    return found


def account_scope(uow: UnitOfWork, account: Account) -> Scope:
    """The account's own reach, without anybody it stands in for."""
    if not account.active:
        return NO_SCOPE
    reach = reach_of(account.roles)
    if reach is Reach.PROVINCE:
        return Scope(everything=True)
    known = tree(uow)
    if reach is Reach.BLOCK:
        codes = [code for code in account.block if code in known.by_code]
        ids = frozenset[int]().union(*(known.with_those_under(code) for code in codes))
        names = (*account.fields, *(known.by_code[code].name for code in codes))
        return Scope(agencies=ids, fields=frozenset(account.fields), named=names)
    home = known.by_id.get(account.agency_id or 0) if reach is Reach.AGENCY else None
    if home is None:
        return NO_SCOPE
    return Scope(agencies=known.with_those_under(home.code), named=(home.name,))
