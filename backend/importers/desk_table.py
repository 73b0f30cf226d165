"""Tables of desks (accounts, visits, ratings, fees, paper petitions): one loop for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from backend.domain.ports import UnitOfWork
from backend.importers.base import FIRST_SLICE, Item, Parsed, Report, RunSlice, Tally, import_rows
from backend.importers.desk_rows import DeskWriter
from backend.importers.office_table import Columns, OfficeRow, office_rows, record_run, write_table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeskTable(Generic[T]):
    """One kind of table. ``read`` makes a row of its cells; ``writer`` takes the source's name and the report."""

    kind: str
    title: str
    columns: Columns
    dates: Sequence[str]
    read: Callable[[OfficeRow], Parsed[T]]
    writer: Callable[[str, Report], DeskWriter[T]]
    first_slice: int = FIRST_SLICE

    def load(
        self,
        path: Path,
        run_slice: RunSlice,
        *,
        source: str,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> Report:
        """Import a table; safe to repeat.

        Raises:
            FileRefused: the file as a whole cannot be read.
        """
        report = Report()
        writer = self.writer(source, report)
        rows = (self.read(row) for row in office_rows(path, self.columns, self.dates))

        def write(uow: UnitOfWork, items: Sequence[Item[T]]) -> Tally:
            return writer.write(uow, items, self.columns)

        import_rows(
            rows,
            write,
            run_slice,
            report=report,
            dry_run=dry_run,
            progress=progress,
            first_slice=self.first_slice,
        )
        return record_run(path, self.kind, report, run_slice)

    def template(self, path: Path) -> None:
        write_table(path, self.columns, self.title)
