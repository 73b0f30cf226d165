"""What the procedure tests share: the officers' phrases and the shipped procedures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from backend.demo.catalogue import read_procedures
from backend.domain.procedure import Procedure, entry_of
from backend.importers.synonyms import load_outside, load_phrases
from backend.services.procedures.index import Index
from backend.services.procedures.search import SearchSettings

NLU_DATA = Path(__file__).parents[3] / "nlu_data"


@pytest.fixture(scope="session")
def search_settings() -> SearchSettings:
    return SearchSettings(
        load_phrases(NLU_DATA / "synonyms/procedures.yml", NLU_DATA / "synonyms/abbreviations.yml"),
        load_outside(NLU_DATA / "lookups/outside_bodies.yml"),
    )


@pytest.fixture(scope="session")
def shipped() -> Sequence[Procedure]:
    return list(read_procedures())


@pytest.fixture(scope="session")
def index(shipped: Sequence[Procedure], search_settings: SearchSettings) -> Index:
    entries = [*map(entry_of, shipped), *search_settings.outside.entries()]
    return Index(entries, search_settings.lexicon)
