"""Find the procedure that somebody means, and say how sure that is."""

from __future__ import annotations

import enum
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.domain.ports import UnitOfWork
from backend.domain.procedure import ProcedureEntry, entry_of
from backend.services.procedures.index import Hit, Index
from backend.services.procedures.lexicon import Lexicon, Phrases
from backend.services.procedures.outside import OutsideTable, is_matter
from backend.text.codes import find_codes

#: Less sure than this, nothing was found: see docs/measurements.md.
NOTHING_BELOW = 0.45
#: A word that stands somewhere in a long name names nothing ("thiếu giấy gì").
LEAST_NAMED = 0.12
#: Hits this close to the best one are its twins: the person is asked which.
TWIN_WITHIN = 0.035
ALIKE_WITHIN = 0.09
#: A best hit that explains this much needs no question, unless a twin explains as much.
EXACT = 0.93
MOST_CHOICES = 4
_KEPT_INDEXES = 4


class Verdict(enum.StrEnum):
    CLEAR = "clear"
    TWINS = "twins"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Found:
    """``hits`` best first; for TWINS the ones to choose from, for CLEAR the one meant."""

    verdict: Verdict
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class SearchSettings:
    """The officers' phrases, the table of other bodies, and what people call procedures, by code."""

    phrases: Phrases = field(default_factory=Phrases)
    outside: OutsideTable = field(default_factory=OutsideTable)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    english: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    english_phrases: Phrases = field(default_factory=Phrases)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lexicon", Lexicon(self.phrases))

    lexicon: Lexicon = field(init=False)

    def index(self, procedures: Iterable[ProcedureEntry]) -> TwoIndexes:
        """Over these procedures with their everyday names, and what other bodies do; and over the English names."""
        known = list(procedures)
        home = Index([*map(self.named, known), *self.outside.entries()], self.lexicon)
        abroad = {one.code: one for one in known if self.english.get(one.code)}
        entries = [
            replace(one, title=names[0], common_names=names[1:])
            for one in abroad.values()
            if (names := self.english[one.code])
        ]
        return TwoIndexes(home, Index(entries, Lexicon(self.english_phrases)), abroad)

    def named(self, one: ProcedureEntry) -> ProcedureEntry:
        """The procedure with everything that people call it."""
        more = self.names.get(one.code)
        if not more:
            return one
        return replace(one, common_names=tuple(dict.fromkeys((*one.common_names, *more))))


@dataclass(frozen=True, slots=True)
class TwoIndexes:
    """English words in the one index would change how rare, how long and how misspelt Vietnamese ones seem."""

    home: Index
    abroad: Index
    entries: Mapping[str, ProcedureEntry]  # of the English one, with their own titles

    def search(self, said: str, beside: str = "", limit: int = 10) -> list[Hit]:
        """The hits of the index that explains more of what was said."""
        hits = self.home.search(said, beside, limit)
        if not said.isascii():
            return hits
        found = self.abroad.search(said, beside, limit)
        if not found or (hits and (hits[0].asked, hits[0].named) >= (found[0].asked, found[0].named)):
            return hits
        return [replace(hit, entry=self.entries[hit.entry.code]) for hit in found]


class _Indexes:
    """The newest few indexes of this process, by catalogue version and day. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[str, TwoIndexes] = OrderedDict()
        self.settings = SearchSettings()

    def use(self, settings: SearchSettings) -> None:
        with self._lock:
            self.settings = settings
            self._made.clear()

    def get(self, uow: UnitOfWork) -> TwoIndexes:
        key = f"{uow.procedures.catalogue_version()}@{uow.today.isoformat()}"
        with self._lock:
            if (known := self._made.get(key)) is not None:
                self._made.move_to_end(key)
                return known
            made = self._made[key] = self.settings.index(uow.procedures.current(uow.today))
            while len(self._made) > _KEPT_INDEXES:
                self._made.popitem(last=False)
            return made


_indexes = _Indexes()


def use_search_settings(settings: SearchSettings) -> None:
    """For the whole process, from the next search on. Called once, by whoever puts the program together."""
    _indexes.use(settings)


def outside_table() -> OutsideTable:
    return _indexes.settings.outside


def warm_up(uow: UnitOfWork) -> None:
    """Make the index before the first person has to wait for it."""
    _indexes.get(uow)


def search(uow: UnitOfWork, said: str, beside: str = "", limit: int = 10) -> list[Hit]:
    """Ranked hits, best first; other bodies' matters are among them (see :func:`outside_table`)."""
    return _indexes.get(uow).search(said, beside, limit)


def search_now(uow: UnitOfWork, text: str, k: int = 5) -> list[dict[str, object]]:
    """Procedures alone, as the command ``search`` prints them: code, title, score."""
    hits = search(uow, text, limit=k + len(outside_table().matters))
    own = [hit for hit in hits if outside_table().matter(hit.entry.code) is None][:k]
    return [{"code": h.entry.code, "title": h.entry.title, "score": round(h.score, 4)} for h in own]


def has_content(text: str) -> bool:
    """Whether the text says anything beyond how it asks ("thế lệ phí bao nhiêu?" does not)."""
    lexicon = _indexes.settings.lexicon
    return bool(lexicon.content(text))


def find_procedure(uow: UnitOfWork, said: str, beside: str = "") -> Found:
    """Which procedure is meant by ``said``; the rest of the sentence may stand in ``beside``."""
    for mention in find_codes(said):
        if mention.kind == "procedure" and (one := uow.procedures.by_code(mention.value, uow.today)):
            return Found(Verdict.CLEAR, (Hit(entry_of(one), 1.0, 1.0, 1.0, one.title),))
    return decide(search(uow, said, beside))


def decide(hits: Sequence[Hit]) -> Found:
    """One clear answer, near twins to choose from, or nothing."""
    if not hits or hits[0].sure < NOTHING_BELOW or hits[0].named < LEAST_NAMED:
        return Found(Verdict.NOTHING)
    if is_matter(hits[0].entry.code):  # a procedure named in full says more than whose work it is
        named = [hit for hit in hits if _exact(hit) and not is_matter(hit.entry.code)]
        hits = [*named, *hits] if named else hits
    best = hits[0]
    twins = [hit for hit in hits[1:] if hit.entry.code != best.entry.code and _is_twin(hit, best)]
    if _exact(best):
        twins = [hit for hit in twins if _exact(hit)]
    if not twins:
        return Found(Verdict.CLEAR, (best,))
    return Found(Verdict.TWINS, (best, *twins)[:MOST_CHOICES])


def _is_twin(hit: Hit, best: Hit) -> bool:
    if hit.unasked and not best.unasked:
        return False
    if is_matter(hit.entry.code) and not is_matter(best.entry.code) and best.named >= hit.named:
        return False  # of a procedure more is known than whose work it is
    if best.named >= EXACT > hit.named and best.asked >= hit.asked - 0.1:
        return False  # the best one was named in full, this one only in part
    behind = best.score - hit.score
    # Both explain all that was said, and nothing said tells them apart ("giấy phép xây dựng").
    alike = hit.asked >= best.asked - 0.01 and best.named < EXACT
    return behind < (ALIKE_WITHIN if alike else TWIN_WITHIN)


def _exact(hit: Hit) -> bool:
    return hit.asked >= EXACT and hit.named >= EXACT
