"""The demonstration province: loaded only into an empty database, and marked as what it is in every row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from backend.demo.catalogue import load_procedures
from backend.demo.documents import load_documents
from backend.demo.dossiers import load_dossiers
from backend.demo.leaders import load_leaders
from backend.demo.office import load_office
from backend.demo.report_duties import load_report_duties
from backend.demo.tasks import load_tasks
from backend.domain.errors import Conflict
from backend.domain.ports import UnitOfWork
from backend.domain.running import Account
from backend.services.reception.days import ensure_days

#: The officers that every demonstration data set has; they have no password until one is set.
_OFFICERS = (
    Account("lanhdao", "Lãnh đạo Văn phòng (minh họa)", frozenset({"office_leader"}), demo="demo"),
    Account("canbo", "Cán bộ Sở Xây dựng (minh họa)", frozenset({"officer"}), demo="demo"),
    Account("tongdai", "Tổng đài viên (minh họa)", frozenset({"operator"}), demo="demo"),
    Account("quantri", "Quản trị (minh họa)", frozenset({"administrator"}), demo="demo"),
)


_HOME = "H50.04"


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
    load_tasks(uow, anchor=anchor)
    load_report_duties(uow, anchor=anchor)
    load_documents(uow, anchor=anchor)
    load_leaders(uow, anchor=anchor)
    ensure_days(uow)
    add_officers(uow)


def add_officers(uow: UnitOfWork) -> None:
    """The officers of every demonstration data set; the officer works at the agency that has most to do with houses."""
    home = uow.agencies.by_code(_HOME)
    for officer in _OFFICERS:
        agency = home.id if home is not None and "officer" in officer.roles else None
        uow.accounts.add(replace(officer, agency_id=agency), "", uow.now)
