"""Tables as a desk fills them in, loaded into a small province on both engines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backend.db.engine import open_database
from backend.db.unit_of_work import Tools
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Dossier, Filing, Stage
from backend.domain.figure_records import Slice
from backend.domain.scope import Scope
from backend.importers.base import Report
from backend.importers.desk_table import DeskTable
from tests.conftest import FixedClock
from tests.integration.tasks.conftest import BUILDING, Office, furnish

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
KNOWN = "H50.04-261008-0001"  # a dossier that is kept here
#: Tables that no import of a refused row may touch.
TABLES = (
    *(
        "accounts",
        "audit",
        "reception_rules",
        "reception_days",
        "reception_visits",
        "ratings",
        "fee_payments",
    ),
    *("petitions", "petition_origins", "petition_papers", "petition_events", "sealed_reports", "notices"),
)


@dataclass
class Desk:
    office: Office
    folder: Path

    @property
    def db(self) -> Any:
        return self.office.db

    def file(self, table: DeskTable[Any], *rows: Mapping[str, str], name: str = "t.csv") -> Path:
        path = self.folder / name
        headings = [one[0] for one, _example in table.columns.values()]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headings)
            writer.writeheader()
            for row in rows:
                writer.writerow({table.columns[column][0][0]: value for column, value in row.items()})
        return path

    def load(self, table: DeskTable[Any], *rows: Mapping[str, str], **more: Any) -> Report:
        return table.load(self.file(table, *rows), self.db.write_now, source="Sổ của đơn vị", **more)

    def counts(
        self, table: DeskTable[Any], *rows: Mapping[str, str], **more: Any
    ) -> tuple[int, int, int, int]:
        """Created, changed, unchanged, refused."""
        told = self.load(table, *rows, **more)
        return told.created, told.changed, told.unchanged, told.refused

    def refusal(self, table: DeskTable[Any], row: Mapping[str, str]) -> tuple[str, str]:
        """Column and reason of the one error; nothing is left of the row."""
        before = self.rows_kept()
        report = self.load(table, row)
        assert (report.created, report.changed, report.refused) == (0, 0, 1)
        assert self.rows_kept() == before
        (error,) = report.errors
        assert error.row == 2
        return error.field, error.reason

    def figures(self, topic: str) -> Mapping[str, int]:
        whole = Slice(Scope(everything=True), FIRST, LAST, LAST, datetime(2027, 1, 1, tzinfo=VIETNAM))
        return self.db.read_now(lambda uow: uow.figures.totals(topic, whole))  # type: ignore[no-any-return]

    def by_agency(self, topic: str) -> Mapping[int | None, Mapping[str, int]]:
        whole = Slice(Scope(everything=True), FIRST, LAST, LAST, datetime(2027, 1, 1, tzinfo=VIETNAM))
        return self.db.read_now(lambda uow: uow.figures.by_agency(topic, whole))  # type: ignore[no-any-return]

    def query(self, sql: str, **values: Any) -> list[Any]:
        return self.db.read_now(  # type: ignore[no-any-return]
            lambda uow: [tuple(row) for row in uow.connection.execute(text(sql), values)]
        )

    def rows_kept(self) -> dict[str, int]:
        return {name: self.query(f"SELECT count(*) FROM {name}")[0][0] for name in TABLES}

    def audited(self, action: str) -> list[tuple[str, str]]:
        return self.query(
            "SELECT actor, subject FROM audit WHERE action = :action ORDER BY id", action=action
        )


@pytest.fixture
def desk(database_url: str, tools: Tools, tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock()
    db = open_database(database_url, replace(tools, clock=clock), workers=4)
    office = furnish(db, clock)
    dossier = Dossier(
        code=KNOWN,
        stage=Stage.RETURNED,
        source="Một cửa",
        as_of=clock.now(),
        agency_name="Sở Xây dựng",
        agency_id=office.ids[BUILDING],
        procedure_code="1.001193",
    )
    db.write_now(lambda uow: uow.dossiers.put_many([Filing(dossier, None, ())]))
    yield Desk(office, tmp_path)
    db.close()
