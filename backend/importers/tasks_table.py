"""Tasks given by the province, from a CSV or XLSX table; the columns are those of the template (``docs/import.md``).

A task without a code of its own is known again by the document that gave it, its agency and its words; a new one gets
the next number of its year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from backend.domain.ports import UnitOfWork
from backend.domain.scope import Scope
from backend.domain.task import Giver, SourceDocument, Task, TaskState
from backend.importers.base import Item, Parsed, Report, RowError, RunSlice, Tally, import_rows
from backend.importers.office_table import (
    Columns,
    KnownAgencies,
    OfficeRow,
    as_of_file,
    is_stamped,
    names_in,
    office_rows,
    record_run,
    write_table,
)
from backend.text.codes import find_codes
from backend.text.fold import fold

KIND = "tasks"
COLUMNS: Columns = {
    "code": (("Mã nhiệm vụ", "Mã"), "NV-2026-0123"),
    "content": (("Nội dung nhiệm vụ", "Nội dung"), "Báo cáo tiến độ giải phóng mặt bằng"),
    "giver": (("Cấp giao", "Nguồn giao"), "Chủ tịch UBND tỉnh"),
    "giver_name": (("Người giao",), ""),
    "field": (("Lĩnh vực",), "Giao thông"),
    "agency": (("Cơ quan chủ trì", "Đơn vị chủ trì"), "Sở Xây dựng"),
    "partners": (("Cơ quan phối hợp", "Đơn vị phối hợp"), "Sở Tài chính; Sở Nội vụ"),
    "officer": (("Người phụ trách", "Chuyên viên"), ""),
    "number": (("Số văn bản giao", "Số văn bản"), "1234/UBND-KT"),
    "dated": (("Ngày văn bản",), "01/10/2026"),
    "title": (("Trích yếu văn bản", "Trích yếu"), ""),
    "assigned": (("Ngày giao",), "01/10/2026"),
    "due": (("Hạn hoàn thành", "Hạn xử lý", "Hạn"), "30/11/2026"),
    "state": (("Trạng thái", "Tình trạng"), "Chưa báo cáo"),
    "ended": (("Ngày hoàn thành", "Ngày kết thúc"), ""),
    "result": (("Văn bản kết quả", "Kết quả"), ""),
    "carried": (("Chuyển sang năm",), ""),
    "as_of": (("Cập nhật lúc",), ""),
}
_GIVERS = {
    "chinh phu": Giver.GOVERNMENT, "thu tuong": Giver.GOVERNMENT, "thu tuong chinh phu": Giver.GOVERNMENT,
    "ubnd tinh": Giver.COMMITTEE, "uy ban nhan dan tinh": Giver.COMMITTEE,
    "chu tich ubnd tinh": Giver.CHAIRMAN, "chu tich": Giver.CHAIRMAN, "pho chu tich ubnd tinh": Giver.CHAIRMAN,
    "lanh dao ubnd tinh": Giver.CHAIRMAN, "tinh uy": Giver.PARTY, "hdnd tinh": Giver.PARTY,
}  # fmt: skip
_STATES = {
    "chua bao cao": TaskState.OPEN, "cho bao cao": TaskState.OPEN, "chua thuc hien": TaskState.OPEN,
    "dang thuc hien": TaskState.WORKING, "da hoan thanh": TaskState.DONE, "hoan thanh": TaskState.DONE,
    "dung": TaskState.STOPPED, "dung thuc hien": TaskState.STOPPED,
    "chuyen nam sau": TaskState.CARRIED, "chuyen sang nam sau": TaskState.CARRIED,
}  # fmt: skip
_EVERYTHING = Scope(everything=True)
_SAME_DOCUMENT = 500


@dataclass(frozen=True, slots=True)
class Row:
    task: Task
    agency: str
    partners: tuple[str, ...]


def import_tasks(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import tasks; safe to repeat. ``as_of`` is when the source spoke; without it, when the file was written.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    state = as_of_file(path, as_of)
    dates = ("dated", "assigned", "due", "ended", "as_of")
    rows = (read_row(row, source, state) for row in office_rows(path, COLUMNS, dates))
    import_rows(rows, _Writer().write, run_slice, report=report, dry_run=dry_run, progress=progress)
    return record_run(path, KIND, report, run_slice)


def write_template(path: Path) -> None:
    write_table(path, COLUMNS, "Nhiệm vụ")


def read_row(row: OfficeRow, source: str, as_of: datetime) -> Parsed[Row]:
    content = row.text("content", 4000, required=True)
    if is_stamped(content) or is_stamped(row.text("title", 1000)):
        row.refuse("content", "nhiệm vụ có dấu mật không được đưa vào hệ thống này")
    code = _code(row)
    assigned = row.day("assigned") or row.day("dated")
    if assigned is None and not row.errors:
        row.refuse("assigned", "thiếu “Ngày giao”")
    due, ended = row.day("due"), row.day("ended")
    state = row.choice("state", _STATES, TaskState.OPEN)
    if state.ended and ended is None:
        row.refuse("ended", "nhiệm vụ đã kết thúc thì cần “Ngày hoàn thành”")
    if not state.ended and ended is not None:
        row.refuse("state", "có “Ngày hoàn thành” mà trạng thái chưa kết thúc")
    for name, day in (("due", due), ("ended", ended)):
        if day is not None and assigned is not None and day < assigned:
            row.refuse(name, "trước ngày giao")
    task_agency = row.text("agency", 300, required=True)
    carried = row.text("carried", 4)
    if carried and not carried.isdigit():
        row.refuse("carried", "không phải một năm")
    if row.errors or assigned is None:
        return tuple(row.errors)
    task = Task(
        code=code,
        content=content,
        giver=row.choice("giver", _GIVERS, Giver.COMMITTEE),
        agency_id=0,
        assigned_on=assigned,
        source=SourceDocument(row.text("number", 60), row.day("dated"), row.text("title", 1000)),
        due_on=due,
        state=state,
        ended_on=ended,
        field=row.text("field", 100),
        giver_name=row.text("giver_name", 200),
        officer=row.text("officer", 200),
        result=row.text("result", 200),
        carried_to=int(carried) if carried else None,
        origin=source[:100],
        as_of=row.moment("as_of") or as_of,
    )
    if row.errors:
        return tuple(row.errors)
    return Item(row.number, Row(task, task_agency, names_in(row.text("partners", 1000))))


def _code(row: OfficeRow) -> str:
    said = row.text("code", 40)
    found = [one.value for one in find_codes(said) if one.kind == "task"]
    if said and len(found) != 1:
        row.refuse("code", f"“{said}” không phải mã nhiệm vụ; mã có dạng NV-2026-0123, để trống nếu chưa có")
    return found[0] if found else ""


class _Writer:
    def __init__(self) -> None:
        self._agencies = KnownAgencies()

    def write(self, uow: UnitOfWork, items: Sequence[Item[Row]]) -> Tally:
        tally = Tally()
        for item in items:
            task = self._settled(uow, item, tally)
            if task is None:
                continue
            done = uow.tasks.put(task, uow.now)
            tally.created += done == "created"
            tally.changed += done == "changed"
            tally.unchanged += done == "unchanged"
        return tally

    def _settled(self, uow: UnitOfWork, item: Item[Row], tally: Tally) -> Task | None:
        row = item.value
        agency = self._agencies.find(uow, row.agency)
        partners, unknown = self._agencies.find_all(uow, row.partners)
        for name, column in (
            (row.agency, "agency") if agency is None else ("", ""),
            *((u, "partners") for u in unknown),
        ):
            if name:
                reason = f"“{name}” không phải một cơ quan có trong danh mục"
                tally.refused.append(RowError(item.row, COLUMNS[column][0][0], reason))
        if agency is None or unknown:
            return None
        task = replace(row.task, agency_id=agency.id, together_with=partners)
        return task if task.code else replace(task, code=_known_code(uow, task))


def _known_code(uow: UnitOfWork, task: Task) -> str:
    """The code of the same task of an earlier import, else a new one."""
    same = (
        uow.tasks.of_document(_EVERYTHING, task.source.number, _SAME_DOCUMENT) if task.source.number else ()
    )
    for one in same:
        if one.agency_id == task.agency_id and fold(one.content) == fold(task.content):
            return one.code
    year = task.assigned_on.year
    return f"NV-{year}-{uow.tasks.next_number(year):04d}"
