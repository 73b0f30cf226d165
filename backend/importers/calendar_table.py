"""Leaders' weekly calendar from a CSV or XLSX table; the columns are those of the template (``docs/import.md``).

An entry that changed is told to those it concerns; times of one leader that overlap are noted in the report and told to
the office leader. An entry that is no longer in the file stays: calling off is a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from backend.domain.clock import VIETNAM
from backend.domain.leader import EventState, Leader, LeaderEvent, Visibility
from backend.domain.ports import UnitOfWork
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
    told_again,
    write_table,
)
from backend.services.leaders.telling import tell_change, tell_clashes
from backend.text.fold import fold

KIND = "leader-calendar"
COLUMNS: Columns = {
    "code": (("Mã lịch",), "2026-48-07"),
    "on": (("Ngày",), "25/11/2026"),
    "starts": (("Bắt đầu", "Giờ", "Thời gian"), "8h00"),
    "ends": (("Kết thúc", "Đến giờ"), "10h30"),
    "leader": (("Lãnh đạo", "Họ tên", "Người chủ trì"), "Nguyễn Văn A"),
    "title": (("Chức vụ", "Chức danh"), "Chủ tịch UBND tỉnh"),
    "agency": (("Cơ quan",), "UBND tỉnh"),
    "account": (("Tài khoản",), ""),
    "subject": (("Nội dung", "Nội dung công việc"), "Họp giao ban tháng 11"),
    "place": (("Địa điểm",), "Phòng họp A, trụ sở UBND tỉnh"),
    "others": (("Thành phần",), "Lãnh đạo các sở theo giấy mời"),
    "agencies": (("Cơ quan tham dự", "Cơ quan liên quan"), "Sở Xây dựng; Sở Tài chính"),
    "visibility": (("Phạm vi xem",), "Cơ quan liên quan"),
    "state": (("Trạng thái",), ""),
    "as_of": (("Cập nhật lúc",), ""),
}
_VISIBILITIES = {
    "cong khai": Visibility.PUBLIC, "toan tinh": Visibility.PROVINCE, "co quan lien quan": Visibility.AGENCIES,
    "co quan tham du": Visibility.AGENCIES, "rieng": Visibility.PRIVATE, "noi bo rieng": Visibility.PRIVATE,
}  # fmt: skip
_STATES = {
    "dien ra": EventState.PLANNED, "theo lich": EventState.PLANNED, "hoan": EventState.POSTPONED,
    "tam hoan": EventState.POSTPONED, "huy": EventState.CANCELLED, "da huy": EventState.CANCELLED,
}  # fmt: skip
#: Sessions without an hour, by the office's own hours.
_SESSIONS = {
    "sang": (time(7, 30), time(11, 30)), "buoi sang": (time(7, 30), time(11, 30)),
    "chieu": (time(13, 30), time(17)), "buoi chieu": (time(13, 30), time(17)),
    "toi": (time(18), time(21)), "buoi toi": (time(18), time(21)), "ca ngay": (time(7, 30), time(17)),
}  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:hg]|gio)\s*(\d{2})?(?:\s*(?:p|phut)|:\d{2})?", re.ASCII)
_RANGE = re.compile(r"\s*(?:-|–|—|đến|tới)\s*")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the table tells it, agencies by name. ``ordinal`` tells like entries of one day apart."""

    event: LeaderEvent
    agency: str
    agencies: tuple[str, ...]
    code: str
    ordinal: int


def read_clock(text: str) -> tuple[time, time | None]:
    """ "7h30", "07:30", "14 giờ", "8h - 10h30", "Sáng": when it begins, and ends where that is said.

    Raises:
        ValueError: no time of day.
    """
    if (session := _SESSIONS.get(fold(text))) is not None:
        return session
    first, *rest = _RANGE.split(text.strip(), maxsplit=1)
    begins = _one_clock(first)
    ends = _one_clock(rest[0]) if rest else None
    if ends is not None and ends <= begins:
        raise ValueError(f"“{text}”: giờ kết thúc không sau giờ bắt đầu")
    return begins, ends


