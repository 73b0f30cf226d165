"""What ``import`` and the watched folder can take: the kind's name and the importer behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from backend.importers.accounts_table import ACCOUNTS
from backend.importers.base import Report
from backend.importers.calendar_table import import_calendar
from backend.importers.calendar_table import write_template as calendar_template
from backend.importers.documents_table import import_documents
from backend.importers.documents_table import write_template as documents_template
from backend.importers.dossiers_igate import import_igate
from backend.importers.dossiers_national import import_national
from backend.importers.dossiers_table import import_table
from backend.importers.dossiers_table import write_template as dossiers_template
from backend.importers.duty_table import import_duty
from backend.importers.duty_table import write_template as duty_template
from backend.importers.fees_table import FEES
from backend.importers.petitions_table import PETITIONS
from backend.importers.procedures_catalogue import import_catalogue
from backend.importers.procedures_national import import_national_procedures
from backend.importers.procedures_table import import_procedures
from backend.importers.procedures_table import write_template as procedures_template
from backend.importers.ratings_table import RATINGS
from backend.importers.report_duties_table import import_report_duties
from backend.importers.report_duties_table import write_template as report_duties_template
from backend.importers.report_submissions_table import import_report_submissions
from backend.importers.report_submissions_table import write_template as report_submissions_template
from backend.importers.tasks_table import import_tasks
from backend.importers.tasks_table import write_template as tasks_template
from backend.importers.visits_table import VISITS

#: Their files hold what people wrote: once all of it is here, a watched folder keeps none.
NOT_KEPT = frozenset({"petitions"})


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
    "documents": (import_documents, "Sổ văn bản"),
    "leader-calendar": (import_calendar, "Lịch công tác"),
    "duty-roster": (import_duty, "Lịch trực"),
    "tasks": (import_tasks, "Hệ thống theo dõi nhiệm vụ"),
    "report-duties": (import_report_duties, "Danh mục chế độ báo cáo"),
    "report-submissions": (import_report_submissions, "Sổ theo dõi nộp báo cáo"),
    "accounts": (ACCOUNTS.load, "Danh sách cán bộ"),
    "reception-visits": (VISITS.load, "Sổ tiếp công dân"),
    "ratings": (RATINGS.load, "Phiếu đánh giá"),
    "fees": (FEES.load, "Hệ thống thanh toán"),
    "petitions": (PETITIONS.load, "Sổ đơn thư"),
}

#: kind -> what writes an empty table with its headings; the other kinds are other programs' files.
TEMPLATES: Mapping[str, Callable[[Path], None]] = {
    "dossiers": dossiers_template,
    "procedures": procedures_template,
    "documents": documents_template,
    "leader-calendar": calendar_template,
    "duty-roster": duty_template,
    "tasks": tasks_template,
    "report-duties": report_duties_template,
    "report-submissions": report_submissions_template,
    **{one.kind: one.template for one in (ACCOUNTS, VISITS, RATINGS, FEES, PETITIONS)},
}
