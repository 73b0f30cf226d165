"""Looking documents up: by number in any spelling, by words, days, agency; what nobody may see is not even counted."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from backend.domain.document import Direction, DocumentFilter, DocumentPage, OfficialDocument
from backend.domain.ports import UnitOfWork
from backend.domain.scope import NO_SCOPE, Scope
from backend.services.documents.asking import Asked
from backend.services.documents.wording import as_words, without_marks

SHOWN = 5
_LONGEST_SUBJECT = 150


class Verdict(enum.StrEnum):
    ONE = "one"
    LIST = "list"
    NEAR = "near"  # nothing has all of it; these come nearest
    NOTHING = "nothing"
    UNASKED = "unasked"  # nothing was named to look for


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as it is told. ``short`` is the subject, cut for lists."""

    id: int
    number: str
    kind: str
    subject: str
    short: str
    issuer: str
    issued_on: date
    public: bool
    direction: str
    received_on: date | None
    agency: str
    field: str
    signer: str
    needs_action: bool
    digitally_signed: bool
    gazette_issue: str
    validity: str
    effective_from: date | None
    effective_to: date | None
    link: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the answer was narrowed to, to be said with it."""

    number: str = ""
    words: str = ""
    kind: str = ""
    direction: str = ""
    to_do: bool = False
    agency: str = ""
    issuer: str = ""
    issued: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``withheld``: how many of ``total`` are not listed because this channel carries no single rows.

    ``dropped`` names what was left out of the question because nothing fitted with it ("kind").
    """

    verdict: Verdict
    criteria: Criteria = field(default_factory=Criteria)
    rows: tuple[DocumentView, ...] = ()
    total: int = 0
    after: int = 0
    withheld: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    dropped: str = ""
    origin: str = ""
    as_of: datetime | None = None

    @property
    def left(self) -> int:
        """How many more there are behind those listed."""
        return max(0, self.total - self.withheld - self.after - len(self.rows))


def look_up(uow: UnitOfWork, scope: Scope, asked: Asked, *, after: int = 0, rows: bool = True) -> Answer:
    """``rows`` False: single rows are shown of the gazette only, the others are counted."""
    code = asked.said.get("agency", "")
    agency = uow.agencies.by_code(code) if code else None
    wanted = asked.filter(agency.id if agency else None)
    criteria = _criteria(asked, agency.name if agency else "")
    if asked.numbers:
        return _by_number(uow, scope, asked, wanted, criteria, rows)
    if not wanted.narrows:
        return Answer(Verdict.UNASKED)
    for dropped in _LESS:
        narrowed = _without(wanted, asked, dropped)
        if narrowed is None:
            continue
        page = uow.documents.find(scope, narrowed, limit=SHOWN, after=after)
        if page.total:
            told = _told_without(criteria, asked, dropped)
            return _listed(uow, scope, narrowed, page, told, after, rows, dropped)
    near = uow.documents.nearest(scope if rows else NO_SCOPE, replace(wanted, kind=""), SHOWN)
    if not near and any(one.marked for one in wanted.words):
        bare = replace(wanted, kind="", words=without_marks(wanted.words))
        near = uow.documents.nearest(scope if rows else NO_SCOPE, bare, SHOWN)
    verdict = Verdict.NEAR if near else Verdict.NOTHING
    return _answer(verdict, criteria, near)


def open_document(uow: UnitOfWork, scope: Scope, document_id: int, *, rows: bool = True) -> Answer:
    """One document that was listed before; NOTHING when it may not (or no longer) be seen."""
    found = uow.documents.get(scope, document_id)
    if found is None or not (rows or found.direction is Direction.GAZETTE):
        return Answer(Verdict.NOTHING)
    return replace(_answer(Verdict.ONE, Criteria(), [found]), total=1)


#: What of a question gives way, in this order, where nothing fits all of it.
_LESS = ("", "marks", "words", "kind")


def _without(wanted: DocumentFilter, asked: Asked, dropped: str) -> DocumentFilter | None:
    """The filter without that part; None when it makes no difference, or leaves nothing to look for."""
    if not dropped:
        return wanted
    bare = without_marks(wanted.words)
    field_words = without_marks(as_words(asked.said.get("field", "")))
    less = {
        "marks": replace(wanted, words=bare),
        "words": replace(wanted, words=field_words or bare),  # only the field that was named
        "kind": replace(wanted, words=field_words or bare, kind=""),
    }[dropped]
    return less if less != wanted and (less.words or less.issuer_words or dropped != "kind") else None


