"""An inverted index over the titles and common names of procedures, in memory.

Candidates come by BM25F over folded syllables and pairs of neighbouring syllables; they are then judged by how much
of the question a title or common name explains, and how much of that name the question says.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.domain.procedure import HandledBy, Level, ProcedureEntry
from backend.services.procedures.lexicon import Lexicon, Word
from backend.services.procedures.spelling import Spelling

_K1, _B = 1.2, 0.4
_TITLE, _NAME, _FIELD = 1.0, 1.0, 0.3  # BM25F weights
_CANDIDATES = 20
_COMMON = 0.25  # a term in more than this share of all procedures finds no candidates by itself
_UNKNOWN_PAIR = 0.6
# Shares of the score: the question explained by one name, that name said, how much that weighs, the question
# explained by all names together. Chosen by leaving common names out: see docs/measurements.md.
_ASKED, _NAMED, _MASS, _ANYWHERE = 0.36, 0.26, 0.18, 0.20
_SYNONYM_COST = 0.97
_OTHER_MARKS = 0.6  # a word typed with marks, but other ones
_EXTRA = 0.3  # a term of the field or the agency explains so much of itself


@dataclass(frozen=True, slots=True)
class Hit:
    """``score`` from 0 to 1; ``asked`` and ``named`` are the two shares behind it."""

    entry: ProcedureEntry
    score: float
    asked: float = 0.0  # share of the question that the best name explains
    named: float = 0.0  # share of that name which the question says
    name: str = ""  # the title or common name that fitted best


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    mass: float


@dataclass(frozen=True, slots=True)
class _Doc:
    entry: ProcedureEntry
    names: tuple[_Name, ...]
    extra: frozenset[str]  # terms of field and agency: they help, but name nothing
    places: Mapping[str, tuple[tuple[int, str], ...]]  # term -> (number of the name, its marked form) each
    prior: float


@dataclass(frozen=True, slots=True)
class _Query:
    """One reading of a question: (folded term, marked form, weight) each, and the sum of the weights."""

    terms: tuple[tuple[str, str, float], ...]
    whole: float


class Index:
    """Immutable once made; any number of threads may search."""

    def __init__(self, entries: Sequence[ProcedureEntry], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        raw = [self._raw(one) for one in entries]
        counts: Counter[str] = Counter()
        for names, extra in raw:
            counts.update({term for _, terms in names for term in terms} | extra)
        self._total = len(entries)
        self._weights = {term: self._idf(count) * lexicon.weight(term) for term, count in counts.items()}
        self._unknown = self._idf(2) * 0.7
        self.spelling = Spelling(
            {term: count for term, count in counts.items() if " " not in term},
            (term for term in counts if " " in term),
        )
        self._docs = [self._doc(one, *parts) for one, parts in zip(entries, raw, strict=True)]
        self._postings = self._made(raw)
        self._common = max(8, int(_COMMON * self._total))

    # --- making ------------------------------------------------------------------------------------------

    def _raw(self, one: ProcedureEntry) -> tuple[list[tuple[str, dict[str, str]]], set[str]]:
        names = [(text, _terms(self._lexicon.content(text))) for text in (one.title, *one.common_names)]
        extra = set(_terms(self._lexicon.content(f"{one.field}. {one.agency}")))
        return [(text, terms) for text, terms in names if terms], extra

    def _idf(self, count: int) -> float:
        return math.log(1 + (self._total - count + 0.5) / (count + 0.5))

    def _doc(self, one: ProcedureEntry, names: Sequence[tuple[str, dict[str, str]]], extra: set[str]) -> _Doc:
        made = tuple(_Name(text, sum(self._weights[t] for t in terms)) for text, terms in names)
        places: dict[str, tuple[tuple[int, str], ...]] = {}
        for at, (_, terms) in enumerate(names):
            for term, marked in terms.items():
                places[term] = (*places.get(term, ()), (at, marked))
        return _Doc(one, made, frozenset(extra), places, _prior(one))

    def _made(
        self, raw: Sequence[tuple[list[tuple[str, dict[str, str]]], set[str]]]
    ) -> dict[str, list[tuple[int, float]]]:
        lengths = [sum(len(terms) for _, terms in names) for names, _ in raw]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        postings: dict[str, list[tuple[int, float]]] = {}
        for at, (names, extra) in enumerate(raw):
            norm = 1 - _B + _B * lengths[at] / mean
            weights: dict[str, float] = dict.fromkeys(extra, _FIELD)
            for number, (_, terms) in enumerate(names):
                share = _NAME if number else _TITLE
                for term in terms:
                    weights[term] = weights.get(term, 0.0) + share
            for term, weight in weights.items():
                impact = weight / norm / (_K1 + weight / norm)
                posting = (at, impact * self._weights[term])
                if term in postings:
                    postings[term].append(posting)
                else:
                    postings[term] = [posting]
        return postings

    # --- searching ---------------------------------------------------------------------------------------

    def search(self, said: str, beside: str = "", limit: int = 10) -> list[Hit]:
        """The best procedures for what was said, best first.

        ``beside`` is the rest of the sentence: it helps to choose, but what it says need not be explained.
        """
        readings = self._readings(said)
        if not readings:
            return []
        context = self._query(self._lexicon.content(beside)) if beside else _Query((), 0.0)
        queries = [self._query(one) for one in readings]
        hits = [self._judge(self._docs[at], queries, context) for at in self._candidates(queries, context)]
        hits = [hit for hit in hits if hit.score > 0]
        hits.sort(key=lambda hit: (-hit.score, hit.entry.code))
        return hits[:limit]

    def _readings(self, said: str) -> list[list[Word]]:
        found = self._lexicon.expand_text(said)
        readings = [self.spelling.correct(one) for one in self._lexicon.readings(found)]
        corrected = self.spelling.correct(found)
        if corrected != found:  # a synonym may stand behind the slip ("sổ dỏ")
            readings += self._lexicon.readings(corrected)
        return [one for one in {tuple(words): words for words in readings}.values() if one]

    def _query(self, found: Sequence[Word]) -> _Query:
        out: list[tuple[str, str, float]] = []
        for term, marked in _terms(found).items():
            known = self._weights.get(term)
            if known is None:
                known = _UNKNOWN_PAIR if " " in term else self._unknown
            out.append((term, marked, known))
        return _Query(tuple(out), sum(weight for _, _, weight in out))

    def _candidates(self, queries: Sequence[_Query], context: _Query) -> list[int]:
        terms = dict.fromkeys(term for query in queries for term, _, _ in query.terms)
        lists = [self._postings[term] for term in terms if term in self._postings]
        narrow = [one for one in lists if len(one) <= self._common] or lists
        sums: dict[int, float] = {}
        for one in narrow:
            for at, impact in one:
                sums[at] = sums.get(at, 0.0) + impact
        for term, _, _ in context.terms:
            for at, impact in self._postings.get(term, ()):
                if at in sums:
                    sums[at] += 0.3 * impact
        return heapq.nlargest(_CANDIDATES, sums, key=sums.__getitem__)

    def _judge(self, doc: _Doc, queries: Sequence[_Query], context: _Query) -> Hit:
        best = (0.0, 0.0, 0.0, "")
        for number, query in enumerate(queries):
            whole = query.whole
            asked, said, anywhere, aside = _overlap(doc, query)
            for at, mass in said.items() or (
                (0, 0.0),
            ):  # a name that says nothing of it is never the best one
                name = doc.names[at]
                share = (asked.get(at, 0.0) + aside) / whole
                named = mass / name.mass if name.mass else 0.0
                score = (
                    _ASKED * share + _NAMED * named + _MASS * mass / (mass + 9) + _ANYWHERE * anywhere / whole
                )
                if number:
                    score *= _SYNONYM_COST
                if score > best[0]:
                    best = (score, share, named, name.text)
        if best[0] == 0.0:
            return Hit(doc.entry, 0.0)
        near = sum(weight for term, _, weight in context.terms if term in doc.places)
        score = best[0] + doc.prior + 0.08 * near / (near + 6)
        return Hit(doc.entry, max(0.0, min(1.0, score)), *best[1:])


def _overlap(doc: _Doc, query: _Query) -> tuple[dict[int, float], dict[int, float], float, float]:
    """By number of the name: the weight of the question that it explains, and its own weight that is said; then
    the weight that any name explains, and what field and agency explain of themselves."""
    asked: dict[int, float] = {}
    said: dict[int, float] = {}
    anywhere = aside = 0.0
    places_of, extra = doc.places, doc.extra
    for term, marked, weight in query.terms:
        beside = _EXTRA * weight if term in extra else 0.0
        aside += beside
        places = places_of.get(term)
        if places is None:
            continue
        anywhere += weight
        for at, own in places:
            same = weight if marked in (own, term) or own == term else _OTHER_MARKS * weight
            asked[at] = asked.get(at, 0.0) + same - beside  # what a name explains, its field need not
            said[at] = said.get(at, 0.0) + same
    return asked, said, anywhere, aside


def _terms(found: Sequence[Word]) -> dict[str, str]:
    """Syllables and pairs of neighbours, folded, each with its marked form."""
    out: dict[str, str] = {}
    for at, word in enumerate(found):
        out[word.folded] = word.marked
        if at and word.joined:
            before = found[at - 1]
            pair = f"{before.folded} {word.folded}"
            bare = word.marked == word.folded or before.marked == before.folded
            out[pair] = pair if bare else f"{before.marked} {word.marked}"
    return out


def _prior(one: ProcedureEntry) -> float:
    """What people ask the province for is its own work; a ministry's procedures are rarely meant."""
    prior = 0.02 if one.common_names else 0.0
    if one.handled_by.is_local:
        prior += 0.03 if Level.COMMUNE in one.levels else 0.02
    elif one.handled_by in (HandledBy.MINISTRY, HandledBy.BANK, HandledBy.CUSTOMS):
        prior -= 0.06
    return prior
