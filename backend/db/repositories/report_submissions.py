"""What was handed in of periodic reports, on SQLAlchemy Core. Why one was sent back is sealed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    false,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy import update as change

from backend.db.crypto import Cipher
from backend.db.tables.report_duties import periodic_reports as r
from backend.db.tables.report_duties import report_submissions as s
from backend.domain.report_duty import Submission, SubmissionState
from backend.domain.scope import Scope

_NOTE = "report_submissions.note"
#: Written out, so that the planner knows the partial indexes to fit.
_STANDS: ColumnElement[bool] = literal_column("report_submissions.state <> 'returned'")
_WAITS: ColumnElement[bool] = literal_column("report_submissions.state = 'waiting'")


class SqlSubmissions:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def put_submission(self, told: Submission, now: datetime) -> str:
        known = self._known(told)
        row = {
            "handed_in_on": told.handed_in_on,
            "number": told.number,
            "state": str(told.state),
            "origin": told.origin,
        }
        if known is None:
            self.add_submission(replace(told, at=now))
            return "created"
        held = SubmissionState(known.state)
        if held is SubmissionState.ACCEPTED and told.state is SubmissionState.WAITING:
            return "unchanged"
        if (
            all(known._mapping[name] == value for name, value in row.items())
            and self._note(known) == told.note
        ):
            return "unchanged"
        made = {**row, "note": self._sealed(told.note), "at": now}
        self._db.execute(change(s).where(s.c.id == known.id).values(**made))
        return "changed"

    def _known(self, told: Submission) -> Row[Any] | None:
        """What stands for the duty; else, and for what was returned always, the one with the same document."""
        duty = and_(
            s.c.report_id == told.report_id,
            s.c.period_last == told.period_last,
            s.c.agency_id == told.agency_id,
        )
        if told.state is not SubmissionState.RETURNED:
            stands = self._db.execute(select(s).where(duty, _STANDS)).first()
            if stands is not None:
                return stands
        same = select(s).where(duty, s.c.number == told.number).order_by(s.c.id.desc())
        return self._db.execute(same).first()

    def add_submission(self, made: Submission) -> int:
        row = {
            "report_id": made.report_id,
            "period_last": made.period_last,
            "agency_id": made.agency_id,
            "handed_in_on": made.handed_in_on,
            "number": made.number,
            "state": str(made.state),
            "by": made.by,
            "at": made.at,
            "note": self._sealed(made.note),
            "origin": made.origin,
            "demo": made.demo,
        }
        return int(self._db.execute(insert(s).returning(s.c.id), row).scalar_one())

    def submission(self, number: int) -> Submission | None:
        row = self._db.execute(select(s).where(s.c.id == number)).first()
        return None if row is None else self._submission(row)

    def decide(self, number: int, state: SubmissionState, by: str, now: datetime, note: str) -> bool:
        decided = {"state": str(state), "decided_by": by, "decided_at": now, "note": self._sealed(note)}
        waiting = change(s).where(s.c.id == number, s.c.state == SubmissionState.WAITING)
        return self._db.execute(waiting.values(**decided)).rowcount == 1

    def waiting(self, scope: Scope, receivers: frozenset[int], limit: int) -> Sequence[Submission]:
        wish = select(s).join(r, r.c.id == s.c.report_id).where(*_to_decide(scope, receivers))
        return [self._submission(row) for row in self._db.execute(wish.order_by(s.c.id).limit(limit))]

    def count_waiting(self, scope: Scope, receivers: frozenset[int]) -> int:
        wish = select(func.count()).select_from(s.join(r, r.c.id == s.c.report_id))
        return int(self._db.execute(wish.where(*_to_decide(scope, receivers))).scalar_one())

    def why_returned(self, duties: Collection[tuple[int, date, int]]) -> dict[tuple[int, date, int], str]:
        """Why the last submission of each was sent back, where it was."""
        if not duties:
            return {}
        any_of = or_(
            *(
                and_(s.c.report_id == report, s.c.period_last == last, s.c.agency_id == agency)
                for report, last, agency in sorted(duties)
            )
        )
        wish = select(s).where(any_of, s.c.state == SubmissionState.RETURNED).order_by(s.c.id)
        return {
            (row.report_id, row.period_last, row.agency_id): self._note(row) for row in self._db.execute(wish)
        }

    def _submission(self, row: Row[Any]) -> Submission:
        return Submission(
            row.report_id,
            row.period_last,
            row.agency_id,
            row.handed_in_on,
            row.number,
            SubmissionState(row.state),
            row.by,
            row.at,
            self._note(row),
            row.decided_by,
            row.origin,
            row.id,
            row.demo,
        )

    def _sealed(self, note: str) -> bytes | None:
        return self._cipher.seal(note.encode(), _NOTE) if note else None

    def _note(self, row: Row[Any]) -> str:
        return self._cipher.open(row.note, _NOTE).decode() if row.note else ""


def within(scope: Scope, agency: ColumnElement[int]) -> ColumnElement[bool]:
    """Rows of the scope: by the agency, the report's field, and reports that an agency of the scope receives."""
    if scope.everything:
        return true()
    ways: list[ColumnElement[bool]] = []
    if scope.agencies:
        ways += [agency.in_(sorted(scope.agencies)), receiving(scope)]
    if scope.fields:
        ways.append(r.c.field.in_(sorted(scope.fields)))
    return or_(*ways) if ways else false()


def receiving(scope: Scope) -> ColumnElement[bool]:
    return r.c.receiver_id.in_(sorted(scope.agencies)) if scope.agencies else false()


def _to_decide(scope: Scope, receivers: frozenset[int]) -> tuple[ColumnElement[bool], ...]:
    found = (_WAITS, within(scope, s.c.agency_id))
    return (*found, r.c.receiver_id.in_(sorted(receivers))) if receivers else found
