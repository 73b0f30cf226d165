"""The demonstration province: loaded only into an empty database, and marked as what it is in every row."""

from __future__ import annotations

from datetime import datetime

from backend.demo.catalogue import load_procedures
from backend.demo.dossiers import load_dossiers
from backend.demo.office import load_office
from backend.domain.errors import Conflict
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.services.reception.days import ensure_days

#: The officers that every demonstration data set has; they have no password until one is set.
_OFFICERS = (
    Account("lanhdao", "Lãnh đạo Văn phòng (minh họa)", frozenset({"leader"}), demo="demo"),
    Account("canbo", "Cán bộ Sở Xây dựng (minh họa)", frozenset({"officer"}), demo="demo"),
    Account("tongdai", "Tổng đài viên (minh họa)", frozenset({"operator"}), demo="demo"),
    Account("quantri", "Quản trị (minh họa)", frozenset({"administrator"}), demo="demo"),
)


def is_empty(uow: UnitOfWork) -> bool:
    return not uow.agencies.all() and not uow.accounts.all()


def load_demo(uow: UnitOfWork, anchor: datetime, dossiers: int = 3000) -> None:
    """Fill an empty database around ``anchor`` (aware).

    Raises:
        Conflict: the database holds something already.
    """
    if not is_empty(uow):
        raise Conflict("the database is not empty")
    load_office(uow)
    load_procedures(uow)
    load_dossiers(uow, anchor=anchor, count=dossiers)
    ensure_days(uow)
    for officer in _OFFICERS:
        uow.accounts.add(officer, "", uow.now)
