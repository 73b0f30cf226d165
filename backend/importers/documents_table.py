"""Official documents from a CSV or XLSX register; the columns are those of the template (``docs/import.md``).

Classified documents never come in: a row whose secrecy is anything but plain is refused with the reason, and what stood
here under its number is deleted, for it may have become classified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from backend.domain.document import Direction, OfficialDocument, Validity
from backend.domain.document_number import kind_of, number_key, read_number
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
from backend.text.fold import fold

KIND = "documents"
COLUMNS: Columns = {
    "direction": (("Loại sổ", "Sổ", "Chiều"), "Đi"),
    "number": (("Số, ký hiệu", "Số ký hiệu", "Số hiệu", "Số văn bản"), "1234/QĐ-UBND"),
    "kind": (("Loại văn bản", "Tên loại", "Hình thức"), "Quyết định"),
    "issued": (("Ngày ban hành", "Ngày văn bản", "Ngày ký"), "12/10/2026"),
    "received": (("Ngày đến",), ""),
    "issuer": (("Cơ quan ban hành", "Nơi ban hành", "Tác giả"), "UBND tỉnh"),
    "subject": (("Trích yếu", "Nội dung"), "Ban hành Kế hoạch phòng, chống dịch tả lợn châu Phi"),
    "agency": (("Cơ quan xử lý", "Đơn vị xử lý", "Đơn vị soạn thảo"), "Sở Nông nghiệp và Môi trường"),
    "readers": (("Nơi nhận",), "Sở Tài chính; Sở Y tế"),
    "field": (("Lĩnh vực",), "Chăn nuôi"),
    "signer": (("Người ký",), "Nguyễn Văn A"),
    "needs_action": (("Cần xử lý",), "x"),
    "signed": (("Ký số",), "x"),
    "gazette": (("Số Công báo", "Công báo"), ""),
    "validity": (("Hiệu lực", "Tình trạng hiệu lực"), "Còn hiệu lực"),
    "from": (("Có hiệu lực từ", "Ngày có hiệu lực"), "22/10/2026"),
    "to": (("Hết hiệu lực từ", "Ngày hết hiệu lực"), ""),
    "link": (("Đường dẫn",), "https://congbao.example/1234"),
    "secrecy": (("Độ mật", "Mức độ mật"), "Thường"),
    "as_of": (("Cập nhật lúc",), ""),
}
_DATES = ("issued", "received", "from", "to", "as_of")
_DIRECTIONS = {
    "den": Direction.IN, "di": Direction.OUT, "cong bao": Direction.GAZETTE, "van ban den": Direction.IN,
    "van ban di": Direction.OUT,
}  # fmt: skip
_VALIDITIES = {
    "chua co hieu luc": Validity.PENDING, "con hieu luc": Validity.IN_FORCE,
    "het hieu luc mot phan": Validity.PARTLY, "het hieu luc": Validity.EXPIRED,
}  # fmt: skip
#: The only words that let a document in; whatever else stands there may mean a degree of secrecy.
_PLAIN = frozenset({"", "thuong", "khong", "khong mat", "binh thuong", "0"})
_DEGREE = r"(?:tuyệt mật|tối mật|mật)"
#: In a number or a kind any mention is a stamp, a single letter in brackets, too.
_STAMPED = re.compile(rf"(?<!\w){_DEGREE}(?!\w)|\((?:m|tm|a|b|c)\)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_NUMBER = re.compile(r"[\w\s./&,:\-]{1,60}")
_LINK = re.compile(r"https?://[^\s<>\"]{3,490}", re.IGNORECASE)
_CLASSIFIED = "văn bản mật không được đưa vào hệ thống này"


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the table tells it, agencies by name; ``classified``: only what it is called is kept."""

    document: OfficialDocument
    agency: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classified:
    key: str
    issued_on: date | None
    field: str


