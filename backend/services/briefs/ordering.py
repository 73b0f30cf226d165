"""Ordering slow products: once while the same is under way, and never more than one conversation needs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from backend.domain.errors import DomainError
from backend.domain.ports import UnitOfWork
from backend.domain.scope import Scope
from backend.domain.viewer import Viewer
from backend.domain.work import MOST_OPEN


class TooMuchWork(DomainError):
    """``values['count']`` orders of this conversation are open."""

    key = "product/too_many"


def order(uow: UnitOfWork, viewer: Viewer, kind: str, args: Mapping[str, Any]) -> int | None:
    """The order's number; None when the same is under way already. Belongs to a turn: the conversation is locked.

    Raises:
        TooMuchWork: enough is under way.
    """
    open_ = uow.work.open_of(viewer.conversation_id)
    if any(one.kind == kind and dict(one.args) == dict(args) for one in open_):
        return None
    if len(open_) >= MOST_OPEN:
        raise TooMuchWork(count=len(open_))
    number = uow.work.add(kind, viewer.conversation_id, viewer.account, args, uow.now)
    uow.audit.record(viewer.actor, "product_ordered", f"work:{number}", "ok", {"kind": kind})
    return number


def print_of(scope: Scope) -> str:
    """The same for the same reach: whether rights changed between making a product and handing it over."""
    reach = (scope.everything, sorted(scope.agencies), sorted(scope.fields), sorted(scope.instead_of))
    return hashlib.sha256(repr(reach).encode()).hexdigest()[:32]
