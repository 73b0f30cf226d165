"""Many rows of a demonstration at once: a year of an office is too much to be entered one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from backend.db.tables.petitions import petitions
from backend.db.tables.ratings import ratings
from backend.db.tables.reception import reception_visits
from backend.db.tables.tasks import tasks
from backend.domain.clock import local_date

_SLICE = 2000
_PETITION = {
    "owner": "duty",
    "field_name": "",
    "hidden": False,
    "alarm": "",
    "raised": 0,
    "reopened": 0,
}
_RATING = {"kind": "dossier", "round": 0, "channel": "desk", "procedure_code": "", "reasons": []}
_TASK = {
    "giver_name": "",
    "field": "",
    "officer": "",
    "result": "",
    "extension_asked": False,
    "extensions": 0,
}


class SqlDemoRows:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def petitions(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """``code``, ``kind``, ``source``, ``state``, ``received_at``, ``agency_id``, ``demo``; no words of anybody."""
        return self._insert(petitions, [{**_PETITION, **one} for one in rows])

    def ratings(self, rows: Sequence[tuple[str, str, int, datetime, str]]) -> int:
        """Dossier code, agency's name, value, instant, mark of the demonstration (in place of a person)."""
        made = [
            {
                **_RATING,
                "code": code,
                "person": f"demo:{number}",
                "agency": agency,
                "value": value,
                "on_date": local_date(at),
                "created_at": at,
                "changed_at": at,
            }
            for number, (code, agency, value, at, _demo) in enumerate(rows)
        ]
        return self._insert(ratings, made)

    def visits(self, rows: Sequence[tuple[int, datetime, int, bool]]) -> int:
        """Number of the reception day, instant, people, whether it was a delegation."""
        names = ("day_id", "at", "people", "delegation")
        return self._insert(reception_visits, [dict(zip(names, one, strict=True)) for one in rows])

    def tasks(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Columns of ``tasks``; those of :data:`_TASK` may be left out."""
        return self._insert(tasks, [{**_TASK, **one} for one in rows])

    def _insert(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> int:
        for start in range(0, len(rows), _SLICE):
            self._db.execute(insert(table), list(rows[start : start + _SLICE]))
        return len(rows)