def import_documents(
    path: Path,
    run_slice: RunSlice,
    *,
    source: str,
    as_of: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import a register. ``as_of`` is when the source made it; without it, when the file was written.

    Raises:
        FileRefused: the file as a whole cannot be read.
    """
    report = Report()
    state = as_of_file(path, as_of)
    writer = _Writer(report)
    seen: dict[tuple[str, ...], int] = {}
    rows = (_once(read_row(row, source, state), seen) for row in office_rows(path, COLUMNS, _DATES))
    import_rows(rows, writer.write, run_slice, report=report, dry_run=dry_run, progress=progress)
    return record_run(path, KIND, report, run_slice)


def write_template(path: Path) -> None:
    write_table(path, COLUMNS, "Văn bản")


def read_row(row: OfficeRow, source: str, state: datetime) -> Parsed[Row | Classified]:
    """A row as a document, as one that is classified, or every reason why it is neither."""
    if classified := _classified(row):
        return Item(row.number, classified)
    number = row.text("number", 60, required=True)
    if number and (read_number(number) is None or not _NUMBER.fullmatch(number)):
        row.refuse("number", f"“{number}” không phải số, ký hiệu văn bản")
    issued = row.day("issued", required=True)
    direction = row.choice("direction", _DIRECTIONS, None)
    if direction is None and not any(one.field == COLUMNS["direction"][0][0] for one in row.errors):
        row.refuse("direction", "thiếu “Loại sổ”; hãy ghi Đến, Đi hoặc Công báo")
    subject = row.text("subject", 2000, required=True)
    issuer = row.text("issuer", 300, required=True)
    agency = row.text("agency", 300, required=direction is not Direction.GAZETTE)
    received, begins, ends = row.day("received"), row.day("from"), row.day("to")
    if received and issued and received < issued:
        row.refuse("received", "ngày đến trước ngày ban hành")
    if begins and ends and ends < begins:
        row.refuse("to", "hết hiệu lực trước khi có hiệu lực")
    link = row.text("link", 500)
    if link and not _LINK.fullmatch(link):
        row.refuse("link", "đường dẫn phải bắt đầu bằng http:// hoặc https://")
    document = OfficialDocument(
        direction=direction or Direction.IN,
        number=re.sub(r"^số\s*:?\s*", "", number, flags=re.IGNORECASE),
        kind=row.text("kind", 60).lower() or kind_of(number),
        subject=" ".join(subject.split()),
        issuer=issuer,
        issued_on=issued or date.min,
        received_on=received,
        field=row.text("field", 100),
        signer=row.text("signer", 200),
        needs_action=row.flag("needs_action"),
        digitally_signed=row.flag("signed"),
        gazette_issue=row.text("gazette", 40),
        validity=row.choice("validity", _VALIDITIES, Validity.UNKNOWN),
        effective_from=begins,
        effective_to=ends,
        link=link,
        origin=source[:100],
        as_of=row.moment("as_of") or state,
    )
    readers = names_in(row.text("readers", 2000))
    return tuple(row.errors) if row.errors else Item(row.number, Row(document, agency, readers))


def _classified(row: OfficeRow) -> Classified | None:
    """A row whose secrecy is not plain, or that bears a stamp. A cell that cannot be read counts as one."""
    said = row.cells.get("secrecy", "")
    field = ""
    if not isinstance(said, str) or fold(said) not in _PLAIN:
        field = "secrecy"
    elif is_stamped(_raw(row, "subject")):
        field = "subject"
    else:
        field = next((name for name in ("number", "kind") if _STAMPED.search(_raw(row, name))), "")
    if not field:
        return None
    probe = OfficeRow(row.number, row.cells, row.columns, row.order_unsure)
    number = _BRACKETS.sub("", _raw(row, "number"))
    return Classified(number_key(number), probe.day("issued"), COLUMNS[field][0][0])


def _raw(row: OfficeRow, name: str) -> str:
    cell = row.cells.get(name, "")
    return cell if isinstance(cell, str) else ""


def _once(parsed: Parsed[Row | Classified], seen: dict[tuple[str, ...], int]) -> Parsed[Row | Classified]:
    """One document stands in one row of a file."""
    if not isinstance(parsed, Item) or not isinstance(parsed.value, Row):
        return parsed
    identity = _identity(parsed.value.document)
    if (first := seen.setdefault(identity, parsed.row)) != parsed.row:
        return (RowError(parsed.row, COLUMNS["number"][0][0], f"văn bản này đã có ở dòng {first}"),)
    return parsed


def _identity(one: OfficialDocument) -> tuple[str, ...]:
    return (str(one.direction), one.key, one.issued_on.isoformat(), fold(one.issuer))


class _Writer:
    def __init__(self, report: Report) -> None:
        self._agencies = KnownAgencies()
        self._report = report
        self._kept_out: set[tuple[str, date | None]] = set()

    def write(self, uow: UnitOfWork, items: Sequence[Item[Row | Classified]]) -> Tally:
        tally = Tally()
        self._again: list[tuple[int, datetime | None]] = []
        for item in items:
            if isinstance(item.value, Classified):
                self._keep_out(uow, item.row, item.value, tally)
        rows = [(item.row, item.value) for item in items if isinstance(item.value, Row)]
        known = {_identity(one): one for one in uow.documents.known([row.document.key for _, row in rows])}
        new = list(self._new(uow, rows, known, tally))
        uow.documents.add(new)
        tally.created += len(new)
        told_again(uow.documents.seen, self._again)
        return tally

    def _keep_out(self, uow: UnitOfWork, number: int, row: Classified, tally: Tally) -> None:
        self._kept_out.add((row.key, row.issued_on))
        gone = uow.documents.drop(row.key, row.issued_on) if row.key else 0
        reason = f"{_CLASSIFIED}; đã gỡ {gone} bản ghi đang có" if gone else _CLASSIFIED
        tally.refused.append(RowError(number, row.field, reason))

    def _new(
        self,
        uow: UnitOfWork,
        rows: Sequence[tuple[int, Row]],
        known: Mapping[tuple[str, ...], OfficialDocument],
        tally: Tally,
    ) -> Iterator[OfficialDocument]:
        for number, row in rows:
            if {(row.document.key, row.document.issued_on), (row.document.key, None)} & self._kept_out:
                reason = f"{_CLASSIFIED}: một dòng khác của tệp ghi văn bản này là mật"
                tally.refused.append(RowError(number, COLUMNS["number"][0][0], reason))
                continue
            document = self._with_agencies(uow, row)
            if document is None:
                reason = f"“{row.agency}” không phải một cơ quan có trong danh mục"
                tally.refused.append(RowError(number, COLUMNS["agency"][0][0], reason))
                continue
            old = known.get(_identity(document))
            if old is None:
                yield document
            elif _older(document, old) or _same(document, old):
                tally.unchanged += 1
                self._again.append((old.id, document.as_of))
            else:
                uow.documents.change(replace(document, id=old.id, demo=old.demo))
                tally.changed += 1

    def _with_agencies(self, uow: UnitOfWork, row: Row) -> OfficialDocument | None:
        """None when the agency in whose hands it is is not known: nobody could tell who may read it."""
        agency = self._agencies.find(uow, row.agency) if row.agency else None
        if row.agency and agency is None:
            return None
        readers, unknown = self._agencies.find_all(uow, row.readers)
        for name in unknown:
            self._report.note(f"nơi nhận không có trong danh mục: {name[:80]}")
        issuer = self._agencies.find(uow, row.document.issuer)
        return replace(
            row.document,
            agency_id=agency.id if agency else None,
            issuer_id=issuer.id if issuer else None,
            readers=tuple(sorted(readers)),
        )


def _older(new: OfficialDocument, old: OfficialDocument) -> bool:
    return new.as_of is not None and old.as_of is not None and new.as_of < old.as_of


def _same(new: OfficialDocument, old: OfficialDocument) -> bool:
    return replace(new, id=old.id, as_of=old.as_of, agency_name=old.agency_name, demo=old.demo) == old
