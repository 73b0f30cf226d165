"""The watched folder: each kind of file has a folder of its own (``FOLDER/dossiers/…``)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from backend.importers.base import Report
from backend.jobs.watched_folder import sweep
from bot.app import Application
from bot.cli.kinds import KINDS, NOT_KEPT


def sweep_watched_folder(app: Application) -> int:
    """Import what lies complete in the folders; returns how many files were handled. Runs on a thread."""
    folder = app.settings.watch_folder
    if folder is None:
        return 0
    handled = 0
    for kind in KINDS:
        place = folder / kind
        place.mkdir(parents=True, exist_ok=True)
        handled += sweep(place, partial(_import, app, kind), keep_done=kind not in NOT_KEPT)
    return handled


def _import(app: Application, kind: str, path: Path) -> Report:
    importer, source = KINDS[kind]
    report = importer(path, app.db.write_now, source=source)
    detail = dict(report.counts())
    app.db.write_now(lambda uow: uow.audit.record("job:watched_folder", "import", kind, "ok", detail))
    return report
