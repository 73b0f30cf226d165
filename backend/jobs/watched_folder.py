"""A folder where systems drop their exports: each file is imported once and put away with a report.

A file is claimed by renaming it into ``processing/``: of two processes that try, one succeeds.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import structlog

from backend.domain.errors import DomainError

log = structlog.get_logger(__name__)

#: A file that has not changed for so long is taken to be complete.
SETTLED_S = 5.0
#: A claimed file whose worker has not finished in this time was left by a crash and is tried again.
ABANDONED_S = 3600.0
_IGNORED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".report.json")


class Told(Protocol):
    """What an importer reports: how many rows it refused, and all of it as JSON."""

    refused: int

    def to_json(self) -> dict[str, Any]: ...


#: Imports one file. Raises DomainError when the file as a whole is refused; its message says why, in Vietnamese.
RunImport = Callable[[Path], Told]


def sweep(
    folder: Path, run_import: RunImport, *, settled_s: float = SETTLED_S, keep_done: bool = True
) -> int:
    """Import every complete file of the folder; returns how many were handled.

    Files go to ``done/``, or to ``refused/`` when the file could not be read or a row was refused, each with
    ``NAME.report.json`` beside it. Without ``keep_done`` the report alone is left of a good one.
    """
    places = {name: folder / name for name in ("processing", "done", "refused")}
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    _give_back(places["processing"], folder)
    handled = 0
    for path in list(_complete(folder, settled_s)):
        claimed = _claim(path, places["processing"])
        if claimed is None:
            continue
        good, told = _import(claimed, run_import)
        _put_away(claimed, places["done" if good else "refused"], told, keep=keep_done or not good)
        handled += 1
    return handled


def _complete(folder: Path, settled_s: float) -> Iterator[Path]:
    """Files that nobody has written to for a while, oldest first, whose size stands still."""
    now = time.time()
    seen: dict[Path, os.stat_result] = {}
    for path in folder.iterdir():
        if (
            path.name.startswith(".")
            or path.name.endswith(_IGNORED)
            or path.is_symlink()
            or not path.is_file()
        ):
            continue
        known = _stat(path)
        if known is not None and now - known.st_mtime >= settled_s and known.st_size > 0:
            seen[path] = known
    if seen and settled_s:
        time.sleep(min(1.0, settled_s / 5))  # a copy that keeps the old time still grows
    for path in sorted(seen, key=lambda one: (seen[one].st_mtime, one.name)):
        known = _stat(path)
        if known is not None and known.st_size == seen[path].st_size:
            yield path


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:  # somebody else took it
        return None


def _claim(path: Path, processing: Path) -> Path | None:
    """The file in its new place, its own time kept; None when another process was faster."""
    claimed = processing / f"{secrets.token_hex(6)}~{path.name}"
    claim = claimed.with_name(claimed.name + ".claim")
    claim.touch()  # before the file moves: a crash between the two loses nothing
    try:
        os.rename(path, claimed)
    except FileNotFoundError:
        claim.unlink()
        return None
    return claimed


def _give_back(processing: Path, folder: Path) -> None:
    """Return what a crashed worker left: importing it again does no harm."""
    for claim in processing.glob("*.claim"):
        known = _stat(claim)
        if known is None or time.time() - known.st_mtime < ABANDONED_S:
            continue
        file = claim.with_name(claim.name.removesuffix(".claim"))
        try:
            os.rename(file, _free_name(folder / file.name.split("~", 1)[1]))
        except FileNotFoundError:
            log.info("watched_folder.claim_without_file", file=file.name)
        claim.unlink(missing_ok=True)


def _import(path: Path, run_import: RunImport) -> tuple[bool, dict[str, Any]]:
    try:
        report = run_import(path)
    except DomainError as refused:
        return False, {"refused_file": str(refused)}
    except Exception as error:  # one bad file must not stop the others; what happened stands in the report
        log.exception("watched_folder.failed", file=path.name)
        return False, {"refused_file": f"Lỗi khi nhập: {type(error).__name__}"}
    return report.refused == 0, report.to_json()


def _put_away(claimed: Path, place: Path, told: dict[str, Any], *, keep: bool) -> None:
    name = claimed.name.split("~", 1)[1]
    target = _free_name(place / name)
    told = {"file": name, "at": datetime.now(UTC).isoformat(timespec="seconds"), **told}
    report = target.with_name(target.name + ".report.json")
    report.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    if keep:
        os.rename(claimed, target)
    else:
        claimed.unlink()
    claimed.with_name(claimed.name + ".claim").unlink(missing_ok=True)


def _free_name(path: Path) -> Path:
    """The path, numbered when the name is taken: nothing is overwritten."""
    free, number = path, 1
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
