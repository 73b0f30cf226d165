"""Whatever is typed, the search answers; a slip in a title does not lose the procedure."""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.demo.catalogue import read_procedures
from backend.domain.procedure import entry_of
from backend.importers.synonyms import load_outside, load_phrases
from backend.services.procedures.index import Index
from backend.services.procedures.search import SearchSettings, decide

_NLU_DATA = Path(__file__).parents[2] / "nlu_data"


@lru_cache(maxsize=1)
def _index() -> Index:
    chosen = SearchSettings(
        load_phrases(_NLU_DATA / "synonyms/procedures.yml", _NLU_DATA / "synonyms/abbreviations.yml"),
        load_outside(_NLU_DATA / "lookups/outside_bodies.yml"),
    )
    entries = [*map(entry_of, read_procedures()), *chosen.outside.entries()]
    return Index(entries, chosen.lexicon)


_TITLES = sorted({one.title for one in read_procedures() if 3 <= len(one.title.split()) <= 12})


@given(st.text(max_size=400), st.text(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_search_never_raises(said: str, beside: str) -> None:
    hits = _index().search(said, beside)
    assert all(0 <= hit.score <= 1 for hit in hits)
    decide(hits)


@given(st.sampled_from(_TITLES), st.data())
@settings(max_examples=100, deadline=None)
def test_a_title_with_a_slip_is_still_found(title: str, data: st.DataObject) -> None:
    """One letter of a longer word is exchanged for another; the title stays among the first five."""
    words = title.split()
    long = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return
    at = data.draw(st.sampled_from(long))
    place = data.draw(st.integers(0, len(words[at]) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    words[at] = words[at][:place] + letter + words[at][place + 1 :]
    found = [hit.entry.title for hit in _index().search(" ".join(words), limit=5)]
    assert title in found


@given(st.sampled_from(_TITLES))
@settings(max_examples=60, deadline=None)
def test_a_title_as_it_stands_is_found_first_or_beside_its_namesakes(title: str) -> None:
    hits = _index().search(title, limit=3)
    assert title in [hit.entry.title for hit in hits]
