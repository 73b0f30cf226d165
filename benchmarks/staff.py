"""Officers' questions against hand-written SQL: overdue among 100,000 tasks, a year's 1,000,000 dossiers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import staff_figures, staff_tasks


def run(_file: Path | None = None) -> dict[str, Any]:
    """Medians in milliseconds and the ratios, on both engines."""
    return {"tasks": staff_tasks.run(), "figures": staff_figures.run()}
