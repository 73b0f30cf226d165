"""Who looks at calendars, worked out anew for each question and each notice. Fails closed, to what the public sees."""

from __future__ import annotations

from backend.domain.leader import THE_PUBLIC, Sight
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.domain.viewer import Viewer
from backend.services.accounts.scope import account_scope

#: Keeps the calendar of the province's leaders, private entries included.
KEEPER = "office_leader"


def sight_of(uow: UnitOfWork, viewer: Viewer) -> Sight:
    """Nobody's account, a locked one, or a group see what is public."""
    if not viewer.account or viewer.group:
        return THE_PUBLIC
    own = uow.accounts.by_name(viewer.account)
    return sight_of_account(uow, own) if own is not None else THE_PUBLIC


def sight_of_account(uow: UnitOfWork, account: Account) -> Sight:
    """The account's own sight, and that of those whose leave it covers today."""
    if not account.active:
        return THE_PUBLIC
    seen_as = (account, *uow.officers.absent_for(account.name, uow.today))
    scope = account_scope(uow, account)
    for absent in seen_as[1:]:
        scope = scope.joined(account_scope(uow, absent))
    names = frozenset(one.name for one in seen_as)
    return Sight(scope, names, any(KEEPER in one.roles for one in seen_as))
