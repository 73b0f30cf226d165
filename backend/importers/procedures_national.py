"""Procedures as the national portal's exchange service LayThuTuc returns them (JSON).

The names of the fields are known, their nesting is not documented: a field is taken as one object or a list of them,
and times and fees are looked for both in the channel and below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.domain.clock import VIETNAM
from backend.domain.procedure import (
    Channel,
    Fee,
    FeeRule,
    FilingChannel,
    LegalBasis,
    Level,
    Online,
    Paper,
    PaperCase,
    Procedure,
    Result,
    TimeLimit,
    TimeUnit,
)
from backend.domain.procedure_record import CODE
from backend.importers.base import Item, Parsed, Report, RowError, RunSlice, import_rows
from backend.importers.catalogue_fees import free_or_not
from backend.importers.catalogue_text import agencies, clean, lines
from backend.importers.dossier_feed import read_json_list
from backend.importers.procedure_feed import national_writer, record_run
from backend.importers.procedures_catalogue import handled_by
from backend.text.fold import fold

KIND = "national"
#: What the service does not tell.
LACKS = frozenset({"common_names", "related", "department", "provincial_fees", "online_extent", "source_url"})
_CHANNELS = {
    "1": FilingChannel.DIRECT, "2": FilingChannel.ONLINE, "3": FilingChannel.POSTAL,
    "truc tiep": FilingChannel.DIRECT, "truc tuyen": FilingChannel.ONLINE,
    "dich vu buu chinh": FilingChannel.POSTAL, "buu chinh cong ich": FilingChannel.POSTAL,
}  # fmt: skip
_UNITS = {
    "ngay lam viec": TimeUnit.WORKING_DAY, "ngay": TimeUnit.DAY, "gio": TimeUnit.HOUR, "thang": TimeUnit.MONTH,
}  # fmt: skip


def import_national_procedures(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a saved answer of LayThuTuc: a record, a list of them, or the envelope with ``data`` or ``result``.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    state = as_of or datetime.fromtimestamp(path.stat().st_mtime, VIETNAM)
    records = read_json_list(path, "data", "result", "content")
    rows = (_row(number, record, source, state) for number, record in enumerate(records, 1))
    report = import_rows(rows, national_writer(source), run_slice, dry_run=dry_run, progress=progress)
    return record_run(path, KIND, report, run_slice)


def _row(number: int, record: Any, source: str, as_of: datetime) -> Parsed[Procedure]:
    if not isinstance(record, Mapping):
        return (RowError(number, "", "phải là một đối tượng JSON"),)
    body = {str(name).upper(): value for name, value in record.items()}
    code, title = _text(body, "MATTHC", "MATHUTUC"), _text(body, "TENTTHC", "TENTHUTUC")
    if not CODE.fullmatch(code):
        return (RowError(number, "MATTHC", f"“{code[:40]}” không phải mã thủ tục"),)
    if not title:
        return (RowError(number, "TENTTHC", "thiếu tên thủ tục"),)
    return Item(number, _procedure(code, title, body, source, as_of))


def _procedure(code: str, title: str, body: Mapping[str, Any], source: str, as_of: datetime) -> Procedure:
    agency = agencies(", ".join(_text(one, "TENDONVI") for one in _each(body, "COQUANTHUCHIEN")))
    legal = tuple(
        LegalBasis(_text(one, "SOVANBAN"), _text(one, "TENVANBAN")) for one in _each(body, "CANCUPHAPLY")
    )
    levels = _levels(_text(body, "CAPTHUCHIEN") or agency)
    ways = tuple(_channels(body, " ".join(one.number for one in legal)))
    return Procedure(
        code=code,
        title=title,
        field=next((_text(one, "TENLINHVUC") for one in _each(body, "LINHVUCTHUCHIEN")), ""),
        levels=levels,
        handled_by=handled_by("", agency, levels),
        agency=agency,
        valid_from=as_of.astimezone(VIETNAM).date(),
        source=source,
        as_of=as_of,
        decision=_text(body, "SOQUYETDINH", "SOQUYETDINHCONGBO"),
        online=Online.UNKNOWN if any(one.channel is FilingChannel.ONLINE for one in ways) else Online.NONE,
        channels=ways,
        papers=tuple(_cases(body)),
        steps=tuple(_steps(body)),
        conditions=lines(_text(body, "YEUCAU")),
        results=tuple(
            Result(name, _text(one, "MAKETQUA"))
            for one in _each(body, "KETQUATHUCHIEN")
            if (name := _text(one, "TENKETQUA"))
        ),
        legal_basis=tuple(one for one in legal if one.number or one.name),
    )


def _channels(body: Mapping[str, Any], legal: str) -> Iterator[Channel]:
    for one in _each(body, "CACHTHUCTHUCHIEN"):
        kind = _CHANNELS.get(fold(_text(one, "KENH")))
        if kind is None:
            continue
        for time in _each(one, "THOIGIAN") or [one]:
            rule, fees, note = _fee(time if "PHILEPHI" in time else one, legal)
            yield Channel(kind, _time(time), clean(_text(time, "MOTA"))[:400].strip(), rule, fees, note)


def _time(body: Mapping[str, Any]) -> TimeLimit | None:
    amount, unit = _text(body, "THOIGIANGIAIQUYET"), _UNITS.get(fold(_text(body, "DONVITINH")))
    if unit is None or not amount.isascii() or not amount.isdigit() or int(amount) == 0:
        return None
    return TimeLimit(int(amount), unit)


def _fee(body: Mapping[str, Any], legal: str) -> tuple[FeeRule, tuple[Fee, ...], str]:
    listed = _each(body, "PHILEPHI")
    note = "; ".join(dict.fromkeys(text for one in listed if (text := _text(one, "MOTA"))))[:400].strip()
    sums = [(_text(one, "SOTIEN").replace(".", "").replace(",", ""), one) for one in listed]
    in_dong = [
        (raw, one) for raw, one in sums if fold(_text(one, "DONVI")) in {"", "dong", "vnd", "viet nam dong"}
    ]
    fees = tuple(Fee(int(raw), _text(one, "MOTA")) for raw, one in in_dong if raw.isdigit() and int(raw) > 0)
    if fees:
        return FeeRule.FIXED, fees, ""
    if len(in_dong) < len(sums):
        return FeeRule.OTHER_RULE, (), note
    if not listed:
        return FeeRule.UNKNOWN, (), ""
    return free_or_not(note, legal, ""), (), note


def _cases(body: Mapping[str, Any]) -> Iterator[PaperCase]:
    for case in _each(body, "THANHPHANHOSO"):
        papers = [
            Paper(name, _text(one, "TENMAUDON"), _count(one, "SOBANCHINH"), _count(one, "SOBANSAO"))
            for one in _each(case, "GIAYTO")
            if (name := _text(one, "TENGIAYTO", "GIAYTO"))
        ]
        if papers:
            yield PaperCase(_text(case, "TRUONGHOP"), tuple(papers))


def _steps(body: Mapping[str, Any]) -> Iterator[str]:
    for case in _each(body, "TRINHTUTHUCHIEN"):
        for one in _each(case, "TRINHTU") or [case]:
            yield from lines(_text(one, "TENTRINHTU"))


def _levels(text: str) -> tuple[Level, ...]:
    folded = fold(text)
    names = ((Level.COMMUNE, "xa"), (Level.PROVINCE, "tinh"), (Level.PROVINCE, "so"), (Level.MINISTRY, "bo"))
    found = [level for level, name in names if name in folded.split()]
    return tuple(dict.fromkeys(found)) or (Level.OTHER,)


def _each(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = body.get(name)
    listed = value if isinstance(value, list) else [value]
    return [{str(key).upper(): one[key] for key in one} for one in listed if isinstance(one, Mapping)]


def _text(body: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = body.get(name)
        if (
            isinstance(value, (str, int, float))
            and not isinstance(value, bool)
            and (text := clean(str(value)))
        ):
            return text
    return ""


def _count(body: Mapping[str, Any], name: str) -> int:
    raw = _text(body, name)
    return int(raw) if raw.isascii() and raw.isdigit() else 0
