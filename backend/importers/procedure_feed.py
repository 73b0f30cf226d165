"""Writing imported procedures, and the trace that an import leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from backend.domain.ports import UnitOfWork
from backend.domain.procedure import Procedure
from backend.importers.base import Item, Report, RunSlice, Tally, file_sha256

Write = Callable[[UnitOfWork, Sequence[Item[Procedure]]], Tally]


def write_own(uow: UnitOfWork, items: Sequence[Item[Procedure]]) -> Tally:
    """Put what the province itself maintains: it beats whatever was there."""
    tally = Tally()
    for item in items:
        _count(tally, uow.procedures.put(item.value))
    return tally


def national_writer(source: str) -> Write:
    """Puts a national publication. What the province keeps itself under the same decision is better: it stays."""

    def write(uow: UnitOfWork, items: Sequence[Item[Procedure]]) -> Tally:
        tally = Tally()
        known = uow.procedures.latest([item.value.code for item in items])
        for item in items:
            new, old = item.value, known.get(item.value.code)
            same = old is not None and old.decision == new.decision
            if old is not None and same and old.source != source:
                tally.unchanged += 1
                continue
            if old is not None and same:  # the same publication read again, whatever the file's date
                new = replace(new, valid_from=old.valid_from)
            _count(tally, uow.procedures.put(new))
        return tally

    return write


def record_run(path: Path, kind: str, report: Report, run_slice: RunSlice) -> Report:
    """Leave a trace of a real run; a dry run leaves none."""
    if not report.dry_run:
        digest = file_sha256(path)
        run_slice(
            lambda uow: uow.sources.add_run(
                f"procedures-{kind}", path.name, digest, uow.now, dict(report.counts())
            )
        )
    return report


def _count(tally: Tally, outcome: str) -> None:
    if outcome == "created":
        tally.created += 1
    elif outcome == "changed":
        tally.changed += 1
    else:
        tally.unchanged += 1
