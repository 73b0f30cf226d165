"""Official documents (văn bản): what came in, what went out, what the provincial gazette (Công báo) printed.

Classified ones are never kept: a row that an import finds classified is refused, and deleted if it was there.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from backend.domain.document_number import DocumentNumber, number_key


class Direction(enum.StrEnum):
    """``GAZETTE`` is public: anybody may look it up. The others are for officers in scope."""

    IN = "in"  # văn bản đến
    OUT = "out"  # văn bản đi
    GAZETTE = "gazette"


class Validity(enum.StrEnum):
    UNKNOWN = ""
    PENDING = "pending"  # chưa có hiệu lực
    IN_FORCE = "in_force"
    PARTLY = "partly"  # hết hiệu lực một phần
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """One document. Days are the office's (Asia/Ho_Chi_Minh).

    ``agency_id`` is the agency in whose hands it is; ``readers`` are ids of the other agencies it was sent to.
    ``issuer_id`` is set where the issuer is an agency of this province. ``secrecy`` is the source's word: anything but
    an empty one keeps the document out of every answer and count.
    """

    direction: Direction
    number: str  # as printed: "1234/QĐ-UBND"
    kind: str  # "quyết định", "công văn" …; lower case
    subject: str
    issuer: str
    issued_on: date
    received_on: date | None = None
    agency_id: int | None = None
    issuer_id: int | None = None
    readers: tuple[int, ...] = ()
    field: str = ""
    signer: str = ""
    needs_action: bool = False
    digitally_signed: bool = False
    gazette_issue: str = ""
    validity: Validity = Validity.UNKNOWN
    effective_from: date | None = None
    effective_to: date | None = None
    link: str = ""
    secrecy: str = ""
    origin: str = ""  # the feed or file it came from
    as_of: datetime | None = None  # when that spoke
    id: int = 0
    agency_name: str = ""
    demo: str = ""

    @property
    def key(self) -> str:
        return number_key(self.number)


@dataclass(frozen=True, slots=True)
class Word:
    """A word to look for: ``folded``, and ``marked`` with its marks where it was typed with them, else empty."""

    folded: str
    marked: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents are meant, within what the asker may see. Empty members do not narrow.

    ``words``: all of them in the subject or field. ``issuer_words``: all of them in the issuer's name. ``agency``:
    issued by it, in its hands, or sent to it. ``issued`` includes both ends.
    """

    direction: Direction | None = None
    kind: str = ""
    words: tuple[Word, ...] = ()
    issuer_words: tuple[Word, ...] = ()
    agency: int | None = None
    issued: tuple[date, date] | None = None
    needs_action: bool = False
    numbers: tuple[DocumentNumber, ...] = field(default=())

    @property
    def narrows(self) -> bool:
        return self != DocumentFilter()


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some of the rows, how many there are, and how many of those are public."""

    rows: Sequence[OfficialDocument]
    total: int
    public: int = 0
