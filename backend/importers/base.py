"""What every importer shares: rows that are refused with a reason, slices that let turns pass, a report.

An importer parses a file into ``Item`` and ``RowError``, and hands over a function that writes a slice of
items. Importing the same file twice changes nothing the second time.
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from backend.domain.errors import DomainError
from backend.domain.ports import UnitOfWork

T = TypeVar("T")
R = TypeVar("R")

#: How long a slice of rows may take, seconds: a turn that comes in between waits for no more than about this.
SLICE_S = 0.15
FIRST_SLICE, LARGEST_SLICE = 500, 8000  # rows
#: Refusals kept with their reasons; further ones are only counted.
MOST_KEPT = 1000


class FileRefused(DomainError):
    """The file as a whole cannot be read; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class RowError:
    """``row`` as the person sees it: line of a sheet (the heading is 1) or number of a JSON record from 1."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    row: int
    value: T


@dataclass(slots=True)
class Tally:
    """What writing one slice did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[RowError] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """``notes`` are things worth telling that refused nothing (an unknown status and how often)."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: list[RowError] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)
    dry_run: bool = False

    @property
    def rows(self) -> int:
        return self.created + self.changed + self.unchanged + self.refused

    def counts(self) -> Mapping[str, int]:
        return {
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.refused,
        }

    def refuse(self, *errors: RowError) -> None:
        """Count the refused rows (several errors of one row are one refusal, when given together)."""
        self.refused += len({error.row for error in errors})
        self.errors += errors[: max(0, MOST_KEPT - len(self.errors))]

    def note(self, what: str) -> None:
        self.notes[what] = self.notes.get(what, 0) + 1

    def add(self, tally: Tally) -> None:
        self.created += tally.created
        self.changed += tally.changed
        self.unchanged += tally.unchanged
        self.refuse(*tally.refused)

    def to_json(self) -> dict[str, Any]:
        return {
            **self.counts(),
            "dry_run": self.dry_run,
            "errors": [{"row": e.row, "field": e.field, "reason": e.reason} for e in self.errors],
            "notes": dict(self.notes),
        }


class RunSlice(Protocol):
    """Runs a job in a transaction of its own and waits for it: ``Database.write_now``."""

    def __call__(self, job: Callable[[Any], R], /) -> R: ...


class _DryRun(Exception):
    """Carries the tally out of a transaction that is then undone."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally


Parsed = Item[T] | tuple[RowError, ...]


def import_rows(
    rows: Iterable[Parsed[T]],
    write: Callable[[UnitOfWork, Sequence[Item[T]]], Tally],
    run_slice: RunSlice,
    *,
    report: Report | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    first_slice: int = FIRST_SLICE,
) -> Report:
    """Write the rows in slices; every slice is a transaction of its own.

    ``rows`` gives items and, for a refused row, all its errors together. A dry run does the same and undoes
    each slice; what depends on rows of an earlier slice is then judged without them. ``progress`` is told
    how many rows are done. ``first_slice``: how many rows to begin with, fewer where one takes long.
    """
    report = report if report is not None else Report()
    report.dry_run = dry_run
    pace = _Pace(first_slice)
    # Read and written in turn: two threads that share one interpreter were measured to be slower than one.
    with _rarely_collecting():
        for batch in _slices(rows, report, pace):
            if batch:
                began = time.perf_counter()
                report.add(_written(batch, write, run_slice, dry_run))
                pace.took(time.perf_counter() - began)
            if progress is not None:
                progress(report.rows)
    return report


class _Pace:
    """How many rows make a slice on this machine, with this database. A large slice writes each page of an index
    once where small ones write it many times."""

    def __init__(self, rows: int) -> None:
        self.rows = rows

    def took(self, seconds: float) -> None:
        """The last slice took so long; the next is at most twice as large."""
        fitting = self.rows * SLICE_S / max(seconds, SLICE_S / 2)
        self.rows = min(LARGEST_SLICE, max(1, int(fitting)))


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Rows come and go without cycles: looking for those at every few hundred objects costs a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _slices(rows: Iterable[Parsed[T]], report: Report, pace: _Pace) -> Iterator[list[Item[T]]]:
    batch: list[Item[T]] = []
    for row in rows:
        if isinstance(row, Item):
            batch.append(row)
        else:
            report.refuse(*row)
        if len(batch) >= pace.rows:
            yield batch
            batch = []
    yield batch


def _written(
    batch: Sequence[Item[T]],
    write: Callable[[UnitOfWork, Sequence[Item[T]]], Tally],
    run_slice: RunSlice,
    dry_run: bool,
) -> Tally:
    def job(uow: UnitOfWork) -> Tally:
        tally = write(uow, batch)
        if dry_run:
            raise _DryRun(tally)
        return tally

    try:
        return run_slice(job)
    except _DryRun as undone:
        return undone.tally


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
