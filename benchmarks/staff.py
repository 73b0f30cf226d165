"""Officers' questions against hand-written SQL: overdue tasks, a year's dossiers, an agency's open dossiers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import staff_figures, staff_tasks, staff_work


def run(_file: Path | None = None) -> dict[str, Any]:
    """Medians in milliseconds and the ratios, on both engines."""
    return {"tasks": staff_tasks.run(), "figures": staff_figures.run(), "work": staff_work.run()}