def _told_without(criteria: Criteria, asked: Asked, dropped: str) -> Criteria:
    if dropped in ("words", "kind") and asked.said.get("field"):
        criteria = replace(criteria, words=asked.said["field"])
    return replace(criteria, kind="") if dropped == "kind" else criteria


def _listed(
    uow: UnitOfWork,
    scope: Scope,
    wanted: DocumentFilter,
    page: DocumentPage,
    criteria: Criteria,
    after: int,
    rows: bool,
    dropped: str,
) -> Answer:
    shown = page
    if not rows and page.public < page.total:  # here only what is public is listed
        shown = uow.documents.find(NO_SCOPE, wanted, limit=SHOWN, after=after)
    verdict = Verdict.ONE if page.total == 1 and shown.rows else Verdict.LIST
    counts = uow.documents.counts(scope, wanted) if wanted.direction is None and page.total > 1 else {}
    answer = _answer(verdict, criteria, shown.rows)
    withheld = 0 if rows else page.total - page.public
    return replace(answer, total=page.total, after=after, withheld=withheld, counts=counts, dropped=dropped)


def _by_number(
    uow: UnitOfWork,
    scope: Scope,
    asked: Asked,
    wanted: DocumentFilter,
    criteria: Criteria,
    rows: bool,
) -> Answer:
    """An exact number wherever it stands; else those that what was typed can mean, within the rest of the question."""
    exact = DocumentFilter(numbers=tuple(one for one in asked.numbers if one.letters))
    if exact.numbers:
        page = uow.documents.find(scope, exact, limit=SHOWN)
        if page.total:
            only = Criteria(number=criteria.number)
            return _listed(uow, scope, exact, page, only, 0, rows, "")
    seen = scope if rows else NO_SCOPE
    bare = replace(wanted, words=())
    for narrowed in (bare, DocumentFilter()):
        near = [one for number in asked.numbers for one in uow.documents.like(seen, number, narrowed, SHOWN)]
        if near:
            complete = all(one.letters for one in asked.numbers)
            verdict = Verdict.NEAR if complete else Verdict.ONE if len(near) == 1 else Verdict.LIST
            answer = _answer(verdict, criteria, near[:SHOWN])
            return replace(answer, total=0 if complete else len(near))
    return Answer(Verdict.NOTHING, criteria)


def _criteria(asked: Asked, agency: str) -> Criteria:
    said = asked.said
    return Criteria(
        number=said.get("number", ""),
        words=said.get("words", ""),
        kind=said.get("kind", ""),
        direction=said.get("direction", ""),
        to_do=bool(said.get("to_do")),
        agency=agency,
        issuer=said.get("issuer", ""),
        issued=asked.issued,
    )


def _answer(verdict: Verdict, criteria: Criteria, found: Sequence[OfficialDocument]) -> Answer:
    told = [one.as_of for one in found if one.as_of is not None]
    origins = dict.fromkeys(one.origin for one in found if one.origin)
    return Answer(
        verdict,
        criteria,
        tuple(map(_view, found)),
        origin=", ".join(origins),
        as_of=max(told, default=None),
    )


def _view(one: OfficialDocument) -> DocumentView:
    cut = one.subject
    if len(cut) > _LONGEST_SUBJECT:
        cut = cut[: _LONGEST_SUBJECT - 1].rsplit(" ", 1)[0] + "…"
    return DocumentView(
        id=one.id,
        number=one.number,
        kind=one.kind,
        subject=one.subject,
        short=cut,
        issuer=one.issuer,
        issued_on=one.issued_on,
        public=one.direction is Direction.GAZETTE,
        direction=str(one.direction),
        received_on=one.received_on,
        agency=one.agency_name,
        field=one.field,
        signer=one.signer,
        needs_action=one.needs_action,
        digitally_signed=one.digitally_signed,
        gazette_issue=one.gazette_issue,
        validity=str(one.validity),
        effective_from=one.effective_from,
        effective_to=one.effective_to,
        link=one.link,
    )
