"""The national catalogue as crawled from dichvucong.gov.vn: one JSON object a line, plain or gzip."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from backend.domain.clock import VIETNAM
from backend.domain.procedure import FilingChannel, HandledBy, Level, Online, Procedure
from backend.domain.procedure_record import CODE
from backend.importers.base import FileRefused, Item, Parsed, Report, RowError, RunSlice, import_rows
from backend.importers.catalogue_fees import channels
from backend.importers.catalogue_text import (
    agencies,
    clean,
    legal_texts,
    lines,
    names_district,
    paper_cases,
    results,
)
from backend.importers.procedure_feed import national_writer, record_run

KIND = "catalogue"
#: What the source does not tell.
LACKS = frozenset(
    {"common_names", "related", "department", "provincial_fees", "valid_from", "online_extent", "paper_notes"}
)
_MONTH_OF_FILE = re.compile(r"(20\d\d)-(\d\d)(?!\d)")
_LEVELS = {
    "Cấp xã": Level.COMMUNE,
    "Cấp tỉnh": Level.PROVINCE,
    "Cấp bộ": Level.MINISTRY,
    "Cơ quan khác": Level.OTHER,
}
_AUDIENCES = (
    ("Công dân Việt Nam", "citizen"),
    ("Người Việt Nam định cư", "citizen"),
    ("Doanh nghiệp", "enterprise"),
    ("Hợp tác xã", "cooperative"),
    ("Tổ chức (không bao gồm", "organisation"),
    ("Tổ chức nước ngoài", "foreigner"),
    ("Người nước ngoài", "foreigner"),
)
# By the agency first, then by the ministry; in this order.
_BY_AGENCY = (
    (re.compile(r"bảo hiểm xã hội|bhxh", re.I), HandledBy.SOCIAL_INSURANCE),
    (re.compile(r"hải quan", re.I), HandledBy.CUSTOMS),
    (re.compile(r"\bthuế\b", re.I), HandledBy.TAX),
    (re.compile(r"thi hành án|kho bạc", re.I), HandledBy.OTHER),
)
_BY_MINISTRY = {
    "bo-cong-an": HandledBy.POLICE,
    "toa-an-nhan-dan": HandledBy.COURT,
    "ngan-hang-nha-nuoc": HandledBy.BANK,
}
_COMMUNE = re.compile(r"(?:ủy ban|uỷ ban|ubnd)[^,;]*\b(?:xã|phường)", re.I)
_PROVINCE = re.compile(r"\bsở\b|cấp tỉnh|văn phòng đăng ký đất đai|chi cục|ban quản lý", re.I)


def import_catalogue(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import the whole file; ``as_of`` (aware) is the state that it shows, by default the month in its name.

    Raises:
        FileRefused: not such a file at all.
    """
    report = Report()
    rows = read_catalogue(path, source, as_of or state_of(path), report)
    writer = national_writer(source)
    import_rows(rows, writer, run_slice, report=report, dry_run=dry_run, progress=progress)
    return record_run(path, KIND, report, run_slice)


def state_of(path: Path) -> datetime:
    """The first day of the month in the file's name ("…_2026-07.jsonl.gz"), else when the file was written."""
    if match := _MONTH_OF_FILE.search(path.name):
        return datetime.combine(date(int(match[1]), int(match[2]), 1), time(), VIETNAM)
    return datetime.fromtimestamp(path.stat().st_mtime, VIETNAM)


