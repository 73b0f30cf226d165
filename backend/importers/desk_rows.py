"""Rows of desks' tables as they are written: one key a row, refused with column and reason.

The file is the newest word: a row whose key is known changes what is kept, the same row again changes nothing. In one
file a key stands once.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, Literal, TypeVar

from backend.domain.agency import Agency
from backend.domain.ports import UnitOfWork
from backend.importers.base import Item, Parsed, Report, RowError, Tally
from backend.importers.office_table import Columns, KnownAgencies, OfficeRow

T = TypeVar("T")
Done = Literal["created", "changed", "unchanged"]


class RowRefused(Exception):
    """This row cannot be written; ``column`` is the column's name in the table, ``reason`` Vietnamese."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class DeskWriter(Generic[T]):
    """Writes rows of one kind. ``report`` is for what is worth telling but refuses nothing."""

    def __init__(self, source: str, report: Report) -> None:
        self.source, self.report = source[:100], report
        self.agencies = KnownAgencies()
        self._seen: dict[Hashable, tuple[int, T]] = {}

    def look(self, uow: UnitOfWork, rows: Sequence[T]) -> None:
        """Read at once what is known of a slice's rows."""

    def key(self, uow: UnitOfWork, row: T) -> tuple[str, Hashable]:
        """The column that tells, and what tells two rows of a file apart. Raises RowRefused."""
        raise NotImplementedError

    def put(self, uow: UnitOfWork, row: T) -> Done:
        """Write one row. Raises RowRefused before anything is written, or with it undone."""
        raise NotImplementedError

    def again(self, row: T, first: int) -> str:
        """Why the very same row may not stand twice; "" when it does no harm. ``first`` is the number of the first."""
        return ""

    def agency(self, uow: UnitOfWork, name: str, column: str = "agency") -> Agency:
        found = self.agencies.find(uow, name)
        if found is None:
            raise RowRefused(column, f"“{name}” không phải một cơ quan có trong danh mục")
        return found

    def write(self, uow: UnitOfWork, items: Sequence[Item[T]], columns: Columns) -> Tally:
        tally = Tally()
        self.look(uow, [one.value for one in items])
        for item in items:
            try:
                done = self._put_once(uow, item)
            except RowRefused as refused:
                heading = columns[refused.column][0][0]
                tally.refused.append(RowError(item.row, heading, refused.reason))
            else:
                tally.created += done == "created"
                tally.changed += done == "changed"
                tally.unchanged += done == "unchanged"
        return tally

    def _put_once(self, uow: UnitOfWork, item: Item[T]) -> Done:
        column, key = self.key(uow, item.value)
        # A slice that lost a race is run again: a row is no second one of itself.
        first, same = self._seen.get(key, (item.row, item.value))
        if first != item.row:
            if same != item.value:
                raise RowRefused(column, f"đã có ở dòng {first} với nội dung khác")
            if reason := self.again(item.value, first):
                raise RowRefused(column, reason)
            return "unchanged"
        done = self.put(uow, item.value)
        self._seen[key] = (item.row, item.value)
        return done


def settled(row: OfficeRow, value: T) -> Parsed[T]:
    """The row's value, or every reason why it has none."""
    return tuple(row.errors) if row.errors else Item(row.number, value)