def _one_clock(text: str) -> time:
    match = _CLOCK.fullmatch(fold(text))
    try:
        if match is None:
            raise ValueError
        return time(int(match[1]), int(match[2] or 0))
    except ValueError:
        raise ValueError(f"“{text.strip()[:40]}” không phải giờ; hãy ghi như 7h30, 14:00 hoặc Sáng") from None


def import_calendar(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a calendar. ``as_of`` is when the source made it; without it, when the file was written.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    state = as_of_file(path, as_of)
    writer = _Writer(report, source)
    counted: dict[tuple[str, ...], int] = {}
    rows = (read_row(row, source, state, counted) for row in office_rows(path, COLUMNS, ("on", "as_of")))
    import_rows(rows, writer.write, run_slice, report=report, dry_run=dry_run, progress=progress)
    left = run_slice(writer.left_over)
    if left:
        report.notes[
            "lịch đã nhập trước đây của tuần này nhưng không có trong tệp (giữ nguyên, không xóa)"
        ] = left
    return record_run(path, KIND, report, run_slice)


def write_template(path: Path) -> None:
    write_table(path, COLUMNS, "Lịch công tác")


def read_row(
    row: OfficeRow, source: str, state: datetime, counted: dict[tuple[str, ...], int]
) -> Parsed[Row]:
    on = row.day("on", required=True)
    leader = row.text("leader", 200, required=True)
    subject = " ".join(row.text("subject", 1000, required=True).split())
    agency = row.text("agency", 300, required=True)
    begins, ends = _times(row)
    code = row.text("code", 60)
    visibility = row.choice("visibility", _VISIBILITIES, Visibility.AGENCIES)
    called = row.choice("state", _STATES, EventState.PLANNED)
    told = row.moment("as_of") or state
    name = Leader(0, leader, row.text("title", 200), row.text("account", 60))
    place, others = row.text("place", 300), row.text("others", 1000)
    agencies = names_in(row.text("agencies", 2000))
    if any(map(is_stamped, (subject, place, others))):
        row.refuse("subject", "nội dung mật không được đưa vào hệ thống này")
    if row.errors or on is None or begins is None:
        return tuple(row.errors)
    alike = (fold(agency), fold(leader), fold(subject), on.isoformat())
    counted[alike] = ordinal = counted.get(alike, -1) + 1
    event = LeaderEvent(
        leader=name,
        key="",
        starts_at=datetime.combine(on, begins, VIETNAM),
        subject=subject,
        ends_at=datetime.combine(on, ends, VIETNAM) if ends else None,
        place=place,
        others=others,
        visibility=visibility,
        state=called,
        origin=source[:100],
        as_of=told,
    )
    return Item(row.number, Row(event, agency, agencies, code, ordinal))


def _times(row: OfficeRow) -> tuple[time | None, time | None]:
    said, until = row.text("starts", 40, required=True), row.text("ends", 40)
    begins: time | None = None
    ends: time | None = None
    try:
        if said:
            begins, ends = read_clock(said)
    except ValueError as error:
        row.refuse("starts", str(error))
    try:
        if until:
            ends = read_clock(until)[0]
    except ValueError as error:
        row.refuse("ends", str(error))
    if begins and ends and ends <= begins:
        row.refuse("ends", "giờ kết thúc không sau giờ bắt đầu")
    return begins, ends


@dataclass(slots=True)
class _Seen:
    """What of the calendar the file covers."""

    leaders: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)


