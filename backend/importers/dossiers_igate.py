"""Dossiers from a list export of VNPT iGate: the list, or ``{"content": […]}``.

The list tells little: no person, no agency, no holder. Answers and the access rule degrade accordingly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.domain.dossier import Dossier, Filing, Stage
from backend.domain.dossier_clock import DAY_ENDS
from backend.importers.base import Item, Parsed, Report, RowError, RunSlice
from backend.importers.dossier_feed import (
    MOST_NAME,
    MOST_TITLE,
    Feed,
    RowReader,
    import_dossiers,
    modified_at,
    read_code,
    read_json_list,
)
from backend.importers.dossiers_national import text_of
from backend.importers.moments import BadMoment, parse_moment
from backend.importers.statuses import status_map

KIND = "igate"
LACKS = frozenset({"phone", "holder", "step", "supplement", "fee", "collect", "reason", "channel"})


def import_igate(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import an export. ``as_of``: when it was made; without it, when the file was written.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    reader = _IgateReader(report, source, as_of or modified_at(path))
    records = read_json_list(path, "content")
    rows = (reader.parse(number, record) for number, record in enumerate(records, 1))
    feed = Feed(source, KIND, LACKS)
    return import_dossiers(path, feed, rows, run_slice, report, dry_run=dry_run, progress=progress)


class _IgateReader:
    def __init__(self, report: Report, source: str, as_of: datetime) -> None:
        self._report = report
        self._source = source
        self._as_of = as_of
        self._statuses = status_map(KIND)

    def parse(self, row: int, record: Any) -> Parsed[Filing]:
        if not isinstance(record, dict):
            return (RowError(row, "", "không phải một bản ghi hồ sơ"),)
        reader = RowReader(row)
        code = reader.read("dossierNo", read_code, text_of(record, "dossierNo"))
        received = reader.read("acceptedDate", _moment, record.get("acceptedDate"))
        due = reader.read("appointmentDate", _moment, record.get("appointmentDate"), True)
        spoke = reader.read("lastModifiedDate", _moment, record.get("lastModifiedDate"))
        raw = text_of(record, "dossierStatusName")
        if not raw:
            reader.refuse("dossierStatusName", "thiếu trạng thái")
        if reader.errors or code is None:
            return tuple(reader.errors)
        stage = self._statuses.stage_of(raw)
        if stage is Stage.UNKNOWN:
            self._report.note(f"trạng thái lạ: {raw[:80]}")
        title = text_of(record, "procedureName")[:MOST_TITLE]
        dossier = Dossier(
            code=code,
            stage=stage,
            source=self._source,
            # The list is a full picture of its day: an untouched dossier was still so when it was made.
            as_of=max(spoke, self._as_of) if spoke else self._as_of,
            raw_status=raw[:MOST_NAME],
            title=title,
            received_at=received,
            due_at=due,
        )
        return Item(row, Filing(dossier, lacks=LACKS))


def _moment(raw: Any, due: bool = False) -> datetime | None:
    """A text of any known shape, or milliseconds since 1970 as the programming interface gives them."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        if not 946_684_800_000 <= raw < 4_102_444_800_000:  # 2000 to 2100
            raise BadMoment(f"“{raw}” không phải thời điểm")
        return datetime.fromtimestamp(raw / 1000, UTC)
    return parse_moment(raw, DAY_ENDS if due else None)