def read_catalogue(
    path: Path, source: str, as_of: datetime, report: Report | None = None
) -> Iterator[Parsed[Procedure]]:
    """Every line as a procedure, or why it is none. ``report`` gets notes on what was found odd."""
    start = gzip.open if path.suffix == ".gz" else open
    try:
        with start(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _row(number, line, source, as_of, report)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise FileRefused(f"Không đọc được tệp {path.name}: tệp hỏng hoặc không phải UTF-8.") from error


def _row(number: int, line: str, source: str, as_of: datetime, report: Report | None) -> Parsed[Procedure]:
    try:
        body = json.loads(line)
    except ValueError:
        return (RowError(number, "", "dòng không phải JSON"),)
    if not isinstance(body, Mapping):
        return (RowError(number, "", "mỗi dòng phải là một đối tượng JSON"),)
    code, title = clean(_text(body, "ma_thu_tuc")), clean(_text(body, "ten_thu_tuc"))
    if not CODE.fullmatch(code):
        return (RowError(number, "ma_thu_tuc", f"“{code[:40]}” không phải mã thủ tục"),)
    if not title:
        return (RowError(number, "ten_thu_tuc", "thiếu tên thủ tục"),)
    one = procedure_of(body, source, as_of)
    if report is not None:
        for flag in one.flags:
            report.note(_FLAGS[flag])
    return Item(number, one)


_FLAGS = {
    "district": "bản công bố còn nhắc cấp huyện",
    "no_papers": "bản công bố không có giấy tờ",
    "no_channels": "bản công bố không có cách nộp",
}


def procedure_of(body: Mapping[str, Any], source: str, as_of: datetime) -> Procedure:
    """A record's fields, every text normalised; what is missing stays empty."""
    legal, steps = _text(body, "can_cu_phap_ly"), _text(body, "trinh_tu_thuc_hien")
    levels = tuple(
        level for name, level in _LEVELS.items() if name in clean(_text(body, "cap_thuc_hien"))
    ) or (Level.OTHER,)
    named = _text(body, "co_quan_thuc_hien") if clean(_text(body, "co_quan_thuc_hien")) else ""
    agency = agencies(named or _text(body, "co_quan_co_tham_quyen"))
    ways = channels(body.get("cach_thuc_parsed"), legal, steps)
    papers = paper_cases(_text(body, "thanh_phan_ho_so"))
    url = _text(body, "detail_url").strip()
    one = Procedure(
        code=clean(_text(body, "ma_thu_tuc")),
        title=clean(_text(body, "ten_thu_tuc")),
        field=clean(_text(body, "linh_vuc")),
        levels=levels,
        handled_by=handled_by(_text(body, "bo"), agency, levels),
        agency=agency or _usual_agency(levels),
        valid_from=as_of.astimezone(VIETNAM).date(),
        source=source,
        as_of=as_of,
        audience=_audience(_text(body, "doi_tuong_thuc_hien")),
        decision=clean(_text(body, "so_quyet_dinh")),
        source_url=url if url.startswith("https://") else "",
        online=Online.UNKNOWN if any(c.channel is FilingChannel.ONLINE for c in ways) else Online.NONE,
        channels=ways,
        papers=papers,
        steps=lines(steps),
        conditions=lines(_text(body, "yeu_cau_dieu_kien")),
        results=results(_text(body, "ket_qua_xu_ly")),
        legal_basis=legal_texts(legal),
    )
    return replace(one, flags=_flags(body, one))


def handled_by(ministry: str, agency: str, levels: Sequence[Level]) -> HandledBy:
    """Whose work it is, from the agency named, the owning ministry and the levels."""
    for pattern, known in _BY_AGENCY:
        if pattern.search(agency) and not _COMMUNE.search(agency):
            return known
    if ministry in _BY_MINISTRY and not _COMMUNE.match(agency):
        return _BY_MINISTRY[ministry]
    if Level.COMMUNE in levels and (_COMMUNE.search(agency) or not _PROVINCE.search(agency)):
        return HandledBy.COMMUNE
    if Level.PROVINCE in levels or Level.COMMUNE in levels:
        return HandledBy.DEPARTMENT
    return HandledBy.MINISTRY if Level.MINISTRY in levels else HandledBy.OTHER


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _audience(text: str) -> tuple[str, ...]:
    whole = clean(text)
    return tuple(dict.fromkeys(kind for name, kind in _AUDIENCES if name in whole))


def _usual_agency(levels: Sequence[Level]) -> str:
    if Level.COMMUNE in levels:
        return "Ủy ban nhân dân cấp xã"
    return ""


def _flags(body: Mapping[str, Any], one: Procedure) -> tuple[str, ...]:
    shown = (
        _text(body, "trinh_tu_thuc_hien"),
        _text(body, "co_quan_thuc_hien"),
        _text(body, "thanh_phan_ho_so"),
    )
    found = (
        ("district", names_district(*shown)),
        ("no_papers", not one.papers),
        ("no_channels", not one.channels),
    )
    return tuple(flag for flag, is_so in found if is_so)
