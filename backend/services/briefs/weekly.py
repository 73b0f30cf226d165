"""The brief that comes by itself: ordered once a week for every office leader, where they can be written to."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from backend.domain.clock import VIETNAM
from backend.domain.person import REACHING
from backend.domain.ports import UnitOfWork

#: Whom the brief is for without being asked.
READERS = frozenset({"office_leader"})


def order_briefs(uow: UnitOfWork) -> int:
    """Order the brief of the seven days before today; returns for how many officers. Again the same day: for none."""
    args = {"last": (uow.today - timedelta(days=1)).isoformat(), "form": "picture"}
    return sum(
        _order(uow, one.name, args) for one in uow.accounts.all() if one.active and one.roles & READERS
    )


def _order(uow: UnitOfWork, account: str, args: dict[str, str]) -> bool:
    """In the conversation of the messenger bound last; somebody without one asks when they want it."""
    for address in uow.officers.addresses(account):
        found = uow.conversations.find(address) if address.channel in REACHING else None
        if found is None:
            continue
        today = datetime.combine(uow.today, time(), VIETNAM)
        ordered = uow.work.asked_since(found.id, today)
        if any((one.kind, one.account, dict(one.args)) == ("week", account, args) for one in ordered):
            return False
        number = uow.work.add("week", found.id, account, args, uow.now)
        uow.audit.record("job:week_brief", "product_ordered", f"work:{number}", "ok", {"kind": "week"})
        return True
    return False
