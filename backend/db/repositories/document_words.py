"""The index of words of documents: written with each document, and the conditions by which it is searched."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, insert, literal, select

from backend.db.tables.documents import document_words as w
from backend.db.tables.documents import documents as d
from backend.domain.document import OfficialDocument, Word
from backend.domain.document_words import weights


def write_words(db: Connection, documents: Sequence[OfficialDocument]) -> None:
    """Index these documents, which have no words in the index yet."""
    rows = [
        {"word": word.folded, "document_id": one.id, "marked": word.marked, "weight": weight}
        for one in documents
        for word, weight in weights(one.subject, f"{one.field} {one.kind}", one.issuer).items()
    ]
    if rows:
        db.execute(insert(w), rows)


def drop_words(db: Connection, ids: Sequence[int]) -> None:
    db.execute(delete(w).where(w.c.document_id.in_(ids)))


def is_word(word: Word) -> ColumnElement[bool]:
    """Rows of the index for this word: as typed with marks, else in any marking."""
    found = w.c.word == word.folded
    return found & (w.c.marked == word.marked) if word.marked else found


def have_words(words: Sequence[Word]) -> list[ColumnElement[bool]]:
    """Documents with all of these words. The first of them, best the rarest, leads to the rows; the others are looked
    up for each: written as a list of its own, every word would be read from end to end."""
    leading = [d.c.id.in_(select(w.c.document_id).where(is_word(word))) for word in words[:1]]
    return leading + [exists().where(w.c.document_id == d.c.id, is_word(word)) for word in words[1:]]


def rarity(db: Connection, words: Sequence[Word]) -> Mapping[Word, float]:
    """BM25's inverse document frequency; 0 for what is nowhere."""
    if not words:
        return {}
    total = int(db.execute(select(func.count()).select_from(d)).scalar_one())
    found = {}
    for word in dict.fromkeys(words):
        many = int(
            db.execute(select(func.count(func.distinct(w.c.document_id))).where(is_word(word))).scalar_one()
        )
        found[word] = math.log(1 + (total - many + 0.5) / (many + 0.5)) if many else 0.0
    return found


def score(rare: Mapping[Word, float]) -> Any:
    """How well a document fits these words: a number that is worked out beside each row."""
    wanted = [(word, weight) for word, weight in rare.items() if weight > 0]
    if not wanted:
        return literal(0.0)
    share = case(*((is_word(word), weight) for word, weight in wanted), else_=0.0)
    return (
        select(func.coalesce(func.sum(w.c.weight * share), 0.0))
        .where(w.c.document_id == d.c.id, w.c.word.in_({word.folded for word, _ in wanted}))
        .scalar_subquery()
    )


def best(rare: Mapping[Word, float], least: float) -> Any:
    """A table of (document_id, score) of whatever reaches ``least``: the index alone, no document is looked at."""
    wanted = [(word, weight) for word, weight in rare.items() if weight > 0]
    share = case(*((is_word(word), weight) for word, weight in wanted), else_=0.0)
    summed = func.sum(w.c.weight * share)
    return (
        select(w.c.document_id, summed.label("score"))
        .where(w.c.word.in_({word.folded for word, _ in wanted}))
        .group_by(w.c.document_id)
        .having(summed >= least)
        .subquery("best")
    )
