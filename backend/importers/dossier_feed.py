"""What the dossier importers share: writing filings, telling followers, keeping the source's record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.domain.dossier import Filing
from backend.domain.ports import UnitOfWork
from backend.domain.running import Source
from backend.importers.base import (
    FileRefused,
    Item,
    Parsed,
    Report,
    RowError,
    RunSlice,
    Tally,
    file_sha256,
    import_rows,
)
from backend.services.dossiers.following import notify_changes
from backend.services.dossiers.owners import owned
from backend.text.codes import check_code_pattern, is_wholly_code

MOST_TITLE, MOST_NAME = 1000, 300


@dataclass(frozen=True, slots=True)
class Feed:
    """A source of dossiers. ``source`` is the name shown to people ("Hệ thống một cửa").

    ``lacks`` names what it never tells; ``stale_after_h``: after so many hours of silence it is said to be
    stale.
    """

    source: str
    kind: str
    lacks: frozenset[str] = frozenset()
    stale_after_h: int = 24


@dataclass(slots=True)
class RowReader:
    """Collects what is wrong with one row."""

    row: int
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, name: str, reason: str) -> None:
        self.errors.append(RowError(self.row, name, reason))

    def read(self, name: str, parse: Callable[..., Any], *given: Any) -> Any:
        """The parsed value; None and a noted error when the parser says no."""
        try:
            return parse(*given)
        except ValueError as error:
            self.refuse(name, str(error))
            return None


def read_code(raw: str) -> str:
    """The canonical code.

    Raises:
        ValueError: not one full dossier code.
    """
    if check_code_pattern(raw):
        return raw
    if not raw:
        raise ValueError("thiếu mã hồ sơ")
    found = is_wholly_code(raw)
    if found is None or found.kind != "dossier" or found.partial or len(found.value) > 60:
        raise ValueError(f"“{raw[:60]}” không phải mã hồ sơ đầy đủ")
    return found.value


def modified_at(path: Path) -> datetime:
    """When the file was last written: what a file without a time of its own is as of."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def read_json_list(path: Path, *keys: str) -> list[Any]:
    """The list in a JSON file, bare or under one of the keys.

    Raises:
        FileRefused: no JSON, or no such list.
    """
    import msgspec

    try:
        whole = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except msgspec.DecodeError as error:
        raise FileRefused(f"Tệp không phải JSON hợp lệ: {error}.") from error
    except UnicodeDecodeError as error:
        raise FileRefused("Tệp JSON không phải UTF-8.") from error
    if isinstance(whole, dict):
        whole = next((whole[key] for key in keys if key in whole), None)
    if not isinstance(whole, list):
        raise FileRefused(
            f"Tệp JSON cần một danh sách hồ sơ{' (khóa ' + ', '.join(keys) + ')' if keys else ''}."
        )
    return whole


def import_dossiers(
    path: Path,
    feed: Feed,
    rows: Iterable[Parsed[Filing]],
    run_slice: RunSlice,
    report: Report,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Write what the parser gives. The first complete load of a source sends no notices: history is no
    news."""

    def write(uow: UnitOfWork, items: Sequence[Item[Filing]]) -> Tally:
        _announce(uow, feed)
        return write_filings(uow, items)

    import_rows(parents_first(rows), write, run_slice, report=report, dry_run=dry_run, progress=progress)
    if not dry_run:
        run_slice(lambda uow: _finish(uow, feed, path, report))
    return report


def parents_first(rows: Iterable[Parsed[Filing]]) -> Iterator[Parsed[Filing]]:
    """Parts of inter-agency dossiers wait until everything else is there."""
    parts: list[Item[Filing]] = []
    for row in rows:
        if isinstance(row, Item) and row.value.dossier.parent_code:
            parts.append(row)
        else:
            yield row
    yield from parts


def write_filings(uow: UnitOfWork, items: Sequence[Item[Filing]]) -> Tally:
    """Put a slice of filings and tell the followers."""
    tally = Tally()
    kept = _with_parent(uow, items, tally)
    changes = uow.dossiers.put_many(owned(uow, [_not_ahead(item.value, uow.now) for item in kept]))
    notify_changes(uow, changes)
    tally.created = sum(change.before is None for change in changes)
    tally.changed = sum(change.changed and change.before is not None for change in changes)
    tally.unchanged = len(changes) - tally.created - tally.changed
    return tally


def _with_parent(uow: UnitOfWork, items: Sequence[Item[Filing]], tally: Tally) -> list[Item[Filing]]:
    wanted = {item.value.dossier.parent_code for item in items} - {None}
    if not wanted:
        return list(items)
    known = set(uow.dossiers.by_codes([code for code in wanted if code]))
    known |= {item.value.dossier.code for item in items}
    kept = []
    for item in items:
        parent = item.value.dossier.parent_code
        if parent is None or (parent in known and parent != item.value.dossier.code):
            kept.append(item)
        else:
            tally.refused.append(RowError(item.row, "parent", f"không có hồ sơ liên thông {parent}"))
    return kept


def _not_ahead(filing: Filing, now: datetime) -> Filing:
    """A source whose clock runs ahead must not shut out what it says later."""
    if filing.dossier.as_of <= now:
        return filing
    return replace(filing, dossier=replace(filing.dossier, as_of=now))


def _announce(uow: UnitOfWork, feed: Feed) -> None:
    """Make the source known before its first dossier is."""
    if uow.sources.get(feed.source) is None:
        uow.sources.put(
            Source(feed.source, feed.kind, None, None, tuple(sorted(feed.lacks)), feed.stale_after_h)
        )


def _finish(uow: UnitOfWork, feed: Feed, path: Path, report: Report) -> None:
    known = uow.sources.get(feed.source)
    as_of = min(modified_at(path), uow.now)
    if known is not None and known.as_of is not None:
        as_of = max(as_of, known.as_of)
    if report.created + report.changed + report.unchanged:
        lacks = tuple(sorted(feed.lacks))
        uow.sources.put(Source(feed.source, feed.kind, as_of, uow.now, lacks, feed.stale_after_h))
    uow.sources.add_run(feed.kind, path.name[:300], file_sha256(path), uow.now, report.counts())