class _Writer:
    def __init__(self, report: Report, source: str) -> None:
        self._agencies = KnownAgencies()
        self._report = report
        self._source = source[:100]
        self._seen = _Seen()

    def write(self, uow: UnitOfWork, items: Sequence[Item[Row]]) -> Tally:
        tally = Tally()
        events = [(item.row, event) for item in items if (event := self._event(uow, item, tally)) is not None]
        known = uow.leaders.known([event.key for _, event in events])
        self._again: list[tuple[int, datetime | None]] = []
        for number, event in events:
            if event.key in self._seen.keys:
                tally.refused.append(RowError(number, COLUMNS["code"][0][0], "mã lịch này đã có ở dòng trên"))
                continue
            self._note(event)
            self._put(uow, event, known, tally)
        told_again(uow.leaders.seen, self._again)
        return tally

    def _event(self, uow: UnitOfWork, item: Item[Row], tally: Tally) -> LeaderEvent | None:
        row = item.value
        agency = self._agencies.find(uow, row.agency)
        if agency is None:
            reason = f"“{row.agency}” không phải một cơ quan có trong danh mục"
            tally.refused.append(RowError(item.row, COLUMNS["agency"][0][0], reason))
            return None
        account = row.event.leader.account
        if account and uow.accounts.by_name(account) is None:
            reason = f"không có tài khoản “{account}”"
            tally.refused.append(RowError(item.row, COLUMNS["account"][0][0], reason))
            return None
        ids, unknown = self._agencies.find_all(uow, row.agencies)
        for name in unknown:
            self._report.note(f"cơ quan tham dự không có trong danh mục: {name[:80]}")
        leader = replace(row.event.leader, agency_id=agency.id, agency_name=agency.name)
        leader = replace(leader, id=uow.leaders.put(leader), top=agency.kind == "province")
        key = f"{self._source}#{row.code}" if row.code else self._alike(row, leader)
        return replace(row.event, leader=leader, key=key, agencies=tuple(sorted(ids)))

    def _alike(self, row: Row, leader: Leader) -> str:
        """Without a code an entry is known by who, what and which day; its hour and place may change."""
        on = row.event.starts_at.date().isoformat()
        return f"{leader.id}|{on}|{fold(row.event.subject)}|{row.ordinal}"

    def _note(self, event: LeaderEvent) -> None:
        self._seen.keys.add(event.key)
        self._seen.leaders.add(event.leader.id)
        self._seen.days.add(event.starts_at.date())

    def _put(
        self, uow: UnitOfWork, event: LeaderEvent, known: Mapping[str, LeaderEvent], tally: Tally
    ) -> None:
        old = known.get(event.key)
        if old is None:
            new = replace(event, id=uow.leaders.add(event))
            tally.created += 1
        elif _older(event, old) or _same(event, old):
            tally.unchanged += 1
            self._again.append((old.id, event.as_of))
            return
        else:
            new = replace(event, id=old.id, changes=old.changes + 1, demo=old.demo)
            uow.leaders.change(new)
            tally.changed += 1
            tell_change(uow, old, new)
        clashing = uow.leaders.overlapping(new)
        for other in clashing:
            self._report.note(_clash(new, other))
        tell_clashes(uow, new, clashing)

    def left_over(self, uow: UnitOfWork) -> int:
        """Entries of this source in the weeks and for the leaders of the file that the file does not have."""
        if not self._seen.days:
            return 0
        first, last = min(self._seen.days), max(self._seen.days)
        since = datetime.combine(first - timedelta(days=first.weekday()), time.min, VIETNAM)
        until = datetime.combine(last + timedelta(days=7 - last.weekday()), time.min, VIETNAM)
        there = uow.leaders.between(self._seen.leaders, since, until)
        return sum(
            one.held and one.origin == self._source and one.key not in self._seen.keys for one in there
        )


def _clash(one: LeaderEvent, other: LeaderEvent) -> str:
    first, later = sorted((one.starts_at.astimezone(VIETNAM), other.starts_at.astimezone(VIETNAM)))
    who = f"{one.leader.title} {one.leader.name}".strip()
    return f"trùng giờ: {who}, {first:%d/%m/%Y %H:%M} và {later:%H:%M}"


def _older(new: LeaderEvent, old: LeaderEvent) -> bool:
    return new.as_of is not None and old.as_of is not None and new.as_of < old.as_of


def _same(new: LeaderEvent, old: LeaderEvent) -> bool:
    leader = old.leader
    alike = replace(new, id=old.id, as_of=old.as_of, changes=old.changes, demo=old.demo, leader=leader)
    return alike == old
