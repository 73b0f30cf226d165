"""What ``import`` and the watched folder can take: the kind's name and the importer behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from backend.importers.base import Report
from backend.importers.dossiers_igate import import_igate
from backend.importers.dossiers_national import import_national
from backend.importers.dossiers_table import import_table
from backend.importers.procedures_catalogue import import_catalogue
from backend.importers.procedures_national import import_national_procedures
from backend.importers.procedures_table import import_procedures


class Import(Protocol):
    """Every importer's shape. Raises ``backend.importers.base.FileRefused``."""

    def __call__(
        self,
        path: Path,
        run_slice: Any,
        *,
        source: str,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> Report: ...


#: kind -> (importer, the source's name when none is given)
KINDS: Mapping[str, tuple[Import, str]] = {
    "dossiers": (import_table, "Bảng hồ sơ"),
    "dossiers-national": (import_national, "Cổng dịch vụ công quốc gia"),
    "dossiers-igate": (import_igate, "Hệ thống một cửa iGate"),
    "procedures": (import_procedures, "Danh mục thủ tục của tỉnh"),
    "procedures-catalogue": (import_catalogue, "Cổng Dịch vụ công quốc gia"),
    "procedures-national": (import_national_procedures, "Cổng Dịch vụ công quốc gia"),
}
