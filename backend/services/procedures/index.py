"""An inverted index over the titles and common names of procedures, in memory.

Candidates come by BM25F over folded syllables and pairs of neighbouring syllables, all names of a procedure taken
together; then it counts how much of the question one title or common name explains, and how much of that name is said.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backend.domain.procedure import HandledBy, Level, ProcedureEntry
from backend.services.procedures.lexicon import Lexicon, Word
from backend.services.procedures.spelling import Spelling

_K1, _B = 0.9, 0.6
_TITLE, _NAME, _FIELD = 1.4, 1.0, 0.5  # BM25F weights
_CANDIDATES = 10  # looked at more closely
_COMMON = 0.1  # a term in more than this share of all procedures finds no candidates by itself
_UNKNOWN_PAIR = 0.6
# Shares of the score: BM25F, the question explained by one name, that name said, how much that weighs, the question
# explained by all names together. Chosen by leaving everyday names out: see docs/measurements.md.
_EXACTLY = 0.15  # both shares at once: a name said in full is what is meant
_SCALE = 1.5  # about the most that the parts come to: scores lie from 0 to 1
_TOGETHER, _ASKED, _NAMED, _MASS, _ANYWHERE = 1.15, 0.08, 0.04, 0.08, 0.08
# Log-odds that a question is about a procedure: a logistic regression on everyday names left out against the training
# sentences that are out of scope. The longer a question, the less of it any name explains.
_OFFSET, _SCORED, _FULLY, _STRANGE_WORDS, _STRANGE_PAIRS, _LENGTH = -9.8, 11.2, 1.5, 2.3, 3.3, 1.8
_SYNONYM_COST = 0.97
_OTHER_MARKS = 0.6  # a word typed with marks, but other ones
_NOTHING: Mapping[int, float] = {}
_DOUBTFUL = 0.35
_LAST_RESORT = -0.08
_UNASKED = 0.1  # a special case that nothing in the question asks for
_EXTRA = 0.3  # a term of the field or the agency explains so much of itself


@dataclass(frozen=True, slots=True)
class Hit:
    """``score`` from 0 to 1 ranks; ``sure`` from 0 to 1 tells how likely it is that the question is about any
    procedure at all; ``asked`` and ``named`` are two shares behind both."""

    entry: ProcedureEntry
    score: float
    asked: float = 0.0  # share of the question that the best name explains
    named: float = 0.0  # share of that name which the question says
    name: str = ""  # the title or common name that fitted best
    sure: float = 1.0
    unasked: bool = False  # a special case ("có yếu tố nước ngoài") that nothing in the question asks for


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
    asked_by: tuple[
        frozenset[str], ...
    ]  # special cases that the title is, each with the words that ask for it


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
        return _Doc(one, made, frozenset(extra), places, _prior(one), self._lexicon.asked_by(one.title))

    def _made(
        self, raw: Sequence[tuple[list[tuple[str, dict[str, str]]], set[str]]]
    ) -> dict[str, dict[int, float]]:
        lengths = [sum(len(terms) for _, terms in names) for names, _ in raw]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        postings: dict[str, dict[int, float]] = {}
        for at, (names, extra) in enumerate(raw):
            norm = 1 - _B + _B * lengths[at] / mean
            weights: dict[str, float] = dict.fromkeys(extra, _FIELD)
            for number, (_, terms) in enumerate(names):
                share = _NAME if number else _TITLE
                for term in terms:
                    weights[term] = weights.get(term, 0.0) + share
            for term, weight in weights.items():
                impact = weight / norm / (_K1 + weight / norm)
                postings.setdefault(term, {})[at] = impact * self._weights[term]
        return postings

    # --- searching ---------------------------------------------------------------------------------------

    def search(self, said: str, beside: str = "", limit: int = 10) -> list[Hit]:
        """The best procedures for what was said, best first.

        ``beside`` is the rest of the sentence: it helps to choose, but what it says need not be explained.
        """
        readings = self._readings(said)
        context = self._query(self._lexicon.content(beside)) if beside else _Query((), 0.0)
        queries = [query for one in readings if (query := self._query(one)).terms]
        if not queries:
            return []
        found = self._candidates(queries, context, max(limit, _CANDIDATES))
        words = f" {' '.join(word.folded for word in self._lexicon.expand_text(f'{said} {beside}'))} "
        hits = [self._judge(self._docs[at], queries, context, together, words) for at, together in found]
        hits = [hit for hit in hits if hit.score > 0]
        hits.sort(key=lambda hit: (-hit.score, hit.entry.code))
        strangeness = self._strangeness(queries[0])
        return [replace(hit, sure=_sureness(hit, strangeness)) for hit in hits[:limit]]

    def _strangeness(self, query: _Query) -> float:
        """How little the question's words, and above all its pairs of words, are the catalogue's; in log-odds."""
        words = [(term in self._weights, weight) for term, _, weight in query.terms if " " not in term]
        pairs = [term in self._weights for term, _, _ in query.terms if " " in term]
        unknown = sum(weight for known, weight in words if not known) / max(
            0.1, sum(weight for _, weight in words)
        )
        unknown_pairs = pairs.count(False) / max(1, len(pairs))
        return (
            _STRANGE_WORDS * unknown
            + _STRANGE_PAIRS * unknown_pairs
            - _LENGTH * math.log(max(query.whole, 0.1))
        )

    def _readings(self, said: str) -> list[list[Word]]:
        found = self._lexicon.expand_text(said)
        readings = [self.spelling.correct(one) for one in self._lexicon.readings(found)]
        corrected = self.spelling.correct(found)
        if corrected != found:  # a synonym may stand behind the slip ("sổ dỏ")
            readings += self._lexicon.readings(corrected)
        return [one for one in {tuple(words): words for words in readings}.values() if one]

    def _query(self, found: Sequence[Word]) -> _Query:
        out: list[tuple[str, str, float]] = []
        doubtful = {word.folded for word in found if word.doubtful}
        for term, marked in _terms(found).items():
            known = self._weights.get(term)
            if known is None:
                known = _UNKNOWN_PAIR if " " in term else self._unknown
                if doubtful and doubtful & set(term.split()):
                    continue  # nothing is called so: it was a word of asking
            out.append((term, marked, _DOUBTFUL * known if term in doubtful else known))
        return _Query(tuple(out), sum(weight for _, _, weight in out))

    def _candidates(self, queries: Sequence[_Query], context: _Query, wanted: int) -> list[tuple[int, float]]:
        """Numbers of procedures, each with the share of the question that BM25F gives it in its best reading."""
        beside: dict[int, float] = {}
        for term, _, _ in context.terms:
            for at, impact in self._postings.get(term, _NOTHING).items():
                beside[at] = beside.get(at, 0.0) + impact
        best: dict[int, float] = {}
        for number, query in enumerate(queries):
            cost = (_SYNONYM_COST if number else 1.0) / query.whole
            for at, impact in self._sums(query).items():
                share = impact * cost
                if share > best.get(at, 0.0):
                    best[at] = share
        nearest = heapq.nlargest(
            wanted, best, key=lambda at: best[at] + 0.3 * beside.get(at, 0.0) / queries[0].whole
        )
        return [(at, best[at]) for at in nearest]

    def _sums(self, query: _Query) -> dict[int, float]:
        """BM25F of every procedure that has one of the rarer terms; frequent terms alone find nothing."""
        sums: dict[int, float] = {}
        frequent: list[dict[int, float]] = []
        for term, _, _ in query.terms:
            posting = self._postings.get(term)
            if posting is None:
                continue
            if len(posting) > self._common:
                frequent.append(posting)
                continue
            for at, impact in posting.items():
                sums[at] = sums.get(at, 0.0) + impact
        if not sums:  # nothing but frequent terms was said
            sums = dict.fromkeys((at for posting in frequent for at in posting), 0.0)
        for posting in frequent:
            for at in sums.keys() & posting.keys():
                sums[at] += posting[at]
        return sums

    def _judge(
        self, doc: _Doc, queries: Sequence[_Query], context: _Query, together: float, words: str
    ) -> Hit:
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
                    _ASKED * share
                    + _NAMED * named
                    + _EXACTLY * share * named
                    + _MASS * mass / (mass + 9)
                    + _ANYWHERE * anywhere / whole
                )
                if number:
                    score *= _SYNONYM_COST
                if score > best[0]:
                    best = (score, share, named, name.text)
        if best[0] == 0.0:
            return Hit(doc.entry, 0.0)
        near = sum(weight for term, _, weight in context.terms if term in doc.places)
        unasked = sum(not any(f" {one} " in words for one in case) for case in doc.asked_by)
        score = best[0] + _TOGETHER * together + doc.prior - _UNASKED * unasked + 0.08 * near / (near + 6)
        return Hit(doc.entry, max(0.0, min(1.0, score / _SCALE)), *best[1:], unasked=unasked > 0)


def _sureness(hit: Hit, strangeness: float) -> float:
    return 1 / (1 + math.exp(-(_OFFSET + _SCORED * hit.score + _FULLY * hit.named - strangeness)))


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
    if one.last_resort:
        return _LAST_RESORT
    prior = 0.02 if one.common_names else 0.0
    if one.handled_by.is_local:
        prior += 0.03 if Level.COMMUNE in one.levels else 0.02
    elif one.handled_by in (HandledBy.MINISTRY, HandledBy.BANK, HandledBy.CUSTOMS):
        prior -= 0.06
    elif one.handled_by is HandledBy.OTHER:
        prior -= 0.02  # of two that say as much, the one of which more is known than whose it is
    return prior
