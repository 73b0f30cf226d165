"""``import KIND FILE``: with progress, and a report of refused rows (row, field, reason); exit 1 if any."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from backend.importers.base import FileRefused, Report
from backend.settings import Settings
from bot.cli.errors import CommandError
from bot.cli.kinds import KINDS
from bot.cli.store import opened_store, shell_actor

SHOWN = 50


def import_file(
    settings: Settings,
    kind: str,
    path: Path,
    *,
    source: str = "",
    dry_run: bool = False,
    as_json: bool = False,
) -> int:
    """Exit code: 0, or 1 when a row was refused. Raises CommandError."""
    if kind not in KINDS:
        raise CommandError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    if not path.is_file():
        raise CommandError(f"{path}: no such file")
    importer, usual_source = KINDS[kind]
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed} dòng"),
        TimeElapsedColumn(),
    )
    began = time.monotonic()
    with (
        opened_store(settings) as db,
        Progress(*columns, console=Console(stderr=True), transient=True) as bar,
    ):
        task = bar.add_task(path.name, total=None)
        try:
            report = importer(
                path,
                db.write_now,
                source=source or usual_source,
                dry_run=dry_run,
                progress=lambda done: bar.update(task, completed=done),
            )
        except FileRefused as refused:
            raise CommandError(f"{path.name}: {refused}") from None
        if not dry_run:
            detail = dict(report.counts())
            db.write_now(
                lambda uow: uow.audit.record(
                    shell_actor(), "import", f"{kind}:{path.name}"[:200], "ok", detail
                )
            )
    show(report, time.monotonic() - began)
    if as_json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    return 1 if report.refused else 0


def show(report: Report, took_s: float) -> None:
    """The report as an officer reads it, on standard error."""
    trial = " (chạy thử, không ghi gì)" if report.dry_run else ""
    print(
        f"{report.rows} dòng trong {took_s:.1f} giây{trial}: {report.created} mới, {report.changed} thay đổi, "
        f"{report.unchanged} giữ nguyên, {report.refused} bị từ chối",
        file=sys.stderr,
    )
    for error in report.errors[:SHOWN]:
        print(f"  dòng {error.row}, {error.field}: {error.reason}", file=sys.stderr)
    if len(report.errors) > SHOWN:
        print(f"  … và {len(report.errors) - SHOWN} lỗi nữa", file=sys.stderr)
    for note, count in report.notes.items():
        print(f"  lưu ý: {note} ({count})", file=sys.stderr)
