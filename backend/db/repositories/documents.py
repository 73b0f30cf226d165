"""Official documents on SQLAlchemy Core. What the asker may see is a condition of every query that reads for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from backend.db.repositories.document_words import best, drop_words, have_words, rarity, score, write_words
from backend.db.tables.agencies import agencies as a
from backend.db.tables.documents import document_readers as r
from backend.db.tables.documents import documents as d
from backend.domain.document import (
    Direction,
    DocumentFilter,
    DocumentPage,
    OfficialDocument,
    Validity,
    Word,
)
from backend.domain.document_number import DocumentNumber, read_number
from backend.domain.document_words import ISSUER
from backend.domain.scope import Scope
from backend.text.fold import fold

_PRINTED = d.alias("printed")
_NAMED = select(d, a.c.name.label("agency_name")).select_from(d.outerjoin(a, a.c.id == d.c.agency_id))
#: A document that needs half of the words' rarity to be called near.
_NEAR = 0.5
_PUBLIC = d.c.direction == str(Direction.GAZETTE)


def visible(scope: Scope) -> ColumnElement[bool]:
    """What this scope may see: the gazette, and in the scope what came in and went out. Nothing classified, ever."""
    if scope.everything:
        return d.c.secrecy == ""
    ways: list[ColumnElement[bool]] = [_PUBLIC]
    if scope.agencies:
        ids = sorted(scope.agencies)
        ways += [
            d.c.agency_id.in_(ids),
            exists().where(r.c.document_id == d.c.id, r.c.agency_id.in_(ids)),
        ]
    if scope.fields:
        ways.append(d.c.field_key.in_(sorted(map(fold, scope.fields))))
    return and_(d.c.secrecy == "", or_(*ways))


def _once() -> ColumnElement[bool]:
    """What went out and stands in the gazette, too, is one document: the public one is shown."""
    return or_(
        _PUBLIC,
        ~exists().where(
            _PRINTED.c.direction == str(Direction.GAZETTE),
            _PRINTED.c.number_key == d.c.number_key,
            _PRINTED.c.issued_on == d.c.issued_on,
            _PRINTED.c.issuer_key == d.c.issuer_key,
            _PRINTED.c.secrecy == "",
        ),
    )


def _meant(wanted: DocumentFilter, *, once: bool = True) -> list[ColumnElement[bool]]:
    """Everything of the filter but the words."""
    found: list[ColumnElement[bool]] = []
    if wanted.direction is not None:
        found.append(d.c.direction == str(wanted.direction))
    elif once:
        found.append(_once())
    if wanted.kind:
        found.append(d.c.kind == wanted.kind)
    if wanted.agency is not None:
        sent = exists().where(r.c.document_id == d.c.id, r.c.agency_id == wanted.agency)
        found.append(or_(d.c.issuer_id == wanted.agency, d.c.agency_id == wanted.agency, sent))
    if wanted.issued is not None:
        found.append(d.c.issued_on.between(*wanted.issued))
    if wanted.needs_action:
        found.append(d.c.needs_action.is_(True))
    if wanted.numbers:
        found.append(or_(false(), *map(_has_number, wanted.numbers)))
    return found


def _issuer_words(wanted: DocumentFilter) -> list[Word]:
    return [Word(ISSUER + word.folded, word.marked) for word in wanted.issuer_words]


def _has_number(number: DocumentNumber) -> ColumnElement[bool]:
    return d.c.number_key == number.key if number.letters else d.c.serial == number.serial


def _alike(typed: DocumentNumber, number: str, issued_on: date) -> bool:
    printed = read_number(number)
    if printed is None:
        return False
    return typed.like(printed) and typed.year in (0, printed.year or issued_on.year)


class SqlDocuments:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._db = connection
        self._now = now

    def find(self, scope: Scope, wanted: DocumentFilter, *, limit: int = 5, after: int = 0) -> DocumentPage:
        rare = dict(sorted(self.rarity(wanted.words).items(), key=lambda one: -one[1]))
        words = have_words([*rare, *_issuer_words(wanted)])
        where = and_(true(), *words, visible(scope), *_meant(wanted))
        sums = select(func.count(), func.count().filter(_PUBLIC)).select_from(d).where(where)
        total, public = self._db.execute(sums).one()
        if not total:
            return DocumentPage((), 0)
        order = [func.round(score(rare)).desc()] if rare else []
        found = _NAMED.where(where).order_by(*order, d.c.issued_on.desc(), d.c.id.desc())
        rows = self._db.execute(found.limit(limit).offset(after)).all()
        return DocumentPage(self._read(rows), int(total), int(public))

    def nearest(self, scope: Scope, wanted: DocumentFilter, limit: int = 5) -> Sequence[OfficialDocument]:
        rare = {word: weight for word, weight in self.rarity(wanted.words).items() if weight > 0}
        if not rare:
            return ()
        ranked = best(rare, _NEAR * sum(rare.values()))
        found = (
            select(d, a.c.name.label("agency_name"))
            .select_from(d.join(ranked, ranked.c.document_id == d.c.id).outerjoin(a, a.c.id == d.c.agency_id))
            .where(visible(scope), *_meant(wanted), *have_words(_issuer_words(wanted)))
            .order_by(ranked.c.score.desc(), d.c.issued_on.desc(), d.c.id.desc())
        )
        return self._read(self._db.execute(found.limit(limit)).all())

    def like(
        self, scope: Scope, number: DocumentNumber, wanted: DocumentFilter, limit: int = 5
    ) -> Sequence[OfficialDocument]:
        found = _NAMED.where(d.c.serial == number.serial, visible(scope), *_meant(wanted))
        rows = self._db.execute(found.order_by(d.c.issued_on.desc(), d.c.id.desc())).all()
        near = [row for row in rows if _alike(number, row.number, row.issued_on)]
        return self._read(near[:limit])

    def get(self, scope: Scope, document_id: int) -> OfficialDocument | None:
        rows = self._db.execute(_NAMED.where(d.c.id == document_id, visible(scope))).all()
        return next(iter(self._read(rows)), None)

    def counts(self, scope: Scope, wanted: DocumentFilter) -> Mapping[str, int]:
        words = have_words([*wanted.words, *_issuer_words(wanted)])
        where = and_(true(), *words, visible(scope), *_meant(wanted, once=False))
        found = select(d.c.direction, func.count()).where(where).group_by(d.c.direction)
        return {direction: int(many) for direction, many in self._db.execute(found)}

    def rarity(self, words: Sequence[Word]) -> Mapping[Word, float]:
        return rarity(self._db, words)

    # --- writing, for importers ----------------------------------------------------------------------------

    def known(self, keys: Sequence[str]) -> Sequence[OfficialDocument]:
        return self._read(self._db.execute(_NAMED.where(d.c.number_key.in_(set(keys)))).all())

    def add(self, documents: Sequence[OfficialDocument]) -> None:
        if not documents:
            return
        made = insert(d).returning(d.c.id, sort_by_parameter_order=True)
        ids = self._db.execute(made, [self._row(one) for one in documents]).scalars().all()
        kept = [replace(one, id=number) for one, number in zip(documents, ids, strict=True)]
        self._index(kept)

    def change(self, document: OfficialDocument) -> None:
        self._db.execute(update(d).where(d.c.id == document.id), self._row(document))
        self._forget([document.id])
        self._index([document])

    def seen(self, ids: Collection[int], as_of: datetime) -> None:
        older = or_(d.c.as_of.is_(None), d.c.as_of < as_of)
        self._db.execute(update(d).where(d.c.id.in_(sorted(ids)), older), {"as_of": as_of})

    def drop(self, key: str, issued_on: date | None) -> int:
        found = select(d.c.id).where(d.c.number_key == key)
        if issued_on is not None:
            found = found.where(d.c.issued_on == issued_on)
        ids = list(self._db.execute(found).scalars())
        self._forget(ids)
        self._db.execute(delete(d).where(d.c.id.in_(ids)))
        return len(ids)

    def _index(self, documents: Sequence[OfficialDocument]) -> None:
        write_words(self._db, documents)
        readers = [
            {"document_id": one.id, "agency_id": agency}
            for one in documents
            for agency in dict.fromkeys(one.readers)
        ]
        if readers:
            self._db.execute(insert(r), readers)

    def _forget(self, ids: Sequence[int]) -> None:
        drop_words(self._db, ids)
        self._db.execute(delete(r).where(r.c.document_id.in_(ids)))

    def _row(self, one: OfficialDocument) -> dict[str, Any]:
        number = read_number(one.number)
        return {
            "direction": str(one.direction),
            "number": one.number,
            "number_key": one.key,
            "serial": number.serial if number else 0,
            "kind": one.kind,
            "subject": one.subject,
            "issuer": one.issuer,
            "issuer_key": fold(one.issuer),
            "issuer_id": one.issuer_id,
            "issued_on": one.issued_on,
            "received_on": one.received_on,
            "agency_id": one.agency_id,
            "field": one.field,
            "field_key": fold(one.field),
            "signer": one.signer,
            "needs_action": one.needs_action,
            "digitally_signed": one.digitally_signed,
            "gazette_issue": one.gazette_issue,
            "validity": str(one.validity),
            "effective_from": one.effective_from,
            "effective_to": one.effective_to,
            "link": one.link,
            "secrecy": one.secrecy,
            "origin": one.origin,
            "as_of": one.as_of,
            "changed_at": self._now,
            "demo": one.demo,
        }

    def _read(self, rows: Sequence[Row[Any]]) -> list[OfficialDocument]:
        readers: dict[int, list[int]] = {}
        if rows:
            ids = [row.id for row in rows]
            for one in self._db.execute(select(r).where(r.c.document_id.in_(ids)).order_by(r.c.agency_id)):
                readers.setdefault(one.document_id, []).append(one.agency_id)
        return [_document(row, tuple(readers.get(row.id, ()))) for row in rows]


def _document(row: Row[Any], readers: tuple[int, ...]) -> OfficialDocument:
    return OfficialDocument(
        direction=Direction(row.direction),
        number=row.number,
        kind=row.kind,
        subject=row.subject,
        issuer=row.issuer,
        issued_on=row.issued_on,
        received_on=row.received_on,
        agency_id=row.agency_id,
        issuer_id=row.issuer_id,
        readers=readers,
        field=row.field,
        signer=row.signer,
        needs_action=row.needs_action,
        digitally_signed=row.digitally_signed,
        gazette_issue=row.gazette_issue,
        validity=Validity(row.validity),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        link=row.link,
        secrecy=row.secrecy,
        origin=row.origin,
        as_of=row.as_of,
        id=row.id,
        agency_name=row.agency_name or "",
        demo=row.demo,
    )
