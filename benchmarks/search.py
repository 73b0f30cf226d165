"""Procedure search: how often the procedure meant comes first, and how long a search and making the index take.

``FILE`` (or MOTCUA_CATALOGUE) may be a national catalogue (``*.jsonl.gz``): the times are then measured on it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.domain.procedure import ProcedureEntry
from backend.importers.synonyms import install_search
from backend.services.procedures.index import Index
from backend.services.procedures.lexicon import Lexicon
from backend.services.procedures.search import SearchSettings
from backend.settings import read_settings
from backend.text.fold import fold
from benchmarks.retrieval import catalogue_entries
from benchmarks.servers import ROOT
from benchmarks.turns import sentences

PARTS = 3


def left_out(entries: Sequence[ProcedureEntry], lexicon: Lexicon) -> Iterator[tuple[str, str, list[str]]]:
    """Each third of the common names is taken from the index and searched for, with marks and without.

    Gives (what was said, the code meant, the first three codes found).
    """
    for part in range(PARTS):
        known = [
            replace(one, common_names=tuple(n for at, n in enumerate(one.common_names) if at % PARTS != part))
            for one in entries
        ]
        asked = [
            (n, one.code) for one in entries for at, n in enumerate(one.common_names) if at % PARTS == part
        ]
        index = Index(known, lexicon)
        for name, code in asked:
            for said in (name, fold(name)):
                yield said, code, [hit.entry.code for hit in index.search(said, limit=3)]


def _times(entries: Sequence[ProcedureEntry], settings: SearchSettings) -> dict[str, float]:
    began = time.perf_counter()
    index = settings.index(entries)
    made = time.perf_counter() - began
    took = []
    for said in sentences() * 5:
        began = time.perf_counter()
        index.search(said)
        took.append(time.perf_counter() - began)
    return {"procedures": len(entries), "index_s": made, "search_median_ms": 1000 * statistics.median(took)}


def run(file: Path | None = None) -> dict[str, Any]:
    file = file or read_settings(ROOT).catalogue
    settings = install_search(ROOT / "nlu_data")
    found = list(left_out(catalogue_entries(None), settings.lexicon))
    return {
        "names_left_out": {
            "asked": len(found),
            "first": sum(codes[:1] == [code] for _said, code, codes in found) / len(found),
            "among_three": sum(code in codes for _said, code, codes in found) / len(found),
        },
        "times": _times(catalogue_entries(file), settings),
    }
