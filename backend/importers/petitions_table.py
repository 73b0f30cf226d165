"""Petitions on paper from the reception desk's own register; columns as the template (``docs/import.md``).

A petition is known again by its number in the register of its year. Words and persons are sealed as everywhere; a
denunciation goes to the sealed lane whole. No refusal repeats a story, a name or a telephone number.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from backend.domain.clock import VIETNAM
from backend.domain.errors import InvalidInput
from backend.domain.petition import NewPetition, PetitionKind, PetitionSource, Reporter, Story
from backend.domain.petition_paper import LONGEST_NUMBER, LONGEST_PLACE, ForwarderKind, Origin, Paper
from backend.domain.petition_register import Disposal, RegisterEntry
from backend.domain.ports import UnitOfWork
from backend.importers.base import Parsed, Report
from backend.importers.cells import read_phone, read_whole
from backend.importers.desk_rows import DeskWriter, Done, RowRefused, settled
from backend.importers.desk_table import DeskTable
from backend.importers.office_table import OfficeRow, is_stamped
from backend.importers.petition_columns import COLUMNS, KINDS, OUTCOMES, SENDERS, WAYS
from backend.services.petitions.registering import take_over

ACTOR = "import:petitions"
_BOOK = "Sổ đơn thư"
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """The entry, its agencies still by name."""

    entry: RegisterEntry
    commune: str
    about: str
    body: str


def read_row(row: OfficeRow) -> Parsed[Row]:
    number = row.text("number", LONGEST_NUMBER + 1, required=True)
    if len(number) > LONGEST_NUMBER:
        row.refuse("number", f"dài quá {LONGEST_NUMBER} ký tự")
    on = row.day("received", required=True) or date.min
    text = row.text("text", _LONGEST, required=True)
    if is_stamped(text):
        row.refuse("text", "đơn có dấu mật không được đưa vào hệ thống này")
    kind = row.choice("kind", KINDS, PetitionKind.FEEDBACK, required=True)
    new = NewPetition(
        kind,
        row.choice("way", WAYS, PetitionSource.LETTER),
        Story(text, row.text("place", 500)),
        Reporter(row.text("name", 200), row.parsed("phone", read_phone) or ""),
        hidden=row.flag("hidden"),
    )
    people = row.parsed("people", read_whole)
    paper = Paper(
        1 if people is None else people,
        Reporter(row.text("speaker", 200), row.parsed("speaker_phone", read_phone) or ""),
        signed=not row.flag("unsigned"),
        remote=row.flag("remote"),
    )
    book = row.text("book", LONGEST_PLACE - 10) or _BOOK
    entry = RegisterEntry(
        new,
        paper,
        Origin(ForwarderKind.OTHER, f"{book} {on.year}", number),
        datetime.combine(on, time.min, VIETNAM),
        _sent_on(row, new.source),
        _disposal(row),
    )
    names = (row.text(name, LONGEST_PLACE) for name in ("commune", "about", "body"))
    return settled(row, Row(entry, *names))


def _sent_on(row: OfficeRow, way: PetitionSource) -> Origin | None:
    """Who sent it on to us, with their number."""
    place, number = row.text("sender", LONGEST_PLACE), row.text("sender_number", LONGEST_NUMBER)
    dated = row.day("sender_dated")
    usual = {PetitionSource.PORTAL: ForwarderKind.PORTAL, PetitionSource.FORWARDED: ForwarderKind.AGENCY}
    kind = row.choice("sender_kind", SENDERS, usual.get(way, ForwarderKind.OTHER))
    if not (place or number):
        return None
    return Origin(kind, " ".join(place.split()), " ".join(number.split()), dated)


def _disposal(row: OfficeRow) -> Disposal | None:
    move = row.choice("outcome", OUTCOMES, "")
    said = Disposal(
        move,
        reason=row.text("reason", 2000),
        document=row.text("document", LONGEST_NUMBER),
        answer=row.text("answer", _LONGEST),
    )
    if said.answer and move != "assign" and not row.errors:
        row.refuse("answer", "có trả lời thì “Hướng xử lý” là “Giao giải quyết”")
    return said if move else None


class _Writer(DeskWriter[Row]):
    def __init__(self, source: str, report: Report) -> None:
        super().__init__(source, report)
        self._sealed: frozenset[str] = frozenset()

    def look(self, uow: UnitOfWork, rows: Sequence[Row]) -> None:
        self._sealed = uow.petitions.sealed_keys()

    def key(self, uow: UnitOfWork, row: Row) -> tuple[str, Hashable]:
        return "number", row.entry.key

    def put(self, uow: UnitOfWork, row: Row) -> Done:
        if row.entry.received_at > uow.now:
            raise RowRefused("received", "ngày nhận chưa đến")
        commune_id = self.agency(uow, row.commune, "commune").id if row.commune else None
        about_id = self.agency(uow, row.about, "about").id if row.about else None
        new = replace(row.entry.new, commune_id=commune_id, about_agency_id=about_id)
        entry = replace(row.entry, new=new, disposal=self._disposal(uow, row))
        try:
            return take_over(uow, ACTOR, entry, self._sealed)
        except InvalidInput as error:
            column = str(error.values.get("about", "way"))
            raise RowRefused(column, str(error.values["reason"])) from None

    def _disposal(self, uow: UnitOfWork, row: Row) -> Disposal | None:
        disposal = row.entry.disposal
        if disposal is None:
            return None
        if disposal.move == "assign":
            return replace(disposal, agency=self.agency(uow, row.body, "body"))
        return replace(disposal, agency=self.agencies.find(uow, row.body), body=row.body)


#: One petition is filed, guessed at and given an owner in some milliseconds: conversations wait for no long slice.
PETITIONS = DeskTable("petitions", "Đơn thư", COLUMNS, ("received", "sender_dated"), read_row, _Writer, 20)
