"""What reminders tell of periodic reports: counts for a morning digest, agencies that are late for the ladder.

A report that waits for the receiving side is nobody's debt for the moment, and is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

from backend.domain.ports import UnitOfWork
from backend.domain.report_duty import OPEN_STATES, AgencyDuties, DutyFilter, DutyState, Wanted
from backend.domain.running import Account
from backend.domain.scope import Scope
from backend.services.report_duties.handing_in import deciding
from backend.services.report_duties.periods import LOOK_BACK, due_between

#: Nobody is told of a day further ahead than this.
_FURTHEST = timedelta(days=60)
_EVERYTHING = Scope(everything=True)


class ReportReminders:
    """One round of reminders: what is asked for every officer is worked out once."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._told: dict[tuple[frozenset[str], frozenset[int], date], Sequence[AgencyDuties]] = {}

    @cached_property
    def _near(self) -> Wanted:
        day = self._uow.today
        return due_between(self._uow, self._uow.report_duties.all(), day - LOOK_BACK, day + _FURTHEST)

    @cached_property
    def _anything_waits(self) -> bool:
        return self._uow.report_duties.count_waiting(_EVERYTHING, frozenset()) > 0

    def counts(self, scope: Scope, until: date) -> Mapping[str, int]:
        """What is owed, and what is due up to that day."""
        told = self._of(scope, until)
        return {
            "reports_owed": sum(one.counts.of(DutyState.OWED) for one in told),
            "reports_due": sum(one.counts.of(DutyState.DUE) for one in told),
        }

    def later_than(self, scope: Scope, days: int) -> Sequence[AgencyDuties]:
        """Agencies with reports that are owed for so many days or longer."""
        return self._of(scope, self._uow.today - timedelta(days=days))

    def waiting(self, scope: Scope, account: Account) -> int:
        """What waits for this officer to be confirmed."""
        receivers = deciding(self._uow, account.name, account.roles) if self._anything_waits else None
        return 0 if receivers is None else self._uow.report_duties.count_waiting(scope, receivers)

    def _of(self, scope: Scope, until: date) -> Sequence[AgencyDuties]:
        """An agency's own; what others owe to it is shown when it asks, but is not its debt."""
        if scope.empty:
            return ()
        if scope.fields:
            return self._asked(scope, until)
        found = self._asked(_EVERYTHING, until)
        return found if scope.everything else [one for one in found if one.agency_id in scope.agencies]

    def _asked(self, scope: Scope, until: date) -> Sequence[AgencyDuties]:
        key = (scope.fields, scope.agencies, until)
        if key not in self._told:
            wanted = [pair for pair in self._near if pair[1].due_on <= until]
            which = DutyFilter(states=OPEN_STATES, unanswered=True)
            self._told[key] = self._uow.report_duties.by_agency(scope, wanted, which, self._uow.today)
        return self._told[key]
