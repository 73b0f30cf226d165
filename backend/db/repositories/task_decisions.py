"""Reports and requests for more time, on SQLAlchemy Core. What people wrote in them is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from backend.db.crypto import Cipher
from backend.db.repositories.task_queries import within
from backend.db.repositories.tasks import SqlTasks
from backend.db.tables.tasks import task_extensions as e
from backend.db.tables.tasks import task_reports as r
from backend.db.tables.tasks import tasks as t
from backend.domain.scope import Scope
from backend.domain.task import Decision, ReportState, Task, TaskExtension, TaskReport

_TEXT, _NOTE, _REASON = "task_reports.text", "task_reports.note", "task_extensions.reason"


class SqlAllTasks(SqlTasks):
    """Tasks with what is told and asked about them."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        super().__init__(connection)
        self._cipher = cipher

    def add_report(self, report: TaskReport) -> int:
        row = {
            "task_id": report.task_id,
            "by": report.by,
            "at": report.at,
            "text": self._cipher.seal(report.text.encode(), _TEXT),
            "finishes": report.finishes,
            "state": str(report.state),
        }
        return int(self._db.execute(insert(r).returning(r.c.id), row).scalar_one())

    def report(self, report_id: int) -> TaskReport | None:
        row = self._db.execute(select(r).where(r.c.id == report_id)).first()
        return None if row is None else self._report(row)

    def reports(self, task_id: int) -> Sequence[TaskReport]:
        wanted = select(r).where(r.c.task_id == task_id).order_by(r.c.id.desc())
        return [self._report(row) for row in self._db.execute(wanted)]

    def decide_report(
        self, report_id: int, state: ReportState, by: str, now: datetime, decision: Decision | None, note: str
    ) -> bool:
        values = {**_decided(state, by, now, decision), "note": self._cipher.seal(note.encode(), _NOTE)}
        waiting = update(r).where(r.c.id == report_id, r.c.state == ReportState.WAITING)
        return self._db.execute(waiting.values(**values)).rowcount == 1

    def add_extension(self, extension: TaskExtension) -> int:
        row = {
            "task_id": extension.task_id,
            "number": extension.number,
            "by": extension.by,
            "at": extension.at,
            "wished_due": extension.wished_due,
            "reason": self._cipher.seal(extension.reason.encode(), _REASON),
            "state": str(extension.state),
            "previous_due": extension.previous_due,
        }
        return int(self._db.execute(insert(e).returning(e.c.id), row).scalar_one())

    def extension(self, extension_id: int) -> TaskExtension | None:
        row = self._db.execute(select(e).where(e.c.id == extension_id)).first()
        return None if row is None else self._extension(row)

    def extensions(self, task_id: int) -> Sequence[TaskExtension]:
        wanted = select(e).where(e.c.task_id == task_id).order_by(e.c.number.desc())
        return [self._extension(row) for row in self._db.execute(wanted)]

    def decide_extension(
        self,
        extension_id: int,
        state: ReportState,
        by: str,
        now: datetime,
        decision: Decision | None,
        granted_due: date | None,
    ) -> bool:
        values = {**_decided(state, by, now, decision), "granted_due": granted_due}
        waiting = update(e).where(e.c.id == extension_id, e.c.state == ReportState.WAITING)
        return self._db.execute(waiting.values(**values)).rowcount == 1

    def waiting(
        self, scope: Scope, limit: int
    ) -> tuple[Sequence[tuple[Task, TaskReport]], Sequence[tuple[Task, TaskExtension]]]:
        reports = (
            select(r).join(t, t.c.id == r.c.task_id).where(r.c.state == ReportState.WAITING, within(scope))
        )
        asked = (
            select(e).join(t, t.c.id == e.c.task_id).where(e.c.state == ReportState.WAITING, within(scope))
        )
        told = [self._report(row) for row in self._db.execute(reports.order_by(r.c.id).limit(limit))]
        wished = [self._extension(row) for row in self._db.execute(asked.order_by(e.c.id).limit(limit))]
        by_id = self._by_id({one.task_id for one in told} | {one.task_id for one in wished})
        return [(by_id[one.task_id], one) for one in told], [(by_id[one.task_id], one) for one in wished]

    def _report(self, row: Row[Any]) -> TaskReport:
        note = self._cipher.open(row.note, _NOTE).decode() if row.note else ""
        return TaskReport(
            row.task_id,
            row.by,
            row.at,
            self._cipher.open(row.text, _TEXT).decode(),
            row.finishes,
            ReportState(row.state),
            row.decided_by,
            _decision(row),
            note,
            row.id,
        )

    def _extension(self, row: Row[Any]) -> TaskExtension:
        return TaskExtension(
            row.task_id,
            row.number,
            row.by,
            row.at,
            row.wished_due,
            self._cipher.open(row.reason, _REASON).decode(),
            ReportState(row.state),
            row.previous_due,
            row.granted_due,
            row.decided_by,
            _decision(row),
            row.id,
        )


def _decided(state: ReportState, by: str, now: datetime, decision: Decision | None) -> dict[str, Any]:
    return {
        "state": str(state),
        "decided_by": by,
        "decided_at": now,
        "document_number": decision.number if decision else "",
        "document_date": decision.on if decision else None,
        "signer": decision.signer if decision else "",
    }


def _decision(row: Row[Any]) -> Decision | None:
    if not row.document_number or row.document_date is None:
        return None
    return Decision(row.document_number, row.document_date, row.signer)
