"""The duty roster from a CSV or XLSX table; the columns are those of the template (``docs/import.md``).

The days of an agency that a file has are whole: who stood there before and is not in the file any more is taken off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from backend.domain.leader import DutySession, DutyShift
from backend.domain.ports import UnitOfWork
from backend.importers.base import Item, Parsed, Report, RowError, RunSlice, Tally, import_rows
from backend.importers.cells import first_zero
from backend.importers.office_table import (
    Columns,
    KnownAgencies,
    OfficeRow,
    as_of_file,
    office_rows,
    record_run,
    told_again,
    write_table,
)
from backend.text.fold import fold

KIND = "duty-roster"
COLUMNS: Columns = {
    "on": (("Ngày",), "25/11/2026"),
    "session": (("Ca trực", "Buổi"), "Cả ngày"),
    "agency": (("Cơ quan",), "Văn phòng UBND tỉnh"),
    "position": (("Nhiệm vụ trực", "Nhiệm vụ"), "Trực lãnh đạo"),
    "name": (("Họ tên", "Người trực"), "Nguyễn Văn A"),
    "title": (("Chức vụ", "Chức danh"), "Phó Chánh Văn phòng"),
    "phone": (("Điện thoại", "Số điện thoại"), "0299 3851 002"),
    "place": (("Địa điểm", "Nơi trực"), "Phòng trực, 01 Hùng Vương"),
    "note": (("Ghi chú",), ""),
    "visibility": (("Phạm vi xem",), "Toàn tỉnh"),
    "as_of": (("Cập nhật lúc",), ""),
}
_SESSIONS = {
    "ca ngay": DutySession.ALL, "24/24": DutySession.ALL, "ngay dem": DutySession.ALL, "ban ngay": DutySession.DAY,
    "ngay": DutySession.DAY, "sang": DutySession.MORNING, "chieu": DutySession.AFTERNOON,
    "toi": DutySession.EVENING, "dem": DutySession.NIGHT, "ban dem": DutySession.NIGHT,
}  # fmt: skip
_VISIBILITIES = {"toan tinh": True, "co quan": False, "noi bo": False, "noi bo co quan": False}
_PHONE = re.compile(r"\+?[\d\s.()\-/]{8,25}")


@dataclass(frozen=True, slots=True)
class Row:
    shift: DutyShift
    agency: str


def import_duty(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a roster. ``as_of`` is when the source made it; without it, when the file was written.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    state = as_of_file(path, as_of)
    writer = _Writer()
    counted: dict[tuple[str, ...], int] = {}
    rows = (
        _watched(read_row(row, source, state, counted), row, writer)
        for row in office_rows(path, COLUMNS, ("on", "as_of"))
    )
    import_rows(rows, writer.write, run_slice, report=report, dry_run=dry_run, progress=progress)
    if not dry_run and (gone := run_slice(writer.take_off)):
        report.notes["ca trực không còn trong tệp đã được gỡ"] = gone
    return record_run(path, KIND, report, run_slice)


def write_template(path: Path) -> None:
    write_table(path, COLUMNS, "Lịch trực")


def read_row(
    row: OfficeRow, source: str, state: datetime, counted: dict[tuple[str, ...], int]
) -> Parsed[Row]:
    on = row.day("on", required=True)
    session = row.choice("session", _SESSIONS, DutySession.ALL)
    agency = row.text("agency", 300, required=True)
    position = row.text("position", 100)
    name = row.text("name", 200, required=True)
    phone = first_zero(row.text("phone", 40))
    if phone and not (_PHONE.fullmatch(phone) and sum(map(str.isdigit, phone)) >= 8):
        row.refuse("phone", "không phải số điện thoại")
    shift = DutyShift(
        agency_id=0,
        on=on or date.min,
        session=session,
        name=name,
        position=position,
        title=row.text("title", 200),
        phone=phone,
        place=row.text("place", 300),
        note=row.text("note", 300),
        province_wide=row.choice("visibility", _VISIBILITIES, False),
        origin=source[:100],
        as_of=row.moment("as_of") or state,
    )
    if row.errors or on is None:
        return tuple(row.errors)
    alike = (fold(agency), on.isoformat(), str(session), fold(position))
    counted[alike] = place = counted.get(alike, -1) + 1
    return Item(row.number, Row(replace(shift, place_in_row=place), agency))


def _watched(parsed: Parsed[Row], row: OfficeRow, writer: _Writer) -> Parsed[Row]:
    """A day of which a row was refused is not whole: nobody is taken off it."""
    if not isinstance(parsed, Item):
        probe = OfficeRow(row.number, row.cells, row.columns, row.order_unsure)
        writer.not_whole(probe.day("on"))
    return parsed


class _Writer:
    def __init__(self) -> None:
        self._agencies = KnownAgencies()
        self._kept: dict[tuple[int, date], set[int]] = {}
        self._torn: set[date] = set()
        self._all_torn = False

    def not_whole(self, on: date | None) -> None:
        self._torn |= {on} if on is not None else set()
        self._all_torn = self._all_torn or on is None

    def write(self, uow: UnitOfWork, items: Sequence[Item[Row]]) -> Tally:
        tally = Tally()
        self._again: list[tuple[int, datetime | None]] = []
        shifts = []
        for item in items:
            agency = self._agencies.find(uow, item.value.agency)
            if agency is None:
                reason = f"“{item.value.agency}” không phải một cơ quan có trong danh mục"
                tally.refused.append(RowError(item.row, COLUMNS["agency"][0][0], reason))
                self.not_whole(item.value.shift.on)
            else:
                shifts.append(replace(item.value.shift, agency_id=agency.id))
        days: dict[int, set[date]] = {}
        for one in shifts:
            days.setdefault(one.agency_id, set()).add(one.on)
        known = {_identity(old): old for agency_id, on in days.items() for old in uow.duty.on(agency_id, on)}
        for one in shifts:
            self._put(uow, one, known.get(_identity(one)), tally)
        told_again(uow.duty.seen, self._again)
        return tally

    def _put(self, uow: UnitOfWork, new: DutyShift, old: DutyShift | None, tally: Tally) -> None:
        if old is None:
            number = uow.duty.add(new)
            tally.created += 1
        else:
            number = old.id
            if _older(new, old) or _same(new, old):
                tally.unchanged += 1
                self._again.append((number, new.as_of))
            else:
                uow.duty.change(replace(new, id=number, demo=old.demo))
                tally.changed += 1
        self._kept.setdefault((new.agency_id, new.on), set()).add(number)

    def take_off(self, uow: UnitOfWork) -> int:
        """Those of the file's days who are not in it; returns how many."""
        gone = [
            old.id
            for (agency_id, on), kept in self._kept.items()
            if on not in self._torn and not self._all_torn
            for old in uow.duty.on(agency_id, {on})
            if old.id not in kept
        ]
        return uow.duty.drop(gone) if gone else 0


def _identity(one: DutyShift) -> tuple[object, ...]:
    return (one.agency_id, one.on, one.session, fold(one.position), one.place_in_row)


def _older(new: DutyShift, old: DutyShift) -> bool:
    return new.as_of is not None and old.as_of is not None and new.as_of < old.as_of


def _same(new: DutyShift, old: DutyShift) -> bool:
    return replace(new, id=old.id, as_of=old.as_of, agency_name=old.agency_name, demo=old.demo) == old
