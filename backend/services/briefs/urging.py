"""The content of a letter of urging: an agency's overdue tasks, as far as the writer may see them."""

from __future__ import annotations

from backend.domain.brief import UrgingLetter
from backend.domain.errors import NotFound
from backend.domain.ports import UnitOfWork
from backend.domain.scope import GIVERS, Scope
from backend.domain.task import TaskFilter
from backend.domain.viewer import Viewer
from backend.services.agencies.tree import tree

#: A letter lists so many at the most; it says how many there are.
MOST_TASKS = 100


def may_urge(uow: UnitOfWork, viewer: Viewer) -> bool:
    """The giver's side urges; so does who stands in for somebody of it today."""
    absent = uow.officers.absent_for(viewer.account, uow.today) if viewer.account else ()
    roles = viewer.roles.union(*(one.roles for one in absent))
    return bool(roles & GIVERS)


def urging_letter(uow: UnitOfWork, scope: Scope, agency_code: str) -> UrgingLetter:
    """``tasks`` is empty where nothing is overdue in scope.

    Raises:
        NotFound: no such agency in force, or nothing of it in scope.
    """
    known = tree(uow)
    agency = known.by_code.get(agency_code)
    ids = known.with_those_under(agency_code)
    if agency is None or not (scope.everything or scope.fields or ids & scope.agencies):
        raise NotFound()
    which = TaskFilter(agencies=ids, overdue_on=uow.today)
    found = uow.tasks.page(scope, which, uow.today, MOST_TASKS)
    return UrgingLetter(agency.name, agency.code, uow.today, tuple(found.rows), found.total)
