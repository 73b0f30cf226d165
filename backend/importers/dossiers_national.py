"""Dossiers as the national portal exchanges them (``DongBoHoSoMC``): ``{service, isUpdating, data: […]}``
or the list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.domain.dossier import Applicant, Channel, Details, Dossier, DossierEvent, FeeDue, Filing, Stage
from backend.domain.dossier_clock import DAY_ENDS
from backend.importers.base import Item, Parsed, Report, RowError, RunSlice
from backend.importers.dossier_feed import (
    MOST_NAME,
    MOST_TITLE,
    Feed,
    RowReader,
    import_dossiers,
    modified_at,
    read_code,
    read_json_list,
)
from backend.importers.moments import parse_moment
from backend.importers.statuses import status_map
from backend.text.fold import nfc
from backend.text.phones import normalise_phone

KIND = "national"
#: The record has no step, no desk where the result lies, and gives no reason apart from a free note.
LACKS = frozenset({"step", "collect", "reason"})
_CHANNELS = {"1": Channel.DIRECT, "2": Channel.ONLINE, "3": Channel.POSTAL}


def import_national(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a file of records. ``as_of``: when it was made; without it, when the file was written.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    reader = NationalReader(report, source, as_of or modified_at(path))
    records = read_json_list(path, "data")
    rows = (reader.parse(number, record) for number, record in enumerate(records, 1))
    feed = Feed(source, KIND, LACKS)
    return import_dossiers(path, feed, rows, run_slice, report, dry_run=dry_run, progress=progress)


class NationalReader:
    """One payload. Dates of all the shapes that real payloads mix are taken."""

    def __init__(self, report: Report, source: str, as_of: datetime) -> None:
        self._report = report
        self._source = source
        self._as_of = as_of
        self._statuses = status_map(KIND)

    def parse(self, row: int, record: Any) -> Parsed[Filing]:
        if not isinstance(record, dict):
            return (RowError(row, "", "không phải một bản ghi hồ sơ"),)
        reader = RowReader(row)
        code = reader.read("MaHoSo", read_code, text_of(record, "MaHoSo"))
        at = {
            name: _moment(reader, record, name)
            for name in ("NgayTiepNhan", "NgayHenTra", "NgayTra", "NgayKetThucXuLy")
        }
        requests = _requests(reader, record)
        if text_of(record, "TrangThaiHoSo") == "":
            reader.refuse("TrangThaiHoSo", "thiếu trạng thái")
        if reader.errors or code is None:
            return tuple(reader.errors)
        stage = self._stage(text_of(record, "TrangThaiHoSo"))
        dossier = self._dossier(code, stage, record, at, requests)
        events = tuple(event for one in requests for event in one.events)
        return Item(row, Filing(dossier, _person(record), events, LACKS))

    def _dossier(
        self,
        code: str,
        stage: Stage,
        record: Mapping[str, Any],
        at: Mapping[str, datetime | None],
        requests: Sequence[_Request],
    ) -> Dossier:
        open_one = next((one for one in reversed(requests) if not one.answered), None)
        moved = next((one.new_due for one in reversed(requests) if one.new_due), None)
        waits = stage is Stage.SUPPLEMENT and open_one is not None
        return Dossier(
            code=code,
            stage=stage,
            source=self._source,
            as_of=self._as_of,
            raw_status=text_of(record, "TrangThaiHoSo")[:MOST_NAME],
            title=(text_of(record, "TenTTHC") or text_of(record, "TrichYeuHoSo"))[:MOST_TITLE],
            procedure_code=text_of(record, "MaTTHC")[:40],
            agency_name=text_of(record, "DonViXuLy")[:MOST_NAME],
            holder=text_of(record, "DonViXuLy")[:MOST_NAME] or None,
            received_at=at["NgayTiepNhan"],
            due_at=moved or at["NgayHenTra"],
            finished_at=at["NgayKetThucXuLy"],
            returned_at=at["NgayTra"],
            channel=_CHANNELS.get(text_of(record, "HinhThuc"), Channel.UNKNOWN),
            details=Details(
                papers=open_one.papers if waits and open_one else (),
                supplement_asked_at=open_one.asked_at if waits and open_one else None,
                fees=_fees(record) if stage is Stage.FEE_DUE else (),
                note=text_of(record, "GhiChu")[:MOST_TITLE],
                due_moved=moved is not None,
            ),
        )

    def _stage(self, raw: str) -> Stage:
        stage = self._statuses.stage_of(raw)
        if stage is Stage.UNKNOWN:
            self._report.note(f"trạng thái lạ: {raw[:80]}")
        return stage


class _Request:
    """One request to supplement (``DanhSachHoSoBoSung``)."""

    def __init__(self, reader: RowReader, record: Mapping[str, Any]) -> None:
        self.asked_at = _moment(reader, record, "NgayBoSung")
        self.answered = _moment(reader, record, "NgayTiepNhanBoSung")
        self.new_due = _moment(reader, record, "NgayHenTraMoi", ends=True)
        self.papers = tuple(_paper_names(record.get("DanhSachGiayToBoSung")))
        wanted = text_of(record, "NoiDungBoSung")
        if not self.papers and wanted:
            self.papers = (wanted[:MOST_TITLE],)
        self._id = text_of(record, "HoSoBoSungId")

    @property
    def events(self) -> tuple[DossierEvent, ...]:
        if self.asked_at is None:
            return ()
        name = self._id or hashlib.blake2b(self.asked_at.isoformat().encode(), digest_size=8).hexdigest()
        asked = DossierEvent(f"b:{name[:80]}", Stage.SUPPLEMENT, self.asked_at)
        if self.answered is None:
            return (asked,)
        return (asked, DossierEvent(f"b:{name[:80]}:r", Stage.PROCESSING, self.answered))


def _requests(reader: RowReader, record: Mapping[str, Any]) -> list[_Request]:
    listed = record.get("DanhSachHoSoBoSung")
    records = listed if isinstance(listed, list) else []
    found = [_Request(reader, one) for one in records if isinstance(one, dict)]
    return sorted(found, key=lambda one: one.asked_at.timestamp() if one.asked_at else 0.0)


def _paper_names(listed: Any) -> Iterable[str]:
    for one in listed if isinstance(listed, list) else ():
        name = text_of(one, "TenGiayTo") if isinstance(one, dict) else str(one).strip()
        if name:
            yield name[:MOST_NAME]


def _fees(record: Mapping[str, Any]) -> tuple[FeeDue, ...]:
    listed = record.get("DanhSachLePhi")
    return tuple(
        FeeDue(
            text_of(one, "TenPhiLePhi")[:MOST_NAME] or "Phí, lệ phí",
            _sum(one.get("Gia")),
            text_of(one, "TrangThaiThanhToan") == "1",
        )
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
    )


def _sum(raw: Any) -> int | None:
    """Whole đồng; None where the source gives no plain sum."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return int(raw) if raw >= 0 else None
    text = str(raw or "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _person(record: Mapping[str, Any]) -> Applicant | None:
    name = text_of(record, "ChuHoSo")[:MOST_NAME]
    try:
        phone = normalise_phone(text_of(record, "SoDienThoai"))
    except ValueError:
        phone = ""  # many records have none, or an office's extension: the dossier itself is still good
    return Applicant(name, phone) if name or phone else None


def _moment(reader: RowReader, record: Mapping[str, Any], name: str, ends: bool = False) -> datetime | None:
    close = DAY_ENDS if ends or name == "NgayHenTra" else None
    found: datetime | None = reader.read(name, parse_moment, record.get(name), close)
    return found


def text_of(record: Mapping[str, Any], name: str) -> str:
    """The value as one trimmed text; "" for null and missing."""
    value = record.get(name)
    return "" if value is None else nfc(str(value)).strip()
