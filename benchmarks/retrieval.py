"""How well the procedure search finds what was meant: ``FILE`` is a CSV with the columns text and codes.

``codes`` are the procedures that would be right, separated by blanks, commas or semicolons; empty means that nothing
should be found: no procedure of the catalogue, whether or not another body is named instead. The catalogue is that of
MOTCUA_CATALOGUE, else the shipped one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.demo.catalogue import read_procedures
from backend.domain.procedure import ProcedureEntry, entry_of
from backend.importers.base import Item
from backend.importers.procedures_catalogue import read_catalogue, state_of
from backend.importers.synonyms import install_search
from backend.services.procedures.index import Index
from backend.services.procedures.search import Verdict, decide
from backend.settings import read_settings
from benchmarks.servers import ROOT
from bot.cli.errors import CommandError

DEEPEST = 50  # a right procedure further down counts as not found


def catalogue_entries(file: Path | None) -> Sequence[ProcedureEntry]:
    """The procedures of a national catalogue file, or the shipped ones."""
    if file is None:
        return [entry_of(one) for one in read_procedures()]
    return [entry_of(row.value) for row in read_catalogue(file, "", state_of(file)) if isinstance(row, Item)]


def read_cases(file: Path) -> list[tuple[str, frozenset[str]]]:
    """(text, right codes) of each row. Raises CommandError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            if not {"text", "codes"} <= set(rows.fieldnames or ()):
                raise CommandError(f"{file} needs the columns text and codes")
            return [
                (row["text"], frozenset(re.findall(r"[\w.]+", row["codes"] or "")))
                for row in rows
                if (row["text"] or "").strip()
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error


def run(file: Path | None = None) -> dict[str, Any]:
    """Rates from 0 to 1; a right procedure counts at the place where it stands among procedures."""
    if file is None:
        raise CommandError("bench retrieval needs a CSV file with the columns text and codes")
    settings = install_search(ROOT / "nlu_data")
    entries = [*catalogue_entries(read_settings(ROOT).catalogue), *settings.outside.entries()]
    index = Index(entries, settings.lexicon)
    places: list[int] = []
    refused: list[bool] = []
    for text, codes in read_cases(file):
        hits = index.search(text, limit=DEEPEST)
        own = [hit for hit in hits if settings.outside.matter(hit.entry.code) is None]
        if codes:
            found = (at for at, hit in enumerate(own, 1) if hit.entry.code in codes)
            places.append(next(found, 0))
        else:
            best = decide(hits)
            refused.append(best.verdict is Verdict.NOTHING or best.hits[0] not in own)
    if not places and not refused:
        raise CommandError(f"{file} has no rows")
    asked = max(1, len(places))
    return {
        "asked": len(places),
        "recall_at_1": sum(at == 1 for at in places) / asked,
        "recall_at_3": sum(1 <= at <= 3 for at in places) / asked,
        "mrr": sum(1 / at for at in places if at) / asked,
        "nothing_expected": len(refused),
        "correct_refusals": sum(refused) / max(1, len(refused)),
    }
